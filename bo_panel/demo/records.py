"""Records of the pages of plugins in a demonstration: as many at each unit as the page says, made up by its plugin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.demo.tree import PlannedUnit
from bo_panel.domain.actors import console
from bo_panel.domain.errors import Refusal
from bo_panel.hooks.failure import where
from bo_panel.hooks.pages import ModelPage
from bo_panel.hooks.problems import PluginError, Problem
from bo_panel.queries.records import on_offer
from bo_panel.services.changes.record_values import Keeper
from bo_panel.services.engine import Context
from bo_panel.settings.suggestion import did_you_mean

FEW_PEOPLE = 20
LOOKED_AFTER = 0.4


def fill_records(panel: Panel, session: Session, units: Iterable[PlannedUnit], random: Random) -> int:
    """Write what the pages of plugins make up, in the transaction of the caller; return how many records they are."""
    context = Context(session, panel.registry, console(panel.registry.catalogue), panel.clock.now())
    by_kind: dict[str, list[PlannedUnit]] = defaultdict(list)
    for unit in units:
        by_kind[unit.kind].append(unit)
    pages = [page for page in panel.registry.pages.values() if page.sample and page.samples]
    return sum(_fill(context, page, unit.id, random) for page in pages for kind in page.unit_kinds for unit in by_kind[kind])


def _fill(context: Context, page: ModelPage, unit_id: int, random: Random) -> int:
    keeper = Keeper(context, page, unit_id)
    leaders = {person.key: [name for name, _ in on_offer(context.session, person, unit_id, context.now, FEW_PEOPLE)] for person in page.people}
    rows = []
    for _number in range(page.samples):
        with suppress(Refusal):  # what does not fit is left out
            rows.append(keeper.stored({**_made_up(page, random), **_looked_after(leaders, random)}))
    taken = {place for place, _field in keeper.taken(rows)}
    kept = [{**row, page.unit: unit_id, "version": 1} for place, row in enumerate(rows) if place not in taken]
    if kept:
        context.session.execute(insert(page.table), kept)
    return len(kept)


def _made_up(page: ModelPage, random: Random) -> Mapping[str, str]:
    """Return what the plugin makes up for a record; raise PluginError where it fails, and for what is no text of a field of the page."""
    try:
        found: Any = page.sample(random) if page.sample else {}
        odd = {repr(key) for key, value in found.items() if key not in page.by_key or not isinstance(value, str)}
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _wrong(page, f"failed: {where(error)}.") from error
    if odd:
        raise _wrong(page, f"gives something else than texts by the keys of fields, such as {min(odd)[:80]}.", did_you_mean(min(odd), page.by_key))
    return dict(found)


def _wrong(page: ModelPage, wrong: str, hint: str = "") -> PluginError:
    plugin = page.key.partition(".")[0]
    return PluginError([Problem(plugin=plugin, hook="bo_pages", item=page.key, field="sample", wrong=wrong, hint=hint)])


def _looked_after(leaders: Mapping[str, list[str]], random: Random) -> Mapping[str, str]:
    return {key: random.choice(names) for key, names in leaders.items() if names and random.random() < LOOKED_AFTER}
