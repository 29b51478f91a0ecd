"""Reads off the trail what a run did, and whether all of it can be taken back."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bo_panel.domain.accounts import LIMITS
from bo_panel.domain.errors import NotFound, NotUndoable, StillRunning
from bo_panel.domain.jobs import UNFINISHED
from bo_panel.domain.lifecycle import MOVES, Status
from bo_panel.models import AuditEvent, ChangeSet, Job, Undo
from bo_panel.queries.profile_fields import key_of
from bo_panel.services.changes.access_at_home import EVENT as CHANGED
from bo_panel.services.changes.undo.restore import EVENT, RestoreUsers
from bo_panel.services.changes.undo.told import Told, text

EDITED = "users.edited"
BACK = frozenset({EVENT, EDITED, "access.granted", "access.revoked", CHANGED, *(move.event for move in MOVES.values())})
"""The events that tell all that is needed for the way back."""
BESIDE = {"user_name": ("user_name_key",), "email": ("email_key", "email_deliverable")}
"""What is stored, and told, beside a field."""
COLUMNS = frozenset({*LIMITS, *(column for columns in BESIDE.values() for column in columns)})
INSTEAD: Mapping[str, str] = {
    "users.created": "Disable or delete the accounts that were added.",
    "users.pictured": "A picture is not kept once another takes its place, or it is removed: choose it again in the form of the user.",
    "account.password_changed": "A password is never kept; set a new one.",
    "units.created": "The places that were added stay.",
    "units.renamed": "Rename the place again.",
    "units.moved": "Move the place back.",
    "units.settings_edited": "Set it again; the audit log has what it was before.",
    "caches.cleared": "It is worked out anew when it is looked at.",
    "features.switched_on": "Switch the feature off again.",
    "features.switched_off": "Switch the feature on again.",
    "roles.created": "Remove the role, as long as nobody holds it.",
    "roles.edited": "The audit log has what the role gave before; set it so again.",
    "roles.removed": "The audit log has what the role gave; add it again.",
    "profile_fields.added": "Remove the field again.",
    "profile_fields.edited": "Edit the field again.",
    "profile_fields.moved": "Move the field back.",
    "profile_fields.removed": "Bring the field back on the page where it was removed.",
    "profile_fields.brought_back": "Remove the field again.",
    "profile_fields.purged": "What was stored in it is gone.",
    "jobs.cancelled": "Give the job in again.",
}
"""What can be done instead of taking back what these events tell of."""


def undo_of(session: Session, change_set_id: int) -> RestoreUsers:
    """Return the change that takes a run back.

    Raises NotFound for no such run, StillRunning for one that goes on, NotUndoable for one of another sort.
    """
    roles = [text(told, "role") for told in (AuditEvent.before, AuditEvent.after)]
    statuses = [text(told, "status") for told in (AuditEvent.before, AuditEvent.after)]
    going = select(func.max(Job.id)).where(Job.change_set_id == change_set_id, Job.state.in_(UNFINISHED)).scalar_subquery()
    what = select(AuditEvent.event, AuditEvent.step, *roles, *statuses, going.label("job")).select_from(ChangeSet)
    what = what.outerjoin(AuditEvent, AuditEvent.change_set_id == ChangeSet.id).where(ChangeSet.id == change_set_id).distinct()
    found = session.execute(what).all()
    if not found:
        raise NotFound
    if found[0].job is not None:
        raise StillRunning(job=found[0].job)
    rows = [tuple(row)[:-1] for row in found if row.event is not None]
    _check({row[0] for row in rows})
    return RestoreUsers(
        told=Told(
            change_set_id=change_set_id,
            steps=tuple(sorted({row[1] for row in rows})),
            taken=frozenset(row[2] for row in rows if row[2]),
            given=frozenset(row[3] for row in rows if row[3]),
            found=frozenset(Status(row[4]) for row in rows if row[4]),
            left=frozenset(Status(row[5]) for row in rows if row[5]),
            columns=_columns(session, change_set_id) if any(not any(row[2:]) for row in rows) else (),
        )
    )


def check_undoable(session: Session, change_set_id: int) -> None:
    """Raise NotUndoable for a run of a sort that cannot be taken back; one statement."""
    _check(set(session.scalars(select(AuditEvent.event).where(AuditEvent.change_set_id == change_set_id).distinct())))


def _check(events: Collection[str]) -> None:
    found = sorted(set(events) - BACK)
    if found or not events:
        raise NotUndoable(instead=next((INSTEAD[event] for event in found if event in INSTEAD), "Look at what was changed, and change it by hand."))


def _columns(session: Session, change_set_id: int) -> tuple[str, ...]:
    """Return the columns that a run set: those that are told of by the run that it takes back, where it is one that does."""
    origin = change_set_id
    while (undoes := session.scalar(select(Undo.undoes_id).where(Undo.change_set_id == origin))) is not None:
        origin = undoes
    edited = (AuditEvent.change_set_id == origin, AuditEvent.event == EDITED)
    first = select(func.min(AuditEvent.id)).where(*edited).group_by(AuditEvent.step)
    told: list[Mapping[str, Any]] = list(session.scalars(select(AuditEvent.before).where(AuditEvent.id.in_(first))))
    columns = frozenset(told[0]) if len(told) == 1 else frozenset()
    beside = {name for field in columns for name in BESIDE.get(field, ())}
    if not columns or {name for name in columns - COLUMNS if not key_of(name)} or beside - columns:
        raise NotUndoable(instead="Look at what was changed, and change it by hand.")
    return tuple(sorted(columns))
