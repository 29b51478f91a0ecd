"""Fills a panel's database row by row, past the change engine, and acts as somebody in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import MEMBER
from bo_panel.domain.accounts import document_of, identity_keys, name_key
from bo_panel.domain.actors import ROOT, Actor, console
from bo_panel.domain.identifiers import sort_form
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.plans import Result
from bo_panel.domain.units import UnitPath
from bo_panel.models import AuditEvent, Base, Credential, Grant, Role, SignInSession, Unit, User, UserSearch
from bo_panel.queries.access import access_of
from bo_panel.services.engine import Ids, Selection, SetChange, SingleChange, writing

ROOT_ID = ROOT.ids[0]


@dataclass(frozen=True, slots=True)
class World:
    """A panel's units, users and grants, in one open session."""

    panel: Panel
    session: Session

    def unit(self, name: str = "Unit", *, kind: str, below: int = ROOT_ID, unit_id: int | None = None) -> int:
        """Add a unit and return its id; its kind is not checked."""
        parent = UnitPath(str(self.session.scalar(select(Unit.path).where(Unit.id == below))))
        with writing(self.session):
            new = unit_id or (self.session.scalar(select(func.max(Unit.id))) or 0) + 1
            values = {"id": new, "parent_id": below, "kind": kind, "name": name, "sort_name": sort_form(name), "path": parent.child(new).text}
            self.session.execute(insert(Unit).values(**values, settings={}, created_at=self.now, version=1))
        return new

    def user(self, user_name: str, *held: tuple[str, int], home: int = ROOT_ID, password: str = "", **columns: Any) -> int:
        """Add an active user, a member at home, with roles at units, and return the id."""
        with writing(self.session):
            new = int(columns.pop("id", 0) or (self.session.scalar(select(func.max(User.id))) or 0) + 1)
            row = user_row(new, user_name, self.now, {"home_id": home, **columns})
            self.session.execute(insert(User).values(row))
            self.session.execute(insert(UserSearch).values(user_id=new, document=document_of(row)))
            if password:
                hashed = self.panel.hasher.hash(password)
                self.session.execute(insert(Credential).values(user_id=new, password_hash=hashed, must_change=False, changed_at=self.now))
            for role, unit_id in dict.fromkeys(((MEMBER, home), *held)):
                self._grant(new, home, role=role, unit_id=unit_id)
        return new

    def grant(self, user_id: int, role: str, unit_id: int, expires_at: datetime | None = None) -> None:
        """Add a grant, and keep the away flags."""
        with writing(self.session):
            home = self.session.scalar(select(User.home_id).where(User.id == user_id)) or 0
            self._grant(user_id, home, role=role, unit_id=unit_id, expires_at=expires_at)

    def _grant(self, user_id: int, home: int, *, role: str, unit_id: int, expires_at: datetime | None = None) -> None:
        values = {"user_id": user_id, "role_key": role, "unit_id": unit_id, "expires_at": expires_at, "away": unit_id != home}
        self.session.execute(insert(Grant).values(**values, source="admin", created_at=self.now))
        if unit_id != home:
            self.session.execute(update(User).where(User.id == user_id).values(away=True))

    def role(self, key: str, levels: Mapping[str, str], owned_at: int = ROOT_ID, kinds: Iterable[str] = ()) -> str:
        """Add a role that belongs to a unit and is held at units of these kinds, none named: of any, and return its key."""
        with writing(self.session):
            values = {"key": key, "unit_id": owned_at, "label": key.title(), "levels": dict(levels), "unit_kinds": list(kinds)}
            self.session.execute(insert(Role).values(**values, created_at=self.now))
        return key

    def plant(self, rows: Mapping[type[Base], Iterable[Mapping[str, Any]]]) -> None:
        """Add many rows in one transaction, table by table."""
        with writing(self.session):
            for table, values in rows.items():
                found = [dict(value) for value in values]
                if found:
                    self.session.execute(insert(table), found)

    @property
    def now(self) -> datetime:
        """The moment of the panel's clock."""
        return self.panel.clock.now()

    @property
    def console(self) -> Actor:
        """Whoever can start the panel."""
        return console(self.panel.registry.catalogue)

    def actor(self, user_id: int) -> Actor:
        """Return a user as one who acts."""
        access = access_of(self.session, user_id, self.panel.registry, self.now)
        return Actor(user_id, f"user {user_id}", access)

    def run(self, change: SetChange, *user_ids: int, by: Actor | None = None, selection: Selection | None = None) -> Result:
        """Apply a change to users; by the console unless somebody is named."""
        chosen = selection or Ids(frozenset(user_ids))
        return self.panel.engine.run(self.session, by or self.console, change, chosen)

    def single(self, *changes: SingleChange, by: Actor | None = None) -> Result:
        """Run changes of single things; by the console unless somebody is named."""
        return self.panel.engine.run_single(self.session, by or self.console, *changes)

    def row(self, user_id: int) -> User:
        """Return a user as stored now."""
        return self.session.scalars(select(User).where(User.id == user_id).execution_options(populate_existing=True)).one()

    def held(self, user_id: int) -> set[tuple[str, int]]:
        """Return the roles and units of a user's grants, expired ones too."""
        return {(row.role_key, row.unit_id) for row in self.session.execute(select(Grant.role_key, Grant.unit_id).where(Grant.user_id == user_id))}

    def sessions(self, user_id: int) -> int:
        """Return how many open sessions a user has."""
        return self.session.scalar(select(func.count()).select_from(SignInSession).where(SignInSession.user_id == user_id)) or 0

    def trail(self, user_id: int | None = None) -> list[tuple[str, Any, Any]]:
        """Return the events of a user, or all, in order: name, before, after."""
        rows = select(AuditEvent.event, AuditEvent.before, AuditEvent.after).order_by(AuditEvent.id)
        rows = rows if user_id is None else rows.where(AuditEvent.user_id == user_id)
        return [(row.event, row.before, row.after) for row in self.session.execute(rows)]

    def counts(self) -> dict[str, int]:
        """Return how many rows each table has."""
        self.session.rollback()
        return {table.name: self.session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables}


def user_row(user_id: int, user_name: str, now: datetime, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of an active user, `home_id` and any others given, with what is stored beside the names."""
    row: dict[str, Any] = {"id": user_id, "user_name": user_name, "email": None, "status": Status.ACTIVE, "away": False}
    row |= {"first_name": "", "last_name": "", "phone": None, "created_at": now, **columns}
    row["deleted_at"] = now if row["status"] is Status.DELETED else None
    return {**row, **identity_keys({name: row[name] for name in ("user_name", "email")}), "sort_name": name_key(row)}
