"""Acting on everybody who matches a list: counted, looked at, and then done at once or as a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import NotFound, NotThere, Refusal
from bo_panel.domain.lifecycle import MOVES
from bo_panel.jobs import ActOnThem, Order
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import places
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import MoveUsers
from bo_panel.services.engine import Counted, Matching
from bo_panel.web.current import actor, me, panel, session
from bo_panel.web.jobs.telling import verb
from bo_panel.web.listing import State
from bo_panel.web.translating import gettext
from bo_panel.web.users.actions import Action, action_named, actions_of
from bo_panel.web.users.asking import change_of, told
from bo_panel.web.users.in_words import selected_of, unit_of
from bo_panel.web.users.looking import Looked
from bo_panel.web.users.typed import number


@dataclass(frozen=True, slots=True)
class Everybody:
    """Everybody whom a list shows, on all of its pages."""

    view: Any
    state: State
    wanted: Wanted
    roles: RoleBook
    missing: str = ""
    """What the list was asked for and does without, in words: they are others than whoever asked means."""

    def check(self) -> None:
        """Raise NotThere where the list does without something."""
        if self.missing:
            raise NotThere(asked=self.missing)

    def page(self, action: str) -> ResponseReturnValue:
        """Return the page on which an action is chosen, and, with an action, what it would do."""
        found = action_named(action)
        try:
            self.check()
            looked = Looked(change_of(found) if found else MoveUsers(move=MOVES["disable"]), Matching(self.wanted))
            result, counted = looked.both
        except Refusal as refusal:
            flash(f"{refusal} ({refusal.code})", "error")
            return redirect(self.state.url(), 303)
        return self.view.render(
            "users/everybody.html",
            title=_title(found, counted.users),
            body=found.body if found else gettext("Choose what to do with all of them."),
            filters=self.said(),
            choices=[(label, self._url(key)) for key, label in self._offered()],
            action=action if found else "",
            yes=found.yes_many if found else "",
            danger=bool(found and found.tone),
            result=result,
            reasons=looked.reasons(),
            reason_limit=looked.reason_limit,
            pairs=self.state.pairs,
            counted=counted,
            background=counted.users > panel().settings.jobs.above,
            action_url=self.view.get_url(".run_view"),
            refused_url=f"{self.view.get_url('.refused_view')}?{urlencode([*self.state.pairs, ('action', action)])}",
            back_url=self.state.url(),
        )

    def refused(self, action: str) -> Response:
        """Return the file of those whom an action would leave alone."""
        self.check()
        return Looked(change_of(_action(action)), Matching(self.wanted)).file("left-alone.csv")

    def run(self, form: MultiDict[str, str]) -> str:
        """Do it, or give in a job that does; return where to go then."""
        action = _action(form.get("action", ""))
        try:
            self.check()
            return self._done(action, form)
        except Refusal as refusal:
            flash(f"{refusal} ({refusal.code})", "error")
        return self.state.url()

    def _done(self, action: Action, form: MultiDict[str, str]) -> str:
        users, high_water, ids, event = (number(form.get(name, "")) for name in ("expected", "high_water", "ids", "event"))
        counted = Counted(users, high_water, ids or None, event)
        selection, reason = Matching(self.wanted, counted), form.get("reason", "")
        if counted.users > panel().settings.jobs.above:
            job_id = panel().jobs.submit(session(), actor(), Order(ActOnThem(action.key), selection, counted, reason))
            return f"{self.view.get_url('jobs.show_view')}?id={job_id}"
        told(action, panel().engine.run(session(), actor(), change_of(action), selection, reason=reason))
        return self.state.url()

    def _offered(self) -> Sequence[tuple[str, str]]:
        access, plugins = me().access, panel().registry.actions
        asked = {**{key: ("users", move.level) for key, move in MOVES.items()}, **{key: action.needs for key, action in plugins.items()}}
        bulk = [action for action in actions_of() if action.key in MOVES or (action.in_toolbar and action.key in plugins)]
        return [(action.key, action.label) for action in bulk if access.anywhere(*asked[action.key])]

    def _url(self, action: str) -> str:
        return f"{self.view.get_url('.index_view')}?{urlencode([*self.state.pairs, ('action', action)])}"

    def said(self) -> str:
        """Return in words what the list is narrowed to."""
        told = Matching(self.wanted).told
        units = tuple(unit_of(told))
        return selected_of(told, panel().settings.words, self.roles, places(session(), units) if units else {})


def _title(action: Action | None, count: int) -> str:
    if action is None:
        return ngettext("%(shown)s user matches", "%(shown)s users match", count, shown=f"{count:,}")
    return f"{verb(MOVES[action.key], count)}?" if action.key in MOVES else action.title_many.format(n=f"{count:,}")


def _action(key: str) -> Action:
    found = action_named(key)
    if found is None:
        raise NotFound
    return found
