"""The rows of one page of the list of users, with what they hold and reach."""

from collections.abc import Sequence
from typing import Any

from bo_panel.queries.page import Page
from bo_panel.queries.reached import held_and_counted, units_reached
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.listing import State
from bo_panel.web.users.listing import Choices, counted_kinds
from bo_panel.web.users.rows import Drawing, Row


def drawn_rows(page: Page[Any], state: State, choices: Choices, url: str) -> Sequence[Row]:
    """Return the rows ready to print; `url` leads to the form of one user and holds `{id}`. One statement."""
    seen, now = scope("users"), panel().clock.now()
    held, beneath = held_and_counted(session(), seen, [row.id for row in page.rows], counted_kinds(state), now)
    counts = units_reached(held, beneath, choices.roles)
    drawing = Drawing(me(), panel().settings.words, seen, choices.roles, held, state.columns, url, now, counts)
    return [drawing.row(row) for row in page.rows]
