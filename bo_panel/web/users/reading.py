"""A page of the list of users as it is read: without the columns of plugins that fail in the database."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from flask import flash, request
from sqlalchemy.exc import DBAPIError

from bo_panel.hooks.on_users import Column
from bo_panel.queries.page import Page
from bo_panel.queries.plugin_columns import failing
from bo_panel.queries.users import users_page
from bo_panel.services.failing_columns import note_failure
from bo_panel.web.current import panel, scope, session
from bo_panel.web.listing import State, parse
from bo_panel.web.translating import gettext
from bo_panel.web.users.missing import missing
from bo_panel.web.users.wishes import Choices, rules_of, wanted_of


class Read(NamedTuple):
    """What was read, what the address asks for, and what can be asked for."""

    choices: Choices
    state: State
    page: Page[Any]


def read_page(address: str, found: Choices) -> Read:
    """Return the page of the list that the request asks for, and say what it has to do without."""
    read = _read_what_works(address, found)
    left_out = missing(read.state if read.choices is found else _state(address, found), found, request.args)
    if left_out:
        flash(gettext("This list does without what there is not, or not any more: %(asked)s.", asked=left_out), "info")
    return read


def _read_what_works(address: str, found: Choices) -> Read:
    """Return the page; columns of plugins that the database refuses are left out, and that is said.

    Without one that was chosen, others may come in that fail too; each turn leaves out some that the turn before asked for.
    """
    left: Choices | None = found
    while left is not None:
        found = left
        try:
            return _read(address, found)
        except DBAPIError:
            session().rollback()
            left = _without_failing(address, found)
    return _read(address, found)  # none of its columns is to blame


def _without_failing(address: str, found: Choices) -> Choices | None:
    """Return the choices without the columns that fail, each of which is told; None where none does."""
    asked = _asked(_state(address, found), found.columns)
    if not asked:
        return None
    _read(address, replace(found, columns=()))  # raises where it is the database itself that fails
    broken = [column for column in asked if _fails(address, found, column)] or _failing_elsewhere(asked)
    for column in broken:
        said = gettext("%(label)s could not be worked out, so this list does without it. The plugin's page says where.", label=column.label)
        flash(said, "error")
    return replace(found, columns=[column for column in found.columns if column not in broken]) if broken else None


def _failing_elsewhere(asked: Sequence[Column]) -> Sequence[Column]:
    """Return and note those that fail for somebody who is on a page only where several come together."""
    broken = list(failing(session(), asked, panel().clock.now()))
    for column, error in broken:
        note_failure(panel().host, column, error)
    return [column for column, _error in broken]


def _read(address: str, found: Choices) -> Read:
    state = _state(address, found)
    return Read(found, state, users_page(session(), scope("users"), wanted_of(state, found), panel().clock.now()))


def _state(address: str, found: Choices) -> State:
    return parse(address, rules_of(panel(), found), request.args)


def _asked(state: State, columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns that the database works out for a page: those that are shown, and those that it is sorted or narrowed by."""
    asked = {*state.columns, *state.filters, state.order.key}
    return [column for column in columns if column.sql and column.key in asked]


def _fails(address: str, found: Choices, column: Column) -> bool:
    """Return whether a page with this column alone fails, and note it for the plugin's page."""
    try:
        _read(address, replace(found, columns=(column,)))
    except DBAPIError as error:
        session().rollback()
        note_failure(panel().host, column, error)
        return True
    return False
