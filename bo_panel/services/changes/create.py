"""Creating an account with what it starts with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bo_panel.domain.access import MEMBER
from bo_panel.domain.accounts import LIMITS, document_of, name_key
from bo_panel.domain.errors import NoPlace, NotAllowed, UnknownUnit
from bo_panel.domain.lifecycle import Status
from bo_panel.models import Credential, Grant, User, UserSearch
from bo_panel.queries.roles import RoleBook, role_book_for
from bo_panel.queries.units import Place, places
from bo_panel.services.changes.fields import stored
from bo_panel.services.changes.identities import reserve, taken
from bo_panel.services.engine import Context, Needs, SingleChange, Trail
from bo_panel.services.field_rules import check_together
from bo_panel.services.guard import given_until, may_give


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What somebody starts with: a hashed password, and whether it must be changed at the first sign-in."""

    password_hash: str = field(repr=False)
    must_change: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser(SingleChange):
    """Create an account at a home unit, holding one role at some units, and `member` at home in any case."""

    values: Mapping[str, str | None]
    home_id: int
    role: str = MEMBER
    unit_ids: frozenset[int] = frozenset()
    start: Start | None = None

    key = "users.create"
    requires = Needs("users", "create")

    def notice(self) -> Mapping[str, Any]:
        """Return the fields and the access, never the password."""
        return {**self.values, "home": self.home_id, "role": self.role, "units": sorted(self.unit_ids)}

    def run(self, context: Context) -> Sequence[Trail]:
        """Create the account; raise what the guard or the form of a value refuses."""
        known = places(context.session, {self.home_id, *self.unit_ids})
        home = self._home(context, known)
        units = self._units(context, known, home)
        columns = stored({"user_name": None, "email": None, **self.values}, context.rules)
        self._refuse_taken(context, columns)
        user = User(**columns, sort_name=name_key(columns), home_id=home.id, status=Status.ACTIVE, created_at=context.now)
        user.away = any(place.id != home.id for place in units)
        context.session.add(user)
        context.session.flush()
        self._add_belongings(context, user, [home, *units])
        shown = {name: value for name, value in columns.items() if name in self.values and value}
        created = Trail("users.created", home.id, user.id, {}, {**shown, "status": user.status.value})
        given = [Trail("access.granted", place.id, user.id, {}, {"role": self.role, "source": "admin"}) for place in units]
        return [created, *given]

    def _home(self, context: Context, known: Mapping[int, Place]) -> Place:
        home = known.get(self.home_id)
        if home is None or not context.actor.access.allows("users", "view", home.path):
            raise UnknownUnit("home")
        if not context.actor.access.allows(*self.requires, home.path):
            raise NotAllowed("home", where=home.name)
        if self.role not in context.registry.owner_roles and context.rules.home_kinds and home.kind not in context.rules.home_kinds:
            raise UnknownUnit("home")
        return home

    def _units(self, context: Context, known: Mapping[int, Place], home: Place) -> Sequence[Place]:
        roles = role_book_for(context.session, context.registry, frozenset({self.role}))
        if self.role != MEMBER and not self.unit_ids:
            raise NoPlace("units", role=roles.label(self.role))
        reach = context.actor.access.reach("users", "edit")
        units = [known[unit_id] for unit_id in sorted(self.unit_ids) if unit_id in known]
        if len(units) != len(self.unit_ids) or not all(any(top.covers(place.path) for top in reach) for place in units):
            raise UnknownUnit("units")
        self._check_role(context, roles, units or [home])
        check_together(context.registry, self.role, units)
        return units

    def _check_role(self, context: Context, roles: RoleBook, units: Sequence[Place]) -> None:
        for place in units:
            may_give(context, roles, self.role, (place.path, place.kind, place.name))

    def _refuse_taken(self, context: Context, columns: Mapping[str, Any]) -> None:
        reserve(context, columns)
        for condition, refusal in taken(context, columns):
            if context.session.scalar(select(condition)):
                raise refusal

    def _add_belongings(self, context: Context, user: User, places_held: Sequence[Place]) -> None:
        book = role_book_for(context.session, context.registry, frozenset({self.role}))
        roles = [MEMBER, *(self.role for _ in places_held[1:])]
        held = {(place.id, role): place.path for place, role in zip(places_held, roles, strict=True)}
        for (unit_id, role), path in sorted(held.items()):
            ends = given_until(context, book, role, path)
            grant = Grant(user_id=user.id, unit_id=unit_id, role_key=role, away=unit_id != user.home_id, created_at=context.now, expires_at=ends)
            context.session.add(grant)
        fields = {name: getattr(user, name) for name in LIMITS}
        context.session.add(UserSearch(user_id=user.id, document=document_of(fields)))
        if self.start is not None:
            start = self.start
            credential = Credential(user_id=user.id, password_hash=start.password_hash, must_change=start.must_change, changed_at=context.now)
            context.session.add(credential)
        context.session.flush()
