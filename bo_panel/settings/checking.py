"""What is wrong with a layer by itself, and with settings that do not go together."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from bo_panel.settings.fields import choices, known_keys, siblings
from bo_panel.settings.layers import Layer, variable
from bo_panel.settings.model import Settings
from bo_panel.settings.problems import Problem
from bo_panel.settings.suggestion import nearest


def problems_of(layer: Layer) -> Iterator[Problem]:
    """Yield what is wrong with one layer, whatever the others say: unknown keys and bad values."""
    try:
        Settings.model_validate(layer.table)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            place = tuple(part for part in found["loc"] if part != "[key]")
            yield Problem(layer.source, dotted(place), wording(found["type"], found["msg"]), _hint(layer, place, found))


def dotted(place: Sequence[str | int]) -> str:
    """Return a place as people write it: `demo.tree[0].kind`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def wording(kind: str, message: str) -> str:
    """Return what is wrong in our words; pydantic's messages hold no value."""
    if kind == "extra_forbidden":
        return "there is no such setting."
    if kind in ("model_type", "model_attributes_type", "dict_type", "mapping_type"):
        return "must be a table."
    if kind == "tuple_type":
        return "must be a list."
    if kind == "missing":
        return "is missing."
    return message.removeprefix("Value error, ").replace("Input should", "must").replace("String should", "must") + "."


def _hint(layer: Layer, place: Sequence[str | int], found: Any) -> str:
    if found["type"] == "extra_forbidden":
        meant = _meant(place)
        as_variable = layer.is_variable and meant in known_keys()
        return f"Did you mean {variable(meant) if as_variable else meant}?" if meant else ""
    if found["type"] == "literal_error" and isinstance(found["input"], str):
        value = nearest(found["input"], choices(place))
        return f"Did you mean {value}?" if value else ""
    return ""


def _meant(place: Sequence[str | int]) -> str | None:
    name = str(place[-1])
    beside = nearest(name, siblings(place))
    if beside:
        return dotted((*place[:-1], beside))
    elsewhere = [key for key in known_keys() if key.rpartition(".")[2] == name]
    return elsewhere[0] if elsewhere else None


def _generated_too_short(settings: Settings) -> bool:
    return settings.passwords.generated_length < settings.passwords.shortest


def _page_size_not_offered(settings: Settings) -> bool:
    return settings.users.page_size not in settings.users.page_sizes


def _idle_longer_than_all(settings: Settings) -> bool:
    return settings.sign_in.session_idle_minutes > settings.sign_in.session_absolute_hours * 60


def _no_name_to_sign_in_with(settings: Settings) -> bool:
    return settings.sign_in.by == ("email",) and not settings.users.email_required


TOGETHER: tuple[tuple[Callable[[Settings], bool], str, str], ...] = (
    (_generated_too_short, "passwords.generated_length", "must not be smaller than passwords.shortest."),
    (_page_size_not_offered, "users.page_size", "must be one of users.page_sizes."),
    (_idle_longer_than_all, "sign_in.session_idle_minutes", "must not be longer than sign_in.session_absolute_hours."),
    (_no_name_to_sign_in_with, "users.email_required", 'must be true, because sign_in.by is only "email".'),
)
"""What must hold between settings: when it does not, the key that is named, and why."""


def problems_between(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong between settings that are each right by themselves."""
    for is_broken, key, wrong in TOGETHER:
        if is_broken(settings):
            yield Problem(settings.source_of(key), key, wrong)
