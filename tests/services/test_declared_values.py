"""What actions of plugins set is held against the fields when the panel starts."""

import pytest

from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.hooks.core import Declared
from bo_panel.hooks.on_users import Action
from bo_panel.services.changes.declared_values import value_problems

FIELDS = (
    ProfileField("a.hat", "Hat", FieldType.ONE_OF, choices=("Cap", "None")),
    ProfileField("a.mail", "Mail", FieldType.EMAIL),
    ProfileField("a.phone", "Phone", FieldType.PHONE),
    ProfileField("a.country", "Country", FieldType.COUNTRY),
    ProfileField("a.state", "State", FieldType.STATE, depends_on="a.country"),
    ProfileField("a.till", "Till", required=True),
)
WRONG = {
    "a.hat": ({"a.hat": "Fez"}, "Choose one of those on offer."),
    "a.mail": ({"a.mail": "nobody"}, "Enter an e-mail address in the form name@example.com."),
    "a.phone": ({"a.phone": "12"}, "Enter a telephone number with its country, for example +44 20 7946 0018."),
    "a.country": ({"a.country": "Atlantis"}, "Choose a country of the list."),
    "a.state": ({"a.state": "DE-BY", "a.country": "FR"}, "Choose a state of the country that is chosen."),
    "a.state alone": ({"a.state": "DE-BY"}, "It depends on another field. Give both."),
    "a.till": ({"a.till": " "}, "Enter something here."),
}


def told(values: dict[str, str]) -> list[str]:
    action = Action("a.x", "X", title_one="?", title_many="?", values=values)
    return [str(problem) for problem in value_problems("GB", [Declared(plugin="a", items={ProfileField: FIELDS, Action: (action,)})])]


@pytest.mark.parametrize("case", WRONG)
def test_a_value_that_its_field_does_not_take_is_told(case: str) -> None:
    values, remedy = WRONG[case]

    assert told(values) == [f"a › bo_actions › a.x › values: {case.partition(' ')[0]} does not take that. {remedy}"]


def test_all_of_them_are_told_at_once() -> None:
    assert len(told({"a.mail": "nobody", "a.phone": "12", "a.hat": "Fez"})) == 3


def test_what_the_fields_take_is_no_problem() -> None:
    assert told({"a.mail": "ann@example.com", "a.phone": "020 7946 0018", "a.country": "DE", "a.state": "DE-BY", "a.hat": "Cap"}) == []


def test_a_field_with_the_key_of_another_plugin_is_not_what_is_looked_at() -> None:
    action = Action("a.x", "X", title_one="?", title_many="?", values={"a.till": "Left"})
    strange = Declared(plugin="b", items={ProfileField: (ProfileField("a.till", "Till", FieldType.EMAIL),)})
    own = Declared(plugin="a", items={ProfileField: FIELDS, Action: (action,)})

    assert list(value_problems("GB", [own, strange])) == []
