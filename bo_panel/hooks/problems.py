"""What is wrong with the plugins, told all at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a plugin: where (hook, item, field), what, and what to do about it."""

    plugin: str
    hook: str = ""
    item: str = ""
    field: str = ""
    wrong: str
    remedy: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """Return the problem as one line."""
        place = " › ".join(part for part in (self.plugin, self.hook, self.item, self.field) if part)
        return _on_one_line(" ".join(part for part in (f"{place}:", self.wrong, self.remedy, self.hint) if part))


def _on_one_line(text: str) -> str:
    """Return a text as it is, what would break its line, or cannot be written, as Python writes it."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


class PluginError(Exception):
    """The plugins cannot be used together; `problems` has every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take all the problems of all plugins at once."""
        self.problems = tuple(problems)
        count = len(self.problems)
        title = "The plugins have a problem." if count == 1 else f"The plugins have {count} problems."
        super().__init__("\n".join((title, *(f"  {problem}" for problem in self.problems))))
