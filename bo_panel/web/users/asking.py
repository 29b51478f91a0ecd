"""Actions on users: asked for on a page where there is no script, run, and told about."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import NotFound, Refusal
from bo_panel.domain.lifecycle import MOVES, Move, Status
from bo_panel.domain.plans import Result
from bo_panel.queries.users import users_named
from bo_panel.services.changes import MoveUsers
from bo_panel.services.engine import Ids
from bo_panel.services.engine.attempt import REASON_LIMIT
from bo_panel.web.current import actor, panel, scope, session
from bo_panel.web.users.actions import actions_of, body_of, title_of
from bo_panel.web.users.looking import Looked
from bo_panel.web.users.rows import full_name
from bo_panel.web.users.typed import number

NAMED = 5
REASONS = 3
"""How many different reasons a message gives; it travels in a cookie."""


def run(form: MultiDict[str, str], back: str) -> ResponseReturnValue:
    """Run a confirmed action, say what came of it, and return to where it was started."""
    try:
        reason = form.get("reason", "")
        result = panel().engine.run(session(), actor(), MoveUsers(move=_move(form)), selection(form), reason=reason)
    except NotFound:
        raise
    except Refusal as refusal:
        flash(f"{refusal} ({refusal.code})", "error")
    else:
        told(_move(form), result)
    return redirect(back, 303)


def ask(view: Any, form: MultiDict[str, str], back: str) -> ResponseReturnValue:
    """Return the page that asks before an action, or on which an action is chosen."""
    try:
        ids = sorted(selection(form).ids)
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(back, 303)
    people = users_named(session(), scope("users"), ids, panel().clock.now())
    if len(people) != len(ids):
        raise NotFound
    names, words = [full_name(row) for row in people], panel().settings.words
    moves = _moves(form.get("action", ""), people)
    confirmed = bool(form.get("action"))
    looked = Looked(MoveUsers(move=moves[0]), selection(form)) if confirmed and len(moves) == 1 else None
    title = title_of(words, moves[0], names) if len(moves) == 1 and confirmed else _title(names)
    return view.render(
        "users/confirm.html",
        title=title,
        body=body_of(words, moves[0]) if len(moves) == 1 else gettext("Choose what to do."),
        names=names[:NAMED],
        more=max(len(names) - NAMED, 0),
        ids=[str(user_id) for user_id in ids],
        buttons=[_button(move, len(ids), confirmed) for move in moves],
        links=[] if confirmed or len(ids) > 1 else _edit_link(view, ids[0]),
        confirmed=confirmed,
        result=looked.result if looked else None,
        reasons=looked.reasons() if looked else [],
        refused_url=view.get_url(".refused_view"),
        reason_limit=REASON_LIMIT,
        action_url=view.get_url(".action_view"),
        next=back,
    )


def left_alone(form: MultiDict[str, str]) -> Response:
    """Return the file of those whom an action would leave alone."""
    return Looked(MoveUsers(move=_move(form)), selection(form)).file("left-alone.csv")


def _edit_link(view: Any, user_id: int) -> list[dict[str, str]]:
    return [{"label": panel().settings.words.action_edit, "url": f"{view.get_url('.edit_view')}?id={user_id}"}]


def _button(move: Move, count: int, confirmed: bool) -> dict[str, str]:
    words = panel().settings.words
    key = f"yes_{move.key}" if count == 1 else f"yes_{move.key}_many"
    return {"action": move.key, "label": words[key] if confirmed else words[f"action_{move.key}"], "tone": "danger" if move.shuts_out else ""}


def _moves(action: str, people: Sequence[Any]) -> list[Move]:
    if action == "disable_enable":
        disabled = [row.status is Status.DISABLED for row in people]
        keys = ["enable"] if all(disabled) else ["disable"] if not any(disabled) else ["disable", "enable"]
        return [MOVES[key] for key in keys]
    if action:
        return [_move(MultiDict({"action": action}))]
    offered = [found.key for found in actions_of(panel().settings.users, panel().settings.words, "") if found.in_row]
    return [move for key, move in MOVES.items() if key in offered]


def _title(names: Sequence[str]) -> str:
    if len(names) == 1:
        return gettext("Actions for %(name)s", name=names[0])
    return ngettext("Actions for %(num)s user", "Actions for %(num)s users", len(names))


def _move(form: MultiDict[str, str]) -> Move:
    move = MOVES.get(form.get("action", ""))
    if move is None:
        raise NotFound
    return move


def selection(form: MultiDict[str, str]) -> Ids:
    """Return whom a form names: the row whose own button was pressed, else the rows that are ticked."""
    ids = {number(text) for text in form.getlist("row") or form.getlist("ids")}
    if 0 in ids:
        raise NotFound
    return Ids.of(ids, panel().settings.engine.selection_limit)


def told(move: Move, result: Result) -> None:
    """Say what came of it, with a button that takes it back."""
    if result.changed:
        flash(_done(move, result.changed), f"success undo-{result.change_set_id}")
    if result.same:
        flash(ngettext("%(num)s was so already.", "%(num)s were so already.", result.same), "info")
    if not result.selected:
        flash(gettext("Nobody matches, so nothing was done."), "info")
    if result.refused:
        flash(_left_alone(result), f"error change-{result.change_set_id}" if result.change_set_id else "error")


def _done(move: Move, count: int) -> str:
    return {
        "disable": ngettext("%(num)s user disabled.", "%(num)s users disabled.", count),
        "enable": ngettext("%(num)s user enabled.", "%(num)s users enabled.", count),
        "delete": ngettext("%(num)s user deleted.", "%(num)s users deleted.", count),
    }[move.key]


def _left_alone(result: Result) -> str:
    reasons = Counter(f"{refused.refusal} ({refused.code})" for refused in result.refusals)
    head = ngettext("%(num)s was left alone.", "%(num)s were left alone.", result.refused)
    rest = gettext("There are other reasons too.") if len(reasons) > REASONS else ""
    return " ".join([head, *list(reasons)[:REASONS], rest]).strip()
