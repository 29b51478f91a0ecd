"""The page of the audit log."""

from typing import ClassVar

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from bo_panel.domain.pages import Order
from bo_panel.models import AuditEvent
from bo_panel.queries.audit import WantedEvents, audit_page
from bo_panel.queries.profile_fields import kept_field_book
from bo_panel.queries.roles import roles_near, with_policies
from bo_panel.queries.units import Place, place
from bo_panel.services.engine import Needs
from bo_panel.web.audit.events import EVENTS, Telling, event_of, label_of, roles_told
from bo_panel.web.base import PanelView
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.grid import Filter, Head, Search, filter_of, labels_of_filters, nothing_found, pager_of, sizes_of
from bo_panel.web.listing import Rules, State, parse
from bo_panel.web.users.typed import number


class AuditView(PanelView):
    """What happened where the person asking may look."""

    list_template = "audit/list.html"
    needs: ClassVar = {"index_view": Needs("audit", "view")}

    def __init__(self, name: str, category: str) -> None:
        """Register the page."""
        super().__init__(AuditEvent, name, category=category, endpoint="audit", url="/audit", menu_icon_value="scroll-text")

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return a page of the events, newest first."""
        settings, now = panel().settings, panel().clock.now()
        seen, unit = scope("audit"), self._unit(request.args.get("unit", ""))
        run = str(number(request.args.get("change_set", "")))
        known = {"event": frozenset(EVENTS), "change_set": frozenset({run} - {"0"}), "unit": frozenset({str(unit.id)} if unit else ())}
        rules = Rules(known, (Order("id", descending=True),), settings.users.page_sizes, settings.users.page_size)
        state = parse(self.get_url(".index_view"), rules, request.args)
        if state.lost:
            flash(gettext("That place in the list can no longer be found, so this is its first page."), "info")
        about = {"change_set_id": int(run)} if "change_set" in state.filters else {}
        wanted = WantedEvents(events=state.filters.get("event", ()), search=state.search, step=state.step, size=state.size, **about)
        page = audit_page(session(), seen.narrowed(unit.path) if unit else seen, wanted)
        roles = with_policies(session(), roles_near(session(), panel().registry, seen.paths), roles_told(page.rows))
        book = kept_field_book(session(), panel().registry, me().signed_in.configuration)
        telling = Telling(settings.words, roles, now, me().access, book)
        url = f"{self.get_url('users.edit_view')}?id={{id}}" if me().access.anywhere("users", "edit") else None
        filters = _filters(state, run, unit)
        return self.render(
            self.list_template,
            page=Head(gettext("Audit log"), gettext("What was done, by whom, and what it was before.")),
            events=[event_of(row, telling, url) for row in page.rows],
            list_url=state.path,
            keep=state.pairs,
            search=Search(state.search, gettext("Search the people that events are about"), gettext("Name, user name or e-mail")),
            filters=filters,
            filter_labels=labels_of_filters(filters),
            reset_url=state.reset_url,
            page_sizes=sizes_of(state),
            pager=pager_of(state, page),
            empty=nothing_found(state, gettext("Nothing has happened yet"), gettext("Every change will be listed here.")),
        )

    def _unit(self, text: str) -> Place | None:
        """Return the unit that an address narrows the log to, if the person asking may look into it, or at something inside."""
        found = place(session(), number(text)) if number(text) else None
        return found if found and scope("audit").narrowed(found.path).paths and scope("units").covers(found.path) else None


def _filters(state: State, run: str, unit: Place | None) -> list[Filter]:
    """Return the filter by event, and those by a change and by a unit where the address names one."""
    found = [filter_of(state, "event", gettext("Event"), [(event, label_of(event)) for event in EVENTS])]
    if "change_set" in state.filters:
        found.append(filter_of(state, "change_set", gettext("Change"), [(run, run)], several=False))
    if unit:
        found.append(filter_of(state, "unit", gettext("Unit"), [(str(unit.id), unit.name)], several=False))
    return found
