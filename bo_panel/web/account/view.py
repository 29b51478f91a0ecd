"""The page on which somebody looks after his own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from bo_panel.domain.errors import Refusal
from bo_panel.queries.sessions import sessions_of
from bo_panel.web.base import ANYBODY, PanelPage
from bo_panel.web.current import actor, me, panel, session
from bo_panel.web.fields import Fact, Field, Section, notice_of, problems_of
from bo_panel.web.moments import said


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which somebody is signed in."""

    device: str
    place: str
    text: str
    iso: str
    exact: str
    current: bool
    end_url: str | None = None


class AccountView(PanelPage):
    """Who I am here, and my password."""

    needs: ClassVar = {"index": ANYBODY, "password": ANYBODY}

    def __init__(self) -> None:
        """Register the page; the menu of the account leads to it, not the one at the side."""
        super().__init__(lazy_gettext("My account"), endpoint="account", url="/account", menu_icon_type="icon", menu_icon_value="user")

    def is_visible(self) -> bool:
        """Return False: it is reached through the account's own menu."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Return the page."""
        return self._page()

    @expose("/password/", methods=("GET", "POST"))
    def password(self) -> ResponseReturnValue:
        """Change the password; where that is required, this is the only page there is."""
        if request.method == "GET":
            return self._page()
        try:
            panel().passwords.change(session(), actor(), me().signed_in, _typed())
        except Refusal as refusal:
            return self._page(refusal), refusal.status
        flash(gettext("Your password was changed. Every other session was ended."), "success")
        return redirect(self.get_url("admin.index"), 303)

    def _page(self, refusal: Refusal | None = None) -> str:
        fields = _fields({refusal.field: str(refusal)} if refusal else {})
        problems = problems_of([Section("password", "", "", fields)])
        shown: dict[str, Any] = {
            "form_url": self.get_url(".password"),
            "fields": fields,
            "submit_label": gettext("Change password"),
            "problems": problems,
            "refusal": notice_of(refusal, told=bool(problems)),
        }
        if me().signed_in.must_change_password:
            message = gettext("This password was made for you by somebody else. Choose your own to go on.")
            return self.render("account/password.html", message=message, **shown)
        return self.render("account/index.html", facts=_facts(), sessions=_sessions(), end_all_url=None, **shown)


def _typed() -> tuple[str, str, str]:
    current, new, repeat = (request.form.get(name, "")[:1_024] for name in ("current", "new", "repeat"))
    return current, new, repeat


def _fields(errors: dict[str, str]) -> list[Field]:
    shortest = panel().settings.passwords.shortest
    hint = gettext("At least %(count)s characters. A few unrelated words make a good password.", count=shortest)
    named = [("current", gettext("Current password"), "", "current-password"), ("new", gettext("New password"), hint, "new-password")]
    named.append(("repeat", gettext("New password, again"), "", "new-password"))
    return [
        Field(name=name, label=label, kind="password", hint=said_hint, error=errors.get(name, ""), required=True, autocomplete=kept, maxlength=256)
        for name, label, said_hint, kept in named
    ]


def _facts() -> list[Fact]:
    who = me().signed_in
    return [
        Fact(gettext("Name"), who.name),
        Fact(panel().settings.words.user_name, who.user_name),
        Fact(panel().settings.words.email, who.email or gettext("None")),
        Fact(panel().settings.words.home, who.home_name),
    ]


def _sessions() -> Sequence[OpenSession]:
    now = panel().clock.now()
    found = []
    for row in sessions_of(session(), me().id):
        moment = said(row.seen_at, now)
        device = _device(row.agent)
        found.append(OpenSession(device, row.address, moment.text, moment.iso, moment.exact, row.id == me().signed_in.session_id))
    return found


def _device(agent: str) -> str:
    browsers = (("Firefox", "Firefox"), ("Edg", "Edge"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    return next((name for mark, name in browsers if mark in agent), "") or gettext("A browser")
