"""Editing the fields of an account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Table, and_, bindparam, case, false, literal, select, true, update
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.accounts import LIMITS, document_of, name_key
from bo_panel.domain.errors import Stale, Together
from bo_panel.domain.plans import SAME
from bo_panel.domain.profile_fields import PROFILE
from bo_panel.models import User, UserSearch
from bo_panel.queries.profile_fields import fields_named, stored_text
from bo_panel.services.changes.fields import stored
from bo_panel.services.changes.identities import reserve, taken
from bo_panel.services.changes.profile_values import claims, found_by, literals, patched, refusals_of, searchable_keys, stored_profile
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

    values: Mapping[str, str | None] = field(default_factory=dict)
    profile: Mapping[str, str | None] = field(default_factory=dict)
    """Likewise of the profile, by the key of the field."""
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
        return Strength.CONTAIN if self.values or self.profile else Strength.HARMLESS

    @property
    def one_at_a_time(self) -> bool:  # type: ignore[override]
        """No two users share what they sign in with."""
        return any(self.values.get(name) for name in IDENTIFYING)

    def notice(self) -> Mapping[str, Any]:
        """Return the new values."""
        return {**self.values, **{PROFILE + key: value for key, value in self.profile.items()}}

    def check(self, context: Context) -> None:
        """Raise for values of the wrong form, for all at once; nobody else takes the new names meanwhile."""
        wrong, columns = Together(), dict[str, Any]()
        with wrong.noting():
            columns = stored(self.values, context.rules)
        with wrong.noting():
            self._profile(context)
        wrong.check()
        reserve(context, columns)

    def for_one(self, context: Context) -> bool:
        """Return whether this is what no two users share, a value of the profile too."""
        fields = fields_named(context.session, context.registry, self.profile) if any(self.profile.values()) else {}
        return self.one_at_a_time or any(owned.field.unique and self.profile[key] for key, owned in fields.items())

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return SAME for those who have all the values already; stale and taken are refused."""
        columns = stored(self.values, context.rules)
        alike = [getattr(User, name).is_not_distinct_from(value) for name, value in columns.items() if name in LIMITS]
        profile = self._profile(context)
        alike += [stored_text(key).is_not_distinct_from(value) for key, value in literals(profile).items()]
        stale = false() if self.expected_version is None else User.version != self.expected_version
        refusals = [(stale, Stale), *taken(context, columns, User.id), *refusals_of(context, profile)]
        return case(*((condition, refused(refusal)) for condition, refusal in refusals), (and_(true(), *alike), literal(SAME)), else_=WILL_CHANGE)

    def before(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return the fields as they were, with what is stored beside them: an undo needs both."""
        account = {name: getattr(User, name) for name in sorted(stored(self.values, context.rules))}
        return {**account, **{PROFILE + key: stored_text(key) for key in sorted(self.profile)}}

    def after(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return the fields as they become."""
        columns = stored(self.values, context.rules)
        account = {name: literal(columns[name], getattr(User, name).type) for name in sorted(columns)}
        profile = literals(self._profile(context))
        return {**account, **{PROFILE + key: profile[key] for key in sorted(profile)}}

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return the new values."""
        columns, profile = stored(self.values, context.rules), self._profile(context)
        if profile:
            columns["profile"] = patched(literals(profile), context.name)
        return (update(User).where(User.id.in_(chosen)).values(**columns, version=User.version + 1), *claims(context, profile, chosen))

    def finish(self, context: Context, chosen: Select[int]) -> None:
        """Bring what users are found and sorted by in line with their new names."""
        bring_in_line(context, chosen)

    def _profile(self, context: Context) -> Mapping[str, str | None]:
        return stored_profile(context, self.profile) if self.profile else {}


def bring_in_line(context: Context, chosen: Select[int]) -> None:
    """Derive anew what the users chosen are found and sorted by."""
    searched = searchable_keys(context)
    rows = context.session.execute(select(User.id, User.profile, *(getattr(User, name) for name in LIMITS)).where(User.id.in_(chosen))).all()
    named = [(row.id, dict(zip(LIMITS, row[2:], strict=True)), found_by(searched, row.profile)) for row in rows]
    found = [{"row_id": user_id, "sorted_by": name_key(fields), "text": document_of(fields, more)} for user_id, fields, more in named]
    table, documents = cast(Table, User.__table__), cast(Table, UserSearch.__table__)
    connection = context.session.connection()
    connection.execute(update(table).where(table.c.id == bindparam("row_id")).values(sort_name=bindparam("sorted_by")), found)
    connection.execute(update(documents).where(documents.c.user_id == bindparam("row_id")).values(document=bindparam("text")), found)
