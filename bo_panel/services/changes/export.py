"""Letting a table of users leave the panel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_panel.domain.errors import NotAllowed
from bo_panel.queries.profile_fields import places_of
from bo_panel.queries.visible import Scope
from bo_panel.services.engine import Context, Needs, SingleChange, Trail
from bo_panel.services.transfer import Export


def _nothing(_context: Context) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportUsers(SingleChange):
    """Put on the trail who took which table of how many users; it changes nobody, and no table leaves without it.

    `along` writes what belongs into the same transaction.
    """

    export: Export
    users: int
    along: Callable[[Context], None] = _nothing

    key = "users.export"
    requires = Needs("users", "view")

    def notice(self) -> Mapping[str, Any]:
        """Return what leaves."""
        return self._told()

    def run(self, context: Context) -> Sequence[Trail]:
        """Return a line for each unit that the table is of; raise unless the actor may still see all of it."""
        seen = Scope(context.actor.access.reach(*self.requires))
        if not seen.paths or not all(map(seen.covers, self.export.scope.paths)):
            raise NotAllowed(where="this place")
        if self.export.where != places_of(context.session, context.registry, context.actor.access, self.export.sheet.columns):
            raise NotAllowed(where="this place")
        self.along(context)
        tops = self.export.places.paths or self.export.scope.paths
        return [Trail("users.exported", top.ids[-1], None, {}, self._told()) for top in tops]

    def _told(self) -> Mapping[str, Any]:
        sheet = self.export.sheet
        told = {"users": self.users, "format": sheet.format.value, "columns": ", ".join(sheet.columns)}
        return {**told, "filters": self.export.conditions} if self.export.conditions else told
