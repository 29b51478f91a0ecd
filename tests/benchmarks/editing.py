"""The form of a user in a deployment with many units, against a page of the same weight written by hand, with its SELECTs.

The raw form is the page of bo_panel as literal text; what stands in the database is filled in: the names and numbers in the
fields, the home, the status, the roles on offer, the units where the role is held, and the token.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from flask import Flask, Response, abort, request, session
from jinja2 import Environment
from markupsafe import escape
from sqlalchemy import func, select

from bo_panel.app.factory import create_app
from bo_panel.bootstrap import Panel
from bo_panel.domain.lifecycle import Status
from bo_panel.models import Grant, Unit, User
from bo_panel.web.current import db
from tests.benchmarks.figures import Figure
from tests.benchmarks.measuring import Pages, in_turn, sql_time
from tests.benchmarks.raw import HEADERS, Driver, person_of
from tests.benchmarks.raw_sql import RawPage
from tests.benchmarks.stage import Somebody

ONE = """
SELECT u.id, u.user_name, u.first_name, u.last_name, u.email, u.email_deliverable, u.phone, u.status, u.last_sign_in, u.created_at, u.home_id, u.version,
    t.name AS home_name, t.path AS home_path, t.kind AS home_kind FROM "user" u JOIN unit t ON t.id = u.home_id WHERE u.id = {id} AND u.deleted_at IS NULL
"""
HELD = """
SELECT g.role_key, x.id, x.name, x.kind, x.path, g.expires_at FROM "grant" g JOIN unit x ON x.id = g.unit_id
WHERE g.user_id = {id} AND (g.expires_at IS NULL OR g.expires_at > {now}) ORDER BY x.sort_name, g.id
"""
OFFERED = "SELECT r.key, r.label, r.levels, r.unit_kinds FROM role r JOIN \"user\" u ON u.id = {id} JOIN unit t ON t.id = u.home_id WHERE r.unit_id IN (1, t.id)"
FIELDS = ("user_name", "first_name", "last_name", "email", "phone", "version")


@dataclass(frozen=True, slots=True)
class RawForm:
    """The raw program for the form of one user."""

    driver: Driver
    now: object

    def app(self, page: str, stored: dict[str, str]) -> Flask:
        """Return the application that answers with a page like this one, in which these values stand."""
        app = Flask("raw_form")
        app.secret_key = "raw" * 12
        template = Environment(autoescape=True).from_string(holed(page, stored))

        @app.get("/users/edit/")
        def form() -> Response:
            person = person_of(self.driver)
            [row] = self._rows(ONE) or abort(404)
            held, offered = self._rows(HELD), self._rows(OFFERED)
            self.driver.done()
            token = session.setdefault("token", secrets.token_urlsafe(24))
            return Response(template.render(u=row, held=held, offered=offered, token=token, me=person), headers=HEADERS)

        return app

    def _rows(self, statement: str) -> list[dict[str, object]]:
        mark = "%({})s" if self.driver.name == "postgresql" else ":{}"
        values = {"id": int(request.args["id"]), "now": self.now}
        used = {name: value for name, value in values.items() if "{" + name + "}" in statement}
        return list(self.driver.rows(RawPage(statement.format(**{name: mark.format(name) for name in used}), used), prepare=True))


def holed(page: str, stored: dict[str, str]) -> str:
    """Return the template: the page as literal text, with a hole wherever a stored value or a token stands."""
    text = "{% raw %}" + page + "{% endraw %}"
    text = re.sub(r'(name="csrf_token" value="|name="csrf-token" content=")[^"]*', lambda found: found[1] + _hole("token"), text)
    for field, value in stored.items():
        if value:
            shown = re.escape(str(escape(value)))
            text = re.sub(rf"(?<=[>\"]){shown}(?=[<\"])", lambda _found, field=field: _hole(f"u.{field}"), text)  # type: ignore[misc]
    return text


def _hole(name: str) -> str:
    return "{% endraw %}{{ " + name + " }}{% raw %}"


def edited(panel: Panel, driver: Driver, somebody: Somebody, rounds: int) -> Iterator[Figure]:
    """Yield the figure of the form of somebody who holds a role at several units, as it is shown to an owner."""
    now = panel.clock.now()
    with panel.session() as opened:
        several = select(Grant.user_id).where(Grant.expires_at.is_(None)).group_by(Grant.user_id).having(func.count() == 4)
        users = select(User.id, *(getattr(User, name) for name in FIELDS), Unit.name.label("home_name")).join(Unit, Unit.id == User.home_id)
        row = opened.execute(users.where(User.status == Status.ACTIVE, User.id.in_(several.limit(50)), User.id != somebody.user_id).limit(1)).one()
        units = opened.scalar(select(func.count()).select_from(Unit)) or 0
    address = f"/users/edit/?id={row.id}"
    bo_panel = Pages(create_app(panel), f"bo_session={somebody.token}")
    body = bo_panel.get(address)
    stored = {name: str(getattr(row, name) or "") for name in (*FIELDS[:-1], "home_name")}
    raw = Pages(RawForm(driver, driver.moment(now)).app(body.decode(), stored), bo_panel.cookie).settled(address)
    bo_panel = bo_panel.settled(address)
    times = in_turn(address, raw, bo_panel, rounds)
    with bo_panel.app.app_context():
        _sql, statements = sql_time(db.engine, lambda: bo_panel.get(address))
    kilobytes = [len(side.get(address)) / 1000 for side in (raw, bo_panel)]
    work = f"edit form, {units:,} units, {statements} statements, {kilobytes[1]:.0f} kB"
    yield Figure(work, f"a page of {kilobytes[0]:.0f} kB by hand with 4 statements", median(times[0]), median(times[1]), "ms", 3)
