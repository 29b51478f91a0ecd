"""The values that actions of plugins set, held against the fields before anybody acts."""

from collections.abc import Iterator, Mapping

from bo_panel.domain.errors import Invalid
from bo_panel.domain.profile_fields import FieldType, ProfileField, bound_together
from bo_panel.hooks.core import Declared, all_of, of_their_owners
from bo_panel.hooks.on_users import Action
from bo_panel.hooks.problems import Problem
from bo_panel.services.changes.profile_values import stored_value


def value_problems(region: str, everything: list[Declared]) -> Iterator[Problem]:
    """Yield the values of actions that the declared fields do not take; `region` is the country of telephone numbers that name none."""
    fields = {field.key: field for field in all_of(of_their_owners(everything), ProfileField)}
    for part in everything:
        for action in part.of(Action):
            for key in action.values.keys() & fields.keys():
                refusal = _refusal(region, fields[key], action.values)
                if refusal:
                    wrong = f"{key} does not take that."
                    yield Problem(plugin=part.plugin, hook="bo_actions", item=action.key, field="values", wrong=wrong, remedy=refusal)


def _refusal(region: str, field: ProfileField, values: Mapping[str, str]) -> str:
    if field.unique or field.type is FieldType.IMAGE:
        return ""  # which is told where no value is looked at
    try:
        bound_together([field], values)
        stored_value(region, field, values[field.key], values.get(field.depends_on))
    except Invalid as refusal:
        return str(refusal)
    return ""
