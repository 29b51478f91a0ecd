"""Everything that is no page of the list: one figure beside its base, and the goal for what stands between them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

HEAD = ("work", "measured against", "base", "bo_panel", "ratio", "goal", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of bo_panel and of its base, in one unit."""

    work: str
    against: str
    base: float
    panel: float
    unit: str
    most: float | None = None
    """The highest ratio that is good; None where the figure is only told."""

    @property
    def ratio(self) -> float:
        """How many times the base it is."""
        return self.panel / self.base

    @property
    def reached(self) -> bool:
        """Whether the goal is reached, where there is one."""
        return self.most is None or self.ratio <= self.most

    def line(self) -> tuple[str, ...]:
        """Return the cells of a table."""
        goal, verdict = ("", "") if self.most is None else (f"≤ {self.most:g}", "met" if self.reached else "NOT REACHED")
        return (self.work, self.against, f"{self.base:.2f} {self.unit}", f"{self.panel:.2f} {self.unit}", f"{self.ratio:.2f}", goal, verdict)


def in_turn(sides: Sequence[Callable[[], object]], rounds: int, warm: int = 1) -> list[list[float]]:
    """Return the milliseconds of each call of each side; they are called in turn, forwards and backwards alternately."""
    times: list[list[float]] = [[] for _side in sides]
    for turn in range(-warm, rounds):
        for place in _order(len(sides), turn):
            start = perf_counter()
            sides[place]()
            if turn >= 0:
                times[place].append((perf_counter() - start) * 1000)
    return times


def middles(sides: Sequence[Callable[[], object]], rounds: int, warm: int = 1) -> list[float]:
    """Return the median milliseconds of each side, called in turn."""
    return [median(times) for times in in_turn(sides, rounds, warm)]


def _order(count: int, turn: int) -> Iterator[int]:
    yield from range(count) if turn % 2 else reversed(range(count))
