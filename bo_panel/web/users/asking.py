"""Actions on users: asked for on a page where there is no script, run, and told about."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import NotFound, Refusal
from bo_panel.domain.lifecycle import MOVES, Status
from bo_panel.domain.plans import Result
from bo_panel.queries.grants import roles_held
from bo_panel.queries.users import users_named
from bo_panel.services.changes import change_named
from bo_panel.services.engine import Ids, SetChange
from bo_panel.services.engine.attempt import REASON_LIMIT
from bo_panel.web.current import actor, me, panel, scope, session
from bo_panel.web.users.actions import Action, action_named, actions_of, allowed_of_plugins, title_of
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
        result = panel().engine.run(session(), actor(), change_of(_action(form)), selection(form), reason=reason)
    except NotFound:
        raise
    except Refusal as refusal:
        flash(f"{refusal} ({refusal.code})", "error")
    else:
        told(_action(form), result)
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
    names, asked = [full_name(row) for row in people], form.get("action", "")
    actions = _actions(asked, people)
    looked = Looked(change_of(actions[0]), selection(form)) if asked and len(actions) == 1 else None
    title = title_of(actions[0], names) if len(actions) == 1 and asked else _title(names)
    return view.render(
        "users/confirm.html",
        title=title,
        body=actions[0].body if len(actions) == 1 else gettext("Choose what to do."),
        names=names[:NAMED],
        more=max(len(names) - NAMED, 0),
        ids=[str(user_id) for user_id in ids],
        buttons=[_button(action, len(ids), bool(asked)) for action in actions],
        links=[] if asked or len(ids) > 1 else _edit_link(view, ids[0]),
        confirmed=bool(asked),
        result=looked.result if looked else None,
        reasons=looked.reasons() if looked else [],
        refused_url=view.get_url(".refused_view"),
        reason_limit=REASON_LIMIT,
        action_url=view.get_url(".action_view"),
        next=back,
    )


def left_alone(form: MultiDict[str, str]) -> Response:
    """Return the file of those whom an action would leave alone."""
    return Looked(change_of(_action(form)), selection(form)).file("left-alone.csv")


def _edit_link(view: Any, user_id: int) -> list[dict[str, str]]:
    return [{"label": panel().settings.words.action_edit, "url": f"{view.get_url('.edit_view')}?id={user_id}"}]


def change_of(action: Action) -> SetChange:
    """Return the change that an action makes; raise NotFound for one that makes none."""
    change = change_named(panel().registry, action.key)
    if change is None:
        raise NotFound
    return change


def _button(action: Action, count: int, confirmed: bool) -> dict[str, str]:
    yes = action.yes_one if count == 1 else action.yes_many
    return {"action": action.key, "label": yes if confirmed else action.label, "tone": action.tone}


def _actions(asked: str, people: Sequence[Any]) -> list[Action]:
    if asked == "disable_enable":
        disabled = [row.status is Status.DISABLED for row in people]
        keys = ["enable"] if all(disabled) else ["disable"] if not any(disabled) else ["disable", "enable"]
        return [_action(MultiDict({"action": key})) for key in keys]
    if asked:
        return [_action(MultiDict({"action": asked}))]
    held = roles_held(session(), scope("users"), [row.id for row in people], panel().clock.now()) if panel().registry.actions else {}
    plugins = {key for row in people for key in allowed_of_plugins(me(), row, held.get(row.id, ()))}
    return [action for action in actions_of() if action.in_row and (action.key in plugins or _may_start(action, people))]


def _may_start(action: Action, people: Sequence[Any]) -> bool:
    move = MOVES.get(action.key)
    return move is not None and any(row.status in move.sources for row in people)


def _title(names: Sequence[str]) -> str:
    if len(names) == 1:
        return gettext("Actions for %(name)s", name=names[0])
    return ngettext("Actions for %(num)s user", "Actions for %(num)s users", len(names))


def _action(form: MultiDict[str, str]) -> Action:
    found = action_named(form.get("action", ""))
    if found is None:
        raise NotFound
    return found


def selection(form: MultiDict[str, str]) -> Ids:
    """Return whom a form names: the row whose own button was pressed, else the rows that are ticked."""
    ids = {number(text) for text in form.getlist("row") or form.getlist("ids")}
    if 0 in ids:
        raise NotFound
    return Ids.of(ids, panel().settings.engine.selection_limit)


def told(action: Action, result: Result) -> None:
    """Say what came of it, with a button that takes it back."""
    if result.changed:
        flash(_done(action.key, result.changed), f"success undo-{result.change_set_id}")
    if result.same:
        flash(ngettext("%(num)s was so already.", "%(num)s were so already.", result.same), "info")
    if not result.selected:
        flash(gettext("Nobody matches, so nothing was done."), "info")
    if result.refused:
        flash(_left_alone(result), f"error change-{result.change_set_id}" if result.change_set_id else "error")


def _done(key: str, count: int) -> str:
    said = {
        "disable": ngettext("%(num)s user disabled.", "%(num)s users disabled.", count),
        "enable": ngettext("%(num)s user enabled.", "%(num)s users enabled.", count),
        "archive": ngettext("%(num)s user archived.", "%(num)s users archived.", count),
        "restore": ngettext("%(num)s user restored.", "%(num)s users restored.", count),
        "delete": ngettext("%(num)s user deleted.", "%(num)s users deleted.", count),
    }
    return said.get(key) or ngettext("%(num)s user was changed.", "%(num)s users were changed.", count)


def _left_alone(result: Result) -> str:
    reasons = Counter(f"{refused.refusal} ({refused.code})" for refused in result.refusals)
    head = ngettext("%(num)s was left alone.", "%(num)s were left alone.", result.refused)
    rest = gettext("There are other reasons too.") if len(reasons) > REASONS else ""
    return " ".join([head, *list(reasons)[:REASONS], rest]).strip()
