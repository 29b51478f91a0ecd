"""Moments as people read them."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask_babel import ngettext

from bo_panel.models import NEVER
from bo_panel.web.translating import gettext, language

STEPS = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Said:
    """A moment: how long ago, for machines, and exactly."""

    text: str
    iso: str
    exact: str


def said(moment: datetime, now: datetime) -> Said:
    """Return a moment in words; one that never was says so."""
    if moment == NEVER:
        return Said(gettext("Never"), "", "")
    return Said(_ago(*_steps(now, moment), language()), moment.isoformat(timespec="seconds"), exactly(moment))


def exactly(moment: datetime) -> str:
    """Return a moment to the second; '' for one that never was."""
    return "" if moment == NEVER else f"{moment.isoformat(' ', 'seconds')[:19]} UTC"


def _steps(now: datetime, moment: datetime) -> tuple[str, int]:
    seconds = (now - moment).total_seconds()
    return next(((unit, int(seconds // length)) for unit, length in STEPS if seconds >= length), ("", 0))


@lru_cache(maxsize=1_000)
def _ago(unit: str, count: int, _language: str) -> str:
    sentences = {
        "year": lambda: ngettext("%(num)s year ago", "%(num)s years ago", count),
        "month": lambda: ngettext("%(num)s month ago", "%(num)s months ago", count),
        "day": lambda: ngettext("%(num)s day ago", "%(num)s days ago", count),
        "hour": lambda: ngettext("%(num)s hour ago", "%(num)s hours ago", count),
        "minute": lambda: ngettext("%(num)s min ago", "%(num)s min ago", count),
        "": lambda: gettext("Just now"),
    }
    return str(sentences[unit]())
