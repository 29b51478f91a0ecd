"""Creating an account with what it starts with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from bo_panel.domain.access import MEMBER
from bo_panel.domain.accounts import LIMITS, document_of, name_key
from bo_panel.domain.errors import NoPlace, NotAllowed, Refusal, Together, UnknownUnit
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.profile_fields import PROFILE
from bo_panel.models import Credential, Grant, User, UserSearch
from bo_panel.queries.roles import RoleBook, role_book_for
from bo_panel.queries.units import Place, places
from bo_panel.services.changes.fields import stored
from bo_panel.services.changes.founding import founded
from bo_panel.services.changes.identities import reserve, taken
from bo_panel.services.changes.profile_values import claim_anew, found_by, profile_at, searchable_keys
from bo_panel.services.engine import Context, Needs, SingleChange, Trail
from bo_panel.services.going_together import check_all_together
from bo_panel.services.guard import given_until, giving, may_give


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What somebody starts with: a hashed password, and whether it must be changed at the first sign-in."""

    password_hash: str = field(repr=False)
    must_change: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser(SingleChange):
    """Create an account at a home unit, holding one role at some units, or several, and at home `member` in any case, and some toggles."""

    values: Mapping[str, str | None]
    home_id: int
    role: str = MEMBER
    unit_ids: frozenset[int] = frozenset()
    also: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Further roles, each with the units where it is held."""
    toggles: frozenset[str] = frozenset()
    start: Start | None = None
    profile: Mapping[str, str | None] = field(default_factory=dict)
    """By the key of the field."""
    wrong: tuple[Refusal, ...] = field(default=(), repr=False)
    """What is refused of it already, and told with the rest."""

    key = "users.create"
    requires = Needs("users", "create")

    def notice(self) -> Mapping[str, Any]:
        """Return the fields and the access, never the password."""
        profile = {PROFILE + key: value for key, value in self.profile.items()}
        also = {role: sorted(unit_ids) for role, unit_ids in self.also.items()}
        held = {"home": self.home_id, "role": self.role, "units": sorted(self.unit_ids), "also": also, "toggles": sorted(self.toggles)}
        return {**self.values, **profile, **held}

    def run(self, context: Context) -> Sequence[Trail]:
        """Create the account; raise what the guard or the form of values refuses, all at once."""
        known = places(context.session, {self.home_id, *self.unit_ids}.union(*self.also.values()))
        home = self._home(context, known)
        wrong = Together(*self.wrong)
        given, columns, profile = list[tuple[str, Place]](), dict[str, Any](), dict[str, str]()
        if not self.wrong:
            with wrong.noting():
                given = self._given(context, known, home)
        with wrong.noting():
            columns = stored({"user_name": None, "email": None, **self.values}, context.rules)
            self._refuse_taken(context, columns)
        with wrong.noting():
            profile = profile_at(context, home, self.profile)
        wrong.check()
        user = User(**columns, profile=profile, sort_name=name_key(columns), home_id=home.id, status=Status.ACTIVE, created_at=context.now)
        user.away = any(place.id != home.id for _role, place in given)
        context.session.add(user)
        context.session.flush()
        self._add_belongings(context, user, [(MEMBER, home), *given])
        shown = {name: value for name, value in columns.items() if name in self.values and value}
        shown |= {PROFILE + key: value for key, value in profile.items()}
        created = Trail("users.created", home.id, user.id, {}, {**shown, "status": user.status.value})
        granted = [Trail("access.granted", place.id, user.id, {}, {"role": role, "source": "admin"}) for role, place in given]
        owns = any(role in context.registry.owner_roles and place.id == home.id for role, place in given)
        return [created, *granted, *(founded(context, user) if owns else ())]

    def _home(self, context: Context, known: Mapping[int, Place]) -> Place:
        home = known.get(self.home_id)
        if home is None or not context.actor.access.allows("users", "view", home.path):
            raise UnknownUnit("home")
        if not context.actor.access.allows(*self.requires, home.path):
            raise NotAllowed("home", where=home.name)
        if self.role not in context.registry.owner_roles and context.rules.home_kinds and home.kind not in context.rules.home_kinds:
            raise UnknownUnit("home")
        return home

    def _given(self, context: Context, known: Mapping[int, Place], home: Place) -> list[tuple[str, Place]]:
        """Return the roles, each with the places where it is held; raise unless the actor may give each of them, and they go together."""
        roles = self._book(context)
        rules = giving(context, roles, (self.role, *self.also, *self.toggles))
        found = {role: self._units(context, known, roles, role) for role in (self.role, *self.also)}
        for role, units in found.items():
            for place in units or [home]:
                may_give(rules, role, (place.path, place.kind, place.name))
        check_all_together(roles, found, self.role, self.toggles)
        for toggle in sorted(self.toggles):
            may_give(rules, toggle, (home.path, home.kind, home.name))
        return [*((role, place) for role, units in found.items() for place in units), *((toggle, home) for toggle in sorted(self.toggles))]

    def _units(self, context: Context, known: Mapping[int, Place], roles: RoleBook, role: str) -> Sequence[Place]:
        unit_ids = self.also.get(role, self.unit_ids)
        if role != MEMBER and not unit_ids:
            raise NoPlace("units", role=roles.label(role))
        reach = context.actor.access.reach("users", "edit")
        units = [known[unit_id] for unit_id in sorted(unit_ids) if unit_id in known]
        if len(units) != len(unit_ids) or not all(any(top.covers(place.path) for top in reach) for place in units):
            raise UnknownUnit("units")
        return units

    def _book(self, context: Context) -> RoleBook:
        return role_book_for(context.session, context.registry, frozenset({self.role, *self.also}))

    def _refuse_taken(self, context: Context, columns: Mapping[str, Any]) -> None:
        reserve(context, columns)
        for condition, refusal in taken(context, columns):
            if context.session.scalar(select(condition)):
                raise refusal

    def _add_belongings(self, context: Context, user: User, held: Sequence[tuple[str, Place]]) -> None:
        book = self._book(context)
        grants = [
            {"unit_id": unit_id, "role_key": role, "away": unit_id != user.home_id, "expires_at": given_until(context, book, role, path)}
            for (unit_id, role), path in sorted({(place.id, role): place.path for role, place in held}.items())
        ]
        context.session.execute(insert(Grant), [{"user_id": user.id, "created_at": context.now, **grant} for grant in grants])
        fields = {name: getattr(user, name) for name in LIMITS}
        more = found_by(searchable_keys(context), user.profile) if user.profile else ()
        context.session.add(UserSearch(user_id=user.id, document=document_of(fields, more)))
        claim_anew(context, user.profile, select(User.id).where(User.id == user.id))
        if self.start is not None:
            start = self.start
            credential = Credential(user_id=user.id, password_hash=start.password_hash, must_change=start.must_change, changed_at=context.now)
            context.session.add(credential)
        context.session.flush()
