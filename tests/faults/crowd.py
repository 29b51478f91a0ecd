"""Whom the jobs are about: an area full of people, most of whom change, some are so already, and some are refused."""

from dataclasses import dataclass

from sqlalchemy import bindparam, text

from bo_panel.domain.access import MEMBER, OWNER
from bo_panel.domain.actors import Actor
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import UnitPath
from bo_panel.models.base import Moment
from bo_panel.models.user import NEVER
from bo_panel.queries.users import Wanted
from bo_panel.services.engine import writing
from bo_panel.testing import World
from bo_panel.testing.world import ROOT_ID

ALREADY, SUPERIOR, HOLY = 50, 97, 101
"""One of so many is disabled already, is above the actor, is one whom a plugin objects to."""
FIRST = 1_000
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
NAME = f"CASE WHEN i % {HOLY} = 0 THEN 'holy.' ELSE 'leaver.' END || i"
STATUS = f"CASE WHEN i % {ALREADY} = 0 THEN 'disabled' ELSE 'active' END"
PERSON = 'INSERT INTO "user" (id, home_id, user_name, user_name_key, sort_name, status, created_at, last_sign_in)'
GRANT = f'INSERT INTO "grant" (user_id, unit_id, role_key, source, away, created_at) {NUMBERS} SELECT i, :area,'
NOW, LONG_AGO = bindparam("now", type_=Moment()), bindparam("never", type_=Moment())
PEOPLE = text(f"{PERSON} {NUMBERS} SELECT i, :area, {NAME}, {NAME}, {NAME}, {STATUS}, :now, :never FROM n").bindparams(NOW, LONG_AGO)
MEMBERS = text(f"{GRANT} '{MEMBER}', 'admin', false, :now FROM n").bindparams(NOW)
OWNERS = text(f"{GRANT} '{OWNER}', 'admin', false, :now FROM n WHERE i % {SUPERIOR} = 0").bindparams(NOW)


@dataclass(frozen=True, slots=True)
class Crowd:
    """An area, who acts in it, and everybody there by id with the status that they begin with."""

    area: int
    boss: int
    began: dict[int, Status]
    kept: frozenset[int]
    """Whom nobody shuts out: the actor himself, those above him, and those whom the plugin keeps."""

    @property
    def wanted(self) -> Wanted:
        return Wanted(beneath=UnitPath.of(ROOT_ID, self.area))

    @property
    def last(self) -> int:
        return max(self.began)

    @property
    def refused(self) -> frozenset[int]:
        """Who is refused when all are disabled; the plugin is not asked about those who are so already."""
        return frozenset(user_id for user_id in self.kept if self.began[user_id] is Status.ACTIVE or user_id % SUPERIOR == 0)

    def to_change(self) -> frozenset[int]:
        """Whom it takes a change to disable."""
        return frozenset(user_id for user_id, status in self.began.items() if status is Status.ACTIVE) - self.kept

    def actor(self, world: World) -> Actor:
        return world.actor(self.boss)


def planted(world: World, size: int) -> Crowd:
    """Plant the area, with `size` people of whom one acts."""
    area = world.unit("Area", kind="grove.area")
    boss = world.user("boss", ("grove.admin", area), id=FIRST, home=area)
    ids = range(FIRST + 1, FIRST + size)
    began = {user_id: Status.DISABLED if user_id % ALREADY == 0 else Status.ACTIVE for user_id in ids}
    kept = {user_id for user_id in ids if user_id % SUPERIOR == 0 or user_id % HOLY == 0}
    numbers = {"first": ids[0], "last": ids[-1], "area": area, "now": world.now, "never": NEVER}
    with writing(world.session):
        for statement in (PEOPLE, MEMBERS, OWNERS):
            world.session.execute(statement, {name: value for name, value in numbers.items() if f":{name}" in statement.text})
    if world.panel.database.dialect.name == "postgresql":
        with world.panel.database.connect() as connection:
            connection.execute(text("ANALYZE"))  # as the server does by itself after a while
    return Crowd(area, boss, {boss: Status.ACTIVE, **began}, frozenset({boss, *kept}))
