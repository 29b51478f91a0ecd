"""What is wrong with a configuration, told all at once and without the values in it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it was written, which setting, what about it, and what was perhaps meant."""

    source: str
    key: str
    wrong: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the problem as one line."""
        parts = (f"{self.source}:", f"{self.key}:" if self.key else "", self.wrong, self.hint)
        return " ".join(part for part in parts if part)


class SettingsError(Exception):
    """The configuration cannot be used; `problems` has every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take all the problems at once."""
        self.problems = tuple(problems)
        count = len(self.problems)
        title = "The configuration has a problem." if count == 1 else f"The configuration has {count} problems."
        super().__init__("\n".join((title, *(f"  {problem}" for problem in self.problems))))
