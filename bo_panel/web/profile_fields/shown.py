"""The page of the form editor, ready to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_panel.domain.profile_fields import ProfileField
from bo_panel.queries.profile_fields import own_field
from bo_panel.web.fields import Choice, Section
from bo_panel.web.profile_fields.desk import FormDesk, rule_words, type_words, units_in_sight
from bo_panel.web.translating import gettext
from bo_panel.web.users.profile import ProfilePart


@dataclass(frozen=True, slots=True)
class Line:
    """A field on the page: what it is, and where what can be done with it is done."""

    label: str
    meta: str
    edit_url: str = ""
    move_url: str = ""
    remove_url: str = ""
    back_url: str = ""
    purge_url: str = ""
    first: bool = False
    last: bool = False


def shown(desk: FormDesk) -> Mapping[str, Any]:
    """Return what the page says."""
    own = [row for row in desk.rows if row.removed_at is None]
    keys = {row.key for row in own}
    others = [_line(field) for field in desk.fields if field.key not in keys]
    form = ProfilePart().fields(desk.fields, desk.fields)
    units = units_in_sight()
    return {
        "place": desk.place.name,
        "units": [Choice(str(unit.id), unit.name, chosen=unit.id == desk.place.id) for unit in units] if len(units) > 1 else [],
        "units_url": desk.view.get_url(".index_view"),
        "add_url": desk.url(".add_view") if desk.edits else "",
        "own": [_own(desk, own, place) for place in range(len(own))],
        "others": others,
        "removed": [_removed(desk, row) for row in desk.rows if row.removed_at is not None],
        "preview": [Section("preview", "", "", form)],
    }


def _own(desk: FormDesk, rows: Sequence[Any], place: int) -> Line:
    row = rows[place]
    field = own_field(row)
    line = _line(field)
    if not desk.changes(field):
        return line
    urls = (desk.url(f".{name}_view", row) for name in ("edit", "move", "remove"))
    return Line(line.label, line.meta, *urls, first=place == 0, last=place == len(rows) - 1)


def _removed(desk: FormDesk, row: Any) -> Line:
    field = own_field(row)
    line = _line(field)
    if not desk.changes(field):
        return line
    return Line(line.label, line.meta, back_url=desk.url(".bring_back_view", row), purge_url=desk.url(".purge_view", row))


def _line(field: ProfileField) -> Line:
    rules = [label for name, label in rule_words().items() if getattr(field, name)]
    asked = [gettext("Seen with %(level)s", level=field.view)] if field.view else []
    asked += [gettext("Filled in with %(level)s", level=field.edit)] if field.edit else []
    return Line(field.label, " · ".join([type_words()[field.type], *rules, *asked, field.key]))
