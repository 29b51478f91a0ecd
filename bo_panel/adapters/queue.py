"""The messenger: huey carries word to the workers, through Redis where there is one, else through a file of its own.

A message says only that there is something to do; what that is stands in the database. So nothing is lost when none arrives.
"""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import structlog
from huey import Huey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger()

SECONDS = 0.3
"""How long Redis is waited for, and not asked again: a dead one must not hold up a page."""
READ = 1
"""How many seconds a worker waits at Redis for a message."""
PAUSE = 0.5
"""How many seconds pass between two looks into a file, or at a queue that cannot be reached."""


def queue_of(name: str, redis: str, folder: Path, secret: str) -> Huey:
    """Return the queue of a deployment; with no address of Redis it is a file in `folder`."""
    serializer = SignedSerializer(secret=secret)
    if redis:
        return RedisHuey(f"bo_{name}", connection_pool=_pool(redis), blocking=True, read_timeout=READ, results=False, serializer=serializer)
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(f"bo_{name}", filename=str(folder / "queue.db"), results=False, serializer=serializer, timeout=SECONDS)


def trouble_with(redis: str) -> str | None:
    """Return in a line why Redis cannot be reached, or None when it answers."""
    try:
        with Redis(connection_pool=_pool(redis)) as client:
            client.ping()
    except (RedisError, ValueError) as problem:
        return " ".join(str(problem).split()).rstrip(".") or type(problem).__name__
    return None


def _pool(redis: str) -> ConnectionPool:
    waits = {"socket_timeout": SECONDS + READ, "socket_connect_timeout": SECONDS, "retry": Retry(NoBackoff(), 0)}
    return ConnectionPool.from_url(redis, **waits)


class HueyMessenger:
    """Wakes the workers, and is what a worker waits at."""

    def __init__(self, make: Callable[[], Huey]) -> None:
        """Take what makes the queue; it is made when it is first needed."""
        self._make = make
        self._huey: Huey | None = None
        self._away = False

    def wake(self) -> None:
        """Send word; a queue that cannot be reached is logged, and the workers find out by themselves."""
        try:
            self._queue()
            self._task()
            self._reached()
        except Exception as problem:
            self._unreachable(problem)

    def heard(self, seconds: float) -> bool:
        """Wait for word for about so many seconds, and return whether it came.

        Only who has nothing to do waits here, so that no word ends up with somebody busy. A queue that cannot be reached is
        sat out: whoever waits looks for jobs by himself afterwards.
        """
        began = monotonic()
        try:
            word = self._queue().storage.dequeue()
            self._reached()
        except Exception as problem:
            self._unreachable(problem)
            word = None
        if word is None:
            sleep(max(0.0, min(seconds - (monotonic() - began), PAUSE)))
        return word is not None

    def _queue(self) -> Huey:
        if self._huey is None:
            self._huey = self._make()
            self._task = self._huey.task(name="look")(_look)
        return self._huey

    def _unreachable(self, problem: Exception) -> None:
        """Say so once, and not again before it was reached in between."""
        if not self._away:
            log.warning("queue.unreachable", problem=type(problem).__name__)
        self._away = True

    def _reached(self) -> None:
        if self._away:
            log.info("queue.reached")
        self._away = False


def _look() -> None:
    """Stand for the message in the queue; what there is to do is looked up in the database."""
