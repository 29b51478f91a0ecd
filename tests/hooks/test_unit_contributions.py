"""Cache domains and settings of units: what plugins declare wrongly is told, all at once; and what they declare rightly is there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bo_panel.hooks.host import Host

Write = Callable[..., Path]
Problems = Callable[..., list[str]]

KIND = "@hookimpl\ndef bo_unit_kinds(self):\n    yield UnitKind('a.shop', 'Shop', 'Shops')\n"
NAMESPACE = 'must start with "a.". Use lower-case letters, digits and _, as in a.something.'
DOMAINS = {
    "CacheDomain('b.x', 'X', len)": f"b.x › key: {NAMESPACE}",
    "CacheDomain('a.x', ' ', len)": "a.x › label: is empty. Say what people shall read.",
    "CacheDomain('a.x', 'X', 'len')": "a.x › load: must be callable.",
    "CacheDomain('a.x', 'X', len, minutes='soon')": "a.x › minutes: must be a valid integer, unable to parse string as an integer.",
    "CacheDomain('a.x', 'X', len, minutes=0)": "a.x › minutes: must be from 1 to 527040, which is a year. Leave it out to keep it for an hour.",
    "CacheDomain('a.x', 'X', len, minutes=10**12)": "a.x › minutes: must be from 1 to 527040, which is a year. Leave it out to keep it for an hour.",
}
SETTINGS = {
    "UnitSetting('x', 'X', ('a.shop',))": f"x › key: {NAMESPACE}",
    "UnitSetting('a.x', '', ('a.shop',))": "a.x › label: is empty. Say what people shall read.",
    "UnitSetting('a.x', 'X', ())": "a.x › unit_kinds: is empty, so that no unit would have it. Name at least one kind.",
    "UnitSetting('a.x', 'X', ('a.shp',))": "a.x › unit_kinds: there is no unit kind 'a.shp'. Did you mean a.shop?",
    "UnitSetting('a.x', 'X', 'a.shop')": "a.x › unit_kinds: must be a list.",
    "UnitSetting('a.x', 'X', ('a.shop',), 'one_of')": (
        "a.x › choices: must be different words, one at least. Say what there is to choose."
    ),
    "UnitSetting('a.x', 'X', ('a.shop',), 'image')": "a.x › type: is a picture, which only profiles hold. Take another type.",
    "UnitSetting('a.x', 'X', ('a.shop',), 'state', depends_on='a.y')": "a.x › depends_on: there is no field 'a.y'. Did you mean a.x?",
}
COUNTRY = "UnitSetting('a.c', 'C', ('root',), 'country')"
SLOTS = {
    "Slot('a.s', 'overview.cards', 'a/s.html', ('users', 'view'), shows='a.takigns')": (
        "a.s › shows: there is no cache domain 'a.takigns'. Did you mean a.takings?"
    ),
    "Slot('a.s', 'overview.cards', 'a/s.html', shows='a.takings')": (
        "a.s › needs: is empty, though something of a unit is shown. Name what somebody must hold at the unit to see it."
    ),
}


def hook(name: str, *items: str) -> str:
    return f"@hookimpl\ndef {name}(self):\n    yield from [{', '.join(items)}]\n"


@pytest.mark.parametrize(("item", "told"), DOMAINS.items(), ids=DOMAINS)
def test_a_cache_domain_that_cannot_be_kept_is_told(item: str, told: str, write: Write, problems: Problems) -> None:
    write("a", hook("bo_cache_domains", item))

    assert problems("a") == [f"a › bo_cache_domains › {told}"]


@pytest.mark.parametrize(("item", "told"), SETTINGS.items(), ids=SETTINGS)
def test_a_setting_that_cannot_be_set_is_told(item: str, told: str, write: Write, problems: Problems) -> None:
    write("a", KIND + hook("bo_unit_settings", item))

    assert problems("a") == [f"a › bo_unit_settings › {told}"]


@pytest.mark.parametrize(("item", "told"), SLOTS.items(), ids=SLOTS)
def test_a_slot_that_shows_what_nobody_keeps_or_to_anybody_is_told(item: str, told: str, write: Write, problems: Problems) -> None:
    folder = write("a", hook("bo_cache_domains", "CacheDomain('a.takings', 'Takings', len)") + hook("bo_slots", item))
    (folder / "templates" / "a").mkdir(parents=True)
    (folder / "templates" / "a" / "s.html").write_text("")

    assert problems("a") == [f"a › bo_slots › {told}"]


def test_a_state_whose_country_other_units_have_is_told(write: Write, problems: Problems) -> None:
    write("a", KIND + hook("bo_unit_settings", COUNTRY, "UnitSetting('a.x', 'X', ('root', 'a.shop'), 'state', depends_on='a.c')"))

    wrong = "a.c is not there at every kind of unit at which this is."
    assert problems("a") == [f"a › bo_unit_settings › a.x › unit_kinds: {wrong} Take it from among root."]


def test_a_kind_that_there_is_not_is_told_once(write: Write, problems: Problems) -> None:
    write("a", KIND + hook("bo_unit_settings", COUNTRY, "UnitSetting('a.x', 'X', ('root', 'a.shp'), 'state', depends_on='a.c')"))

    assert problems("a") == ["a › bo_unit_settings › a.x › unit_kinds: there is no unit kind 'a.shp'. Did you mean a.shop?"]


def test_all_of_it_is_told_at_once_with_what_is_declared_twice(write: Write, problems: Problems) -> None:
    twice = "CacheDomain('a.x', 'X', len)"
    write("a", hook("bo_cache_domains", twice, twice) + hook("bo_unit_settings", "UnitSetting('a.x', 'X', ('a.shop',))", "7"))
    write("b", "def bo_cache_domain(self): pass\n")

    told = problems("a", "b")

    assert "a › bo_unit_settings › number 2: is a int. It must be a UnitSetting." in told
    assert [line.partition(":")[0] for line in told] == [
        "b › bo_cache_domain",
        "a › bo_unit_settings › number 2",
        "a › bo_cache_domains › a.x › key",
        "a › bo_unit_settings › a.x › unit_kinds",
    ]


def test_a_plugin_adds_settings_to_the_kinds_of_another(write: Write, host: Callable[..., Host]) -> None:
    write("a", KIND + hook("bo_unit_settings", "UnitSetting('a.x', 'X', ('a.shop',))"))
    write("b", hook("bo_unit_settings", "UnitSetting('b.y', 'Y', ('root', 'a.shop'))"))

    registry = host("a", "b").registry

    assert [setting.key for setting in registry.settings_at("a.shop")] == ["a.x", "b.y"]
    assert [setting.key for setting in registry.settings_at("root")] == ["b.y"]
