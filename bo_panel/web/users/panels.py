"""What plugins show beside the form of somebody."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import request

from bo_panel.hooks.on_users import Asker, PanelFact, UserPanel
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.switches import homes_off
from bo_panel.web.addresses import local
from bo_panel.web.current import me, panel, session
from bo_panel.web.translating import gettext
from bo_panel.web.users.more_columns import listed_user

MOST_PANELS, MOST_FACTS = 10, 50


class Shown(NamedTuple):
    """A panel, ready to print; of one that failed only whose it was."""

    plugin: str
    title: str = ""
    facts: Sequence[PanelFact] = ()
    failed: bool = False
    more: str = ""
    """What is said of facts, or of panels, that are too many to print."""


def panels_of(row: Any, held: Sequence[HeldRole]) -> Sequence[Shown]:
    """Return what plugins show of somebody who holds this; those that are switched off at his home are not asked."""
    if not panel().host.shows:
        return ()
    off = {name for name, homes in homes_off(session(), panel().registry, {row.home_id}).items() if row.home_id in homes}
    found: list[Shown] = []
    for name, panels in panel().host.panels(listed_user(row, held), Asker(me().id, me().user_name), off):
        found += [Shown(name, failed=True)] if panels is None else _ready(name, [one for one in panels if one.facts])
    return found


def _ready(name: str, panels: Sequence[UserPanel]) -> list[Shown]:
    """Return the panels of a plugin, as many as there is room for, and how many there are beside them."""
    facts = [(one, [_safe(fact) for fact in one.facts[:MOST_FACTS]]) for one in panels[:MOST_PANELS]]
    found = [Shown(name, one.title, first, more=_beyond(len(one.facts), MOST_FACTS)) for one, first in facts]
    return [*found, Shown(name, name, more=_beyond(len(panels), MOST_PANELS))] if len(panels) > MOST_PANELS else found


def _beyond(count: int, most: int) -> str:
    return gettext("and %(count)s more", count=f"{count - most:,}") if count > most else ""


def _safe(fact: PanelFact) -> PanelFact:
    """Return a fact that leads nowhere but to this site."""
    path = local(fact.url, "")
    return PanelFact(fact.label, fact.value, request.script_root + path if path else "")
