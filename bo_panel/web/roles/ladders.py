"""Ladders as something to fill in: a check box for each level of each resource, and what was ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from bo_panel.domain.access import Vector
from bo_panel.domain.errors import UnknownField
from bo_panel.domain.policies import rung_chosen
from bo_panel.hooks.contributions import Resource
from bo_panel.hooks.registry import Registry
from bo_panel.web.roles.levels import level_word

LEVEL, WAS = "level:", "was:"


class Tick(NamedTuple):
    """A check box; `closed` where it is more than the person asking may give, or nothing can be changed."""

    level: str
    label: str
    ticked: bool
    closed: bool


class Row(NamedTuple):
    """The ladder of one resource."""

    key: str
    label: str
    was: str
    """The level that the boxes show as the form arrives: without scripts, it tells what was cleared."""
    too_high: bool
    ticks: Sequence[Tick]


class Group(NamedTuple):
    """Resources that belong together."""

    label: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Ladders:
    """The ladders of what there is at units of a kind, for somebody who may give up to `ceiling`."""

    registry: Registry
    kind: str
    ceiling: Vector
    closed: bool = False

    def groups(self, levels: Mapping[str, str]) -> list[Group]:
        """Return the ladders with these levels ticked, in order of their groups."""
        resources = self.registry.resources_at(self.kind)
        labels = list(dict.fromkeys(resource.group for resource in resources))
        return [Group(label, [self._row(resource, levels) for resource in resources if resource.group == label]) for label in labels]

    def highest(self, levels: Mapping[str, str]) -> dict[str, str]:
        """Return as much of these levels as the person asking may give here."""
        found: dict[str, str] = {}
        for resource in self.registry.resources_at(self.kind):
            position = self.registry.catalogue.position(resource.key)
            rung = min(_rung(resource, levels.get(resource.key, "")), self.ceiling[position])
            if rung:
                found[resource.key] = resource.levels[rung - 1]
        return found

    def typed(self, form: MultiDict[str, str], names: Sequence[str]) -> dict[str, str]:
        """Return the levels that were ticked, none left out; raise UnknownField for what neither this form nor `names` has."""
        resources = {resource.key: resource for resource in self.registry.resources_at(self.kind)}
        known = {*names, "csrf_token", *(prefix + key for prefix in (LEVEL, WAS) for key in resources)}
        for name in form:
            if name not in known:
                raise UnknownField(name=name[:80])
        rungs = {key: self._rung_typed(form, resource) for key, resource in resources.items()}
        return {key: resources[key].levels[rung - 1] for key, rung in rungs.items() if rung}

    def _rung_typed(self, form: MultiDict[str, str], resource: Resource) -> int:
        ticked = {_rung(resource, level) for level in form.getlist(LEVEL + resource.key)}
        if 0 in ticked:
            raise UnknownField(name=LEVEL + resource.key)
        return rung_chosen(ticked, _rung(resource, form.get(WAS + resource.key, "")))

    def _row(self, resource: Resource, levels: Mapping[str, str]) -> Row:
        most, rung = self.ceiling[self.registry.catalogue.position(resource.key)], _rung(resource, levels.get(resource.key, ""))
        ticks = [Tick(level, level_word(level), height <= rung, self.closed or height > most) for height, level in enumerate(resource.levels, 1)]
        return Row(resource.key, resource.label, resource.levels[rung - 1] if rung else "", most < len(resource.levels), ticks)


def _rung(resource: Resource, level: str) -> int:
    return resource.levels.index(level) + 1 if level in resource.levels else 0
