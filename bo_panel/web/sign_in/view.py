"""The page to sign in on, and the way out."""

from datetime import datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bo_panel.services.sign_in import Refused, Welcome
from bo_panel.web.addresses import local
from bo_panel.web.current import cookie_name, panel, session, visitor

pages = Blueprint("sign_in", __name__)


@pages.route("/sign-in", methods=("GET", "POST"))
def index() -> ResponseReturnValue:
    """Return the page, or sign in and go where one was going."""
    onwards = local(request.values.get("next", ""), url_for("admin.index"))
    if request.method == "GET":
        return redirect(onwards) if visitor() else _page()
    name, password = request.form.get("identity", ""), request.form.get("password", "")
    agent = request.headers.get("User-Agent", "")
    entered = panel().sign_in.enter(session(), name, password, address=request.remote_addr or "", agent=agent)
    if isinstance(entered, Refused):
        return _page(_said(entered)), 429 if entered.wait_until else 401
    return _welcome(entered, onwards)


@pages.route("/sign-out", methods=("POST",))
def leave() -> ResponseReturnValue:
    """End the session and return to the page to sign in on."""
    found = visitor()
    if found is not None:
        panel().sign_in.leave(session(), found.signed_in.session_id)
    cookie.clear()
    flash(gettext("You are signed out."), "success")
    response = make_response(redirect(url_for("sign_in.index"), 303))
    response.delete_cookie(cookie_name(), secure=panel().settings.server.https, httponly=True, samesite="Lax")
    return response


def _welcome(entered: Welcome, onwards: str) -> Response:
    old = visitor()
    if old is not None:
        panel().sign_in.leave(session(), old.signed_in.session_id)
    cookie.clear()
    response = make_response(redirect(onwards, 303))
    response.set_cookie(cookie_name(), entered.token, secure=panel().settings.server.https, httponly=True, samesite="Lax", path="/")
    return response


def _page(error: str = "") -> str:
    by = panel().settings.sign_in.by
    words = panel().settings.words
    labels = {("email",): words.email, ("username",): words.user_name}
    return render_template(
        "sign_in/index.html",
        form_url=url_for("sign_in.index"),
        next=local(request.values.get("next", ""), ""),
        identity_name="identity",
        identity_label=labels.get(tuple(by), gettext("%(user_name)s or e-mail", user_name=words.user_name)),
        identity_value=request.form.get("identity", "")[:320],
        identity_kind="email" if tuple(by) == ("email",) else "text",
        error=error,
    )


def _said(refused: Refused) -> str:
    if refused.wait_until is None:
        return gettext("This name and password do not fit, or the account cannot sign in. Check both, or ask your administrator.")
    minutes = max(1, round(((refused.wait_until - _now()).total_seconds() + 59) // 60))
    return gettext("Too many tries. Wait %(minutes)s minutes, then try again.", minutes=minutes)


def _now() -> datetime:
    return panel().clock.now()
