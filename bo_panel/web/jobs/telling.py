"""Jobs and refusals as they are told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import ngettext

from bo_panel.domain.errors import ROW_REFUSALS
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import MOVES, Move
from bo_panel.domain.tabular import Format
from bo_panel.jobs.tasks import ActOnThem, ExportThem, task_of
from bo_panel.web.current import panel
from bo_panel.web.moments import Said, said
from bo_panel.web.translating import gettext

FORMATS = {Format.CSV: "CSV", Format.XLSX: "Excel", Format.JSONL: "JSON Lines"}


@dataclass(frozen=True, slots=True)
class Told:
    """A job, ready to print."""

    id: int
    title: str
    state: str
    state_label: str
    going: bool
    done: int
    all: int
    percent: int
    who: str
    begun: Said
    counts: str
    reason: str
    refusal: str
    refusal_code: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some were left alone, how many, and a few of them by name."""

    code: str
    sentence: str
    users: int
    names: Sequence[str] = ()


def told(row: Any, now: datetime) -> Told:
    """Return what is told of a job."""
    done = min(row.selected, row.expected) if not row.state.over else row.selected
    return Told(
        id=row.id,
        title=title_of(row),
        state=row.state.value,
        state_label=_states()[row.state] if not (row.cancel_asked and not row.state.over) else gettext("Stopping"),
        going=not row.state.over,
        done=done,
        all=max(row.expected, done, 1),
        percent=100 if row.state is JobState.DONE else min(100 * done // max(row.expected, 1), 100),
        who=row.actor_name,
        begun=said(row.created_at, now),
        counts=counts_of(row),
        reason=row.reason,
        refusal=row.told or "",
        refusal_code=row.refusal or "",
    )


def tray_entry(job: Told, url: str) -> Mapping[str, Any]:
    """Return a job as the tray in the top bar shows it."""
    how = gettext("%(done)s of %(all)s", done=f"{job.done:,}", all=f"{job.all:,}")
    line = f"{job.state_label} · {how}" if job.going else f"{job.state_label} · {job.counts}"
    return {"id": job.id, "title": job.title, "line": line, "state": job.state, "going": job.going, "percent": job.percent, "url": url}


def title_of(row: Any) -> str:
    """Return what a job does, in words."""
    task = task_of(row.task)
    if isinstance(task, ActOnThem):
        return _title_of_action(task.action, row.expected)
    if isinstance(task, ExportThem):
        count, written_as = f"{row.expected:,}", FORMATS[task.sheet.format]
        return ngettext("Export %(shown)s user as %(format)s", "Export %(shown)s users as %(format)s", row.expected, shown=count, format=written_as)
    return gettext("Take back change %(id)s", id=task.change_set_id)


def _title_of_action(key: str, count: int) -> str:
    if key in MOVES:
        return verb(MOVES[key], count)
    found = panel().registry.actions.get(key)
    label = found.label if found else gettext("%(key)s (left by a plugin that is not installed)", key=key)
    return ngettext("%(label)s: %(shown)s user", "%(label)s: %(shown)s users", count, label=label, shown=f"{count:,}")


def verb(move: Move, count: int) -> str:
    """Return a move of so many as a heading."""
    return {
        "disable": ngettext("Disable %(shown)s user", "Disable %(shown)s users", count, shown=f"{count:,}"),
        "enable": ngettext("Enable %(shown)s user", "Enable %(shown)s users", count, shown=f"{count:,}"),
        "archive": ngettext("Archive %(shown)s user", "Archive %(shown)s users", count, shown=f"{count:,}"),
        "restore": ngettext("Restore %(shown)s user", "Restore %(shown)s users", count, shown=f"{count:,}"),
        "delete": ngettext("Delete %(shown)s user", "Delete %(shown)s users", count, shown=f"{count:,}"),
    }[move.key]


def counts_of(row: Any) -> str:
    """Return how many were changed, already so, and left alone; or written into a file."""
    if isinstance(task_of(row.task), ExportThem):
        return ngettext("%(shown)s user written", "%(shown)s users written", row.selected, shown=f"{row.selected:,}")
    same = row.selected - row.changed - row.refused
    parts = [gettext("%(n)s changed", n=f"{row.changed:,}")]
    parts += [gettext("%(n)s already so", n=f"{same:,}")] if same else []
    parts += [gettext("%(n)s left alone", n=f"{row.refused:,}")] if row.refused else []
    return ", ".join(parts)


def reasons_of(codes: Mapping[str, int], reasons: Mapping[str, str | None], names: Iterable[tuple[str, str]] = ()) -> list[Reason]:
    """Return the reasons by how many they hold for; `names` are pairs of code and name."""
    found = [(code, count, [name for of, name in names if of == code]) for code, count in codes.items()]
    ordered = sorted(found, key=lambda each: (-each[1], each[0]))
    return [Reason(code, str(ROW_REFUSALS[code](reason=reasons.get(code) or "")), count, few) for code, count, few in ordered]


def _states() -> Mapping[JobState, str]:
    return {
        JobState.WAITING: gettext("Waiting"),
        JobState.RUNNING: gettext("Running"),
        JobState.DONE: gettext("Done"),
        JobState.CANCELLED: gettext("Cancelled"),
        JobState.STOPPED: gettext("Stopped"),
        JobState.FAILED: gettext("Failed"),
    }
