"""What the audit log tells of records, the rows of a plugin's page: only to those who may see them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from bo_panel.domain.access import Access
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.pages import ModelPage
from bo_panel.hooks.registry import Registry
from bo_panel.services.changes.record_values import names_of
from bo_panel.web.translating import gettext
from bo_panel.web.users.profile import shown

ABOUT = frozenset({"page", "record", "name"})
EVENTS = "records."


class ToldOfRecord(NamedTuple):
    """The page, what the record is called, and its fields with what they held before and after."""

    page: str
    name: str
    changes: Sequence[tuple[str, str, str]]


def told_of_record(row: Any, registry: Registry, access: Access | None) -> ToldOfRecord:
    """Return what an event tells of a record; of a plugin that is gone, and of records that are not his to see, only the page."""
    key = str(row.after.get("page", ""))
    page = registry.pages.get(key)
    if page is None or access is None or not access.allows(*page.needs("view"), UnitPath(row.unit_path)):
        return ToldOfRecord(page.label if page else key, "", ())
    parts = [part for part in dict.fromkeys((*row.before, *row.after)) if part not in ABOUT]
    return ToldOfRecord(page.label, str(row.after.get("name", "")), [_changed(page, part, row) for part in parts])


def _changed(page: ModelPage, part: str, row: Any) -> tuple[str, str, str]:
    label = names_of(page).get(part) or {"records": gettext("Records")}.get(part) or part.replace("_", " ").capitalize()
    before, after = (_said(page, part, told.get(part)) for told in (row.before, row.after))
    return label, before, after


def _said(page: ModelPage, part: str, value: object) -> str:
    text = "" if value is None else str(value)
    return shown(page.by_key[part], text) if part in page.by_key else text
