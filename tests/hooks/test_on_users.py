"""What plugins add to the list and to the form of users: what is wrong with it is told, and what stands in the place of something else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bo_panel.hooks.conflicts import conflicts_in
from bo_panel.hooks.host import Host

Write = Callable[..., Path]
Problems = Callable[..., list[str]]
Hosts = Callable[..., Host]

ASKS = "title_one='{name}?', title_many='{n}?'"
COLUMNS = {
    "Column('a.x', 'X')": "sql: a column is worked out by the database, or loaded. Give one of sql and load.",
    "Column('a.x', 'X', sql=len, load=len)": "sql: a column is worked out by the database, or loaded. Give one of sql and load.",
    "Column('a.x', 'X', load=len, sortable=True)": "sortable: goes with sql alone: only the database has it of everybody. Leave it out.",
    "Column('a.x', 'X', sql=len, at_least=(1,))": "at_least: goes with a number. Say number=True, or leave it out.",
    "Column('a.x', 'X', load=len, needs=('users', 'viwe'))": (
        "needs: users has no level 'viwe'; it has view, edit, create, delete. Did you mean view?"
    ),
    "Column('a.x', 'X', sql=len, sortable=True, needs=('users', 'edit'))": (
        "needs: a list that is sorted or narrowed by it gives away what not everybody may see. Leave out one of the two."
    ),
    "Column('a.x', 'X', sql=len, number=True, at_least=(1, 10**30))": f"at_least: goes up to {2**53}. Name smaller numbers.",
    "Column('a.x', ' ', load=len)": "label: is empty. Say what people shall read.",
    "Column('a.x', 'X', load='names')": "load: must be callable.",
}
ACTIONS = {
    "Action('a.x', 'X', TITLES)": "move: an action does one thing. Give one of move, user_type (or gives and takes), values and page.",
    "Action('a.x', 'X', TITLES, move='enable', takes=('member',))": (
        "move: an action does one thing. Give one of move, user_type (or gives and takes), values and page."
    ),
    "Action('a.x', 'X', TITLES, move='enabel')": (
        "move: there is no move 'enabel'. There are disable, enable, archive, restore, delete. Did you mean enable?"
    ),
    "Action('a.x', 'X', TITLES, user_type='a.clrk')": "user_type: there is no user type 'a.clrk'. Did you mean a.clerk?",
    "Action('a.x', 'X', TITLES, gives=('a.sell',))": "gives: there is no role 'a.sell'. Did you mean a.sells?",
    "Action('a.x', 'X', TITLES, move='enable', user_types=('a.clark',))": "user_types: there is no user type 'a.clark'. Did you mean a.clerk?",
    "Action('a.x', 'X', TITLES, values={'a.tils': '1'})": "values: there is no profile field 'a.tils'. Did you mean a.till?",
    "Action('a.x', 'X', TITLES, values={'a.number': '1'})": "values: no two users share a.number. Leave it out.",
    "Action('a.x', 'X', TITLES, values={'a.face': '1'})": "values: a.face is a picture, which has no words. Leave it out.",
    "Action('a.x', 'X', TITLES, gives=('a.looks',), takes=('a.looks',))": "takes: a.looks is given as well. Take it out of one of the two.",
    "Action('a.x', 'X', title_one='{{name}}?', title_many='?', move='enable')": "title_one: has other braces than {name}. Leave them out.",
    "Action('a.x', 'X', TITLES, gives=('member',))": "gives: everybody stays a member of his home. Name another role.",
    "Action('a.x', 'X', TITLES, takes=('a.sells', 'member'))": "takes: everybody stays a member of his home. Name another role.",
    "Action('a.x', 'X', TITLES, gives=('a.looks', 'a.alone'))": "gives: a.alone is held alone. Give no other role with it.",
    "Action('a.x', 'X', title_one='?', title_many='{m}?', move='enable')": "title_many: has other braces than {n}. Leave them out.",
    "Action('a.x', 'X', title_one='?', title_many='{n:,}?', move='enable')": "title_many: has other braces than {n}. Leave them out.",
    "Action('a.x', 'X', title_many='{n}?', move='enable')": "title_one: is empty. Ask whether to do it, with {name}.",
    "Action('a.x', 'X', TITLES, move='enable', kinds=('toolbar', 'row'), page='/')": (
        "move: an action does one thing. Give one of move, user_type (or gives and takes), values and page."
    ),
    "Action('a.x', 'X', kinds=('toolbar',), page='/usres/')": "page: leads to '/usres/', which is no page. Did you mean /users/?",
    "Action('a.x', 'X', kinds=('toolbar',), page='/users/details/')": "page: leads to '/users/details/', which is no page. Did you mean /users/all/?",
    "Action('a.x', 'X', kinds=('row',), page='/')": "kinds: a page stands in the toolbar, and a change does not. Give one of the two.",
    "Action('a.x', 'X', TITLES, move='enable', icon='pluzzle')": "icon: there is no icon 'pluzzle' in lucide. Did you mean puzzle?",
    "Action('a.x', 'X', TITLES, move='enable', needs=('user', 'edit'))": "needs: there is no resource 'user'. Did you mean users?",
}
BESIDE = """
@hookimpl
def bo_roles(self):
    yield Role('a.sells', 'Sells', {})
    yield Role('a.looks', 'Looks', {'users': 'view'})
    yield Role('a.alone', 'Alone', {'audit': 'view'}, exclusive=True)
@hookimpl
def bo_user_types(self):
    yield UserType('a.clerk', 'Clerk', ('a.sells',))
@hookimpl
def bo_profile_fields(self):
    yield ProfileField('a.till', 'Till')
    yield ProfileField('a.number', 'Number', unique=True)
    yield ProfileField('a.face', 'Face', FieldType.IMAGE)
@hookimpl
def bo_actions(self):
    yield ACTION
"""


@pytest.mark.parametrize(("column", "told"), COLUMNS.items(), ids=COLUMNS)
def test_a_wrong_column_is_told(column: str, told: str, write: Write, problems: Problems) -> None:
    write("a", f"@hookimpl\ndef bo_columns(self):\n    yield {column}\n")

    assert problems("a") == [f"a › bo_columns › a.x › {told}"]


@pytest.mark.parametrize(("action", "told"), ACTIONS.items(), ids=ACTIONS)
def test_a_wrong_action_is_told(action: str, told: str, write: Write, problems: Problems) -> None:
    write("a", BESIDE.replace("ACTION", action.replace("TITLES", ASKS)))

    assert f"a › bo_actions › a.x › {told}" in problems("a")


def test_columns_that_the_deployment_names_and_nobody_has_are_told(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_columns(self):\n    yield Column('a.idle', 'Idle', load=len)")

    assert problems("a", toml="[users]\ncolumns = ['email', 'a.idel', 'profile:a.till']\n") == [
        "config/deployments/test.toml › users.columns: there is no column 'a.idel'. Did you mean a.idle?",
        "config/deployments/test.toml › users.columns: there is no column 'profile:a.till'.",
    ]


BASE = """
@hookimpl
def bo_roles(self):
    yield Role('a.clerk', 'Clerk', {'users': 'view'})
    yield Role('a.boss', 'Boss', {'users': 'edit'})
@hookimpl
def bo_presets(self):
    yield Preset('a.weekend', 'Weekend', {'users': 'view'}, 'root')
"""
INSTEAD = "@hookimpl\ndef bo_roles(self):\n    yield Role('{name}.clerk', '{name} clerk', {{'audit': 'view'}}, replaces='{key}')\n"


def test_what_replaces_a_role_is_there_under_its_key(write: Write, host: Hosts) -> None:
    write("a", BASE)
    write("b", INSTEAD.format(name="b", key="a.clerk"))
    made = host("a", "b").registry

    assert [key for key in made.roles if "." in key] == ["a.clerk", "a.boss"]
    assert (made.roles["a.clerk"].label, dict(made.roles["a.clerk"].levels)) == ("b clerk", {"audit": "view"})
    assert [(found.first, found.second, found.wins) for found in conflicts_in(made)] == [("a.clerk", "b.clerk", "b")]
    assert host("a").registry.roles["a.clerk"].label == "Clerk"


def test_of_two_that_replace_the_same_the_last_one_listed_does(write: Write, host: Hosts) -> None:
    write("a", BASE)
    write("b", INSTEAD.format(name="b", key="a.clerk"))
    write("c", INSTEAD.format(name="c", key="a.clerk"))

    for names, winner in ((("a", "b", "c"), "c"), (("c", "a", "b"), "b")):
        registry = host(*names).registry
        assert registry.roles["a.clerk"].label == f"{winner} clerk"
        first, second = sorted(("b", "c"), key=names.index)
        says = f"Both replace a.clerk; the later one does, so it is {winner}.clerk."
        found = [(one.first, one.second, one.wins, one.says) for one in conflicts_in(registry)]
        assert (f"{first}.clerk", f"{second}.clerk", winner, says) in found
        assert {one.wins for one in conflicts_in(registry)} == {winner} and len(found) == 2  # and over what both replace


def test_presets_and_types_are_replaced_too(write: Write, host: Hosts) -> None:
    write("a", BASE + "@hookimpl\ndef bo_user_types(self):\n    yield UserType('a.staff', 'Staff', ('a.clerk',))\n")
    write(
        "b",
        """
        @hookimpl
        def bo_presets(self):
            yield Preset('b.nights', 'Nights', {'audit': 'view'}, 'root', replaces='a.weekend')
        @hookimpl
        def bo_user_types(self):
            yield UserType('b.people', 'People', ('a.boss',), replaces='a.staff')
        """,
    )
    registry = host("a", "b").registry

    assert (list(registry.presets), registry.presets["a.weekend"].label) == (["a.weekend"], "Nights")
    assert (list(registry.types), registry.roles["type:a.staff"].label) == (["type:a.staff"], "People")
    assert dict(registry.roles["type:a.staff"].levels) == {"users": "edit"}


def test_what_replaces_nothing_or_the_core_is_told(write: Write, problems: Problems) -> None:
    write("a", BASE)
    write("b", INSTEAD.format(name="b", key="a.clark"))
    write("c", INSTEAD.format(name="c", key="owner"))
    write("d", INSTEAD.format(name="d", key="b.clerk"))

    assert problems("a", "b", "c", "d") == [
        "b › bo_roles › b.clerk › replaces: there is no role 'a.clark'. Did you mean a.clerk?",
        "c › bo_roles › c.clerk › replaces: owner is no role of another plugin. Only those can be replaced.",
        "d › bo_roles › d.clerk › replaces: there is no role 'b.clerk'. It replaces a.clark: name that.",
    ]


def test_what_refers_to_something_is_held_against_what_stands_in_its_place(write: Write, problems: Problems) -> None:
    rule = "yield FieldRule('a.tills', unit_kind='a.till', inside='a.shop', reason='One shop.', roles=('a.clerk',))"
    kinds = "yield UnitKind('a.shop', 'Shop', 'Shops')\n    yield UnitKind('a.till', 'Till', 'Tills', parents=('a.shop',))"
    write("a", f"{BASE}\n@hookimpl\ndef bo_unit_kinds(self):\n    {kinds}\n@hookimpl\ndef bo_field_rules(self):\n    {rule}\n")
    write("b", "@hookimpl\ndef bo_roles(self):\n    yield Role('b.clerk', 'Clerk', {}, ('root',), replaces='a.clerk')\n")
    wrong = "a › bo_field_rules › a.tills › roles: a.clerk cannot be held at a.till. Take it out of the rule, or let the role fit there."

    assert problems("a", "b") == [wrong]
