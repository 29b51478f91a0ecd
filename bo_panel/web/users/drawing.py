"""The rows of one page of the list of users, with what they hold and reach."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from bo_panel.queries.page import Page
from bo_panel.queries.reached import held_and_counted, units_reached
from bo_panel.queries.roles import with_policies
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.listing import State
from bo_panel.web.users.more_columns import shown_of
from bo_panel.web.users.rows import Drawing, Policies, Row
from bo_panel.web.users.wishes import Choices, counted_kinds


def drawn_rows(page: Page[Any], state: State, choices: Choices, url: str) -> Sequence[Row]:
    """Return the rows ready to print; `url` leads to the form of one user and holds `{id}`. One statement, and one where a policy was not met yet."""
    seen, now = scope("users"), panel().clock.now()
    held, beneath = held_and_counted(session(), seen, [row.id for row in page.rows], counted_kinds(state), now)
    roles = with_policies(session(), choices.roles, (grant.role_key for grants in held.values() for grant in grants))
    kinds = frozenset(preset.unit_kind for preset in panel().registry.presets.values())
    policies = Policies(url_for("policy.index_view"), kinds, choices.named)
    counts = units_reached(held, beneath, roles)
    profile = {owned.field.name: owned for owned in choices.profile}
    more = shown_of([column for column in choices.columns if column.key in state.columns], page.rows, held, seen)
    plain = (me(), panel().settings.words, seen, roles, held, state.columns, url, now, counts, policies, profile)
    drawing = Drawing(*plain, more, bool(panel().registry.actions))
    return [drawing.row(row) for row in page.rows]
