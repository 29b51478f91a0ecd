"""What can be done to users from the list: the sentences of each action, and which are offered for a row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast

from flask import g

from bo_panel.domain.access import TYPE, at_or_below
from bo_panel.domain.lifecycle import MOVES, Move, Status
from bo_panel.domain.units import UnitPath
from bo_panel.hooks import on_users
from bo_panel.hooks.registry import Registry
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.switches import EVERYTHING_ON, Switches, switches
from bo_panel.settings.sections import Users
from bo_panel.settings.words import Words
from bo_panel.web.current import Me, panel, session
from bo_panel.web.translating import gettext, language

ORDER = ("edit", "disable_enable", "disable", "enable", "archive", "restore", "delete")
LOOKS = {"disable": ("ban", "danger"), "enable": ("circle-check", ""), "delete": ("trash-2", "danger")}
LOOKS |= {"archive": ("archive", "danger"), "restore": ("archive-restore", "")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An entry of the Actions menus, with the sentences of its dialog."""

    key: str
    label: str
    icon: str
    tone: str = ""
    in_toolbar: bool
    in_row: bool
    in_detail: bool = True
    needs: str = "some"
    url: str | None = None
    title_one: str = ""
    title_many: str = ""
    body: str = ""
    yes_one: str = ""
    yes_many: str = ""


class Offered(NamedTuple):
    """Where the actions of a deployment come from, and the words that they are said in."""

    users: Users
    words: Words
    registry: Registry


def actions_of(edit_url: str = "") -> tuple[Action, ...]:
    """Return the actions that this deployment offers, in its own words, with those of its plugins; `edit_url` holds `{id}`."""
    here = panel()
    return _actions(Offered(here.settings.users, here.settings.words, here.registry), edit_url, language())


@lru_cache(maxsize=100)
def _actions(of: Offered, edit_url: str, _language: str) -> tuple[Action, ...]:
    offered = {*of.users.toolbar_actions, *of.users.row_actions, *(move.key for move in offered_moves(of.users))}
    own = (_action(key, of.users, of.words, edit_url) for key in ORDER if key in offered)
    return *own, *(_of_plugin(found) for found in of.registry.actions.values() if not found.page)


def action_named(key: str) -> Action | None:
    """Return the action with this key that makes a change; None for one that there is not, or that this deployment does not offer."""
    return next((action for action in actions_of() if action.key == key and _changes(key)), None)


def _changes(key: str) -> bool:
    return key in MOVES or key in panel().registry.actions


@lru_cache(maxsize=100)
def offered_moves(users: Users) -> tuple[Move, ...]:
    """Return the moves of the lifecycle that this deployment offers, in a menu of a row or in the one above the list."""
    named = {*users.toolbar_actions, *users.row_actions}
    named |= {"disable", "enable"} if "disable_enable" in named else set()
    return tuple(move for move in MOVES.values() if move.key in named)


def allowed(me: Me, row: Any) -> str:
    """Return the keys of the actions that may be tried on a row; the guard has the last word."""
    path, status = UnitPath(row.home_path), row.status
    keys = []
    if me.access.anywhere("users", "edit"):
        keys.append("edit")
    if row.id == me.id:
        return " ".join(keys)
    moves = [move.key for move in offered_moves(panel().settings.users) if status in move.sources and me.access.allows("users", move.level, path)]
    both = ["disable_enable"] if "disable" in moves or "enable" in moves else []
    return " ".join([*keys, *moves, *both])


def allowed_of_plugins(me: Me, row: Any, held: Collection[HeldRole]) -> Sequence[str]:
    """Return the keys of the actions of plugins that may be tried on somebody who holds this; the guard has the last word."""
    return meant_for(actions_at(me, UnitPath(row.home_path)), row, held) if row.id != me.id else []


def actions_at(me: Me, path: UnitPath) -> Sequence[on_users.Action]:
    """Return the actions of plugins that may be tried on those at home there; they are the same for all of them."""
    off = _switches()
    offered = [action for action in panel().registry.actions.values() if not action.page and not off.hides(action.key, path)]
    return [action for action in offered if _may(me, action, path)]


def _switches() -> Switches:
    """Return where plugins are off, asked once per request; no statement where none that has actions can be switched."""
    registry = panel().registry
    if not {key.partition(".")[0] for key in registry.actions} & set(registry.switchable):
        return EVERYTHING_ON
    if "bo_switches" not in g:
        g.bo_switches = switches(session(), registry)
    return cast(Switches, g.bo_switches)


def meant_for(actions: Sequence[on_users.Action], row: Any, held: Collection[HeldRole]) -> Sequence[str]:
    """Return the keys of those of these actions that are for such an account."""
    return [action.key for action in actions if _meant(action, row, held)]


def _meant(action: on_users.Action, row: Any, held: Collection[HeldRole]) -> bool:
    """Return whether an action is for such an account; its type is the one that is held at home."""
    if action.statuses and row.status not in action.statuses:
        return False
    types = {TYPE + user_type for user_type in action.user_types}
    return not types or any(grant.role_key in types and grant.unit_id == row.home_id for grant in held)


def _may(me: Me, action: on_users.Action, path: UnitPath) -> bool:
    access, registry = me.access, panel().registry
    level = MOVES[action.move].level if action.move else "edit"
    given = (*action.gives, *([TYPE + action.user_type] if action.user_type else []))
    fits = all(at_or_below(registry.vector_of(role), access.at(path)) for role in given)
    return fits and access.allows("users", level, path) and access.allows(*action.needs, path)


def quick_actions(me: Me, row: Any, held: Collection[HeldRole], offered: Sequence[Action]) -> tuple[Action, ...]:
    """Return what may be tried on one user who holds this, as buttons."""
    keys = {*allowed(me, row).split(), *allowed_of_plugins(me, row, held)}
    return tuple(action for action in offered if action.in_detail and action.key in keys and _changes(action.key))


def status_word(words: Words, status: Status) -> str:
    """Return a status in the deployment's words."""
    return gettext("Deleted") if status is Status.DELETED else words[f"status_{status.value}"]


def title_of(action: Action, names: Sequence[str]) -> str:
    """Return the question that is asked before an action."""
    title = action.title_one if len(names) == 1 else action.title_many
    return title.format(name=names[0] if names else "", n=len(names))


def _of_plugin(found: on_users.Action) -> Action:
    yes = found.yes or found.label
    return Action(
        key=found.key,
        label=found.label,
        icon=found.icon,
        tone="danger" if found.danger else "",
        in_toolbar="bulk" in found.kinds,
        in_row="row" in found.kinds,
        in_detail="detail" in found.kinds,
        title_one=found.title_one,
        title_many=found.title_many,
        body=found.body,
        yes_one=yes,
        yes_many=yes,
    )


def _action(key: str, users: Users, words: Words, edit_url: str) -> Action:
    places = {"in_toolbar": key in users.toolbar_actions, "in_row": key in users.row_actions}
    label = words[f"action_{key}"]
    if key == "edit":
        return Action(key=key, label=label, icon="pencil", url=edit_url, **places)
    if key == "disable_enable":
        mixed = {
            "title_many": gettext("Disable or enable {n} users?"),
            "body": gettext("Some of them are active and some are disabled. Choose what to do."),
        }
        return Action(key=key, label=label, icon="ban", **places, title_one=mixed["title_many"], **mixed)
    icon, tone = LOOKS[key]
    yes = {"yes_one": words[f"yes_{key}"], "yes_many": words[f"yes_{key}_many"]}
    return Action(key=key, label=label, icon=icon, tone=tone, **places, **yes, **_sentences(words, key))


def _sentences(words: Words, key: str) -> dict[str, str]:
    return {
        "disable": {
            "title_one": gettext("Disable {name}?"),
            "title_many": gettext("Disable {n} users?"),
            "body": gettext("They are signed out everywhere and cannot sign in until somebody enables them again. Their data is kept."),
        },
        "enable": {
            "title_one": gettext("Enable {name}?"),
            "title_many": gettext("Enable {n} users?"),
            "body": gettext("They can sign in again at once, with the password and the access they had."),
        },
        "archive": {
            "title_one": gettext("Archive {name}?"),
            "title_many": gettext("Archive {n} users?"),
            "body": gettext("They are signed out everywhere and cannot sign in until somebody restores them. Their data and their access are kept."),
        },
        "restore": {
            "title_one": gettext("Restore {name}?"),
            "title_many": gettext("Restore {n} users?"),
            "body": gettext("They are active again, and can sign in at once with the password and the access they had."),
        },
        "delete": {
            "title_one": gettext("Delete {name}?"),
            "title_many": gettext("Delete {n} users?"),
            "body": gettext(
                "They are signed out everywhere, disappear from every list, and their user names become free. The audit log keeps what they did."
            ),
        },
    }[key]
