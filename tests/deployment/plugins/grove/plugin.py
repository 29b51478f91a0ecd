"""Areas and what lies in them, roles of many strengths, and a hook that objects to some names and fails at others."""

from collections.abc import Iterator

from bo_panel.sdk import (
    ROOT_KIND,
    Batch,
    ChangeNotice,
    FieldType,
    Objection,
    Plugin,
    PluginMeta,
    ProfileField,
    Resource,
    Role,
    UnitKind,
    hookimpl,
)


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
        everything = {"users": "delete", "units": "delete", "roles": "edit", "audit": "view", "profile_fields": "edit"}
        yield Role("grove.admin", "Admin", {**everything, "grove.trees": "prune"})
        yield Role("grove.users", "User Admin", {"users": "delete"})
        yield Role("grove.editor", "Editor", {"users": "edit", "units": "view"})
        yield Role("grove.viewer", "Viewer", {"users": "view"})
        yield Role("grove.planner", "Planner", {"units": "create"})
        yield Role("grove.feller", "Feller", {"grove.trees": "fell"})
        yield Role("grove.corner_keeper", "Corner Keeper", {"grove.trees": "view"}, ("grove.corner",))

    @hookimpl
    def bo_profile_fields(self) -> Iterator[ProfileField]:
        """Yield one field of every type, some for those who hold something of the trees only."""
        yield ProfileField("grove.nickname", "Nickname <img onerror=alert(1)>", searchable=True, help="<img onerror=alert(2)>")
        yield ProfileField("grove.number", "Member number", unique=True, searchable=True)
        yield ProfileField("grove.remarks", "Remarks", FieldType.LONG_TEXT, view="grove.trees:view", edit="grove.trees:prune")
        yield ProfileField("grove.height", "Height", FieldType.NUMBER)
        yield ProfileField("grove.planted", "Planted on", FieldType.DATE)
        yield ProfileField("grove.evergreen", "Evergreen", FieldType.YES_NO)
        yield ProfileField("grove.soil", "Soil", FieldType.ONE_OF, choices=("Clay", "Sand", "<img onerror=alert(3)>"))
        yield ProfileField("grove.birds", "Birds", FieldType.SEVERAL_OF, choices=("Owl", "Robin", "Wren"))
        yield ProfileField("grove.second_mail", "Second e-mail", FieldType.EMAIL, personal=True)
        yield ProfileField("grove.second_phone", "Second phone", FieldType.PHONE)
        yield ProfileField("grove.country", "Country", FieldType.COUNTRY, searchable=True)
        yield ProfileField("grove.state", "State", FieldType.STATE, depends_on="grove.country")
        yield ProfileField("grove.page", "Home page", FieldType.URL)
        yield ProfileField("grove.portrait", "Portrait", FieldType.IMAGE)
        yield ProfileField("grove.seal", "Seal", FieldType.IMAGE, view="grove.trees:view")
        yield ProfileField("grove.bench", "Bench", unit_kinds=("grove.plot",), required=True)

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
