"""What `bo doctor` says of what goes on behind the pages: Redis, workers, jobs, what plugins are told, backups. None of it stops the panel."""

from datetime import datetime, timedelta

from bo_panel.adapters.queue import trouble_with
from bo_panel.bootstrap.backups import last_backup
from bo_panel.cli.finding import Finding
from bo_panel.cli.workplace import Workplace
from bo_panel.jobs.chores import PRESENCE
from bo_panel.queries.outbox import outbox_standing
from bo_panel.queries.upkeep import GRACE, done_last, job_in_hand, jobs_standing


def redis(workplace: Workplace) -> Finding:
    """Return whether Redis answers, where there is to be one."""
    settings = workplace.settings()
    if not settings.redis.url:
        return Finding("redis", "ok", "not used")
    trouble = trouble_with(settings.redis.url)
    if trouble is None:
        return Finding("redis", "ok", "answers")
    every = settings.jobs.look_every_seconds
    return Finding("redis", "warn", f"unreachable ({trouble}). Jobs begin up to {every:g} seconds later until it is back; check REDIS_URL")


def worker(workplace: Workplace) -> Finding:
    """Return whether somebody does the jobs."""
    panel = workplace.panel()
    with panel.session() as session:
        seen, busy = done_last(session, PRESENCE), job_in_hand(session, panel.clock.now())
    now, name = panel.clock.now(), panel.settings.deployment.name
    if busy:
        return Finding("worker", "ok", "one has a job in hand")
    when = f"one was last seen {_ago(now, seen)}" if seen else "none was ever seen"
    if panel.settings.jobs.in_process:
        return Finding("worker", "ok", f"bo serve does the jobs too; {when}")
    if seen is None or now - seen > GRACE:
        return Finding("worker", "warn", f"{when}, and jobs.in_process is false. Run: bo -d {name} worker")
    return Finding("worker", "ok", when)


def jobs(workplace: Workplace) -> Finding:
    """Return whether any job got stuck or failed."""
    panel = workplace.panel()
    now = panel.clock.now()
    with panel.session() as session:
        found = jobs_standing(session, now)
    said = []
    if found.waiting:
        said.append(f"{found.waiting} waiting, the first of them given in {_ago(now, found.since)}: is there a worker, and is its log quiet?")
    if found.stuck:
        said.append(f"{found.stuck} left by a worker that died: the next worker takes them up")
    if found.failed:
        said.append(f"{found.failed} failed in the last days, such as job {found.newest}: the log of the worker says why")
    return Finding("jobs", "warn" if said else "ok", "; ".join(said) or "none is stuck, none failed lately")


def outbox(workplace: Workplace) -> Finding:
    """Return whether the plugins were told what was done."""
    panel = workplace.panel()
    now, name = panel.clock.now(), panel.settings.deployment.name
    with panel.session() as session:
        found = outbox_standing(session, panel.host.listeners, now)
    said = []
    if found.waiting:
        said.append(f"{found.waiting} waiting, the first of them since {_ago(now, found.since)}")
    if found.failing:
        said.append(f"{found.failing} tried again later: a plugin failed")
    if found.dead:
        said.append(f"{found.dead} given up")
    if found.orphans:
        said.append(f"{found.orphans} for plugins that are not in use")
    if not said:
        return Finding("outbox", "ok", "nothing waits for long" if panel.host.listeners else "no plugin listens")
    return Finding("outbox", "warn", f"{'; '.join(said)}. See: bo -d {name} outbox list")


def backups(workplace: Workplace) -> Finding:
    """Return whether the last backup is as young as it should be."""
    settings = workplace.settings()
    days, name = settings.housekeeping.backup_days, settings.deployment.name
    if not days:
        return Finding("backups", "ok", "not looked at (housekeeping.backup_days is 0)")
    last, now = last_backup(settings), workplace.panel().clock.now()
    if last is None:
        return Finding("backups", "warn", f"none was made on this machine. Run: bo -d {name} db backup")
    if now - last > timedelta(days=days):
        return Finding("backups", "warn", f"the last one was made {_ago(now, last)}. Run: bo -d {name} db backup")
    return Finding("backups", "ok", f"the last one was made {_ago(now, last)}")


def _ago(now: datetime, then: datetime) -> str:
    minutes = max(0, round((now - then).total_seconds() / 60))
    for size, word in ((24 * 60, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {word} ago"
    return f"{minutes} minutes ago"
