"""Pages over tables of plugins: what does not fit together is told before anything starts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bo_panel.hooks.host import Host

Write = Callable[..., Path]
Problems = Callable[..., list[str]]

MODELS = """
from sqlalchemy import Date, Boolean, ForeignKey, MetaData, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from bo_panel.sdk import RecordColumns, plugin_base, unit_reference, user_reference

Base = plugin_base("a")

class Guest(RecordColumns, Base):
    __tablename__ = "p_a_guest"
    __table_args__ = (UniqueConstraint("badge_key", "shop_id"), UniqueConstraint("pin_key"))
    shop_id: Mapped[int] = unit_reference()
    host_id: Mapped[int | None] = user_reference()
    surname: Mapped[str] = mapped_column(String(40))
    card: Mapped[str | None] = mapped_column(String(40))
    since: Mapped[str | None] = mapped_column(Date)
    number: Mapped[int | None]
    badge: Mapped[str | None] = mapped_column(String(40))
    badge_key: Mapped[str | None] = mapped_column(String(800))
    pin: Mapped[str | None] = mapped_column(String(40))
    pin_key: Mapped[str | None] = mapped_column(String(800))
    format: Mapped[int | None] = user_reference()
    size: Mapped[str | None] = mapped_column(String(40))

class Strict(RecordColumns, Base):
    __tablename__ = "p_a_strict"
    shop_id: Mapped[int] = unit_reference()
    surname: Mapped[str] = mapped_column(String(40))
    colour: Mapped[str] = mapped_column(String(40))

class Plain(Base):
    __tablename__ = "p_a_plain"
    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int]
"""
SOURCE = """
from bo_panel.sdk import *
from .models import Guest, Plain, Strict

class A(Plugin):
    meta = PluginMeta(name="a", version="1.0.0", api=">=1.0,<2")

    @hookimpl
    def bo_unit_kinds(self):
        yield UnitKind("a.shop", "Shop", "Shops")

    @hookimpl
    def bo_roles(self):
        yield Role("a.host", "Host", {{}}, ("a.shop",))

    @hookimpl
    def bo_pages(self):
        good = dict(key="a.guests", label="Guests", singular="Guest", model=Guest, unit="shop_id", unit_kinds=("a.shop",), name=("surname",))
        good |= dict(fields=(ProfileField("surname", "Surname"),), view="users:view", edit="users:edit")
        yield ModelPage(**good | dict({wrong}))
"""
WRONG = {
    "key='guests'": 'guests › key: must start with "a.". Use lower-case letters, digits and _, as in a.something.',
    "key='a.guests.of.today'": "a.guests.of.today › key: has more than one dot. Call it a.guests_of_today.",
    "label=' '": "a.guests › label: is empty. Say what people shall read.",
    "unit='shop'": "a.guests › unit: the table has no column 'shop'. Did you mean shop_id?",
    "unit='number'": "a.guests › unit: number does not refer to a unit. Make it with unit_reference() of the SDK.",
    "unit_kinds=('a.shp',)": "a.guests › unit_kinds: there is no unit kind 'a.shp'. Did you mean a.shop?",
    "unit_kinds=()": "a.guests › unit_kinds: is empty, so that no record could belong anywhere. Name at least one kind.",
    "model=str": "a.guests › model: is no model of this plugin's own. Make it on plugin_base('a'), with RecordColumns.",
    "model=Plain, fields=()": "a.guests › model: has no version, sort_key, document. Let it inherit RecordColumns of the SDK.",
    "model=Strict": "a.guests › model: colour cannot be empty, and no field of the page fills it in. Add a field, or let it be empty.",
    "model='Guest'": "a.guests › model: must be a type.",
    "name=('surnme',)": "a.guests › name: there is no field 'surnme'. Did you mean surname?",
    "name=()": "a.guests › name: is empty. Name the fields that a record is called by.",
    "sort=('surnam',)": "a.guests › sort: there is no field 'surnam'. Did you mean surname?",
    "filters=('surname',), fields=(ProfileField('surname', 'Surname', FieldType.LONG_TEXT),)": (
        "a.guests › filters: a list is not narrowed by a long_text. Take surname out."
    ),
    "view='users:viwe'": "a.guests › view: users has no level 'viwe'; it has view, edit, create, delete. Did you mean view?",
    "edit='user:edit'": "a.guests › edit: there is no resource 'user'. Did you mean users?",
    "view=''": "a.guests › view: '' names no level. Write it as resource:level, such as users:view.",
    "icon='tabel'": "a.guests › icon: there is no icon 'tabel' in lucide. Did you mean table?",
    "columns='surname'": "a.guests › columns: must be a list.",
    "people=(PersonField(key='host_id', label='Host', roles=('a.hst',)),)": "a.guests › people: there is no role 'a.hst'. Did you mean a.host?",
    "singular=' '": "a.guests › singular: is empty. Say what one record is called.",
    "samples=-1": "a.guests › samples: must be from 0 to 1000. Say how many a demonstration makes up for each unit.",
    "samples=10**9": "a.guests › samples: must be from 0 to 1000. Say how many a demonstration makes up for each unit.",
    "people=(PersonField(key='host_id', label=' ', roles=('a.host',)),)": "a.guests › people: host_id has no label. Say what people shall read.",
    "people=(PersonField(key='host_id', label='Host', roles=()),)": (
        "a.guests › people: host_id has no roles, so that nobody could be chosen. Name at least one."
    ),
    "people=(PersonField(key='format', label='Host', roles=('a.host',)),)": (
        "a.guests › people: format is a name that the list uses itself. Call the column otherwise."
    ),
    "people=(PersonField(key='number', label='Host', roles=('a.host',)),)": (
        "a.guests › people: number does not refer to a user. Make it with user_reference() of the SDK."
    ),
}
ONLY_PROFILES = " ".join(
    [
        "card asks for what only a user's profile has.",
        "Leave out state, image, several_of, view, edit, unit_kinds and personal; the page says who sees its records.",
    ]
)
NO_CONSTRAINT = " ".join(
    [
        "pin is unique, and no constraint of the table says so of pin_key and shop_id.",
        "Add UniqueConstraint('shop_id', 'pin_key') to the model and its migration.",
    ]
)
FIELDS = {
    "'surnme', 'X'": "the table has no column 'surnme' to fill in. Did you mean surname?",
    "'document', 'X'": "document is a name that the list uses itself. Call the column otherwise.",
    "'size', 'X'": "size is a name that the list uses itself. Call the column otherwise.",
    "'csrf_token', 'X'": "csrf_token is a name that the list uses itself. Call the column otherwise.",
    "'card', ' '": "card has no label. Say what people shall read.",
    "'card', 'X', unique=True": "card is unique, and there is no column card_key. Add one, unique together with the unit.",
    "'pin', 'X', unique=True": NO_CONSTRAINT,
    "'card', 'X', FieldType.DATE": "card is a date, and its column holds str. Change one of the two.",
    "'since', 'X'": "since is a text, and its column holds date. Change one of the two.",
    "'card', 'X', FieldType.ONE_OF": "card › choices: must be different words, one at least. Say what there is to choose.",
    "'card', 'X', view='users:edit'": ONLY_PROFILES,
    "'card', 'X', FieldType.IMAGE": ONLY_PROFILES,
    "'card', 'X', FieldType.SEVERAL_OF, choices=('A', 'B')": ONLY_PROFILES,
    "'surname', 'X'": "surname stands there twice. Name each column once.",
}


def written(write: Write, wrong: str) -> None:
    folder = write("a", source=SOURCE.format(wrong=wrong))
    (folder / "models.py").write_text(MODELS)


def test_a_page_that_fits_is_compiled(write: Write, host: Callable[..., Host]) -> None:
    written(write, "sort=('surname',), people=(PersonField(key='host_id', label='Host', roles=('a.host',)),), filters=('host_id',)")

    page = host("a").registry.pages["a.guests"]
    assert (page.endpoint, page.needs("view"), page.needs("delete")) == ("a-guests", ("users", "view"), ("users", "edit"))


@pytest.mark.parametrize(("wrong", "told"), WRONG.items(), ids=WRONG)
def test_a_page_that_does_not_fit_is_told(wrong: str, told: str, write: Write, problems: Problems) -> None:
    written(write, wrong)

    assert f"a › bo_pages › {told}" in problems("a")


@pytest.mark.parametrize(("field", "told"), FIELDS.items(), ids=FIELDS)
def test_a_field_that_does_not_fit_is_told(field: str, told: str, write: Write, problems: Problems) -> None:
    written(write, f"fields=(ProfileField('surname', 'Surname'), ProfileField({field}))")

    assert f"a › bo_pages › a.guests › fields: {told}" in problems("a")


def test_what_tells_records_apart_fits_with_a_constraint_of_its_key_and_the_unit(write: Write, host: Callable[..., Host]) -> None:
    written(write, "fields=(ProfileField('surname', 'Surname'), ProfileField('badge', 'Badge', unique=True))")

    assert host("a").registry.pages["a.guests"].by_key["badge"].unique


def test_pages_of_two_plugins_are_called_differently_whatever_their_keys(write: Write, host: Callable[..., Host]) -> None:
    for name in ("a", "a_b"):
        source = SOURCE.format(wrong="").replace("class A(", f"class {name.title().replace('_', '')}(").replace('name="a"', f'name="{name}"')
        key = {"a": "a.b_c", "a_b": "a_b.c"}[name]
        source = source.replace('"a.guests"', f'"{key}"').replace("a.shop", f"{name}.shop").replace("a.host", f"{name}.host")
        models = MODELS.replace('plugin_base("a")', f'plugin_base("{name}")').replace("p_a_", f"p_{name}_")
        (write(name, source=source) / "models.py").write_text(models)

    assert {page.endpoint for page in host("a", "a_b").registry.pages.values()} == {"a-b_c", "a_b-c"}


def test_all_that_is_wrong_is_told_at_once(write: Write, problems: Problems) -> None:
    written(write, "unit='shop', name=('x',), view='users:see', unit_kinds=('b',)")

    assert len(problems("a")) == 4


def test_a_key_declared_twice_is_told(write: Write, problems: Problems) -> None:
    folder = write("a", source=SOURCE.format(wrong="") + "        yield ModelPage(**good)\n")
    (folder / "models.py").write_text(MODELS)

    assert problems("a") == ["a › bo_pages › a.guests › key: is declared twice. Give each a key of its own."]


def test_two_pages_over_one_table_are_told(write: Write, problems: Problems) -> None:
    folder = write("a", source=SOURCE.format(wrong="") + '        yield ModelPage(**good | dict(key="a.others"))\n')
    (folder / "models.py").write_text(MODELS)

    assert problems("a") == ["a › bo_pages › a.others › model: is that of a.guests. Make one page of the two, or a table for each."]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("yield print", "number 1: is a builtin_function_or_method. It must be a Command."),
        ("yield Command('a.x', 'X', print)", "a.x › command: must be an instance of Command."),
        ("yield Command('x', 'X', click.Command('x'))", 'x › key: must start with "a.". Use lower-case letters, digits and _, as in a.something.'),
        ("yield Command('a.x', '', click.Command('x'))", "a.x › label: is empty. Say what people shall read."),
    ],
)
def test_a_command_of_the_wrong_form_is_told(line: str, told: str, write: Write, problems: Problems) -> None:
    write("a", f"import click\n@hookimpl\ndef bo_commands(self):\n    import click\n    {line}\n")

    assert problems("a") == [f"a › bo_commands › {told}"]
