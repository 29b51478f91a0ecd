"""The overview: how many users there are, and what changed of late."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from bo_panel.queries.audit import WantedEvents, audit_page
from bo_panel.queries.page import COUNT_LIMIT
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.users import user_counts
from bo_panel.web.audit.events import Event, Telling, event_of
from bo_panel.web.base import ANYBODY, PanelPage
from bo_panel.web.current import me, panel, scope, session

LATEST = 8


@dataclass(frozen=True, slots=True)
class Stat:
    """A number, and where it leads."""

    label: str
    value: str
    icon: str
    url: str | None


class OverviewView(PanelPage):
    """What somebody sees first."""

    needs: ClassVar = {"index": ANYBODY}

    def __init__(self) -> None:
        """Register the page at the root of the site."""
        super().__init__(lazy_gettext("Overview"), endpoint="admin", url="/", menu_icon_type="icon", menu_icon_value="layout-dashboard")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Return the overview."""
        may_look = me().access.anywhere("audit", "view")
        return self.render(
            "overview/index.html",
            greeting=gettext("Hello, %(name)s", name=me().signed_in.first_name or me().user_name),
            subtitle=gettext("You are at home in %(place)s.", place=me().signed_in.home_name),
            stats=self._stats() if me().access.anywhere("users", "view") else [],
            events=self._events() if may_look else [],
            events_url=self.get_url("audit.index_view") if may_look else None,
        )

    def _stats(self) -> list[Stat]:
        counts: Mapping[str, int] = user_counts(session(), scope("users"), panel().clock.now())
        words, url = panel().settings.words, self.get_url("users.index_view")
        wanted = [
            ("all", words.users, "users", ""),
            ("active", words.status_active, "circle-check", "?status=active"),
            ("disabled", words.status_disabled, "ban", "?status=disabled"),
            ("never", gettext("Never signed in"), "history", "?signed_in=never"),
        ]
        return [Stat(label, _capped(counts[key]), icon, url + query) for key, label, icon, query in wanted]

    def _events(self) -> list[Event]:
        page = audit_page(session(), scope("audit"), WantedEvents(size=LATEST))
        roles = RoleBook(panel().registry)  # only what happened is told here, not what it changed
        now = panel().clock.now()
        telling = Telling(panel().settings.words, roles, now)
        return [event_of(row, telling) for row in page.rows]


def _capped(count: int) -> str:
    return f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}"
