"""Nobody passes who is not signed in, but for the few endpoints named here."""

from flask import Flask, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager

from bo_panel.web.current import Me, visitor

PUBLIC = frozenset({"assets", "favicon", "sign_in.index", "sign_in.leave"})
"""The endpoints that anybody may reach."""
BEFORE_NEW_PASSWORD = frozenset({"account.password", "sign_in.leave", "assets", "favicon"})
"""The endpoints left to somebody who has to choose a password of his own first."""


def guard_every_request(app: Flask) -> None:
    """Let Flask-Login know who is signed in, and send everybody else to the page to sign in on."""
    manager = LoginManager()
    manager.session_protection = None  # the session's row, not a cookie, says who it is
    manager.request_loader(_load)
    manager.init_app(app, add_context_processor=False)
    app.before_request(_gate)


def _load(_request: object) -> Me | None:
    return visitor()


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None
    found = visitor()
    if found is None:
        return _sign_in_first()
    if found.signed_in.must_change_password and request.endpoint not in BEFORE_NEW_PASSWORD:
        return redirect(url_for("account.password"), 303)
    return None


def _sign_in_first() -> ResponseReturnValue:
    wanted = request.full_path if request.query_string else request.path
    if request.accept_mimetypes.best == "application/json":
        return jsonify(code="sign_in.required", message="Sign in, then try again."), 401
    onwards = {"next": wanted} if request.method == "GET" and wanted != "/" else {}
    return redirect(url_for("sign_in.index", **onwards), 303)
