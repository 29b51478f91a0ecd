"""A ticket office: organizations whose staff has types, with access to money and to the gates by single ticks."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bo_panel.sdk import (
    AccessToggle,
    Action,
    Asking,
    CacheDomain,
    Column,
    Command,
    ModelPage,
    Plugin,
    PluginMeta,
    ProfileField,
    Resource,
    Role,
    Slot,
    UnitKind,
    UnitSetting,
    UnitSnapshot,
    UserType,
    hookimpl,
    role_holders,
)

from .account import Figure, Figures, seen_by_customers, settings
from .fields import TicketingConfig, profile_fields
from .importing import import_members
from .people import PEOPLE, people_page

ORGANIZATION = "ticketing.organization"
OWNER = "owner"

ADMINISTERS, LEADS, BELONGS, OPERATES = (f"ticketing.{name}" for name in ("administers", "leads_groups", "belongs", "operates"))
ACCOUNT_OWNER, ADMINISTRATOR, GROUP_LEADER, PERSON, SCAN_POS = (
    f"ticketing.{name}" for name in ("account_owner", "administrator", "group_leader", "member", "scan_pos")
)
OFFICE = (ADMINISTRATOR, GROUP_LEADER, PERSON)

DASHBOARD, SITE = "ticketing.dashboard", "ticketing.site"

LESS = "Use the lowest access that still lets somebody do the job: whoever only scans or sells seldom needs more."
MONEY = "Finance access shows and changes what was paid."
OVERRIDE = "Scan override lets a ticket in that the scanner refuses."


class Ticketing(Plugin):
    """User types, access toggles and member fields of a ticket office."""

    meta = PluginMeta(name="ticketing", version="1.0.0", api=">=1.0,<2")
    Config = TicketingConfig
    config: TicketingConfig

    @hookimpl
    def bo_unit_kinds(self) -> Iterator[UnitKind]:
        """Yield the organization, which always keeps an account owner."""
        yield UnitKind(ORGANIZATION, "Organization", "Organizations", icon="building-2", needs_owner=True)

    @hookimpl
    def bo_resources(self) -> Iterator[Resource]:
        """Yield what a ticket office works with."""
        tools, gates, account = "Tools", "Gates and tills", "Account"
        yield Resource("ticketing.events", "Events", ("view", "edit"), group=tools)
        yield Resource("ticketing.reports", "Reports", ("view", "export"), group=tools)
        yield Resource("ticketing.groups", "Groups", ("view", "edit"), group=tools)
        yield Resource(PEOPLE, "People / Front-End Members", ("view", "edit", "delete"), group=tools)
        yield Resource("ticketing.scanning", "Ticket scanning", ("scan", "override"), group=gates)
        yield Resource("ticketing.pos", "Point of sale", ("sell",), group=gates)
        yield Resource("ticketing.finance", "Finance", ("view", "edit"), group=account, dangerous=True)

    @hookimpl
    def bo_roles(self) -> Iterator[Role]:
        """Yield the roles that the types map to."""
        everything = {
            "users": "delete",
            "profile_fields": "edit",
            "units": "view",
            "roles": "view",
            "audit": "view",
            "ticketing.events": "edit",
            "ticketing.reports": "export",
            "ticketing.groups": "edit",
            PEOPLE: "delete",
        }
        here = (ORGANIZATION,)
        yield Role(ADMINISTERS, "Administers the organization", everything, here)
        yield Role(LEADS, "Leads groups", {"ticketing.groups": "edit", "ticketing.events": "view", PEOPLE: "edit"}, here)
        yield Role(BELONGS, "Belongs to groups", {"ticketing.groups": "view"}, here)
        yield Role(OPERATES, "Scans and sells", {"ticketing.scanning": "scan", "ticketing.pos": "sell"}, here)

    @hookimpl
    def bo_user_types(self) -> Iterator[UserType]:
        """Yield the five types, the highest first."""
        yield UserType(ACCOUNT_OWNER, "Account Owner", (OWNER,), description="The primary owner, or top-level contact, of the account.")
        yield UserType(ADMINISTRATOR, "Administrator", (ADMINISTERS,), description="Staff who manage tools, users, reports and setup.")
        yield UserType(GROUP_LEADER, "Group Leader", (LEADS,), description="Leads groups, and administers nothing else.")
        yield UserType(PERSON, "Member", (BELONGS,), description="Belongs to groups, and administers nothing.")
        yield UserType(
            SCAN_POS,
            "QR Scan / POS Operator Only",
            (OPERATES,),
            description="Scans tickets and sells at a till, and nothing else.",
            warning=LESS,
        )

    @hookimpl
    def bo_access_toggles(self) -> Iterator[AccessToggle]:
        """Yield the three kinds of access that are given to single people."""
        yield AccessToggle(
            "ticketing.finance_access",
            "Finance access",
            {"ticketing.finance": "edit"},
            OFFICE,
            description="Payments, refunds and settlements.",
            confirm=MONEY,
        )
        yield AccessToggle("ticketing.scan", "Ticket scanning", {"ticketing.scanning": "scan"}, OFFICE, description="Lets tickets in at the gate.")
        yield AccessToggle(
            "ticketing.scan_override",
            "Scan override",
            {"ticketing.scanning": "override"},
            (ADMINISTRATOR, GROUP_LEADER, SCAN_POS),
            description="Lets in what the scanner refuses. Give it to few.",
            confirm=OVERRIDE,
        )

    @hookimpl
    def bo_profile_fields(self) -> Iterator[ProfileField]:
        """Return what is kept of people besides."""
        return profile_fields(self.config)

    @hookimpl
    def bo_columns(self) -> Iterator[Column]:
        """Yield what tells apart who still uses the back office."""
        away = (30, 90, 365)
        yield Column("ticketing.days_away", "Days since last login", sql=days_away, number=True, sortable=True, at_least=away)

    @hookimpl
    def bo_actions(self) -> Iterator[Action]:
        """Yield the tools of the account, and what takes somebody down to the lowest access."""
        yield Action("ticketing.add", "Add Single User / Member", ("toolbar",), page="/users/new/", icon="user-plus", needs=("users", "create"))
        yield Action("ticketing.export", "Export Users", ("toolbar",), page="/users/export/", icon="download", needs=("users", "view"))
        fields = ("profile_fields", "view")
        yield Action("ticketing.fields", "Custom Profile Fields", ("toolbar",), page="/profile-fields/", icon="id-card", needs=fields)
        yield Action(
            "ticketing.scan_pos_only",
            "Scan / POS only",
            title_one="Make {name} a QR Scan / POS Operator Only?",
            title_many="Make {n} users QR Scan / POS Operators Only?",
            body="They scan tickets and sell at a till, and nothing else: finance access, ticket scanning beside it and scan override go.",
            yes="Yes, only scanning and selling!",
            icon="scan-line",
            user_types=(ADMINISTRATOR, GROUP_LEADER, PERSON),
            user_type=SCAN_POS,
        )

    @hookimpl
    def bo_slots(self) -> Iterator[Slot]:
        """Yield which tool is for what, for those who have them, and what is kept of the organization."""
        yield Slot("ticketing.which_tool", "users.list.top", "ticketing/which_tool.html", needs=("users", "edit"))
        yield Slot("ticketing.access", "overview.cards", "ticketing/dashboard.html", needs=("users", "view"), shows=DASHBOARD)
        yield Slot("ticketing.customers", "overview.cards", "ticketing/site.html", needs=("units", "view"), shows=SITE)
        yield Slot("ticketing.to_people", "users.list.top", "ticketing/to_people.html", needs=(PEOPLE, "view"))
        yield Slot("ticketing.to_staff", "records.list.top", "ticketing/to_staff.html", needs=("users", "view"))

    @hookimpl
    def bo_unit_settings(self) -> Iterator[UnitSetting]:
        """Yield what an owner sets of his organization."""
        yield from settings(ORGANIZATION)

    @hookimpl
    def bo_cache_domains(self) -> Iterator[CacheDomain]:
        """Yield what the dashboard shows, and what the site tells customers."""
        yield CacheDomain(DASHBOARD, "Dashboard", self.figures, description="How many have which access.")
        yield CacheDomain(SITE, "Site", self.site, description="What customers see of the organization.")

    def figures(self, unit: UnitSnapshot, session: Session) -> Figures:
        """Return how many have each type, and how many each tick."""
        held = role_holders(session, unit)
        types = [(found.label, f"type:{found.key}") for found in self.bo_user_types()]
        toggles = [(found.label, f"toggle:{found.key}") for found in self.bo_access_toggles()]
        return Figures([Figure(label, held.users.get(role, 0)) for label, role in (*types, *toggles)], held.complete)

    def site(self, unit: UnitSnapshot, _session: Session) -> Sequence[tuple[str, str]]:
        """Return what the site tells customers."""
        return seen_by_customers(unit, ORGANIZATION)

    @hookimpl
    def bo_pages(self) -> Iterator[ModelPage]:
        """Yield the page of the public: those who buy, and have no account."""
        yield people_page(ORGANIZATION, GROUP_LEADER)

    @hookimpl
    def bo_commands(self) -> Iterator[Command]:
        """Yield the command that brings members in."""
        yield Command("ticketing.import_members", "Add the members of a table to an organization.", import_members)


def days_away(asking: Asking) -> Any:
    """Return for how many days somebody has not signed in; nothing of one who never did."""
    return asking.days_since(asking.user.last_sign_in)
