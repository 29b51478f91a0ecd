"""Pictures in the profile of an account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, SQLColumnExpression, Text, case, delete, insert, literal, select, update
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.errors import UnknownField
from bo_panel.domain.plans import SAME
from bo_panel.domain.profile_fields import PROFILE, FieldType
from bo_panel.models import ProfileImage, User
from bo_panel.queries.profile_fields import fields_named, stored_text
from bo_panel.services.changes.profile_values import literals, patched, refusals_of
from bo_panel.services.engine import Context, Needs, SetChange
from bo_panel.services.engine.change import WILL_CHANGE, refused
from bo_panel.services.pictures import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPicture(SetChange):
    """Give somebody a picture in a field of his profile, or take it away. The one before is not kept."""

    field_key: str
    picture: Picture | None = field(repr=False)

    key = "users.picture"
    event = "users.pictured"
    requires = Needs("users", "edit")
    on_own_account = True
    one_at_a_time = True

    def notice(self) -> Mapping[str, Any]:
        """Return the digest of the picture, None where it is taken away."""
        return {PROFILE + self.field_key: self._digest}

    def check(self, context: Context) -> None:
        """Raise for a field that there is not, or that takes no picture."""
        found = fields_named(context.session, context.registry, (self.field_key,)).get(self.field_key)
        if found is None or found.field.type is not FieldType.IMAGE:
            raise UnknownField(PROFILE + self.field_key, name=self.field_key[:80])

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return SAME for whoever has this picture already; refuse where the field is not there for the account, or not for the actor."""
        refusals = [(condition, refused(refusal)) for condition, refusal in refusals_of(context, {self.field_key: self._digest})]
        return case(*refusals, (stored_text(self.field_key).is_not_distinct_from(self._value), literal(SAME)), else_=WILL_CHANGE)

    def before(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return which picture it was."""
        return {PROFILE + self.field_key: stored_text(self.field_key)}

    def after(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return which picture it becomes."""
        return {PROFILE + self.field_key: self._value}

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return what puts the picture in the place of the one before."""
        profile = patched({self.field_key: self._value}, context.name)
        changed = update(User).where(User.id.in_(chosen)).values(profile=profile, version=User.version + 1)
        gone = delete(ProfileImage).where(ProfileImage.field == self.field_key, ProfileImage.user_id.in_(chosen))
        if self.picture is None:
            return changed, gone
        row = (literal(self.field_key, Text()), self._value, literal(self.picture.content, LargeBinary()))
        rows = select(User.id, *row).where(User.id.in_(chosen))
        return changed, gone, insert(ProfileImage).from_select(["user_id", "field", "digest", "content"], rows)

    @property
    def _digest(self) -> str | None:
        return self.picture.digest if self.picture else None

    @property
    def _value(self) -> ColumnElement[Any]:
        return literals({self.field_key: self._digest})[self.field_key]
