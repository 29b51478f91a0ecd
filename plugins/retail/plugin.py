"""A retail company: organizational units, and who may report, and change prices, at which of them."""

from collections.abc import Iterator

from bo_panel.sdk import Plugin, PluginMeta, Preset, Resource, Role, UnitKind, hookimpl

COMPANY = "retail.company"
UNIT = "retail.unit"
STORE = "retail.store"

ANYWHERE = (COMPANY, UNIT, STORE)

REPORTS = {"retail.reporting": "export"}
PRICES = {"retail.prices": "change", "retail.assortment": "view"}
BOTH = {**REPORTS, "retail.prices": "approve", "retail.assortment": "edit"}
EVERYTHING = {
    "users": "delete",
    "units": "delete",
    "roles": "view",
    "audit": "view",
    "retail.reporting": "export",
    "retail.prices": "approve",
    "retail.assortment": "edit",
}


class Retail(Plugin):
    """Companies, their organizational units and stores, and the permissions that are held at each of them."""

    meta = PluginMeta(name="retail", version="1.0.0", api=">=1.0,<2")

    @hookimpl
    def bo_unit_kinds(self) -> Iterator[UnitKind]:
        """Yield the company that signed up, and the tree of its organization."""
        yield UnitKind(COMPANY, "Company", "Companies", icon="building-2", needs_owner=True)
        yield UnitKind(UNIT, "Organizational Unit", "Organizational Units", parents=(COMPANY,), icon="network")
        yield UnitKind(STORE, "Store", "Stores", parents=(UNIT,), icon="store")

    @hookimpl
    def bo_resources(self) -> Iterator[Resource]:
        """Yield what somebody may be limited to at certain organizational units."""
        group = "Retail"
        yield Resource("retail.reporting", "Reporting", ("view", "export"), group=group)
        yield Resource("retail.prices", "Price changes", ("view", "change", "approve"), group=group, dangerous=True)
        yield Resource("retail.assortment", "Assortment", ("view", "edit"), group=group)

    @hookimpl
    def bo_roles(self) -> Iterator[Role]:
        """Yield one role for each of the permissions, one for both, and the administrator of a company."""
        yield Role("retail.administrator", "Administrator", EVERYTHING, (COMPANY,), description="Administers a company and all of its users.")
        yield Role("retail.manager", "Manager", BOTH, ANYWHERE, description="Reports, and changes prices and the assortment.")
        yield Role("retail.pricing", "Price Changes", PRICES, ANYWHERE, description="Changes prices, and sees no reports.")
        yield Role("retail.analyst", "Reporting", REPORTS, ANYWHERE, description="Sees and exports reports, and changes no prices.")

    @hookimpl
    def bo_presets(self) -> Iterator[Preset]:
        """Yield what to start from where somebody may do something else at each organizational unit."""
        for kind in (UNIT, STORE):
            yield Preset(f"{kind}_reporting", "Reporting", REPORTS, kind)
            yield Preset(f"{kind}_prices", "Price Changes", PRICES, kind)
            yield Preset(f"{kind}_both", "Reporting and Price Changes", BOTH, kind)
