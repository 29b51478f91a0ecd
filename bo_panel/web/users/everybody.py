"""Acting on everybody who matches a list: counted, looked at, and then done at once or as a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import NotFound, Refusal
from bo_panel.domain.lifecycle import MOVES, Move
from bo_panel.domain.plans import Result
from bo_panel.jobs import MoveThem, Order
from bo_panel.queries.users import Wanted, users_named
from bo_panel.services.changes import MoveUsers
from bo_panel.services.engine import Counted, Matching
from bo_panel.services.engine.preview import Preview
from bo_panel.web.current import actor, me, panel, scope, session
from bo_panel.web.jobs.telling import Reason, reasons_of, verb
from bo_panel.web.listing import State
from bo_panel.web.translating import gettext
from bo_panel.web.users.actions import actions_of, body_of
from bo_panel.web.users.asking import told
from bo_panel.web.users.refused import refused_file
from bo_panel.web.users.rows import full_name
from bo_panel.web.users.typed import number

CHOSEN = 5


@dataclass(frozen=True, slots=True)
class Everybody:
    """Everybody whom a list shows, on all of its pages."""

    view: Any
    state: State
    wanted: Wanted

    def page(self, action: str) -> ResponseReturnValue:
        """Return the page on which an action is chosen, and, with an action, what it would do."""
        move = MOVES.get(action)
        try:
            result, counted = self._preview(move or MOVES["disable"]).result()
        except Refusal as refusal:
            flash(f"{refusal} ({refusal.code})", "error")
            return redirect(self.state.url(), 303)
        return self.view.render(
            "users/everybody.html",
            title=_title(move, counted.users),
            body=body_of(panel().settings.words, move) if move else gettext("Choose what to do with all of them."),
            filters=self._said(),
            choices=[(label, self._url(key)) for key, label in self._offered()],
            action=action if move else "",
            yes=panel().settings.words[f"yes_{move.key}_many"] if move else "",
            danger=bool(move and move.shuts_out),
            result=result,
            reasons=self._reasons(result),
            pairs=self.state.pairs,
            counted=counted,
            background=counted.users > panel().settings.jobs.above,
            action_url=self.view.get_url(".run_view"),
            refused_url=f"{self.view.get_url('.refused_view')}?{urlencode([*self.state.pairs, ('action', action)])}",
            back_url=self.state.url(),
        )

    def refused(self, action: str) -> Response:
        """Return the file of those whom an action would leave alone."""
        reasons = {refused.user_id: refused for refused in self._preview(_move(action)).refused()}
        rows = users_named(session(), scope("users"), sorted(reasons)[: panel().settings.engine.chunk], panel().clock.now())
        return refused_file([_Refused(row, reasons[row.id]) for row in sorted(rows, key=lambda row: row.id)], "left-alone.csv")

    def run(self, form: MultiDict[str, str]) -> str:
        """Do it, or give in a job that does; return where to go then."""
        move = _move(form.get("action", ""))
        counted = Counted(number(form.get("expected", "")), number(form.get("high_water", "")))
        selection = Matching(self.wanted, counted)
        if counted.users > panel().settings.jobs.above:
            job_id = panel().jobs.submit(session(), actor(), Order(MoveThem(move), selection, counted))
            return f"{self.view.get_url('jobs.show_view')}?id={job_id}"
        try:
            told(move, panel().engine.run(session(), actor(), MoveUsers(move=move), selection))
        except Refusal as refusal:
            flash(f"{refusal} ({refusal.code})", "error")
        return self.state.url()

    def _preview(self, move: Move) -> Preview:
        return panel().engine.preview(session(), actor(), MoveUsers(move=move), Matching(self.wanted))

    def _offered(self) -> Sequence[tuple[str, str]]:
        words = panel().settings.words
        offered = [found.key for found in actions_of(panel().settings.users, words, "")]
        allowed = [move for move in MOVES.values() if move.key in offered and me().access.anywhere("users", move.level)]
        return [(move.key, words[f"action_{move.key}"]) for move in allowed]

    def _url(self, action: str) -> str:
        return f"{self.view.get_url('.index_view')}?{urlencode([*self.state.pairs, ('action', action)])}"

    def _said(self) -> str:
        """Return in words what the list is narrowed to."""
        shown = [value for key, value in self.state.pairs if key not in ("sort", "cols", "size")]
        return ", ".join(shown) if shown else gettext("Everybody in sight, without any filter.")

    def _reasons(self, result: Result) -> list[Reason]:
        few = {refused.user_id: refused for refused in result.refusals}
        rows = users_named(session(), scope("users"), sorted(few), panel().clock.now()) if few else []
        names = [(few[row.id].code, full_name(row)) for row in rows]
        return reasons_of(result.codes, {refused.code: refused.reason for refused in few.values()}, names)


class _Refused:
    """Somebody left alone, as the file shows him."""

    def __init__(self, row: Any, refused: Any) -> None:
        self.id, self.user_name, self.first_name, self.last_name = row.id, row.user_name, row.first_name, row.last_name
        self.code, self.reason = refused.code, refused.reason


def _title(move: Move | None, count: int) -> str:
    if move is not None:
        return f"{verb(move, count)}?"
    return ngettext("%(shown)s user matches", "%(shown)s users match", count, shown=f"{count:,}")


def _move(action: str) -> Move:
    move = MOVES.get(action)
    if move is None:
        raise NotFound
    return move
