"""What plugins declare wrongly is told: plugin, hook, item, field, what is wrong, what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]
Problems = Callable[..., list[str]]

NAMESPACE = 'must start with "a.". Use lower-case letters, digits and _, as in a.something.'

TYPES = "'text', 'long_text', 'number', 'date', 'yes_no', 'one_of', 'several_of', 'email', 'phone', 'country', 'state', 'url' or 'image'"
CASES = {
    "a single object": (
        "bo_unit_kinds",
        "return UnitKind('a.x', 'X', 'Xs')",
        "returned one UnitKind. Return a list of UnitKind, or yield them.",
    ),
    "nothing": ("bo_unit_kinds", "pass", "returned nothing. Return a list of UnitKind, or yield them."),
    "text": ("bo_roles", "return 'a.x'", "returned one str. Return a list of Role, or yield them."),
    "a table": ("bo_roles", "return {}", "returned one dict. Return a list of Role, or yield them."),
    "another type": ("bo_unit_kinds", "yield Role('a.x', 'X', {})", "number 1: is a Role. It must be a UnitKind."),
    "an exception": ("bo_unit_kinds", "raise ValueError('hunter2')", "failed: ValueError at plugin.py:9. The log has the traceback."),
    "an exit": ("bo_unit_kinds", "yield 1 / 0", "failed: ZeroDivisionError at plugin.py:9. The log has the traceback."),
    "text for a list": ("bo_resources", "yield Resource('a.x', 'X', 'view')", "a.x › levels: must be a list."),
    "a list for a table": ("bo_roles", "yield Role('a.x', 'X', ['users'])", "a.x › levels: must be a table."),
    "a key of others": ("bo_unit_kinds", "yield UnitKind('b.x', 'X', 'Xs')", f"b.x › key: {NAMESPACE}"),
    "a bare key": ("bo_roles", "yield Role('admin', 'X', {})", f"admin › key: {NAMESPACE}"),
    "a key in capitals": ("bo_roles", "yield Role('a.X', 'X', {})", f"a.X › key: {NAMESPACE}"),
    "an empty label": ("bo_roles", "yield Role('a.x', ' ', {})", "a.x › label: is empty. Say what people shall read."),
    "an empty plural": ("bo_unit_kinds", "yield UnitKind('a.x', 'X', '')", "a.x › plural: is empty. Say what several of them are called."),
    "an unknown icon": (
        "bo_unit_kinds",
        "yield UnitKind('a.x', 'X', 'Xs', icon='foldr')",
        "a.x › icon: there is no icon 'foldr' in lucide. Did you mean folder?",
    ),
    "no parent": (
        "bo_unit_kinds",
        "yield UnitKind('a.x', 'X', 'Xs', ())",
        "a.x › parents: is empty, so that no unit of this kind could stand anywhere. Name at least one kind.",
    ),
    "an unknown parent": (
        "bo_unit_kinds",
        "yield UnitKind('a.x', 'X', 'Xs', ('rot',))",
        "a.x › parents: there is no unit kind 'rot'. Did you mean root?",
    ),
    "no level": ("bo_resources", "yield Resource('a.x', 'X', ())", "a.x › levels: is empty. Name at least one level, the lowest first."),
    "a level twice": (
        "bo_resources",
        "yield Resource('a.x', 'X', ('view', 'view'))",
        "a.x › levels: names a level twice. A ladder has each level once.",
    ),
    "the level none": (
        "bo_resources",
        "yield Resource('a.x', 'X', ('none',))",
        "a.x › levels: 'none' cannot be a level. Use a lower-case word other than \"none\".",
    ),
    "a resource at an unknown kind": (
        "bo_resources",
        "yield Resource('a.x', 'X', ('view',), ('a.y',))",
        "a.x › unit_kinds: there is no unit kind 'a.y'.",
    ),
    "a role at an unknown kind": ("bo_roles", "yield Role('a.x', 'X', {}, ('a.y',))", "a.x › unit_kinds: there is no unit kind 'a.y'."),
    "an unknown resource": (
        "bo_roles",
        "yield Role('a.x', 'X', {'user': 'view'})",
        "a.x › levels: there is no resource 'user'. Did you mean users?",
    ),
    "an unknown level": (
        "bo_roles",
        "yield Role('a.x', 'X', {'users': 'viwe'})",
        "a.x › levels: users has no level 'viwe'; it has view, edit, create, delete. Did you mean view?",
    ),
    "a field of an unknown type": (
        "bo_profile_fields",
        "yield ProfileField('a.x', 'X', 'colour')",
        f"a.x › type: must be {TYPES}.",
    ),
    "a choice without choices": (
        "bo_profile_fields",
        "yield ProfileField('a.x', 'X', 'one_of')",
        "a.x › choices: must be different words, one at least. Say what there is to choose.",
    ),
    "a state of no country": (
        "bo_profile_fields",
        "yield ProfileField('a.x', 'X', 'state', depends_on='a.y')",
        "a.x › depends_on: there is no field 'a.y'. Did you mean a.x?",
    ),
    "a field seen with an unknown level": (
        "bo_profile_fields",
        "yield ProfileField('a.x', 'X', view='users:vew')",
        "a.x › view: users has no level 'vew'; it has view, edit, create, delete. Did you mean view?",
    ),
    "an image that is required": (
        "bo_profile_fields",
        "yield ProfileField('a.x', 'X', 'image', required=True)",
        "a.x › required: does not go with an image: it is given once the account is there, and has no words. Leave it out.",
    ),
    "a field that a search would give away": (
        "bo_profile_fields",
        "yield ProfileField('a.x', 'X', searchable=True, edit='', view='users:edit')",
        "a.x › searchable: a search would give away what not everybody may see. Leave out one of the two.",
    ),
    "an owner with levels": (
        "bo_roles",
        "yield Role('a.x', 'X', {'users': 'view'}, owner=True)",
        "a.x › levels: an owner has the top of every ladder anyway. Leave them empty.",
    ),
    "a preset at an unknown kind": (
        "bo_presets",
        "yield Preset('a.x', 'X', {}, 'rooot')",
        "a.x › unit_kind: there is no unit kind 'rooot'. Did you mean root?",
    ),
    "a preset with an unknown resource": (
        "bo_presets",
        "yield Preset('a.x', 'X', {'adit': 'view'}, 'root')",
        "a.x › levels: there is no resource 'adit'. Did you mean audit?",
    ),
}


RULED = """
        @hookimpl
        def bo_unit_kinds(self):
            yield UnitKind('a.branch', 'Branch', 'Branches')
            yield UnitKind('a.till', 'Till', 'Tills', ('a.branch',))
            yield UnitKind('a.stall', 'Stall', 'Stalls', ('root', 'a.branch'))
        @hookimpl
        def bo_roles(self):
            yield Role('a.cashier', 'Cashier', {{}}, ('a.till',))
            yield Role('a.boss', 'Boss', {{}}, ('a.branch',))
        @hookimpl
        def bo_field_rules(self):
            yield FieldRule('a.rule', {rule})
        """
RULES = {
    "'a.till', 'a.branch', ' '": "reason: is empty. Say what people shall read.",
    "'a.tile', 'a.branch', 'x'": "unit_kind: there is no unit kind 'a.tile'. Did you mean a.till?",
    "'a.till', 'a.brunch', 'x'": "inside: there is no unit kind 'a.brunch'. Did you mean a.branch?",
    "'a.branch', 'root', 'x'": "inside: there is only one root to choose. Name a kind of which there are several.",
    "'a.stall', 'a.branch', 'x'": "inside: a.stall can stand elsewhere too. Let it stand below a.branch only.",
    "'a.till', 'a.branch', 'x', ('a.cashir',)": "roles: there is no role 'a.cashir'. Did you mean a.cashier?",
    "'a.till', 'a.branch', 'x', ('a.boss',)": "roles: a.boss cannot be held at a.till. Take it out of the rule, or let the role fit there.",
    "'a.till', 'a.branch', 'x', ('a.cashier',)": (
        "roles: a.cashier cannot be held at a.branch, where all of them are given. Let the role fit there too."
    ),
}


@pytest.mark.parametrize(("rule", "told"), RULES.items(), ids=RULES)
def test_a_rule_of_the_form_that_cannot_be_kept_is_told(rule: str, told: str, write: Write, problems: Problems) -> None:
    write("a", RULED.format(rule=rule))

    assert problems("a") == [f"a › bo_field_rules › a.rule › {told}"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_wrong_declaration_is_told(case: tuple[str, str, str], write: Write, problems: Problems) -> None:
    hook, line, told = case
    write("a", f"@hookimpl\ndef {hook}(self):\n    {line}\n")

    separator = " › " if told.startswith(("a.", "b.", "admin", "number")) else ": "
    assert problems("a") == [f"a › {hook}{separator}{told}"]


def test_no_exception_text_is_told(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_roles(self):\n    raise SystemExit('hunter2')\n")

    assert problems("a") == ["a › bo_roles: failed: SystemExit at plugin.py:9. The log has the traceback."]


def test_a_key_declared_twice_is_told(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_roles(self):\n    return [Role('a.x', 'X', {}), Role('a.x', 'Y', {})]\n")

    assert problems("a") == ["a › bo_roles › a.x › key: is declared twice. Give each a key of its own."]


def test_kinds_below_one_another_are_told(write: Write, problems: Problems) -> None:
    kinds = "[UnitKind('a.x', 'X', 'Xs', ('a.y',)), UnitKind('a.y', 'Y', 'Ys', ('a.x',))]"
    write("a", f"@hookimpl\ndef bo_unit_kinds(self):\n    return {kinds}\n")

    [line] = problems("a")

    assert "parents: stand below one another in a circle: " in line
    assert "a.x → a.y" in line


def test_a_resource_that_does_not_exist_where_it_is_given_is_told(write: Write, problems: Problems) -> None:
    write(
        "a",
        """
        @hookimpl
        def bo_unit_kinds(self):
            yield UnitKind('a.client', 'Client', 'Clients')
            yield UnitKind('a.event', 'Event', 'Events', ('a.client',))
        @hookimpl
        def bo_resources(self):
            yield Resource('a.brand', 'Brand', ('view',), ('a.client',))
        @hookimpl
        def bo_roles(self):
            yield Role('a.fine', 'Fine', {'a.brand': 'view'}, ('root',))
            yield Role('a.wrong', 'Wrong', {'a.brand': 'view'}, ('a.event',))
        @hookimpl
        def bo_presets(self):
            yield Preset('a.wrong', 'Wrong', {'a.brand': 'view'}, 'a.event')
        """,
    )

    assert problems("a") == [
        "a › bo_roles › a.wrong › levels: a.brand does not exist where this role can be held, nor beneath. Take it out of the role.",
        "a › bo_presets › a.wrong › levels: a.brand does not exist at a.event, nor beneath. Take it out of the preset.",
    ]


def test_a_kind_that_only_the_deployment_knows_is_told(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_unit_kinds(self):\n    return [UnitKind('a.area', 'Area', 'Areas')]\n")

    assert problems("a", toml="[users]\nhome_kinds = ['a.aera']\n[[demo.tree]]\nkind = 'zone'\ncount = 1\n") == [
        "config/deployments/test.toml › users.home_kinds: there is no unit kind 'a.aera'. Did you mean a.area?",
        "config/deployments/test.toml › demo.tree: there is no unit kind 'zone'.",
    ]


def test_all_problems_of_all_plugins_are_told_at_once(write: Write, problems: Problems) -> None:
    write(
        "a", "@hookimpl\ndef bo_roles(self):\n    yield Role('a.x', 'X', {'b.till': 'view', 'c.thing': 'view'})\ndef bo_rolls(self): pass\n"
    )
    write("b", "@hookimpl\ndef bo_roles(self):\n    yield Role('b.x', 'X', {'a.none': 'view', 'usres': 'view'})\n")

    told = problems("a", "b", "c", toml="[users]\nhome_kinds = ['d.area']\n")

    assert [line.partition(":")[0] for line in told] == [
        "c",
        "a › bo_rolls",
        "a › bo_roles › a.x › levels",
        "b › bo_roles › b.x › levels",
        "config/deployments/test.toml › users.home_kinds",
    ]


def test_types_do_not_go_with_several_roles(write: Write, problems: Problems) -> None:
    write(
        "a",
        """
        @hookimpl
        def bo_roles(self):
            yield Role('a.x', 'X', {'users': 'view'})
        @hookimpl
        def bo_user_types(self):
            yield UserType('a.staff', 'Staff', ('a.x',))
        """,
    )

    [told] = problems("a", toml="[users]\naccess = 'roles'\n")
    assert told.startswith("config/deployments/test.toml › users.access: an account has one user type, and there are some ('a.staff' is one).")
    assert told.endswith('Set access = "role", or leave it out.')
