"""Writes a demonstration into the tables: many rows at a time, all within one transaction of the caller's."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, literal, select, update
from sqlalchemy.orm import Session

from bo_panel.demo.cast import Member
from bo_panel.demo.roles import PlannedRole
from bo_panel.demo.tree import PlannedUnit
from bo_panel.domain.accounts import document_of, identity_keys, name_key
from bo_panel.domain.identifiers import sort_form
from bo_panel.domain.lifecycle import Status
from bo_panel.models import Credential, Grant, Role, Unit, UnitFeature, User, UserSearch

BATCH = 5_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loader:
    """One filling: its session, its moment, and the hash of everybody's password."""

    session: Session
    now: datetime
    password_hash: str

    def units(self, units: Iterable[PlannedUnit]) -> None:
        """Write the units."""
        rows = [
            {
                "id": unit.id,
                "parent_id": unit.parent_id,
                "kind": unit.kind,
                "name": unit.name,
                "sort_name": sort_form(unit.name),
                "path": unit.path.text,
                "settings": {},
                "version": 1,
                "created_at": self.now,
            }
            for unit in units
        ]
        self._insert(Unit, rows)

    def roles(self, roles: Iterable[PlannedRole]) -> None:
        """Write the roles that belong to units."""
        rows = [
            {
                "key": role.key,
                "unit_id": role.unit_id,
                "label": role.label,
                "levels": dict(role.levels),
                "unit_kinds": list(role.unit_kinds),
                "created_at": self.now,
            }
            for role in roles
        ]
        self._insert(Role, rows)

    def features(self, keys: Iterable[str], unit_ids: Iterable[int]) -> None:
        """Switch features on at units."""
        units = list(unit_ids)
        self._insert(UnitFeature, [{"unit_id": unit_id, "key": key, "enabled": True} for key in keys for unit_id in units])

    def people(self, members: Iterable[Member], progress: Callable[[int], None]) -> int:
        """Write the people, batch by batch, with all that belongs to them; return how many grants they hold."""
        numbered = enumerate(members, start=1)
        grants = 0
        while batch := list(islice(numbered, BATCH)):
            self._insert(User, [self._user(user_id, member) for user_id, member in batch])
            held = [row for user_id, member in batch for row in self._grants(user_id, member)]
            self._insert(Grant, held)
            self._insert(Credential, [self._credential(user_id) for user_id, member in batch if member.person.status is not Status.INVITED])
            self._insert(UserSearch, [{"user_id": user_id, "document": document_of(member.person.fields)} for user_id, member in batch])
            grants += len(held)
            progress(batch[-1][0])
        return grants

    def founders(self, owners: Iterable[Member]) -> None:
        """Note who signed each unit up: the first of these owners who is at home there."""
        found = [(member.belonging.home_id, identity_keys(member.person.fields)["email_key"]) for member in owners]
        rows = [{"unit": unit_id, "key": key} for unit_id, key in dict(reversed(found)).items()]
        units: Any = Unit.__table__
        if rows:
            noted = update(units).where(units.c.id == bindparam("unit")).values(founder_email_key=bindparam("key"))
            self.session.connection().execute(noted, rows)

    def take_ids(self) -> None:
        """Tell PostgreSQL which ids are taken; SQLite sees for itself."""
        if self.session.get_bind().dialect.name != "postgresql":
            return
        for table in ("unit", "user"):
            sequence = func.pg_get_serial_sequence(f'"{table}"', "id")
            highest = select(func.max(Unit.id if table == "unit" else User.id)).scalar_subquery()
            self.session.execute(select(func.setval(sequence, func.coalesce(highest, literal(1)))))

    def _insert(self, table: Any, rows: list[Row]) -> None:
        if not rows:
            return
        if self.session.get_bind().dialect.name == "postgresql":
            self._copy(table.__table__, rows)
        else:
            self.session.execute(insert(table.__table__), rows)

    def _copy(self, table: Table, rows: list[Row]) -> None:
        """Write rows as PostgreSQL takes them fastest; what they do not name gets the default of the database."""
        connection, names = self.session.connection(), list(rows[0])
        stored = [table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for name in names]
        columns = ", ".join(map(connection.dialect.identifier_preparer.quote, names))
        into = connection.dialect.identifier_preparer.format_table(table)
        driver: Any = connection.connection.dbapi_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {into} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([process(row[name]) if process else row[name] for name, process in zip(names, stored, strict=True)])

    def _user(self, user_id: int, member: Member) -> Row:
        person, fields = member.person, member.person.fields
        return {
            **fields,
            **identity_keys(fields),
            "id": user_id,
            "home_id": member.belonging.home_id,
            "away": member.belonging.away,
            "email_deliverable": person.deliverable,
            "sort_name": name_key(fields),
            "status": person.status,
            "last_sign_in": person.last_sign_in,
            "created_at": person.created_at,
            "deleted_at": person.deleted_at,
        }

    def _grants(self, user_id: int, member: Member) -> Iterator[Row]:
        for grant in member.belonging.grants:
            yield {
                "user_id": user_id,
                "unit_id": grant.unit_id,
                "role_key": grant.role,
                "source": "admin",
                "expires_at": grant.expires_at,
                "away": grant.unit_id != member.belonging.home_id,
                "created_at": member.person.created_at,
            }

    def _credential(self, user_id: int) -> Row:
        return {"user_id": user_id, "password_hash": self.password_hash, "must_change": False, "changed_at": self.now}
