"""The list of records as a file, with its search, filters, order and columns."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from bo_panel.domain.errors import Refusal
from bo_panel.domain.pages import Step
from bo_panel.domain.tabular import Sheet
from bo_panel.hooks.pages import ModelPage
from bo_panel.queries.records import WantedRecords, how_many_records, records_as_texts
from bo_panel.queries.streaming import snapshot
from bo_panel.services.changes import ExportRecords
from bo_panel.services.transfer import pieces_of
from bo_panel.web.current import actor, panel, scope, session
from bo_panel.web.fields import Fact
from bo_panel.web.listing import State, parse
from bo_panel.web.records.listing import choices_of, heads_of, rules_of, wanted_of
from bo_panel.web.translating import gettext


def offered(view: Any, page: ModelPage) -> str:
    """Return the page that says what will be in the file, and what it can be written as."""
    choices = choices_of(page)
    state, heads = parse(view.get_url(".index_view"), rules_of(choices), request.args), heads_of(page)
    narrowed = [f"{heads[key]}: {', '.join(choices.said(key, values))}" for key, values in state.filters.items()]
    found = [gettext("Found by “%(text)s”", text=state.search)] if state.search else []
    facts = [
        Fact(gettext("Which"), " · ".join([*found, *narrowed]) or gettext("All of them")),
        Fact(gettext("Columns"), ", ".join(heads[key] for key in ("name", *state.columns))),
    ]
    told = {"title": gettext("Export %(list)s", list=page.label), "back_url": state.url(), "back_label": page.label}
    return str(view.render("layout/export.html", **told, keep=state.pairs, facts=facts, form_url=view.get_url(".export_view")))


def answer(view: Any, page: ModelPage) -> ResponseReturnValue:
    """Return the file, after it was put on the audit log who takes it."""
    choices, heads = choices_of(page), heads_of(page)
    state = parse(view.get_url(".index_view"), rules_of(choices), request.form)
    try:
        asked = request.form.getlist("cols")
        columns = asked if set(asked) - set(state.columns) else state.columns
        sheet = Sheet.of(request.form.get("format", ""), ("name", *columns), heads)
        return _file(page, sheet, replace(wanted_of(state), step=Step()), _told(state))
    except Refusal as refusal:
        flash(f"{refusal} ({refusal.code})", "error")
        return redirect(state.url(), 303)


def _file(page: ModelPage, sheet: Sheet, wanted: WantedRecords, told: Mapping[str, str]) -> Response:
    seen = scope(*page.needs("view"))
    with ExitStack() as stack:
        reading = stack.enter_context(snapshot(panel().database))
        count = how_many_records(reading, page, seen, wanted)
        about = {"records": count, "format": sheet.format.value, "columns": ", ".join(sheet.columns), **told}
        panel().engine.run_single(session(), actor(), ExportRecords(page=page, scope=seen, told=about))
        pieces = pieces_of(reading, sheet, records_as_texts(page, seen, wanted, sheet.columns), panel().settings.export_folder)
        response = Response((piece.data for piece in pieces if piece.data), content_type=sheet.format.media)
        name = f"{page.key.replace('.', '-')}-{panel().clock.now():%Y-%m-%d}.{sheet.format}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.call_on_close(stack.pop_all().close)  # the reading goes on after this request has been answered
        return response


def _told(state: State) -> Mapping[str, str]:
    pairs = [("search", state.search), *((key, value) for key, values in state.filters.items() for value in values)]
    said = ", ".join(f"{key}={value}" for key, value in pairs if value)
    return {"filters": said} if said else {}
