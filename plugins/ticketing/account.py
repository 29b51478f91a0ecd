"""What an owner sets of his organization, and what is kept of it: what customers see, and how many have which access."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zoneinfo import available_timezones

from bo_panel.sdk import FieldType, UnitSetting, UnitSnapshot

EMAIL, PHONE, WEBSITE, TIME_ZONE, NOTE = (f"ticketing.{name}" for name in ("support_email", "support_phone", "website", "time_zone", "note"))


class Figure(NamedTuple):
    """How many have some access."""

    label: str
    users: int


class Figures(NamedTuple):
    """How many have which access; `complete` unless there are too many to count all."""

    figures: Sequence[Figure]
    complete: bool


def settings(organization: str) -> Iterator[UnitSetting]:
    """Yield what is set of an organization, in the order of the form."""
    here = (organization,)
    yield UnitSetting(EMAIL, "Support e-mail", here, FieldType.EMAIL, help="Where customers write to.")
    yield UnitSetting(PHONE, "Support telephone", here, FieldType.PHONE)
    yield UnitSetting(WEBSITE, "Website", here, FieldType.URL)
    yield UnitSetting(TIME_ZONE, "Time zone", here, FieldType.ONE_OF, choices=_time_zones(), help="That of your box office and your events.")
    yield UnitSetting(NOTE, "Note to customers", here, FieldType.LONG_TEXT, help="Such as when the box office is open.")


def seen_by_customers(unit: UnitSnapshot, organization: str) -> Sequence[tuple[str, str]]:
    """Return what the site of an organization tells its customers, as labels and values; what is not set is left out."""
    told = ((setting.label, unit.settings.get(setting.key, "")) for setting in settings(organization))
    return [("Name", unit.name), *((label, value) for label, value in told if value)]


def _time_zones() -> tuple[str, ...]:
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))))
