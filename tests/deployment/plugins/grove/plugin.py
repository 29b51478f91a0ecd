"""Areas and what lies in them, roles of many strengths, and a hook that objects to some names and fails at others."""

from collections.abc import Iterator

from bo_panel.sdk import ROOT_KIND, Batch, ChangeNotice, Objection, Plugin, PluginMeta, Resource, Role, UnitKind, hookimpl


class Grove(Plugin):
    """Areas, trees, and who may fell them."""

    meta = PluginMeta(name="grove", version="1.0.0", api=">=1.0,<2")

    @hookimpl
    def bo_unit_kinds(self) -> Iterator[UnitKind]:
        """Yield four kinds; each stands below the root or below any kind before it, but corners never at the top."""
        yield UnitKind("grove.area", "Area", "Areas", needs_owner=True)
        yield UnitKind("grove.stand", "Stand", "Stands", parents=(ROOT_KIND, "grove.area"), needs_owner=True)
        yield UnitKind("grove.plot", "Plot", "Plots", parents=(ROOT_KIND, "grove.area", "grove.stand"))
        yield UnitKind("grove.corner", "Corner", "Corners", parents=("grove.area", "grove.stand", "grove.plot"))

    @hookimpl
    def bo_resources(self) -> Iterator[Resource]:
        """Yield trees."""
        yield Resource("grove.trees", "Trees", ("view", "prune", "fell"))

    @hookimpl
    def bo_roles(self) -> Iterator[Role]:
        """Yield roles that are above, below and beside each other."""
        everything = {"users": "delete", "units": "delete", "roles": "edit", "audit": "view"}
        yield Role("grove.admin", "Admin", {**everything, "grove.trees": "prune"})
        yield Role("grove.users", "User Admin", {"users": "delete"})
        yield Role("grove.editor", "Editor", {"users": "edit", "units": "view"})
        yield Role("grove.viewer", "Viewer", {"users": "view"})
        yield Role("grove.planner", "Planner", {"units": "create"})
        yield Role("grove.feller", "Feller", {"grove.trees": "fell"})
        yield Role("grove.corner_keeper", "Corner Keeper", {"grove.trees": "view"}, ("grove.corner",))

    @hookimpl
    def bo_object(self, change: ChangeNotice, users: Batch) -> Iterator[Objection]:
        """Object to whom is called holy and to units of that name; fail at whatever is called cursed."""
        new = str(change.values.get("name", change.values.get("user_name", "")))
        names = [user.user_name for user in users] + [new]
        if "cursed" in names:
            raise RuntimeError("the spirits are angry")
        holy = tuple(user for user in users if user.user_name.startswith("holy"))
        if holy:
            yield Objection("Holy trees stay. Ask the druid.", users=holy)
        if new == "holy":
            yield Objection("Holy trees stay. Ask the druid.")
