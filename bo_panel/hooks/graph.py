"""Who needs whom: an order that respects it, and the circles in which there is none."""

from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def cycles(needs: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """Return every circle, each as the names on the way round; the first name stands at the end again."""
    found: list[tuple[str, ...]] = []
    left = {name: set(needed) for name, needed in needs.items()}
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle = tuple(reversed(error.args[1]))
            found.append(circle)
            left = {name: needed - set(circle) for name, needed in left.items() if name not in circle}
        else:
            return tuple(found)


def ordered(names: Iterable[str], needs: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the names so that each stands after those it needs, and otherwise as given.

    What is needed and not among the names is left out of account, and so is what stands in a circle.
    """
    waiting = list(names)
    done: list[str] = []
    while waiting:
        free = (name for name in waiting if not any(needed in waiting for needed in needs.get(name, ()) if needed != name))
        chosen = next(free, waiting[0])
        waiting.remove(chosen)
        done.append(chosen)
    return tuple(done)
