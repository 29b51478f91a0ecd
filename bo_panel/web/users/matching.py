"""The pages about everybody who matches the list, on all of its pages."""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from werkzeug.datastructures import MultiDict

from bo_panel.domain.units import UnitPath
from bo_panel.hooks.contributions import Tab
from bo_panel.models import User
from bo_panel.queries.choices import homes_and_roles
from bo_panel.queries.page import COUNT_LIMIT, Page
from bo_panel.queries.profile_fields import Owned, fields_in_sight, kept_field_book
from bo_panel.queries.roles import RoleBook
from bo_panel.services.engine import Needs
from bo_panel.web.base import PanelView
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.listing import State, parse
from bo_panel.web.translating import gettext
from bo_panel.web.users.everybody import Everybody
from bo_panel.web.users.missing import missing
from bo_panel.web.users.more_columns import columns_in_sight
from bo_panel.web.users.tabs import TAB, tab_named
from bo_panel.web.users.typed import number
from bo_panel.web.users.wishes import FEW_HOMES, Choices, rules_of, wanted_of


class EverybodyView(PanelView):
    """What can be done to everybody who matches, what it would do, and doing it."""

    needs: ClassVar = {
        "index_view": Needs("users", "edit"),
        "refused_view": Needs("users", "edit"),
        "run_view": Needs("users", "edit"),
    }

    def __init__(self, name: str) -> None:
        """Register the pages, which no menu leads to."""
        super().__init__(User, name, endpoint="everybody", url="/users/all")

    def is_visible(self) -> bool:
        """Return that the menu does not show it."""
        return False

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return the page on which an action is chosen, or what the one chosen would do."""
        return self._everybody(request.args).page(request.args.get("action", ""))

    @expose("/refused/")
    def refused_view(self) -> ResponseReturnValue:
        """Return the file of those whom an action would leave alone."""
        return self._everybody(request.args).refused(request.args.get("action", ""))

    @expose("/run/", methods=("POST",))
    def run_view(self) -> ResponseReturnValue:
        """Run an action on everybody who was counted, and return to the list or to the job."""
        return redirect(self._everybody(request.form).run(request.form), 303)

    def _everybody(self, sent: MultiDict[str, str]) -> Everybody:
        named = any(sent.getlist(key) for key in ("home", "role"))  # else nobody asks what they are called
        return everybody_of(self, choices_in_sight() if named else _choices_alike(), sent)


def everybody_of(view: PanelView, found: Choices, sent: MultiDict[str, str]) -> Everybody:
    """Return everybody on the list that was asked for."""
    state = parse(view.get_url("users.index_view"), rules_of(panel(), found), sent)
    return Everybody(view, state, wanted_of(state, found), found.roles, missing(state, found, sent))


def _choices_alike() -> Choices:
    """Return the same where nobody asks what anything is called; no statement where the profile fields are known."""
    return Choices(RoleBook(panel().registry), (), None, _profile(scope("users").paths), columns_in_sight(me().access), _tab())


def choices_in_sight() -> Choices:
    """Return what the list can be narrowed by, for the person asking; one statement."""
    kinds = panel().settings.users.home_kinds or tuple(panel().registry.kinds)
    named = number(request.values.get("home", ""))
    found = homes_and_roles(session(), panel().registry, scope("users"), kinds, FEW_HOMES + 1, named=named)
    narrowed = [place.path for place in (found.named, *found.homes) if place and place.id == named]
    return Choices(found.roles, found.homes, found.named, _profile(narrowed[:1] or scope("users").paths), columns_in_sight(me().access), _tab())


def _profile(paths: Sequence[UnitPath]) -> Sequence[Owned]:
    """Return the profile fields that can be columns of a list of whoever is at home there; no statement where they are known."""
    book = kept_field_book(session(), panel().registry, me().signed_in.configuration)
    return fields_in_sight(book, me().access, paths)


def _tab() -> Tab | None:
    """Return the part of the list that the request names."""
    return tab_named(panel().registry.tabs, request.values.get(TAB, ""))


def link_to_everybody(address: str, state: State, page: Page[Any]) -> tuple[str, str] | None:
    """Return what selecting all who match says and where it leads, or None where this page shows all of them."""
    if page.count <= len(page.rows) or not me().access.anywhere("users", "edit"):
        return None
    count = f"{COUNT_LIMIT:,}+" if page.counted_out else f"{page.count:,}"
    query = f"?{urlencode(state.pairs)}" if state.pairs else ""
    return gettext("Select all %(count)s matching", count=count), address + query
