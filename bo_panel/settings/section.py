"""What every table of the configuration has in common: frozen, closed, silent about its values."""

from collections.abc import Hashable
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_Item = TypeVar("_Item", bound=Hashable)


class Section(BaseModel):
    """A table whose keys are all known; what is wrong with it is told without the values in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _distinct(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    if len(set(items)) != len(items):
        raise ValueError("names something twice")
    return items


Distinct = AfterValidator(_distinct)
"""For a list in which nothing may stand twice."""

Count = Annotated[int, Field(ge=1)]
"""A number of at least one."""

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""A short lower-case name, such as that of a plugin."""
