"""What a command of a plugin works with."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Desk(Protocol):
    """What the panel does for a command of a plugin; it is the `obj` of the command's context (`@click.pass_obj`)."""

    def unit_called(self, name: str) -> int:
        """Return the id of the one unit with this name, or with this id; raise a Refusal that says what to do otherwise."""

    def add_records(self, page: str, unit_id: int, records: Sequence[Mapping[str, str]]) -> int:
        """Add records of the page with this key to a unit, all or none, and return how many; each is what one would type, by field.

        Raises RecordsRefused with everything that is wrong with any of them.
        """
