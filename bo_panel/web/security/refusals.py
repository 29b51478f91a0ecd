"""What is said when something is refused or fails: a code, a sentence, what to do next; never a traceback."""

import secrets

import structlog
from flask import Flask, Response, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from bo_panel.domain.errors import NotFound, Refusal
from bo_panel.web.current import db

log = structlog.get_logger()


def answer_refusals(app: Flask) -> None:
    """Answer every exception with a page that says what is the matter."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _no_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(Exception, _failed)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    db.session.rollback()
    return _page(refusal.status, str(refusal), code=refusal.code)


def _no_token(_error: CSRFError) -> ResponseReturnValue:
    title = gettext("This page was open too long, or was not opened here, so nothing was done.")
    return _page(400, title, code="form.stale", next_step=gettext("Go back, reload the page, and try again."))


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, SecurityError):
        return _foreign_host()
    if error.code is None or error.code < 400:
        return error
    if error.code == 404:
        return _page(404, str(NotFound()), code=NotFound.code)
    words = {
        400: (gettext("The browser sent something that cannot be read."), "request.bad"),
        405: (gettext("This address is not opened in this way."), "request.method"),
        413: (gettext("This is too much at once."), "request.too_large"),
    }
    title, code = words.get(error.code, (error.name, "request.failed"))
    return _page(error.code, title, code=code)


def _foreign_host() -> ResponseReturnValue:
    """Return bare words: a page has links, and on a host that is not this panel's none can be made."""
    words = gettext("This panel is not reached under this name. Ask whoever runs it for its address.")
    return Response(f"{words} (request.host)\n", 400, mimetype="text/plain")


def _no_database(error: OperationalError) -> ResponseReturnValue:
    reference = _logged("the database could not be asked", error)
    title = gettext("The database does not answer.")
    return _page(503, title, code="database.unavailable", next_step=gettext("Try again in a moment."), reference=reference)


def _failed(error: Exception) -> ResponseReturnValue:
    reference = _logged("a request failed", error)
    title = gettext("Something went wrong here, and nothing was changed.")
    step = gettext("Try again. If it stays, tell whoever runs this panel the reference.")
    return _page(500, title, code="server.failed", next_step=step, reference=reference)


def _logged(what: str, error: Exception) -> str:
    reference = secrets.token_hex(4)
    log.error(what, reference=reference, path=request.path, exc_info=error)
    if isinstance(error, DBAPIError):
        g.bo_me = None  # nor can the database be asked who is asking
    db.session.rollback()
    return reference


def _page(status: int, title: str, *, code: str, next_step: str = "", reference: str = "") -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(code=code, message=title, next_step=next_step, reference=reference), status
    shown = {"status": status, "title": title, "code": code, "next_step": next_step, "reference": reference}
    return render_template("errors/error.html", link_url=url_for("admin.index"), link_label=gettext("Go to the overview"), **shown), status
