"""Events of the audit log, ready to print."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext

from bo_panel.domain.access import Access
from bo_panel.domain.profile_fields import ProfileField
from bo_panel.domain.units import UnitPath
from bo_panel.queries.audit import FOR_UNDO
from bo_panel.queries.profile_fields import FieldBook, key_of, seen_by
from bo_panel.queries.roles import RoleBook
from bo_panel.services.changes.unit_settings import SETTING
from bo_panel.settings.words import Words
from bo_panel.web.audit.records import EVENTS as OF_RECORDS
from bo_panel.web.audit.records import told_of_record
from bo_panel.web.current import hue, initials
from bo_panel.web.fields import Fact
from bo_panel.web.moments import said
from bo_panel.web.roles.levels import level_word
from bo_panel.web.users.profile import shown
from bo_panel.web.users.rows import full_name

LEVELS = "levels"
"""What stands on the trail for a level per resource."""

EVENTS = (
    "users.created",
    "users.edited",
    "users.disabled",
    "users.enabled",
    "users.archived",
    "users.restored",
    "users.deleted",
    "users.undone",
    "users.exported",
    "access.granted",
    "access.revoked",
    "access.changed",
    "account.signed_in",
    "account.password_changed",
    "units.created",
    "units.renamed",
    "units.moved",
    "units.moved_away",
    "roles.created",
    "roles.edited",
    "roles.removed",
    "units.founded",
    "units.settings_edited",
    "caches.cleared",
    "features.switched_on",
    "features.switched_off",
    "profile_fields.added",
    "profile_fields.edited",
    "profile_fields.moved",
    "profile_fields.removed",
    "profile_fields.brought_back",
    "profile_fields.purged",
    "records.added",
    "records.edited",
    "records.deleted",
    "records.exported",
    "jobs.cancelled",
    "plugins.switched",
)


NO_FIELDS = FieldBook()


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
    access: Access | None = None
    book: FieldBook = NO_FIELDS

    def field(self, name: str, path: str) -> ProfileField | None:
        """Return the profile field that a part of an event tells of, where whoever reads it may see it; None else."""
        found = self.book.fields.get(key_of(name))
        return found.field if found and self.access and seen_by(self.access, found.field, UnitPath(path)) else None


def roles_told(rows: Iterable[Any]) -> list[str]:
    """Return the keys of the roles that events tell of."""
    return [str(told["role"]) for row in rows for told in (row.before, row.after) if told.get("role")]


def event_of(row: Any, telling: Telling, url: str | None = None) -> Event:
    """Return an event; `url` holds `{id}` and leads to the user it is about, where he can be opened."""
    moment = said(row.at, telling.now)
    whom, label, changes = full_name(row) if row.user_id is not None else "", label_of(row.event), None
    if row.event.startswith(OF_RECORDS):
        page, whom, told = told_of_record(row, telling.roles.registry, telling.access)
        label, changes = f"{label} · {page}", [Changed(*parts) for parts in told]
    opened = url.replace("{id}", str(row.user_id)) if url and row.user_id is not None and row.deleted_at is None else None
    facts = [Fact(gettext("Exactly"), moment.exact), Fact(gettext("Event"), str(row.id))]
    return Event(
        moment.text,
        moment.iso,
        moment.exact,
        row.actor_name,
        initials("", "", row.actor_name),
        hue(row.actor_id or 0),
        label,
        row.event,
        whom,
        opened,
        row.unit_name,
        _changes(row, telling) if changes is None else changes,
        facts,
        row.change_set_id,
    )


def label_of(event: str) -> str:
    """Return an event in words; one that is not known shows its code."""
    return (_of_users() | _of_the_rest()).get(event, event)


def _of_users() -> dict[str, str]:
    return {
        "users.created": gettext("Added a user"),
        "users.edited": gettext("Edited a user"),
        "users.pictured": gettext("Changed a picture"),
        "users.disabled": gettext("Disabled a user"),
        "users.enabled": gettext("Enabled a user"),
        "users.archived": gettext("Archived a user"),
        "users.restored": gettext("Restored a user"),
        "users.deleted": gettext("Deleted a user"),
        "users.undone": gettext("Undid a change"),
        "users.exported": gettext("Exported users"),
        "access.granted": gettext("Gave a role"),
        "access.revoked": gettext("Took a role"),
        "access.changed": gettext("Changed the access"),
        "account.signed_in": gettext("Signed in"),
        "account.password_changed": gettext("Changed the password"),
    }


def _of_the_rest() -> dict[str, str]:
    return {
        "units.created": gettext("Created a unit"),
        "units.renamed": gettext("Renamed a unit"),
        "units.moved": gettext("Moved a unit"),
        "units.moved_away": gettext("Moved a unit away"),
        "roles.created": gettext("Added a role"),
        "roles.edited": gettext("Edited a role"),
        "roles.removed": gettext("Removed a role"),
        "units.founded": gettext("Signed a unit up"),
        "units.settings_edited": gettext("Changed the settings of a unit"),
        "caches.cleared": gettext("Cleared the cache"),
        "features.switched_on": gettext("Switched a feature on"),
        "features.switched_off": gettext("Switched a feature off"),
        "profile_fields.added": gettext("Added a profile field"),
        "profile_fields.edited": gettext("Edited a profile field"),
        "profile_fields.moved": gettext("Moved a profile field"),
        "profile_fields.removed": gettext("Removed a profile field"),
        "profile_fields.brought_back": gettext("Brought back a profile field"),
        "profile_fields.purged": gettext("Purged a profile field"),
        "records.added": gettext("Added a record"),
        "records.edited": gettext("Edited a record"),
        "records.deleted": gettext("Deleted a record"),
        "records.exported": gettext("Exported records"),
        "jobs.cancelled": gettext("Cancelled a job"),
        "plugins.switched": gettext("Switched a plugin"),
        "demo.filled": gettext("Filled a demonstration"),
    }


def _changes(row: Any, telling: Telling) -> list[Changed]:
    """Return what is told of an event; of the profile only what whoever reads it may see, and of fields that there are."""
    before, after = _flat(row.before), _flat(row.after)
    told = dict.fromkeys([*before, *after])
    fields = [name for name in told if name not in FOR_UNDO and (before.get(name), after.get(name)) != (None, None)]
    found = [_of_profile(telling.field(name, row.unit_path), row) if key_of(name) else _changed(name, (before, after), telling) for name in fields]
    return [changed for changed in found if changed is not None]


def _of_profile(field: ProfileField | None, row: Any) -> Changed | None:
    return Changed(field.label, *(shown(field, told.get(field.name) or "") for told in (row.before, row.after))) if field else None


def _changed(name: str, both: tuple[Any, Any], telling: Telling) -> Changed:
    words, roles = telling.words, telling.roles
    return Changed(_field(name, words, roles), *(_value(name, told, words, roles) for told in both))


def _flat(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is told with the levels of a role or a policy each for itself."""
    return {**{key: value for key, value in told.items() if key != LEVELS}, **{LEVELS + key: level for key, level in told.get(LEVELS, {}).items()}}


def _field(name: str, words: Words, roles: RoleBook) -> str:
    if name.startswith(LEVELS):
        resource = roles.registry.resources.get(name.removeprefix(LEVELS))
        return resource.label if resource else name.removeprefix(LEVELS)
    if name.startswith(SETTING):
        setting = roles.registry.unit_settings.get(name.removeprefix(SETTING))
        return setting.label if setting else name.removeprefix(SETTING)
    return words[name] if name in type(words).model_fields else name.replace("_", " ").capitalize()


def _value(name: str, values: Any, words: Words, roles: RoleBook) -> str:
    value = values.get(name)
    if value is None:
        return ""
    if name == "role":
        return roles.label(str(value))
    if name.startswith(LEVELS):
        return level_word(str(value))
    if name.startswith(SETTING):
        setting = roles.registry.unit_settings.get(name.removeprefix(SETTING))
        return shown(setting.field, str(value)) if setting else str(value)
    if name == "kinds":
        return ", ".join(roles.registry.kinds[kind].label if kind in roles.registry.kinds else kind for kind in value)
    if name == "status" and f"status_{value}" in type(words).model_fields:
        return words[f"status_{value}"]
    if name == "expires_at":
        return _exactly(datetime.fromisoformat(str(value)))
    return str(value)


def _exactly(moment: datetime) -> str:
    """Return a moment of the trail, which has no zone where the database keeps none."""
    return f"{moment.astimezone(UTC) if moment.tzinfo else moment:%Y-%m-%d %H:%M} UTC"
