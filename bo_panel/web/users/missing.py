"""What an address asks of the list of users that there is not, or not any more: a plugin may have been taken out since it was kept."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from bo_panel.web.listing import State, sort_text
from bo_panel.web.users.tabs import TAB
from bo_panel.web.users.wishes import Choices

NAMED, LONGEST = 3, 60
"""How many are named, and how much of each; the message travels in a cookie."""
COLUMNS = "cols"


def missing(state: State, choices: Choices, sent: MultiDict[str, str]) -> str:
    """Return what was asked for and left out of a state, in the words of an address; '' for nothing."""
    rules, tabs = state.rules, [tab.key for tab in choices.roles.registry.tabs]
    known = {**rules.filters, COLUMNS: rules.columns, "sort": [sort_text(order) for order in rules.orders], TAB: tabs}
    found = [(key, value) for key, values in known.items() for value in sent.getlist(key) if value and value not in values]
    found += [(key, " ".join(sent.getlist(key))) for key in rules.typed if key not in state.filters and _asks(sent.getlist(key))]
    found += [(key, value) for key, value in sent.items(multi=True) if _of_plugin(key) and value and key not in {*known, *rules.typed}]
    return _in_words([f"{key}={value}" for key, value in found])


def _in_words(asked: Sequence[str]) -> str:
    named = [text if len(text) <= LONGEST else f"{text[:LONGEST]}…" for text in asked[:NAMED]]
    return ", ".join(named) + (" …" if len(asked) > NAMED else "")


def _asks(values: Sequence[str]) -> bool:
    """Return whether a comparison with something was sent: a form that nothing was typed into sends how to compare, and an empty text."""
    return any(value.strip() for value in (values[1:] or values))


def _of_plugin(key: str) -> bool:
    return "." in key or ":" in key
