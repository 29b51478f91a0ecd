"""What it takes to ask whether somebody may do something at a unit, beside a look-up in a dict by the same three."""

from statistics import median
from timeit import repeat

from bo_panel.bootstrap import Panel
from bo_panel.domain.units import UnitPath
from bo_panel.queries.access import access_of
from tests.benchmarks.figures import Figure
from tests.benchmarks.stage import Somebody

TIMES = 200_000
ROUNDS = 9


def permitted(panel: Panel, somebody: Somebody) -> Figure:
    """Return the figure of a check of somebody's access that was asked for before, as for each row of a list."""
    with panel.session() as session:
        access = access_of(session, somebody.user_id, panel.registry, panel.clock.now())
    path = UnitPath(f"{somebody.top}7/")
    there = {"access": access, "path": path, "known": {("users", "edit", path.text): access.allows("users", "edit", path)}, "text": path.text}
    sides = ('known["users", "edit", text]', 'access.allows("users", "edit", path)')
    base, check = (median(repeat(side, globals=there, number=TIMES, repeat=ROUNDS)) / TIMES * 1_000_000 for side in sides)
    return Figure("a permission check", "a look-up in a dict by resource, level and unit", base, check, "µs", 5)
