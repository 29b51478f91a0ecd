"""What can be done to users from the list: the sentences of each action, and which are offered for a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bo_panel.domain.lifecycle import MOVES, Move, Status
from bo_panel.domain.units import UnitPath
from bo_panel.settings.sections import Users
from bo_panel.settings.words import Words
from bo_panel.web.current import Me
from bo_panel.web.translating import gettext, language

ORDER = ("edit", "disable_enable", "disable", "enable", "delete")
LOOKS = {"disable": ("ban", "danger"), "enable": ("circle-check", ""), "delete": ("trash-2", "danger")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An entry of the Actions menus, with the sentences of its dialog."""

    key: str
    label: str
    icon: str
    tone: str = ""
    in_toolbar: bool
    in_row: bool
    needs: str = "some"
    url: str | None = None
    title_one: str = ""
    title_many: str = ""
    body: str = ""
    yes_one: str = ""
    yes_many: str = ""


def actions_of(users: Users, words: Words, edit_url: str) -> tuple[Action, ...]:
    """Return the actions that this deployment offers, in its own words; `edit_url` holds `{id}`."""
    return _actions(users, words, edit_url, language())


@lru_cache(maxsize=100)
def _actions(users: Users, words: Words, edit_url: str, _language: str) -> tuple[Action, ...]:
    offered = {*users.toolbar_actions, *users.row_actions, *MOVES}
    return tuple(_action(key, users, words, edit_url) for key in ORDER if key in offered)


def allowed(me: Me, row: Any) -> str:
    """Return the keys of the actions that may be tried on a row; the guard has the last word."""
    path, status = UnitPath(row.home_path), row.status
    keys = []
    if me.access.anywhere("users", "edit"):
        keys.append("edit")
    if row.id == me.id:
        return " ".join(keys)
    moves = [move.key for move in MOVES.values() if status in move.sources and me.access.allows("users", move.level, path)]
    both = ["disable_enable"] if "disable" in moves or "enable" in moves else []
    return " ".join([*keys, *moves, *both])


def quick_actions(me: Me, row: Any, offered: Sequence[Action]) -> tuple[Action, ...]:
    """Return the moves that may be tried on one user, as buttons."""
    keys = allowed(me, row).split()
    return tuple(action for action in offered if action.key in MOVES and action.key in keys)


def status_word(words: Words, status: Status) -> str:
    """Return a status in the deployment's words."""
    return gettext("Deleted") if status is Status.DELETED else words[f"status_{status.value}"]


def title_of(words: Words, move: Move, names: Sequence[str]) -> str:
    """Return the question that is asked before a move."""
    key = "title_one" if len(names) == 1 else "title_many"
    return _sentences(words, move.key)[key].format(name=names[0] if names else "", n=len(names))


def body_of(words: Words, move: Move) -> str:
    """Return what a move brings about."""
    return _sentences(words, move.key)["body"]


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
        "delete": {
            "title_one": gettext("Delete {name}?"),
            "title_many": gettext("Delete {n} users?"),
            "body": gettext(
                "They are signed out everywhere, disappear from every list, and their user names become free. The audit log keeps what they did."
            ),
        },
    }[key]
