"""What was done in one go, as it is told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import ngettext

from bo_panel.domain.errors import ChangedSince
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import UnitPath
from bo_panel.queries.filters import FieldIs
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import Place
from bo_panel.settings.words import Words
from bo_panel.web.fields import Fact
from bo_panel.web.moments import said
from bo_panel.web.translating import gettext
from bo_panel.web.users.actions import status_word
from bo_panel.web.users.field_filters import asked_in_words
from bo_panel.web.users.rows import full_name


def done_in(change_set_id: int | None) -> str:
    """Return the category of a message that tells of success: with a button that takes the change back, if there was one."""
    return f"success undo-{change_set_id}" if change_set_id else "success"


def title_of(row: Any) -> str:
    """Return what a run did, as a heading."""
    if row.undoes:
        return gettext("Took back change %(id)s", id=row.undoes)
    if not row.whole:
        return _without_number(row.change)
    count, shown = row.changed, f"{row.changed:,}"
    sentences = {
        "users.disable": ngettext("Disabled %(shown)s user", "Disabled %(shown)s users", count, shown=shown),
        "users.enable": ngettext("Enabled %(shown)s user", "Enabled %(shown)s users", count, shown=shown),
        "users.archive": ngettext("Archived %(shown)s user", "Archived %(shown)s users", count, shown=shown),
        "users.restore": ngettext("Restored %(shown)s user", "Restored %(shown)s users", count, shown=shown),
        "users.delete": ngettext("Deleted %(shown)s user", "Deleted %(shown)s users", count, shown=shown),
        "users.create": gettext("Added a user"),
        "users.edit": ngettext("Edited %(shown)s user", "Edited %(shown)s users", count, shown=shown),
        "users.grant": ngettext("Gave %(shown)s user a role", "Gave %(shown)s users a role", count, shown=shown),
        "users.revoke": ngettext("Took a role from %(shown)s user", "Took a role from %(shown)s users", count, shown=shown),
        "users.policy": ngettext("Gave %(shown)s user a policy", "Gave %(shown)s users a policy", count, shown=shown),
        "units.create": gettext("Created a unit"),
        "units.rename": gettext("Renamed a unit"),
        "units.move": gettext("Moved a unit"),
        "features.switch": gettext("Switched a feature"),
        "roles.create": gettext("Added a role"),
        "roles.edit": gettext("Edited a role"),
        "roles.remove": gettext("Removed a role"),
        "profile_fields.add": gettext("Added a profile field"),
        "profile_fields.edit": gettext("Edited a profile field"),
        "profile_fields.move": gettext("Moved a profile field"),
        "profile_fields.remove": gettext("Removed a profile field"),
        "profile_fields.bring_back": gettext("Brought back a profile field"),
        "profile_fields.purge": gettext("Purged a profile field"),
        "jobs.cancel": gettext("Cancelled a job"),
        "account.password": gettext("Changed the password"),
    }
    changed = ngettext("Changed %(shown)s user", "Changed %(shown)s users", count, shown=shown)
    return sentences.get(row.change, changed)


def _without_number(change: str) -> str:
    sentences = {
        "users.disable": gettext("Disabled users"),
        "users.enable": gettext("Enabled users"),
        "users.archive": gettext("Archived users"),
        "users.restore": gettext("Restored users"),
        "users.delete": gettext("Deleted users"),
        "users.edit": gettext("Edited users"),
        "users.grant": gettext("Gave a role"),
        "users.revoke": gettext("Took a role"),
        "jobs.cancel": gettext("Cancelled a job"),
    }
    return sentences.get(change, gettext("Changed users"))


def facts_of(row: Any, now: datetime, selected: str) -> list[Fact]:
    """Return who did it, when, through which door, why, and on whom; what is not his to see is left out."""
    doors = {"web": gettext("In the panel"), "console": gettext("On the command line")}
    facts = [
        Fact(gettext("Who"), row.actor_name),
        Fact(gettext("When"), said(row.at, now).exact),
        Fact(gettext("Through"), doors.get(row.door, row.door)),
        Fact(gettext("Change"), f"{row.id} · {row.change}"),
    ]
    if not row.whole:
        return facts
    return [*facts, Fact(gettext("Why"), row.reason or gettext("No reason was given.")), Fact(gettext("Selected"), selected)]


def selected_of(told: Mapping[str, Any], words: Words, roles: RoleBook, places: Mapping[int, Place]) -> str:
    """Return in words whom a run, or a list, is about."""
    if "named" in told:
        return ngettext("%(num)s user, chosen one by one", "%(num)s users, chosen one by one", told["named"])
    if "changed_by" in told:
        return gettext("Everybody whom change %(id)s changed", id=told["changed_by"])
    query = told.get("query", {})
    parts = [gettext("words “%(words)s”", words=query["search"])] if query.get("search") else []
    parts += [_either(words.status, [status_word(words, Status(status)) for status in query.get("statuses", ())])]
    parts += [_either(words.role, [roles.label(key) for key in query.get("roles", ())])]
    parts += [_signed_in(query.get("signed_in", ""))]
    parts += [asked_in_words(FieldIs.of(found)) for found in query.get("fields", ())]
    parts += [f"{_column(key, roles)} ≥ {number}" for key, number in query.get("at_least", ())]
    if query.get("beneath"):
        parts.append(gettext("at %(place)s and beneath", place=_name(query["beneath"], places)))
    kept = [part for part in parts if part]
    return "; ".join(kept) if kept else gettext("Everybody in sight, without any filter")


def _column(key: str, roles: RoleBook) -> str:
    found = roles.registry.columns.get(key)
    return found.label if found else key


def unit_of(told: Mapping[str, Any]) -> Iterable[int]:
    """Return the id of the unit that a selection names."""
    beneath = told.get("query", {}).get("beneath")
    return (UnitPath(beneath).ids[-1],) if beneath else ()


def named_of(rows: Sequence[Any], now: datetime, codes: Mapping[int, str] = {}) -> list[tuple[str, str]]:
    """Return people as pairs of the code of a refusal and a name; of those changed since, also by whom and when."""
    return [(codes.get(row.id, row.code), _changed(row, now, codes.get(row.id, row.code))) for row in rows]


def _changed(row: Any, now: datetime, code: str) -> str:
    if code != ChangedSince.code or row.changed_at is None:
        return full_name(row)
    return gettext("%(name)s (by %(who)s, %(when)s)", name=full_name(row), who=row.changed_by, when=said(row.changed_at, now).text.lower())


def _either(label: str, values: Sequence[str]) -> str:
    return f"{label}: {gettext(' or ').join(values)}" if values else ""


def _signed_in(when: str) -> str:
    sentences = {
        "never": gettext("never signed in"),
        "recently": gettext("signed in during the last 30 days"),
        "long_ago": gettext("signed in more than 90 days ago"),
    }
    return sentences.get(when, "")


def _name(path: str, places: Mapping[int, Place]) -> str:
    found = places.get(UnitPath(path).ids[-1])
    return found.name if found else gettext("a place that is gone")
