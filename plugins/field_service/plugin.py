"""Work in the field: companies, their areas and teams, and who enters settings, does the work or reads the reports of each."""

from collections.abc import Iterator, Mapping

from bo_panel.sdk import (
    AccessToggle,
    Asker,
    Column,
    Feature,
    Listed,
    ListedUser,
    PanelFact,
    Plugin,
    PluginMeta,
    ProfileField,
    Resource,
    Role,
    Status,
    Tab,
    UnitKind,
    UserPanel,
    hookimpl,
)

from .fields import profile_fields

COMPANY = "field_service.company"
AREA = "field_service.area"
TEAM = "field_service.team"
TECHNICIAN_USERS = "field_service.technician_users"
KINDS = {AREA: "Area", TEAM: "Team"}

LADDER = ("view", "edit", "create", "delete")
SETTINGS = {
    "clients": "Clients",
    "employees": "Employees",
    "teams": "Teams and areas",
    "services": "Services",
    "devices": "Devices",
    "types": "Types",
}
OPERATIONAL = {"requests": "Service requests", "inspections": "Inspections", "work_orders": "Work orders", "invoices": "Invoices"}


def _all(names: dict[str, str], level: str = "delete") -> dict[str, str]:
    return {f"field_service.{name}": level for name in names}


REPORTING = {"field_service.reports": "export", "field_service.timesheets": "edit"}
WORK = {**_all(OPERATIONAL), **REPORTING}
EVERYTHING = {**_all(SETTINGS), **WORK}
SOME_WORK = {
    "field_service.requests": "delete",
    "field_service.inspections": "delete",
    "field_service.work_orders": "delete",
    "field_service.reports": "view",
}


SUPPORT = {"field_service.support_cases": "create"}


class FieldService(Plugin):
    """Companies, areas and teams; settings, operational and reporting data; nine roles, some of a company, some of areas or teams."""

    meta = PluginMeta(name="field_service", version="1.0.0", api=">=1.0,<2")

    @hookimpl
    def bo_unit_kinds(self) -> Iterator[UnitKind]:
        """Yield companies, their areas, and the teams of each area."""
        yield UnitKind(COMPANY, "Company", "Companies", icon="building-2", needs_owner=True)
        yield UnitKind(AREA, "Area", "Areas", parents=(COMPANY,), icon="map")
        yield UnitKind(TEAM, "Team", "Teams", parents=(AREA,), icon="users-round")

    @hookimpl
    def bo_resources(self) -> Iterator[Resource]:
        """Yield what a role is about, in three groups."""
        for name, label in SETTINGS.items():
            yield Resource(f"field_service.{name}", label, LADDER, group="Settings")
        for name, label in OPERATIONAL.items():
            yield Resource(f"field_service.{name}", label, LADDER, group="Operational data")
        yield Resource("field_service.reports", "Reports", ("view", "export"), group="Reporting data")
        yield Resource("field_service.timesheets", "Timesheets", ("view", "edit"), group="Reporting data")
        yield Resource("field_service.support_cases", "Support cases", ("create",), group="Support")

    @hookimpl
    def bo_roles(self) -> Iterator[Role]:
        """Yield the roles of companies, of areas and of teams."""
        yield from _of_companies()
        yield from _of_areas_and_teams()

    @hookimpl
    def bo_access_toggles(self) -> Iterator[AccessToggle]:
        """Yield what is allowed to single people, whatever their roles."""
        lets = "Lets users submit support cases from the Support Cases Triage page to the AMT Support System."
        yield AccessToggle(
            "field_service.support_tickets", "Allow creating support tickets", {"field_service.support_cases": "create"}, description=lets
        )

    @hookimpl
    def bo_profile_fields(self) -> Iterator[ProfileField]:
        """Yield company, address, what other applications know somebody by, and comments."""
        return profile_fields()

    @hookimpl
    def bo_features(self) -> Iterator[Feature]:
        """Yield what a company subscribes to."""
        yield Feature(TECHNICIAN_USERS, "TechnicianUsers", "Technicians have accounts of their own.")

    @hookimpl
    def bo_columns(self) -> Iterator[Column]:
        """Yield where somebody works."""
        yield Column("field_service.places", "Areas and teams", load=areas_and_teams)

    @hookimpl
    def bo_user_panels(self, user: ListedUser, actor: Asker) -> Iterator[UserPanel]:
        """Yield the areas and the teams in which somebody has a role, each with the way to it."""
        facts = (PanelFact(KINDS[held.unit_kind], held.unit_name, f"/units/show/?id={held.unit_id}") for held in user.held if held.unit_kind in KINDS)
        yield UserPanel("Areas and teams", tuple(dict.fromkeys(facts)))

    @hookimpl
    def bo_tabs(self) -> Iterator[Tab]:
        """Yield those who work here, and those who did."""
        yield Tab("field_service.active", "Active", (Status.ACTIVE, Status.INVITED, Status.DISABLED))
        yield Tab("field_service.archived", "Archived", (Status.ARCHIVED,))


def areas_and_teams(users: Listed) -> Mapping[int, str]:
    """Return the names of the areas and teams in which each has a role."""
    names = {user.id: dict.fromkeys(held.unit_name for held in user.held if held.unit_kind in KINDS) for user in users}
    return {user_id: ", ".join(found) for user_id, found in names.items()}


def _of_companies() -> Iterator[Role]:
    accounting = {**WORK, "field_service.clients": "edit", "field_service.services": "edit", "field_service.types": "view"}
    administration = {**EVERYTHING, **SUPPORT, "users": "delete", "units": "delete", "roles": "view", "audit": "view"}
    reading = dict.fromkeys(SOME_WORK, "view")
    yield Role("field_service.administrator", "Administrator", administration, (COMPANY,), description="All settings and all data.")
    yield Role("field_service.accountant", "Accountant", accounting, (COMPANY,), description="All operational and reporting data, some settings.")
    yield Role("field_service.work_manager", "Work Manager", SOME_WORK, (COMPANY,), description="Some operational and reporting data.")
    yield Role(
        "field_service.work_manager_read_only",
        "Work Manager (Read Only)",
        reading,
        (COMPANY,),
        description="Sees some operational and reporting data.",
    )


def _of_areas_and_teams() -> Iterator[Role]:
    administration = {**EVERYTHING, "users": "edit", "units": "edit"}
    repairs = {"field_service.work_orders": "edit", **REPORTING}
    for kind, which in ((AREA, "Area"), (TEAM, "Team")):
        key, whose = f"field_service.{which.lower()}", f"{which.lower()}s"
        administrator, manager = f"Settings, operational and reporting data of {whose}.", f"Operational and reporting data of {whose}."
        yield Role(f"{key}_administrator", f"{which} Administrator", administration, (kind,), description=administrator)
        yield Role(f"{key}_work_manager", f"{which} Work Manager", WORK, (kind,), description=manager, exclusive=True)
    technician = "Repair orders and reporting data of teams."
    yield Role("field_service.technician", "Technician", repairs, (TEAM,), description=technician, exclusive=True, requires_feature=TECHNICIAN_USERS)
