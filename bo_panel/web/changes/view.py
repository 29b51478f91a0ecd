"""The page of what was done in one go: who, when, why, on whom, what came of it, and taking it back."""

from typing import Any, ClassVar

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from bo_panel.domain.errors import NotFound, NotUndoable
from bo_panel.models import ChangeSet
from bo_panel.queries.changes import Reader, all_left_alone, change_set_seen, left_alone
from bo_panel.queries.jobs import refusals_by_code
from bo_panel.queries.roles import role_book_for
from bo_panel.queries.units import places
from bo_panel.services.changes.undo import check_undoable
from bo_panel.web.base import ANYBODY, PanelView
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.jobs.telling import Reason, reasons_of
from bo_panel.web.users.in_words import facts_of, named_of, selected_of, title_of, unit_of
from bo_panel.web.users.refused import refused_file
from bo_panel.web.users.typed import number


class ChangesView(PanelView):
    """What was done in one go, for who did it and for those who read the audit log where it happened."""

    needs: ClassVar = {"index_view": ANYBODY, "refused_view": ANYBODY}

    def __init__(self, name: str) -> None:
        """Register the page, which no menu leads to."""
        super().__init__(ChangeSet, name, endpoint="changes", url="/changes")

    def is_visible(self) -> bool:
        """Return that the menu does not show it."""
        return False

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return one of them."""
        row, now = self._row(), panel().clock.now()
        may_read = me().access.anywhere("audit", "view")
        return self.render(
            "changes/show.html",
            title=title_of(row),
            change=row,
            facts=facts_of(row, now, _selected(row) if row.whole else ""),
            same=row.selected - row.changed - row.refused,
            reasons=_reasons(row),
            refused_url=f"{self.get_url('.refused_view')}?id={row.id}",
            job_url=f"{self.get_url('jobs.show_view')}?id={row.job}" if row.job and row.whole else None,
            events_url=f"{self.get_url('audit.index_view')}?change_set={row.id}" if may_read else None,
            undo_url=f"{self.get_url('jobs.undo_view')}?change_set={row.id}",
            no_undo=_no_undo(row),
            undone_url=f"{self.get_url('.index_view')}?id={row.undone_by}",
        )

    @expose("/refused/")
    def refused_view(self) -> ResponseReturnValue:
        """Return the file of those whom it left alone."""
        row = self._row()
        if not row.whole:
            raise NotFound
        return refused_file(all_left_alone(session(), scope("users"), row.id, panel().clock.now()), f"change-{row.id}-left-alone.csv")

    def _row(self) -> Any:
        found = number(request.args.get("id", ""))
        row = change_set_seen(session(), Reader(me().id, scope("audit")), found) if found else None
        if row is None:
            raise NotFound
        return row


def _selected(row: Any) -> str:
    roles = role_book_for(session(), panel().registry, frozenset(row.selection.get("query", {}).get("roles", ())))
    units = tuple(unit_of(row.selection))
    return selected_of(row.selection, panel().settings.words, roles, places(session(), units) if units else {})


def _reasons(row: Any) -> list[Reason]:
    """Return why some were left alone, with a few of those in sight by name."""
    if not row.refused or not row.whole:
        return []
    now, found = panel().clock.now(), refusals_by_code(session(), row.id)
    names = named_of(left_alone(session(), scope("users"), row.id, now), now)
    return reasons_of({each.code: each.users for each in found}, {each.code: each.reason for each in found}, names)


def _no_undo(row: Any) -> str:
    """Return why it cannot be taken back, '' where it can be tried."""
    try:
        check_undoable(session(), row.id)
    except NotUndoable as refusal:
        return str(refusal)
    return ""
