"""Gives users back what their profile held before a run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, true
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.errors import FieldGone, FieldTaken, Refusal
from bo_panel.domain.lifecycle import Status
from bo_panel.models import User
from bo_panel.queries.profile_fields import fields_named, key_of, stored_text
from bo_panel.services.changes.profile_values import another_has_again, claim_anew, kept_or_let_go, patched, refusals_of
from bo_panel.services.changes.undo.told import Row, Told, value
from bo_panel.services.engine import Context


@dataclass(frozen=True, slots=True)
class Profile:
    """The fields of the profile that a run set."""

    told: Told

    @property
    def fields(self) -> Mapping[str, str]:
        """Their keys, by what the trail calls them."""
        return {name: key_of(name) for name in self.told.columns if key_of(name)}

    def differ(self, row: Row) -> Sequence[ColumnElement[bool]]:
        """Return the conditions that one of them is not as it was."""
        return [stored_text(key).is_distinct_from(value(row.before, name)) for name, key in self.fields.items()]

    def values(self, context: Context, was: Callable[[str], ColumnElement[Any]]) -> Mapping[str, Any]:
        """Return the column with all of them as they were."""
        return {"profile": patched({key: was(name) for name, key in self.fields.items()}, context.name)} if self.fields else {}

    def refusals(self, context: Context) -> Sequence[tuple[ColumnElement[bool], type[Refusal]]]:
        """Return the conditions that a field is gone or not the actor's to set, and that somebody else has by now what comes back with a user."""
        keys = dict.fromkeys(self.fields.values())
        if len(fields_named(context.session, context.registry, keys)) < len(keys):
            return [(true(), FieldGone)]
        found = list(refusals_of(context, keys))
        if Status.DELETED not in self.told.left:
            return found
        return [*found, (and_(User.deleted_at.is_not(None), another_has_again(context.name)), FieldTaken)]

    def statements(self, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return what keeps the values that nobody shares for those who are there again, and lets go of those of the others."""
        return (kept_or_let_go(chosen),) if Status.DELETED in self.told.left | self.told.found else ()

    def finish(self, context: Context, chosen: Select[int]) -> None:
        """Claim what came back of values that nobody shares."""
        claim_anew(context, self.fields.values(), chosen)
