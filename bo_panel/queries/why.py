"""Why somebody can, or cannot, do something at a unit: the grants on the way to it, and what they make together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.domain.access import MEMBER, Ladder, Vector, highest
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Role, Unit
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.sql import within
from bo_panel.queries.units import Place
from bo_panel.queries.visible import Scope


@dataclass(frozen=True, slots=True)
class GrantSeen:
    """A grant of somebody: the role, what it is called and gives, where it is held, and until when."""

    role: str
    label: str
    place: Place
    expires_at: datetime | None
    known: bool
    """Whether the role still exists; one that does not gives nothing."""
    vector: Vector

    def expired(self, now: datetime) -> bool:
        """Return whether it holds no longer."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody may do with one resource at a unit, and why."""

    ladder: Ladder
    rung: int
    """How high on the ladder the grants reach, whatever the status of the account."""
    deciding: Sequence[GrantSeen]
    """The grants that reach as high; none where nothing is held."""
    next_level: str
    """The level above; '' at the top."""
    would_give: Sequence[tuple[str, Place]]
    """The roles that would give the level above, or the one asked for, and where they could be held for it; the least powerful first."""

    @property
    def level(self) -> str:
        """The level held; '' for nothing."""
        return self.ladder.levels[self.rung - 1] if self.rung else ""


@dataclass(frozen=True)
class Explanation:
    """Why somebody with this status can do what he can at a unit.

    `way` leads to the unit, as far as whoever asks may look. Grants above that are not among `seen`, so an explanation for
    somebody with a narrow view may say less than is true, and never more. `partial` says that it may. It depends on who asks and
    on the unit alone and never on the grants of the person asked about, so that it tells nothing about them.
    """

    book: RoleBook
    status: Status
    way: Sequence[Place]
    seen: Sequence[GrantSeen]
    now: datetime
    partial: bool = False

    @property
    def place(self) -> Place:
        """The unit that it is about."""
        return self.way[-1]

    @property
    def shut_out(self) -> bool:
        """Whether the account can do nothing at all, whatever it holds."""
        return self.status is not Status.ACTIVE

    @cached_property
    def here(self) -> Sequence[GrantSeen]:
        """The grants that reach the unit, those at the top first; expired ones and those of unknown roles too."""
        return sorted((grant for grant in self.seen if grant.place.path.covers(self.place.path)), key=lambda grant: grant.place.path)

    @cached_property
    def vector(self) -> Vector:
        """What the grants make together at the unit."""
        return highest((grant.vector for grant in self._live), self.book.registry.nothing)

    def allows(self, resource: str, level: str) -> bool:
        """Return whether this level may be done there now."""
        position, rung = self.book.registry.catalogue.rung(resource, level)
        return not self.shut_out and self.vector[position] >= rung

    def answer(self, resource: str, level: str = "") -> Answer:
        """Return what is held of a resource, and what is missing for a level, or for the next one; KeyError when it is not known."""
        catalogue = self.book.registry.catalogue
        position = catalogue.position(resource)
        ladder, rung = catalogue.ladders[position], self.vector[position]
        deciding = [grant for grant in self._live if rung and grant.vector[position] == rung]
        missing = max(ladder.rung(level), rung + 1) if level else rung + 1
        if missing > len(ladder.levels):
            return Answer(ladder, rung, deciding, "", ())
        return Answer(ladder, rung, deciding, ladder.levels[missing - 1], self._giving(position, missing))

    def answers(self) -> Sequence[Answer]:
        """Return what is held of every resource."""
        return [self.answer(ladder.resource) for ladder in self.book.registry.catalogue.ladders]

    @cached_property
    def _live(self) -> Sequence[GrantSeen]:
        return [grant for grant in self.here if not grant.expired(self.now)]

    def _giving(self, position: int, rung: int) -> Sequence[tuple[str, Place]]:
        """Return the roles that give this rung, each with the nearest unit, here or above, where it can be held."""
        giving = [key for key in self._offered if key != MEMBER and self.book.vector_of(key)[position] >= rung]
        fitting = {key: next((place for place in reversed(self.way) if self._fits(key, place)), None) for key in giving}
        found = [(key, place) for key, place in fitting.items() if place is not None]
        return sorted(found, key=lambda each: sum(self.book.vector_of(each[0])))

    def _fits(self, key: str, place: Place) -> bool:
        return self.book.fits(key, place.kind) and key in self.book.offered_at(place.path)

    @cached_property
    def _offered(self) -> Sequence[str]:
        return self.book.offered_at(self.place.path)


def grants_seen(session: Session, book: RoleBook, scope: Scope, user_id: int) -> Sequence[GrantSeen]:
    """Return the grants of a user in scope, expired ones and those of unknown roles too; one statement."""
    columns = (Grant.role_key, Grant.expires_at, Unit.id, Unit.name, Unit.kind, Unit.path, Role.label, Role.levels)
    rows = select(*columns).select_from(Grant).join(Unit, Unit.id == Grant.unit_id).outerjoin(Role, Role.key == Grant.role_key)
    rows = rows.where(Grant.user_id == user_id).order_by(Unit.path, Grant.id)
    found = session.execute(rows if scope.everything else rows.where(within(Unit.path, scope.paths)))
    return [_grant(row, book) for row in found]


def explained(session: Session, book: RoleBook, scope: Scope, user: Any, way: Sequence[Place], *, now: datetime) -> Explanation:
    """Return why a user (a row with `id` and `status`) can do what he can at the end of the way, by the grants in scope; one statement.

    `book` is what is offered there: see `roles_at`.
    """
    seen = grants_seen(session, book, scope, user.id)
    shown = [place for place in way if scope.covers(place.path)]
    return Explanation(book, user.status, shown, seen, now, partial=len(shown) < len(way))


def _grant(row: Any, book: RoleBook) -> GrantSeen:
    declared = row.levels is None
    known = not declared or row.role_key in book.registry.roles
    vector = book.registry.vector_of(row.role_key) if declared else book.registry.catalogue.vector(row.levels)
    label = book.label(row.role_key) if declared else row.label
    return GrantSeen(row.role_key, label, Place(row.id, row.name, row.kind, UnitPath(row.path)), row.expires_at, known, vector)
