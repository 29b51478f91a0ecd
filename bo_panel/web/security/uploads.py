"""How much a request may bring: a little, and a file where somebody who is signed in may send one."""

from flask import Flask, request

from bo_panel.services.pictures import LONGEST_FILE
from bo_panel.web.current import visitor

LARGEST_UPLOAD = 2 * LONGEST_FILE
"""More than the largest picture, so that one that is a little too large is told of in the form, and nothing typed is lost."""
TAKING_FILES = frozenset({"users.edit_view"})


def allow_uploads(app: Flask) -> None:
    """Let the forms that take files be larger than others; to be called before anything reads a form."""

    def look() -> None:
        if request.method == "POST" and request.endpoint in TAKING_FILES and visitor() is not None:
            request.max_content_length = LARGEST_UPLOAD

    app.before_request(look)
