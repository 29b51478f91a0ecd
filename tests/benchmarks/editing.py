"""The form of a user in a deployment with many units, against a page of the same words and weight written by hand, with its SELECTs."""

import re
from collections.abc import Iterator
from statistics import median

from sqlalchemy import func, select

from bo_panel.app.factory import create_app
from bo_panel.bootstrap import Panel
from bo_panel.domain.lifecycle import Status
from bo_panel.models import Grant, Unit, User
from bo_panel.web.current import db
from tests.benchmarks.figures import Figure
from tests.benchmarks.measuring import Pages, in_turn, sql_time
from tests.benchmarks.raw import Driver
from tests.benchmarks.raw_form import RawForm
from tests.benchmarks.stage import Somebody

TRIED = 20
"""How many users are tried: the raw form knows nothing of one role at all accounts, nor of several roles."""


def edited(panel: Panel, driver: Driver, somebody: Somebody, rounds: int) -> Iterator[Figure]:
    """Yield the figure of the form of somebody who holds a role at several units, as it is shown to an owner."""
    with panel.session() as opened:
        several = select(Grant.user_id).where(Grant.expires_at.is_(None)).group_by(Grant.user_id).having(func.count() == 4)
        users = select(User.id).where(User.status == Status.ACTIVE, User.id.in_(several.limit(50)), User.id != somebody.user_id)
        user_ids = opened.scalars(users.limit(TRIED)).all()
        units = opened.scalar(select(func.count()).select_from(Unit)) or 0
    cookie, app = f"bo_session={somebody.token}", create_app(panel)
    for user_id in user_ids:
        address = f"/users/edit/?id={user_id}"
        bo_panel = Pages(app, cookie).settled(address)
        try:
            raw = Pages(RawForm(driver, panel.clock.now()).app(bo_panel.get(address).decode()), cookie).settled(address)
            _check_same(*(side.get(address).decode() for side in (raw, bo_panel)))
            break
        except ValueError as problem:
            differs = problem
    else:
        raise differs
    times = in_turn(address, raw, bo_panel, rounds)
    with bo_panel.app.app_context():
        engine = db.engine
    _sql, statements = sql_time(engine, lambda: bo_panel.get(address))  # outside, or who asks would be known from the time before
    kilobytes = [len(side.get(address)) / 1000 for side in (raw, bo_panel)]
    work = f"edit form, {units:,} units, {statements} statements, {kilobytes[1]:.0f} kB"
    yield Figure(work, f"a page of {kilobytes[0]:.0f} kB by hand with 4 statements", median(times[0]), median(times[1]), "ms", 3)


def _check_same(*pages: str) -> None:
    """Raise unless the pages say the same, but for tokens and for spaces between marks."""
    raw, panel = (re.sub(r'((?:value|content)=")[\w.-]{30,}|\s+(?=<)|(?<=>)\s+', r"\1", page) for page in pages)
    if raw != panel:
        place = next(at for at, pair in enumerate(zip(raw + "\0", panel + "\1", strict=False)) if pair[0] != pair[1])
        raise ValueError(f"the raw form differs: {raw[place - 80 : place + 80]!r} instead of {panel[place - 80 : place + 80]!r}")
