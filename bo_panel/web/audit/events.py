"""Events of the audit log, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext

from bo_panel.queries.audit import FOR_UNDO
from bo_panel.queries.roles import RoleBook
from bo_panel.settings.words import Words
from bo_panel.web.current import hue, initials
from bo_panel.web.fields import Fact
from bo_panel.web.moments import said
from bo_panel.web.users.rows import full_name

EVENTS = (
    "users.created",
    "users.edited",
    "users.disabled",
    "users.enabled",
    "users.deleted",
    "users.undone",
    "users.exported",
    "access.granted",
    "access.revoked",
    "account.signed_in",
    "account.password_changed",
    "units.created",
    "units.renamed",
    "units.moved",
    "units.moved_away",
    "jobs.cancelled",
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of an event, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event; what each part is is said in templates/audit/list.html."""

    text: str
    iso: str
    exact: str
    who: str
    who_initials: str
    who_hue: int
    label: str
    code: str
    whom: str
    whom_url: str | None
    where: str
    changes: Sequence[Changed]
    facts: Sequence[Fact]
    change_set: int | None = None

    @property
    def sentence(self) -> str:
        """Who did what to whom, in one line."""
        return f"{self.who} · {self.label} · {self.whom}" if self.whom and self.code.split(".")[0] != "account" else f"{self.who} · {self.label}"


@dataclass(frozen=True, slots=True)
class Telling:
    """What is needed to tell any event: words, the names of roles, and the moment of telling."""

    words: Words
    roles: RoleBook
    now: datetime


def event_of(row: Any, telling: Telling, url: str | None = None) -> Event:
    """Return an event; `url` holds `{id}` and leads to the user it is about, where he can be opened."""
    moment = said(row.at, telling.now)
    whom = full_name(row) if row.user_id is not None else ""
    opened = url.replace("{id}", str(row.user_id)) if url and row.user_id is not None and row.deleted_at is None else None
    facts = [Fact(gettext("Exactly"), moment.exact), Fact(gettext("Event"), str(row.id))]
    return Event(
        moment.text,
        moment.iso,
        moment.exact,
        row.actor_name,
        initials("", "", row.actor_name),
        hue(row.actor_id or 0),
        label_of(row.event),
        row.event,
        whom,
        opened,
        row.unit_name,
        _changes(row, telling.words, telling.roles),
        facts,
        row.change_set_id,
    )


def label_of(event: str) -> str:
    """Return an event in words; one that is not known shows its code."""
    return {
        "users.created": gettext("Added a user"),
        "users.edited": gettext("Edited a user"),
        "users.disabled": gettext("Disabled a user"),
        "users.enabled": gettext("Enabled a user"),
        "users.deleted": gettext("Deleted a user"),
        "users.undone": gettext("Undid a change"),
        "users.exported": gettext("Exported users"),
        "access.granted": gettext("Gave a role"),
        "access.revoked": gettext("Took a role"),
        "account.signed_in": gettext("Signed in"),
        "account.password_changed": gettext("Changed the password"),
        "units.created": gettext("Created a unit"),
        "units.renamed": gettext("Renamed a unit"),
        "units.moved": gettext("Moved a unit"),
        "units.moved_away": gettext("Moved a unit away"),
        "jobs.cancelled": gettext("Cancelled a job"),
        "demo.filled": gettext("Filled a demonstration"),
    }.get(event, event)


def _changes(row: Any, words: Words, roles: RoleBook) -> list[Changed]:
    told = dict.fromkeys([*row.before, *row.after])
    fields = [name for name in told if name not in FOR_UNDO and (row.before.get(name), row.after.get(name)) != (None, None)]
    return [Changed(_field(name, words), _value(name, row.before, words, roles), _value(name, row.after, words, roles)) for name in fields]


def _field(name: str, words: Words) -> str:
    return words[name] if name in type(words).model_fields else name.replace("_", " ").capitalize()


def _value(name: str, values: Any, words: Words, roles: RoleBook) -> str:
    value = values.get(name)
    if value is None:
        return ""
    if name == "role":
        return roles.label(str(value))
    if name == "status" and f"status_{value}" in type(words).model_fields:
        return words[f"status_{value}"]
    if name == "expires_at":
        return _exactly(datetime.fromisoformat(str(value)))
    return str(value)


def _exactly(moment: datetime) -> str:
    """Return a moment of the trail, which has no zone where the database keeps none."""
    return f"{moment.astimezone(UTC) if moment.tzinfo else moment:%Y-%m-%d %H:%M} UTC"
