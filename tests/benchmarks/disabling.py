"""Disabling a hundred thousand users with their audit rows, and what it would do, against statements written by hand.

Both sides write the same rows into the same tables under the same indexes: the change set, an audit event for each user, the
status and the version of each user, and the end of his sessions. What was done is taken back in between, uncounted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, func, select, text, update

from bo_panel.bootstrap import Panel
from bo_panel.domain.actors import Actor
from bo_panel.domain.lifecycle import MOVES, Status
from bo_panel.hooks.host import Host
from bo_panel.models import AuditEvent, ChangeSet, User
from bo_panel.queries.access import access_of
from bo_panel.queries.users import Wanted, matching
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import MoveUsers
from bo_panel.services.engine import Counted, Engine, Matching
from bo_panel.services.engine.transaction import WRITES
from tests.benchmarks.figures import Figure, middles
from tests.benchmarks.stage import Somebody, cleaned

MANY = 100_000
PART = 5_000
DISABLE = MoveUsers(move=MOVES["disable"])

OPENED = """
INSERT INTO change_set (at, actor_id, actor_name, door, change, reason, selected, changed, refused)
VALUES (:now, :actor, 'raw', 'web', 'users.disable', '', 0, 0, 0) RETURNING id
"""
CHOSEN = """u.id > :after AND u.id <= :upto AND u.status = 'active' AND u.deleted_at IS NULL AND u.id <> :actor{inside}"""
INSIDE = """ AND u.home_id IN (SELECT id FROM unit WHERE path >= :low AND path < :high)"""
UPTO = """SELECT max(id) FROM (SELECT u.id FROM "user" u WHERE {chosen} ORDER BY u.id LIMIT :part) AS part"""
EVENT = "at, change_set_id, step, actor_id, actor_name, event, user_id, unit_id, before, after"
IN_ONE = """
WITH gone AS (UPDATE "user" u SET status = 'disabled', deleted_at = NULL, version = version + 1 WHERE {chosen} RETURNING u.id, u.home_id),
told AS (INSERT INTO audit_event ({event}) SELECT :now, :change_set, 0, :actor, 'raw', 'users.disabled', id, home_id,
    json_build_object('status', 'active'), json_build_object('status', 'disabled') FROM gone),
ended AS (DELETE FROM session WHERE user_id IN (SELECT id FROM gone))
SELECT count(*) FROM gone
"""
ONE_BY_ONE = (
    """INSERT INTO audit_event ({event}) SELECT :now, :change_set, 0, :actor, 'raw', 'users.disabled', u.id, u.home_id,
    json_object('status', 'active'), json_object('status', 'disabled') FROM "user" u WHERE {chosen}""",
    """DELETE FROM session WHERE user_id IN (SELECT u.id FROM "user" u WHERE {chosen})""",
    """UPDATE "user" AS u SET status = 'disabled', deleted_at = NULL, version = version + 1 WHERE {chosen}""",
)
COUNTED = "UPDATE change_set SET selected = selected + :done, changed = changed + :done WHERE id = :change_set"
SCAN = """
SELECT u.status, count(*), count(DISTINCT u.id), max(u.version), max(x.path) FROM "user" u JOIN "grant" g ON g.user_id = u.id JOIN unit x ON x.id = g.unit_id
WHERE {chosen} AND (g.expires_at IS NULL OR g.expires_at > :now) GROUP BY u.status
"""


@dataclass(frozen=True, slots=True)
class Task:
    """Whom to disable, and as whom: the first so many active users whom somebody has at home in his subtree."""

    panel: Panel
    somebody: Somebody
    actor: Actor
    selection: Matching

    @classmethod
    def of(cls, panel: Panel, somebody: Somebody, many: int = MANY) -> "Task":
        """Return the task, for as many users as there are at most."""
        now, name = panel.clock.now(), panel.database.dialect.name
        with panel.session() as session:
            actor = Actor(somebody.user_id, "measured", access_of(session, somebody.user_id, panel.registry, now))
            wanted = Wanted(statuses=(Status.ACTIVE,))
            scope = Scope(actor.access.reach("users", "view"))
            chosen = select(User.id).where(User.deleted_at.is_(None), *matching(scope, wanted, now, name)).order_by(User.id).limit(many).subquery()
            users, upto = session.execute(select(func.count(), func.max(chosen.c.id))).one()
        return cls(panel, somebody, actor, Matching(wanted, Counted(users, upto)))

    @property
    def engine(self) -> Engine:
        """The change engine, without plugins that have to be asked."""
        return replace(self.panel.engine, host=Host(self.panel.registry))

    def by_bo_panel(self) -> None:
        """Disable them through the change engine."""
        with self.panel.session() as session:
            self.engine.run(session, self.actor, DISABLE, self.selection)

    def by_hand(self, part: int) -> None:
        """Disable them with statements written by hand, so many in a transaction."""
        values = {"now": self._now, "actor": self.actor.user_id, "part": part, **self._inside}
        with self._writing() as connection:
            change_set = connection.scalar(text(OPENED), values)
            after = 0
            while upto := self._upto(connection, {**values, "after": after}):
                done = self._part(connection, {**values, "after": after, "upto": upto, "change_set": change_set})
                connection.execute(text(COUNTED), {"done": done, "change_set": change_set})
                connection.commit()
                after = upto

    def taken_back(self) -> int:
        """Make them active again, and return how many there were; nobody counts the time."""
        with self._writing() as connection:
            last = connection.scalar(select(func.max(ChangeSet.id)))
            theirs = select(AuditEvent.user_id).where(AuditEvent.change_set_id == last)
            done = connection.execute(update(User).where(User.id.in_(theirs)).values(status=Status.ACTIVE)).rowcount
            connection.commit()
        cleaned(self.panel)
        return done

    def preview(self) -> None:
        """Ask what would become of them."""
        with self.panel.session() as session:
            self.engine.preview(session, self.actor, DISABLE, self.selection).result()

    def scan(self) -> None:
        """Read the same rows once: the users, what they hold, and where."""
        values = {"now": self._now, "actor": 0, "after": 0, "upto": self._last, **self._inside}
        with self.panel.database.connect() as connection:
            connection.execute(text(SCAN.format(chosen=self._chosen)), values).all()

    def _part(self, connection: Connection, values: dict[str, Any]) -> int:
        if connection.dialect.name == "postgresql":
            return int(connection.scalar(text(IN_ONE.format(chosen=self._chosen, event=EVENT)), values) or 0)
        done = [connection.execute(text(statement.format(chosen=self._chosen, event=EVENT)), values).rowcount for statement in ONE_BY_ONE]
        return done[0]

    def _upto(self, connection: Connection, values: dict[str, Any]) -> int | None:
        found: int | None = connection.scalar(text(UPTO.format(chosen=self._chosen)), {**values, "upto": self._last})
        return found

    def _writing(self) -> Connection:
        return self.panel.database.connect().execution_options(**{WRITES: True})

    @property
    def _now(self) -> Any:
        now = self.panel.clock.now()
        return f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if self.panel.database.dialect.name == "sqlite" else now

    @property
    def _last(self) -> int:
        assert self.selection.counted is not None
        return self.selection.counted.high_water

    @property
    def _chosen(self) -> str:
        return CHOSEN.format(inside=INSIDE if self._inside else "")

    @property
    def _inside(self) -> dict[str, str]:
        top = self.somebody.top
        return {} if top == "/1/" else {"low": top, "high": top[:-1] + "0"}


def disabled(task: Task, rounds: int) -> Iterator[Figure]:
    """Yield how long it takes beside statements in parts as large, and beside one transaction for all."""
    sides = (task.by_bo_panel, lambda: task.by_hand(PART), lambda: task.by_hand(MANY))
    times: list[list[float]] = [[], [], []]
    counts: list[int] = [0, 0, 0]
    for turn in range(rounds):
        for place in (0, 1, 2) if turn % 2 else (1, 0, 2):
            start = perf_counter()
            sides[place]()
            times[place].append(perf_counter() - start)
            counts[place] = task.taken_back()
    panel, parts, once = (median(found) for found in times)
    work = f"disable {counts[0]:,} with audit, as {task.somebody.title}"
    yield Figure(work, f"by hand, {PART:,} at a time ({counts[1]:,} users)", parts, panel, "s", 1.5)
    yield Figure(work, f"by hand, in one transaction ({counts[2]:,} users)", once, panel, "s")


def previewed(task: Task, rounds: int) -> Iterator[Figure]:
    """Yield how long the preview takes beside one scan of the same rows."""
    scan, preview = middles((task.scan, task.preview), rounds)
    assert task.selection.counted is not None
    work = f"preview of disabling {task.selection.counted.users:,}, as {task.somebody.title}"
    yield Figure(work, "one scan of the same users, their grants and the units of these", scan, preview, "ms", 3)
