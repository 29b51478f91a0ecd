"""Where a unit stands in the tree: paths made of unit ids, and the range that is a subtree."""

from collections.abc import Iterable
from typing import Self

ROOT_KIND = "root"


class UnitPath(str):
    """The ids from the root to a unit, as text: `/1/7/42/`.

    Built from ids, so that renaming a unit moves nothing. It is a text itself, as hundreds are compared and looked up for a page.
    """

    __slots__ = ()

    @property
    def text(self) -> str:
        """The path as a plain text, such as a database takes."""
        return str(self)

    @classmethod
    def of(cls, *ids: int) -> Self:
        """Return the path through these unit ids, root first."""
        return cls("/" + "".join(f"{unit_id}/" for unit_id in ids))

    def child(self, unit_id: int) -> "UnitPath":
        """Return the path of a unit directly below this one."""
        return UnitPath(f"{self}{unit_id}/")

    @property
    def ids(self) -> tuple[int, ...]:
        """The unit ids from the root to this unit."""
        return tuple(int(part) for part in self.strip("/").split("/") if part)

    @property
    def end(self) -> str:
        """The first text after the subtree: a unit is inside if `text <= its path < end`."""
        return self[:-1] + "0"  # "0" follows "/" in every byte order

    def covers(self, other: "UnitPath") -> bool:
        """Return whether `other` is this unit or lies below it.

        A grant reaches down and never up; siblings that share a prefix (`/1/7/`, `/1/70/`) do not cover one another.
        """
        return other.startswith(self)


def minimal(paths: Iterable[UnitPath]) -> tuple[UnitPath, ...]:
    """Return the fewest paths that cover the same units, in order."""
    kept: list[UnitPath] = []
    for path in sorted(set(paths)):
        if not (kept and kept[-1].covers(path)):
            kept.append(path)
    return tuple(kept)


def shared(paths: Iterable[UnitPath], others: Iterable[UnitPath]) -> tuple[UnitPath, ...]:
    """Return the fewest paths that cover the units covered by both."""
    found = tuple(others)
    return minimal(max(path, other) for path in paths for other in found if path.covers(other) or other.covers(path))
