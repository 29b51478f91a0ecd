"""Taking back what a run did: looked at first, then done at once or as a job."""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import NotFound, Refusal
from bo_panel.domain.plans import Result
from bo_panel.jobs import Order, TakeBack
from bo_panel.queries.changes import Reader, in_sight
from bo_panel.queries.visible import Scope
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed
from bo_panel.services.engine.attempt import REASON_LIMIT
from bo_panel.web.moments import said
from bo_panel.web.translating import gettext
from bo_panel.web.users.looking import Looked

REASONS = 3
"""How many different reasons a message gives; it travels in a cookie."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """One request to take a run back."""

    panel: Panel
    session: Session
    actor: Actor
    change_set_id: int
    done: Any
    """Who did it and when."""

    @classmethod
    def of(cls, panel: Panel, session: Session, actor: Actor, change_set_id: int, sight: tuple[Reader, Scope]) -> "Undoing":
        """Return the request; raise NotFound for a run that whoever asks can know nothing of, before anything is told of it."""
        done = in_sight(session, *sight, change_set_id, panel.clock.now())
        if done is None:
            raise NotFound
        return cls(panel, session, actor, change_set_id, done)

    def page(self, view: Any) -> ResponseReturnValue:
        """Return the page that says what would become of whom, and asks."""
        looked = self._looked()
        return view.render(
            "jobs/undo.html",
            change_set=self.change_set_id,
            who=self.done.actor_name,
            when=said(self.done.at, self.panel.clock.now()),
            result=looked.result,
            reasons=looked.reasons(),
            refused_url=f"{view.get_url('.undo_refused_view')}?change_set={self.change_set_id}",
            change_url=f"{view.get_url('changes.index_view')}?id={self.change_set_id}",
            reason_limit=REASON_LIMIT,
            background=looked.counted.users > self.panel.settings.jobs.above,
            action_url=view.get_url(".undo_view"),
            next=view.get_url("users.index_view"),
        )

    def refused(self) -> Response:
        """Return the file of those who would be left alone."""
        return self._looked().file(f"undo-of-{self.change_set_id}-left-alone.csv")

    def run(self, back: str, reason: str = "") -> str:
        """Take it back, or give in a job that does; return where to go then."""
        try:
            counted = self._looked().counted
            if counted.users > self.panel.settings.jobs.above:
                order = Order(TakeBack(self.change_set_id), Changed(self.change_set_id, counted), counted, reason)
                job_id = self.panel.jobs.submit(self.session, self.actor, order)
                return f"/jobs/show/?id={job_id}"
            change = undo_of(self.session, self.change_set_id)
            self._tell(self.panel.engine.run(self.session, self.actor, change, Changed(self.change_set_id, counted), reason=reason))
        except NotFound:
            raise
        except Refusal as refusal:
            flash(f"{refusal} ({refusal.code})", "error")
        return back

    def _looked(self) -> Looked:
        """Return what would become of whom; nobody in sight is as good as no such run."""
        looked = Looked(undo_of(self.session, self.change_set_id), Changed(self.change_set_id))
        if not looked.counted.users:
            raise NotFound
        return looked

    def _tell(self, result: Result) -> None:
        if result.changed:
            done = ngettext("%(num)s user is as before again.", "%(num)s users are as before again.", result.changed)
            flash(done, f"success undo-{result.change_set_id}")
        if result.refused:
            sentences = list(dict.fromkeys(f"{refused.refusal} ({refused.code})" for refused in result.refusals))[:REASONS]
            head = ngettext("%(num)s was left alone.", "%(num)s were left alone.", result.refused)
            flash(" ".join([head, *sentences]), f"warning change-{result.change_set_id}" if result.change_set_id else "warning")
        if not result.changed and not result.refused:
            flash(gettext("Everybody is as before already."), "info")
