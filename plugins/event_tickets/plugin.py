"""A ticket shop: clients and their events, with more to be permitted at a client than at an event."""

from collections.abc import Iterator

from bo_panel.sdk import Plugin, PluginMeta, Preset, Resource, Role, Slot, UnitKind, hookimpl

CLIENT = "event_tickets.client"
EVENT = "event_tickets.event"

LADDER = ("view", "edit", "create", "delete")

BOX_OFFICE = {"event_tickets.orders": "create", "event_tickets.guest_list": "edit", "event_tickets.scanning": "scan"}
DOOR = {"event_tickets.guest_list": "view", "event_tickets.scanning": "scan"}
EVENT_MANAGER = {
    **BOX_OFFICE,
    "users": "edit",
    "event_tickets.events": "edit",
    "event_tickets.prices": "edit",
    "event_tickets.orders": "delete",
    "event_tickets.guest_list": "delete",
    "event_tickets.scanning": "override",
    "event_tickets.sales": "view",
}
MARKETING = {"event_tickets.events": "edit", "event_tickets.campaigns": "delete", "event_tickets.sales": "view"}
FINANCE = {"event_tickets.orders": "view", "event_tickets.sales": "export", "event_tickets.settlements": "edit"}
EVERYTHING = {
    **EVENT_MANAGER,
    **MARKETING,
    **FINANCE,
    "users": "delete",
    "units": "delete",
    "audit": "view",
    "event_tickets.events": "delete",
    "event_tickets.prices": "delete",
    "event_tickets.orders": "delete",
    "event_tickets.branding": "edit",
}


class EventTickets(Plugin):
    """Clients and events, a ladder for each thing that is sold or scanned, and presets to start a policy from."""

    meta = PluginMeta(name="event_tickets", version="1.0.0", api=">=1.0,<2")

    @hookimpl
    def bo_unit_kinds(self) -> Iterator[UnitKind]:
        """Yield clients, and the events of each of them."""
        yield UnitKind(CLIENT, "Client", "Clients", icon="building-2", needs_owner=True)
        yield UnitKind(EVENT, "Event", "Events", parents=(CLIENT,), icon="ticket")

    @hookimpl
    def bo_resources(self) -> Iterator[Resource]:
        """Yield what can be permitted; settlements, branding and campaigns at clients only."""
        yield Resource("event_tickets.events", "Event details", LADDER, group="Events")
        yield Resource("event_tickets.prices", "Ticket types and prices", LADDER, group="Events", dangerous=True)
        yield Resource("event_tickets.orders", "Orders", LADDER, group="Sales")
        yield Resource("event_tickets.sales", "Sales reports", ("view", "export"), group="Sales")
        yield Resource("event_tickets.guest_list", "Guest list", LADDER, group="At the door")
        yield Resource("event_tickets.scanning", "Scanning", ("scan", "override"), group="At the door")
        yield Resource("event_tickets.settlements", "Settlements", ("view", "edit"), (CLIENT,), "Client", dangerous=True)
        yield Resource("event_tickets.branding", "Branding", ("view", "edit"), (CLIENT,), "Client")
        yield Resource("event_tickets.campaigns", "Campaigns", LADDER, (CLIENT,), "Client")

    @hookimpl
    def bo_roles(self) -> Iterator[Role]:
        """Yield the roles that need no policy of their own."""
        yield Role("event_tickets.client_administrator", "Client Administrator", EVERYTHING, (CLIENT,), description="All events.")
        yield Role("event_tickets.finance", "Finance", FINANCE, (CLIENT,), description="Sales and settlements of all events.")
        yield Role("event_tickets.event_manager", "Event Manager", EVENT_MANAGER, (CLIENT, EVENT), description="Runs an event.")
        yield Role("event_tickets.box_office", "Box Office", BOX_OFFICE, (CLIENT, EVENT), description="Sells and scans.")

    @hookimpl
    def bo_presets(self) -> Iterator[Preset]:
        """Yield the common choices at the top of a policy, those of events with much less in them."""
        yield Preset("event_tickets.client_everything", "Everything", EVERYTHING, CLIENT)
        yield Preset("event_tickets.client_marketing", "Marketing", MARKETING, CLIENT)
        yield Preset("event_tickets.client_finance", "Finance", FINANCE, CLIENT)
        yield Preset("event_tickets.event_manager", "Event Manager", EVENT_MANAGER, EVENT)
        yield Preset("event_tickets.event_box_office", "Box Office", BOX_OFFICE, EVENT)
        yield Preset("event_tickets.event_door", "Door staff", DOOR, EVENT)

    @hookimpl
    def bo_slots(self) -> Iterator[Slot]:
        """Yield what to know before somebody is given a policy, for those who give them."""
        yield Slot("event_tickets.where_to_give", "users.list.top", "event_tickets/where_to_give.html", needs=("users", "edit"))
