"""Creating, renaming and moving units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, select, update

from bo_panel.domain.actors import ROOT
from bo_panel.domain.errors import AboveOwnAccess, IntoItself, NotAllowed, NotFound, WrongKind
from bo_panel.domain.identifiers import sort_form
from bo_panel.models import Grant, Unit, User
from bo_panel.queries.roles import role_book_for
from bo_panel.queries.sql import live, within
from bo_panel.queries.units import Place, places
from bo_panel.services.changes.fields import named
from bo_panel.services.engine import Context, Needs, SingleChange, Trail

NEW = "new"
"""The path of a unit that has no id yet; others wait for it, since nobody else changes the tree meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUnit(SingleChange):
    """Create a unit of a kind below a parent."""

    kind: str
    parent_id: int
    name: str

    key = "units.create"
    requires = Needs("units", "create")

    def notice(self) -> Mapping[str, Any]:
        """Return what is created where."""
        return {"kind": self.kind, "parent": self.parent_id, "name": self.name}

    def run(self, context: Context) -> Sequence[Trail]:
        """Create it; raise unless its kind may stand below the parent's."""
        _hold_tree(context)
        parent = place_held(context, self.parent_id, self.requires)
        _check_kind(context, self.kind, parent)
        name = named(self.name)
        unit = Unit(kind=self.kind, parent_id=parent.id, name=name, sort_name=sort_form(name), path=NEW, created_at=context.now)
        context.session.add(unit)
        context.session.flush()
        context.session.execute(update(Unit).where(Unit.id == unit.id).values(path=parent.path.child(unit.id).text))
        return [Trail("units.created", unit.id, None, {}, {"name": name, "kind": self.kind, "parent": parent.name})]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameUnit(SingleChange):
    """Give a unit another name."""

    unit_id: int
    name: str

    key = "units.rename"
    requires = Needs("units", "edit")

    def notice(self) -> Mapping[str, Any]:
        """Return the unit and its new name."""
        return {"unit": self.unit_id, "name": self.name}

    def run(self, context: Context) -> Sequence[Trail]:
        """Rename it."""
        unit, name = place_held(context, self.unit_id, self.requires), named(self.name)
        values: Mapping[str, Any] = {"name": name, "sort_name": sort_form(name), "version": Unit.version + 1}
        context.session.execute(update(Unit).where(Unit.id == unit.id).values(values))
        return [Trail("units.renamed", unit.id, None, {"name": unit.name}, {"name": name})]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUnit(SingleChange):
    """Move a unit, with everything and everybody beneath it, below another parent."""

    unit_id: int
    parent_id: int

    key = "units.move"
    requires = Needs("units", "edit")

    def notice(self) -> Mapping[str, Any]:
        """Return the unit and its new parent."""
        return {"unit": self.unit_id, "parent": self.parent_id}

    def run(self, context: Context) -> Sequence[Trail]:
        """Move it, unless it is there already; raise unless the actor may do so at both ends, and nobody gains more there than the actor holds."""
        _hold_tree(context)
        unit = place_held(context, self.unit_id, self.requires)
        parent = place_held(context, self.parent_id, Needs("units", "create"))
        for above in sorted(set(unit.path.ids[:-1]) - set(parent.path.ids)):
            place_held(context, above, self.requires)  # whoever holds something there loses it
        if unit.path.covers(parent.path):
            raise IntoItself("parent", unit=unit.name)
        if unit.path == parent.path.child(unit.id):
            return []
        _check_kind(context, unit.kind, parent)
        self._check_gain(context, unit, parent)
        [left] = places(context.session, unit.path.ids[-2:-1]).values()
        self._rewrite(context, unit, parent)
        moved = Trail("units.moved", unit.id, None, {"parent": left.name}, {"parent": parent.name})
        return [moved, Trail("units.moved_away", left.id, None, {"unit": unit.name}, {})]  # where to is not for everybody there to know

    def _check_gain(self, context: Context, unit: Place, parent: Place) -> None:
        """Raise when somebody above the new place would gain more at the unit than the actor holds there."""
        newly_above = sorted(set(parent.path.ids) - set(unit.path.ids))
        if not newly_above:
            return
        keys = select(Grant.role_key).distinct().where(Grant.unit_id.in_(newly_above), live(Grant.expires_at, context.now))
        found = frozenset(context.session.scalars(keys))
        roles = role_book_for(context.session, context.registry, found)
        for key in sorted(found):
            if not roles.is_within(key, context.actor.access, unit.path):
                raise AboveOwnAccess("parent", role=roles.label(key), unit=unit.name)

    def _rewrite(self, context: Context, unit: Place, parent: Place) -> None:
        inside = within(Unit.path, (unit.path,))
        tail = func.substr(Unit.path, len(unit.path.text) + 1)
        moved = parent.path.child(unit.id).text
        held = select(Grant.user_id).join(Unit, Unit.id == Grant.unit_id).where(inside)
        context.session.execute(update(User).where(User.id.in_(held)).values(access_version=User.access_version + 1))
        context.session.execute(update(Unit).where(Unit.id == unit.id).values(parent_id=parent.id, version=Unit.version + 1))
        context.session.execute(update(Unit).where(inside).values(path=literal(moved) + tail))


def _hold_tree(context: Context) -> None:
    """Make others who change the shape of the tree wait, so that no path is derived from one that is being rewritten."""
    context.session.execute(select(Unit.id).where(Unit.path == ROOT.text).with_for_update(key_share=True))


def place_held(context: Context, unit_id: int, needs: Needs) -> Place:
    """Return a unit; raise NotFound where the actor may not look at it, and NotAllowed where he holds too low a level."""
    found = places(context.session, (unit_id,)).get(unit_id)
    if found is None or not context.actor.access.allows("units", "view", found.path):
        raise NotFound
    if not context.actor.access.allows(*needs, found.path):
        raise NotAllowed(where=found.name)
    return found


def _check_kind(context: Context, kind: str, parent: Place) -> None:
    registry = context.registry
    if kind not in registry.kinds or not registry.may_stand_below(kind, parent.kind):
        label = registry.kinds[kind].label if kind in registry.kinds else kind
        raise WrongKind("parent", kind=label, parent=parent.name)
