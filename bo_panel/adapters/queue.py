"""The messenger: huey carries word to the workers, through Redis where there is one, else through a file of its own.

A message says only that there is something to do; what that is stands in the database. So nothing is lost when none arrives.
"""

from collections.abc import Callable
from pathlib import Path

import structlog
from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger()

SECONDS = 0.3
"""How long Redis is waited for, and not asked again: a dead one must not hold up a page."""
READ = 1
"""How many seconds a worker waits at Redis for a message."""


def queue_of(name: str, redis: str, folder: Path, secret: str) -> Huey:
    """Return the queue of a deployment; with no address of Redis it is a file in `folder`."""
    serializer = SignedSerializer(secret=secret)
    if redis:
        waits = {"socket_timeout": SECONDS + READ, "socket_connect_timeout": SECONDS, "retry": Retry(NoBackoff(), 0)}
        pool = ConnectionPool.from_url(redis, **waits)
        return RedisHuey(f"bo_{name}", connection_pool=pool, blocking=True, read_timeout=READ, results=False, serializer=serializer)
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(f"bo_{name}", filename=str(folder / "queue.db"), results=False, serializer=serializer, timeout=SECONDS)


class HueyMessenger:
    """Wakes the workers, and is what a worker listens to."""

    def __init__(self, make: Callable[[], Huey]) -> None:
        """Take what makes the queue; it is made when it is first needed."""
        self._make = make
        self._huey: Huey | None = None
        self._listeners: list[Callable[[], None]] = []

    def wake(self) -> None:
        """Send word; a queue that cannot be reached is logged, and the workers find out by themselves."""
        try:
            self._look()
        except Exception as problem:
            log.warning("queue.unreachable", problem=type(problem).__name__)

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` in a thread whenever word comes, for as long as this process lives."""
        self._listeners.append(listener)
        consumer = _Quiet(self._queue(), workers=1, periodic=False, check_worker_health=False, initial_delay=0.2, max_delay=2.0)
        consumer.start()

    def _look(self) -> None:
        self._queue()
        self._task()

    def _queue(self) -> Huey:
        if self._huey is None:
            self._huey = self._make()
            self._task = self._huey.task(name="look")(self._heard)
        return self._huey

    def _heard(self) -> None:
        for listener in self._listeners:
            listener()


class _Quiet(Consumer):  # type: ignore[misc]
    """A consumer inside another process, whose signals are none of its business."""

    def _set_signal_handlers(self) -> None:
        pass
