"""What plugins add to units: settings of each of them, and what is worked out of one and kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bo_panel.domain.profile_fields import FieldType, ProfileField


@dataclass(frozen=True, slots=True)
class UnitSetting:
    """Something that is set for a unit as a whole, by whoever may change the unit."""

    key: str
    label: str
    unit_kinds: tuple[str, ...]
    """The kinds whose units have it."""
    type: FieldType = FieldType.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    """What there is to choose, for `one_of` and `several_of`."""
    depends_on: str = ""
    """The key of the country that the choices of a `state` belong to."""
    help: str = ""

    @property
    def field(self) -> ProfileField:
        """The same as a field of a form: it is typed, checked and stored like one of a profile."""
        return ProfileField(
            self.key,
            self.label,
            self.type,
            self.required,
            choices=self.choices,
            depends_on=self.depends_on,
            help=self.help,
            unit_kinds=self.unit_kinds,
        )


@dataclass(frozen=True, slots=True)
class UnitSnapshot:
    """What a plugin is told of one unit; a copy that nothing happens to."""

    id: int
    name: str
    kind: str
    path: str
    """The ids from the root to the unit: `/1/7/42/`."""
    settings: Mapping[str, str]
    """What is set of it, as it is stored, by key; what is not set is left out."""
    at: datetime
    """The moment of looking."""


@dataclass(frozen=True, slots=True)
class CacheDomain:
    """Something that is worked out of a unit once, and kept until somebody clears it there or above, or it is too old."""

    key: str
    label: str
    load: Callable[[UnitSnapshot, Session], object] = field(repr=False)
    """Works it out. The session reads, and is nobody else's; what is returned must not hang on it, nor be changed afterwards."""
    description: str = ""
    minutes: int = 60
    """How long it is kept at most."""
