"""The pages of the jobs: list, progress, cancel, whom they left alone, and taking back what was done."""

from typing import Any, ClassVar

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from bo_panel.domain.actors import ROOT
from bo_panel.domain.errors import NotAllowed, NotFound, Refusal
from bo_panel.domain.jobs import JobState
from bo_panel.domain.pages import Order
from bo_panel.models import Job
from bo_panel.queries.changes import Reader, all_left_alone, left_alone
from bo_panel.queries.jobs import Seer, in_tray, job_seen, jobs_page, refusals_by_code
from bo_panel.services.changes.jobs import CancelJob, may_cancel
from bo_panel.services.engine import Needs
from bo_panel.web.addresses import local
from bo_panel.web.base import ANYBODY, PanelView
from bo_panel.web.current import actor, me, panel, scope, session
from bo_panel.web.grid import Head, pager_of
from bo_panel.web.jobs.download import Download
from bo_panel.web.jobs.telling import reasons_of, told, tray_entry
from bo_panel.web.jobs.undoing import Undoing
from bo_panel.web.listing import Rules, parse
from bo_panel.web.translating import gettext
from bo_panel.web.users.in_words import named_of
from bo_panel.web.users.refused import refused_file
from bo_panel.web.users.typed import number

PAGE = 50


class JobsView(PanelView):
    """What goes on in the background: one's own jobs, and everybody's for whoever reads the whole audit log."""

    list_template = "jobs/list.html"
    needs: ClassVar = {
        "index_view": ANYBODY,
        "show_view": ANYBODY,
        "tray_view": ANYBODY,
        "cancel_view": ANYBODY,
        "refused_view": ANYBODY,
        "undo_view": ANYBODY,
        "undo_refused_view": ANYBODY,
        "file_view": Needs("users", "view"),
    }

    def __init__(self, name: str, category: str) -> None:
        """Register the page."""
        super().__init__(Job, name, category=category, endpoint="jobs", url="/jobs", menu_icon_value="activity")

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return a page of the jobs, newest first."""
        state = parse(self.get_url(".index_view"), Rules({}, (Order("id", descending=True),), (PAGE,), PAGE), request.args)
        page, now = jobs_page(session(), _seer(), state.step, PAGE), panel().clock.now()
        return self.render(
            self.list_template,
            page=Head(gettext("Jobs"), gettext("Changes of many users, and large exports, done in the background.")),
            jobs=[told(row, now) for row in page.rows],
            pager=pager_of(state, page),
            page_sizes=[],
        )

    @expose("/show/")
    def show_view(self) -> ResponseReturnValue:
        """Return one job: how far it is, whom it left alone and why, and what can be done about it."""
        row = self._row(request.args.get("id", ""))
        refused = refusals_by_code(session(), row.change_set_id) if row.change_set_id and row.refused else []
        codes, reasons = {each.code: each.users for each in refused}, {each.code: each.reason for each in refused}
        now = panel().clock.now()
        names = named_of(left_alone(session(), scope("users"), row.change_set_id, now), now) if refused else []
        return self.render(
            "jobs/show.html",
            job=told(row, now),
            reasons=reasons_of(codes, reasons, names),
            change_url=f"{self.get_url('changes.index_view')}?id={row.change_set_id}" if row.change_set_id else None,
            refused_url=f"{self.get_url('.refused_view')}?id={row.id}",
            undo_url=f"{self.get_url('.undo_view')}?change_set={row.change_set_id}" if self._undoable(row) else None,
            undone=row.undone_by is not None,
            file=Download(panel(), session(), me()).offered(row.id, self.get_url(".file_view")) if row.state is JobState.DONE else None,
            may_cancel=not row.state.over and not row.cancel_asked and self._may_cancel(row),
            cancel_url=self.get_url(".cancel_view"),
            back_url=self.get_url(".index_view"),
        )

    @expose("/tray/")
    def tray_view(self) -> ResponseReturnValue:
        """Return one's own jobs that go on or have just ended, for the tray in the top bar."""
        now = panel().clock.now()
        found = [told(row, now) for row in in_tray(session(), me().id, now)]
        return jsonify(jobs=[tray_entry(job, f"{self.get_url('.show_view')}?id={job.id}") for job in found])

    @expose("/cancel/", methods=("POST",))
    def cancel_view(self) -> ResponseReturnValue:
        """Ask for a job to end, and return to it."""
        row = self._row(request.form.get("id", ""))
        if not self._may_cancel(row):
            raise NotAllowed(where=gettext("this place"))
        try:
            panel().engine.run_single(session(), actor(), CancelJob(job_id=row.id))
            flash(gettext("It is being cancelled. What was done until now stays, and can be undone."), "info")
        except Refusal as refusal:
            flash(f"{refusal} ({refusal.code})", "error")
        return redirect(f"{self.get_url('.show_view')}?id={row.id}", 303)

    @expose("/refused/")
    def refused_view(self) -> ResponseReturnValue:
        """Return the file of those whom a job left alone."""
        row = self._row(request.args.get("id", ""))
        found = all_left_alone(session(), scope("users"), row.change_set_id or 0, panel().clock.now())
        return refused_file(found, f"job-{row.id}-left-alone.csv")

    @expose("/file/")
    def file_view(self) -> ResponseReturnValue:
        """Return the file that somebody's own export made, for as long as it is kept and he may see all that is in it."""
        return Download(panel(), session(), me()).answer(number(request.args.get("id", "")))

    @expose("/undo/", methods=("GET", "POST"))
    def undo_view(self) -> ResponseReturnValue:
        """Return what taking a run back would do, or take it back."""
        sent = request.form if request.method == "POST" else request.args
        undoing = self._undoing(sent.get("change_set", ""))
        if request.method == "POST":
            back = local(request.form.get("next", ""), self.get_url("users.index_view"))
            return redirect(undoing.run(back, request.form.get("reason", "")), 303)
        return undoing.page(self)

    @expose("/undo/refused/")
    def undo_refused_view(self) -> ResponseReturnValue:
        """Return the file of those whom taking a run back would leave alone."""
        return self._undoing(request.args.get("change_set", "")).refused()

    def _undoing(self, text: str) -> Undoing:
        return Undoing.of(panel(), session(), actor(), number(text), (Reader(me().id, scope("audit")), scope("users")))

    def _row(self, text: str) -> Any:
        row = job_seen(session(), _seer(), number(text)) if number(text) else None
        if row is None:
            raise NotFound
        return row

    def _may_cancel(self, row: Any) -> bool:
        return may_cancel(me().id, me().access, row.actor_id)

    def _undoable(self, row: Any) -> bool:
        return row.state.over and row.changed > 0


def _seer() -> Seer:
    return Seer(me().id, any(top == ROOT for top in me().access.reach("audit", "view")))
