"""Names of people in many scripts, and of units, drawn from `names.toml`."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

LONGEST = 120


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, and in the letters of a user name."""

    native: str
    ascii: str


@dataclass(frozen=True, slots=True)
class Script:
    """The given and the family names of one script."""

    name: str
    given: tuple[Name, ...]
    family: tuple[Name, ...]


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))


@cache
def scripts() -> tuple[tuple[Script, ...], tuple[int, ...]]:
    """Return the scripts, and their weights added up."""
    found = _file()["scripts"]
    all_scripts = tuple(Script(script["name"], _names(script["given"]), _names(script["family"])) for script in found)
    return all_scripts, tuple(accumulate(script["weight"] for script in found))


@cache
def words(key: str) -> tuple[str, ...]:
    """Return the words for units under this key, such as `cities`."""
    return tuple(_spaced(word) for word in _file()["units"][key].split())


def long_unit_name() -> str:
    """Return a name of a unit that is nearly too long."""
    return str(_file()["units"]["long"])


def draw_name(random: Random) -> tuple[Name, Name]:
    """Return a given and a family name of one script."""
    all_scripts, weights = scripts()
    [script] = random.choices(all_scripts, cum_weights=weights)
    return random.choice(script.given), random.choice(script.family)


def stretched(name: str) -> str:
    """Return a name that is as long as a name may be, made of this one."""
    return f"{name}-{'-'.join([name] * (LONGEST // (len(name) + 1)))}"[:LONGEST].rstrip("- ").ljust(LONGEST, "a")


class UserNames:
    """Hands out user names, each of them once."""

    def __init__(self) -> None:
        """Start with all names free."""
        self._used: Counter[str] = Counter()

    def take(self, wanted: str) -> str:
        """Return the name that is wanted, with a number behind it when it is taken."""
        self._used[wanted] += 1
        taken = self._used[wanted]
        return wanted if taken == 1 else f"{wanted}{taken}"


def user_name_for(given: Name, family: Name, random: Random) -> str:
    """Return a user name in one of the styles that people use."""
    style = random.randrange(4)
    if style == 0:
        return f"{given.ascii[0]}{family.ascii}"
    return f"{family.ascii}_{given.ascii}" if style == 1 else f"{given.ascii}.{family.ascii}"


def _names(text: str) -> tuple[Name, ...]:
    pairs = (entry.partition(":") for entry in text.split())
    return tuple(Name(_spaced(native), plain) for native, _, plain in pairs)


def _spaced(text: str) -> str:
    return text.replace("_", " ")
