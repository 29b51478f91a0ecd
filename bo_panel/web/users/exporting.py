"""The list of users as a file: at once, or as a job where they are many."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import ClassVar

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from bo_panel.domain.errors import Refusal
from bo_panel.domain.pages import Step
from bo_panel.domain.tabular import COLUMNS, Sheet
from bo_panel.jobs import ExportThem, Order
from bo_panel.models import User
from bo_panel.queries.profile_fields import places_of
from bo_panel.services.changes import ExportUsers
from bo_panel.services.engine import Counted, Matching, Needs
from bo_panel.services.transfer import Export, Reading
from bo_panel.web.base import PanelView
from bo_panel.web.current import actor, me, panel, scope, session
from bo_panel.web.fields import Fact
from bo_panel.web.listing import State
from bo_panel.web.translating import gettext
from bo_panel.web.users.everybody import Everybody
from bo_panel.web.users.listing import labels_of
from bo_panel.web.users.matching import choices_in_sight, everybody_of
from bo_panel.web.users.wishes import Choices, counted_columns, more_columns


class ExportView(PanelView):
    """All pages of the list as a file, with its search, filters, order and columns."""

    needs: ClassVar = {"index_view": Needs("users", "view")}

    def __init__(self, name: str) -> None:
        """Register the address, which no menu leads to."""
        super().__init__(User, name, endpoint="export", url="/users/export")

    def is_visible(self) -> bool:
        """Return that the menu does not show it."""
        return False

    @expose("/", methods=("GET", "POST"))
    def index_view(self) -> ResponseReturnValue:
        """Return the page on which a format is chosen; or the file, or go to the page of the job that makes it."""
        found = choices_in_sight()
        sent = request.args if request.method == "GET" else request.form
        everybody, heads = everybody_of(self, found, sent), _heads(found)
        try:
            sheet = None if request.method == "GET" else Sheet.of(sent.get("format", ""), _columns(everybody.state, heads), heads)
            everybody.check()
            if sheet is None:
                return self._page(everybody, heads)
            where = places_of(session(), panel().registry, me().access, sheet.columns)
            return self._answer(Export(sheet, replace(everybody.wanted, step=Step()), scope("users"), where))
        except Refusal as refusal:
            flash(f"{refusal} ({refusal.code})", "error")
            return redirect(everybody.state.url(), 303)

    def _page(self, everybody: Everybody, heads: Mapping[str, str]) -> str:
        state = everybody.state
        columns = [heads[column] for column in ("name", *state.columns) if column in heads]
        facts = [Fact(gettext("Users"), everybody.said()), Fact(gettext("Columns"), ", ".join(columns))]
        told = {"title": gettext("Export users"), "back_url": state.url(), "back_label": panel().settings.words.users}
        form_url = self.get_url(".index_view")
        page: str = self.render("layout/export.html", **told, keep=state.pairs, facts=facts, form_url=form_url, others=self._others())
        return page

    def _others(self) -> list[tuple[str, str]]:
        """Return the other lists that the person asking can take away: what they are called, and where."""
        pages = (page for page in panel().registry.pages.values() if me().access.anywhere(*page.needs("view")))
        return [(page.label, self.get_url(f"{page.endpoint}.export_view")) for page in pages]

    def _answer(self, export: Export) -> ResponseReturnValue:
        above = panel().settings.export.above
        with ExitStack() as stack:
            reading = stack.enter_context(panel().exporter.reading(export))
            users = reading.count(above)
            if users > above:
                return redirect(f"{self.get_url('jobs.show_view')}?id={_given_in(export, reading.count())}", 303)
            reading.check()
            panel().engine.run_single(session(), actor(), ExportUsers(export=export, users=users))
            response = _file(reading)
            response.call_on_close(stack.pop_all().close)  # the reading goes on after this request has been answered
            return response


def _heads(found: Choices) -> Mapping[str, str]:
    """Return the heads of all columns that a file can have: those of the list, but for those that only the list has."""
    counted, labels = counted_columns(panel().registry), labels_of(panel().settings.words)
    loaded = {column.key for column in found.columns if column.load}
    more = {key: head for key, head in more_columns(found).items() if key not in counted and key not in loaded}
    return {**{key: labels[key] for key in COLUMNS}, **more}


def _columns(state: State, heads: Mapping[str, str]) -> Sequence[str]:
    """Return the columns that are shown, the person first, without those that only the list has; or whatever was asked for instead, to be refused."""
    asked = request.form.getlist("cols")
    shown = [column for column in state.columns if column in heads]
    return ("name", *(asked if set(asked) - set(state.columns) or len(asked) > len(state.columns) else shown))


def _given_in(export: Export, users: int) -> int:
    order = Order(ExportThem(export.sheet, export.wanted.order), Matching(export.wanted), Counted(users, 0))
    return panel().jobs.submit(session(), actor(), order)


def _file(reading: Reading) -> Response:
    sheet = reading.export.sheet
    response = Response((piece.data for piece in reading.pieces() if piece.data), content_type=sheet.format.media)
    response.headers["Content-Disposition"] = f'attachment; filename="users-{reading.now:%Y-%m-%d}.{sheet.format}"'
    return response
