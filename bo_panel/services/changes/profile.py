"""Editing the fields of an account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Table, and_, bindparam, case, false, literal, select, true, update
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.accounts import LIMITS, document_of, name_key
from bo_panel.domain.errors import Stale
from bo_panel.domain.plans import SAME
from bo_panel.models import User, UserSearch
from bo_panel.services.changes.fields import stored
from bo_panel.services.changes.identities import reserve, taken
from bo_panel.services.engine import Context, Needs, SetChange, Strength
from bo_panel.services.engine.change import WILL_CHANGE, refused

IDENTIFYING = frozenset({"user_name", "email"})
TAKING_OVER = IDENTIFYING | {"phone"}
"""What somebody signs in with, or is reached by to prove who he is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditUsers(SetChange):
    """Set fields of users: the ones given, to the same values for all; each value None or text.

    `expected_version` is what a form was filled with: a user whom somebody else saved since is refused as stale.
    """

    values: Mapping[str, str | None]
    expected_version: int | None = None

    key = "users.edit"
    event = "users.edited"
    requires = Needs("users", "edit")
    on_own_account = True

    @property
    def strength(self) -> Strength:  # type: ignore[override]
        """Whoever sets what somebody signs in with, or is reached by, can take the account over; other fields are kept from superiors."""
        if TAKING_OVER & self.values.keys():
            return Strength.TAKE_OVER
        return Strength.CONTAIN if self.values else Strength.HARMLESS

    @property
    def one_at_a_time(self) -> bool:  # type: ignore[override]
        """No two users share what they sign in with."""
        return any(self.values.get(name) for name in IDENTIFYING)

    def notice(self) -> Mapping[str, Any]:
        """Return the new values."""
        return self.values

    def check(self, context: Context) -> None:
        """Raise for a value of the wrong form; nobody else takes the new names meanwhile."""
        reserve(context, stored(self.values, context.rules))

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return SAME for those who have all the values already; stale and taken are refused."""
        columns = stored(self.values, context.rules)
        alike = and_(true(), *(getattr(User, name).is_not_distinct_from(value) for name, value in columns.items() if name in LIMITS))
        stale = false() if self.expected_version is None else User.version != self.expected_version
        refusals = [(stale, Stale), *taken(context, columns, User.id)]
        return case(*((condition, refused(refusal)) for condition, refusal in refusals), (alike, literal(SAME)), else_=WILL_CHANGE)

    def before(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return the fields as they were, with what is stored beside them: an undo needs both."""
        return {name: getattr(User, name) for name in sorted(stored(self.values, context.rules))}

    def after(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return the fields as they become."""
        columns = stored(self.values, context.rules)
        return {name: literal(columns[name], getattr(User, name).type) for name in sorted(columns)}

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return the new values."""
        columns = stored(self.values, context.rules)
        return (update(User).where(User.id.in_(chosen)).values(**columns, version=User.version + 1),)

    def finish(self, context: Context, chosen: Select[int]) -> None:
        """Bring what users are found and sorted by in line with their new names."""
        bring_in_line(context, chosen)


def bring_in_line(context: Context, chosen: Select[int]) -> None:
    """Derive anew what the users chosen are found and sorted by."""
    rows = context.session.execute(select(User.id, *(getattr(User, name) for name in LIMITS)).where(User.id.in_(chosen))).all()
    named = [(row.id, dict(zip(LIMITS, row[1:], strict=True))) for row in rows]
    found = [{"row_id": user_id, "sorted_by": name_key(fields), "text": document_of(fields)} for user_id, fields in named]
    table, documents = cast(Table, User.__table__), cast(Table, UserSearch.__table__)
    connection = context.session.connection()
    connection.execute(update(table).where(table.c.id == bindparam("row_id")).values(sort_name=bindparam("sorted_by")), found)
    connection.execute(update(documents).where(documents.c.user_id == bindparam("row_id")).values(document=bindparam("text")), found)
