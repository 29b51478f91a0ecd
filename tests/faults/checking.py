"""What must hold whatever went wrong: everybody changed is on the trail, once by each run, and each step follows from the one before."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bo_panel.domain.lifecycle import MOVES, Status
from bo_panel.models import AuditEvent, ChangeSet, Job, RefusedRow, User
from tests.faults.crowd import Crowd

COUNTS = ("selected", "changed", "refused")


@dataclass(frozen=True, slots=True)
class Account:
    """What a job did, counted in the tables themselves."""

    job: Job
    changed: Sequence[int]
    """The users on its trail; one row each, if all is well."""
    refused: frozenset[int]


def account_of(session: Session, job_id: int) -> Account:
    """Return what a job did."""
    session.rollback()
    job = session.get_one(Job, job_id, populate_existing=True)
    changed = session.scalars(select(AuditEvent.user_id).where(AuditEvent.change_set_id == job.change_set_id)).all()
    refused = session.scalars(select(RefusedRow.user_id).where(RefusedRow.change_set_id == job.change_set_id)).all()
    return Account(job, [user_id or 0 for user_id in changed], frozenset(refused))


def assert_sound(session: Session, crowd: Crowd, *job_ids: int) -> list[Account]:
    """Assert everything that must hold of these jobs, which are all that ever changed the crowd, and return their accounts."""
    accounts = [account_of(session, job_id) for job_id in job_ids]
    for account in accounts:
        _assert_counts(session, account)
        _assert_bounds(account, crowd)
    _assert_chains(session, crowd)
    return accounts


def _assert_counts(session: Session, account: Account) -> None:
    """Changed rows are audit rows are distinct users, and the job counts what its run counts."""
    job = account.job
    change_set = session.get(ChangeSet, job.change_set_id, populate_existing=True) if job.change_set_id else ChangeSet(**dict.fromkeys(COUNTS, 0))
    assert change_set is not None
    assert {name: getattr(job, name) for name in COUNTS} == {name: getattr(change_set, name) for name in COUNTS}
    twice = [user_id for user_id, times in Counter(account.changed).items() if times > 1]
    assert twice == []
    assert (job.changed, job.refused) == (len(account.changed), len(account.refused))
    assert job.selected >= job.changed + job.refused


def _assert_bounds(account: Account, crowd: Crowd) -> None:
    """Nobody is both changed and refused, nobody was added later, nobody is from elsewhere."""
    touched = {*account.changed, *account.refused}
    assert not account.refused & set(account.changed)
    assert touched <= set(crowd.began)
    assert max(touched, default=0) <= crowd.last


def _assert_chains(session: Session, crowd: Crowd) -> None:
    """Each user has as many versions more as runs changed him, and each event begins where the one before it ended."""
    steps, runs = _steps(session), _runs(session)
    for user_id, status, version in session.execute(select(User.id, User.status, User.version).where(User.id.in_(_span(crowd)))):
        assert version == 1 + runs.get(user_id, 0), (user_id, version, steps[user_id])
        was = crowd.began[user_id].value
        for before, after in steps[user_id]:
            assert before == was != after, (user_id, steps[user_id])
            was = after
        assert was == status.value, (user_id, steps[user_id])


def _steps(session: Session) -> Mapping[int, list[tuple[str, str]]]:
    """Return the status before and after each move, in order, by user."""
    rows = select(AuditEvent.user_id, AuditEvent.before, AuditEvent.after).order_by(AuditEvent.id)
    steps: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for user_id, before, after in session.execute(rows.where(AuditEvent.event.in_([move.event for move in MOVES.values()]))):
        steps[user_id].append((before["status"], after["status"]))
    return steps


def _runs(session: Session) -> Mapping[int, int]:
    """Return how many runs changed each user; a run may leave several events, of several grants."""
    runs = func.count(AuditEvent.change_set_id.distinct())
    found = session.execute(select(AuditEvent.user_id, runs).where(AuditEvent.event.not_like("account.%")).group_by(AuditEvent.user_id))
    return {user_id: count for user_id, count in found if user_id is not None}


def _span(crowd: Crowd) -> Any:
    return select(User.id).where(User.home_id == crowd.area, User.id <= crowd.last)


def with_status(session: Session, crowd: Crowd, status: Status) -> frozenset[int]:
    """Return who of the crowd has a status now."""
    session.rollback()
    return frozenset(session.scalars(select(User.id).where(User.home_id == crowd.area, User.id <= crowd.last, User.status == status)))
