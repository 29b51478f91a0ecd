"""What stands around the form of a user: who it is, facts, and what somebody else changed meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import MEMBER
from bo_panel.domain.errors import Stale
from bo_panel.domain.profile_fields import ProfileField
from bo_panel.queries.audit import latest_of_user
from bo_panel.queries.held import Holdings
from bo_panel.queries.reached import units_reached
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import Place
from bo_panel.settings.words import Words
from bo_panel.web.current import hue, initials
from bo_panel.web.fields import Fact
from bo_panel.web.moments import exactly, said
from bo_panel.web.translating import gettext, translator
from bo_panel.web.users.actions import status_word
from bo_panel.web.users.profile import shown
from bo_panel.web.users.rows import full_name
from bo_panel.web.users.typed import ACCOUNT, ALL, Typed, number


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the form is about."""

    id: int
    name: str
    initials: str
    hue: int
    status: str
    status_label: str
    meta: Sequence[str]
    picture: str = ""
    """Where a picture is that stands for him in place of his initials."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else saved otherwise."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Who saved meanwhile, and what differs from what was typed."""

    code: str
    """That of the refusal."""
    by: str
    rows: Sequence[Difference]
    title: str = ""
    """What is said instead of a user's."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The names of roles, of the kinds of units that can be chosen, and of units."""

    roles: RoleBook
    kinds: Mapping[str, str]
    units: Mapping[int, Place]
    fields: Sequence[ProfileField] = ()

    def places(self, texts: Sequence[str]) -> str:
        """Return the names of the units with these ids, in order of their names."""
        if ALL in texts:
            return gettext("All")
        return ", ".join(sorted(self.units[number(text)].name for text in texts if number(text) in self.units))


def subject_of(row: Any, words: Words, now: datetime, *, guest: bool) -> Subject:
    """Return the head of the page."""
    more = [] if guest else [row.home_name, gettext("Last sign-in: %(when)s", when=said(row.last_sign_in, now).text)]
    meta = [row.user_name, *more]
    letters = initials(row.first_name, row.last_name, row.user_name)
    return Subject(row.id, full_name(row), letters, hue(row.id), row.status.value, status_word(words, row.status), meta)


def facts_of(row: Any, held: Holdings, roles: RoleBook, *, guest: bool) -> list[Fact]:
    """Return what is only shown of a user; of a guest, what he holds here, and how much that reaches."""
    gettext = translator()
    account = [
        Fact(gettext("ID"), str(row.id), gettext("Copy the ID")),
        Fact(gettext("Created"), exactly(row.created_at)),
        Fact(gettext("Last sign-in"), exactly(row.last_sign_in) or gettext("Never")),
        Fact(gettext("Version"), str(row.version)),
    ]
    founder = [Fact(gettext("Founder"), gettext("Signed %(place)s up", place=row.home_name))] if is_founder(row, held, roles) else []
    grants = [Fact(roles.label(grant.role_key), grant.unit_name) for grant in held.grants if grant.role_key != MEMBER][:12]
    counts = units_reached({row.id: held.grants}, held.beneath, roles)
    reached = [Fact(kind.plural, str(counts.get((row.id, kind.key), 0))) for kind in roles.registry.counted()]
    return [*([] if guest else [*account, *founder]), *grants, *reached]


def is_founder(row: Any, held: Holdings, roles: RoleBook) -> bool:
    """Return whether somebody signed his home up, with the e-mail address he has still, and owns it still."""
    owners = roles.registry.owner_roles
    return bool(row.signed_home_up) and any(grant.unit_id == row.home_id and grant.role_key in owners for grant in held.grants)


def conflict_of(session: Session, panel: Panel, row: Any, both: tuple[Typed, Typed], names: Naming) -> Conflict:
    """Return what somebody else changed while the form was open: `both` is what is stored now, and what was typed."""
    latest = latest_of_user(session, row.id)
    by = ""
    if latest is not None:
        by = gettext("%(who)s saved it %(when)s.", who=latest.actor_name, when=said(latest.at, panel.clock.now()).text.lower())
    theirs, yours = both
    words = panel.settings.words
    rows = [Difference(words[name], theirs.values[name], yours.values[name]) for name in ACCOUNT if name in yours.values]
    for field in names.fields:
        if field.key in yours.profile:
            rows.append(Difference(field.label, *(shown(field, typed.profile.get(field.key, "")) for typed in (theirs, yours))))
    if yours.every_role:
        rows.append(Difference(words.role, *(", ".join(sorted(names.roles.label(role) for role in of.every_role)) for of in (theirs, yours))))
    for kind, label in names.kinds.items():
        rows.append(Difference(label, names.places(theirs.units.get(kind, ())), names.places(yours.units.get(kind, ()))))
    return Conflict(Stale.code, by, [difference for difference in rows if difference.theirs != difference.yours])
