"""What the core itself declares, in the same words as a plugin."""

from dataclasses import dataclass

from bo_panel.domain.access import MEMBER, OWNER
from bo_panel.domain.units import ROOT_KIND
from bo_panel.hooks.contributions import FieldRule, Preset, Resource, Role, UnitKind
from bo_panel.settings import Settings

CORE = "bo_panel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What one plugin, or the core, declares."""

    plugin: str
    kinds: tuple[UnitKind, ...] = ()
    resources: tuple[Resource, ...] = ()
    roles: tuple[Role, ...] = ()
    presets: tuple[Preset, ...] = ()
    field_rules: tuple[FieldRule, ...] = ()


def of_the_core(settings: Settings) -> Declared:
    """Return the root, the resources of the panel's own pages, and the two roles that every deployment has."""
    root = settings.words.root
    return Declared(
        plugin=CORE,
        kinds=(UnitKind(ROOT_KIND, root, root, parents=(), icon="globe", needs_owner=True),),
        resources=(
            Resource("users", "Users", ("view", "edit", "create", "delete"), group="Administration", dangerous=True),
            Resource("units", "Units", ("view", "edit", "create", "delete"), group="Administration", dangerous=True),
            Resource("roles", "Roles", ("view", "edit"), group="Administration", dangerous=True),
            Resource("audit", "Audit trail", ("view",), group="Administration"),
        ),
        roles=(
            Role(OWNER, "Owner", {}, owner=True, description="May do everything here and below."),
            Role(MEMBER, "Member", {}, description="Is at home here, and may do nothing by that alone."),
        ),
    )
