"""`--where` with profile fields and with the numbers of plugins, as the list can be narrowed to them."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Bo

PLUGIN = """
from bo_panel.sdk import Column, FieldType, Plugin, PluginMeta, ProfileField, hookimpl


class Shop(Plugin):
    meta = PluginMeta(name="shop", version="1.0.0", api=">=1.0,<2")

    @hookimpl
    def bo_profile_fields(self):
        yield ProfileField("shop.note", "Note")
        yield ProfileField("shop.seats", "Seats", FieldType.NUMBER)
        yield ProfileField("shop.colour", "Colour", FieldType.ONE_OF, choices=("Red", "Dark blue"))
        yield ProfileField("shop.vip", "VIP", FieldType.YES_NO)
        yield ProfileField("shop.country", "Country", FieldType.COUNTRY)

    @hookimpl
    def bo_columns(self):
        yield Column("shop.number", "Number", sql=lambda asking: asking.user.id, number=True, at_least=(2,))
"""
PEOPLE = {
    "ann": {"note": "Came in May", "seats": "5", "colour": "Red", "vip": "yes"},
    "bob": {"note": "may leave", "seats": "12", "colour": "Dark blue", "vip": "no"},
    "cy": {},
}
ASKED = {
    "profile:shop.note=contains MAY": ["ann", "bob"],
    "profile:shop.note=came in may": ["ann"],
    "profile:shop.note=is came in may": ["ann"],
    "profile:shop.note=empty": ["cy"],
    "profile:shop.note=filled,profile:shop.seats=at_least 6": ["bob"],
    "profile:shop.seats=at_least 5,profile:shop.seats=at_most 6": ["ann"],
    "profile:shop.seats=12": ["bob"],
    "profile:shop.colour=Dark blue": ["bob"],
    "profile:shop.colour=Dark blue,profile:shop.colour=Red": ["ann", "bob"],
    "profile:shop.vip=yes": ["ann"],
    "shop.number=at_least 2": ["bob", "cy"],
    "shop.number=3": ["cy"],
}
WRONG = {
    "profile:shop.nott=x": "There is no profile field 'shop.nott' to ask about. There are shop.note, shop.seats, shop.colour, shop.vip. Did you mean",
    "profile:shop.country=DE": "There is no profile field 'shop.country' to ask about.",
    "profile:shop.colour=Green": "profile:shop.colour is none of Red, Dark blue: 'Green'.",
    "profile:shop.seats=many": "with profile:shop.seats; write a value, or one of is, at_least, at_most, empty, filled and a value.",
    "profile:shop.seats=at_least": "'at_least' cannot be compared with profile:shop.seats",
    "shop.number=few": "shop.number is a whole number, the least that is meant; 'few' is none.",
    f"shop.number={'9' * 5000}": "shop.number is a whole number",
    "shop.numbr=1": "'shop.numbr' is none of status, unit, role, search, signed_in, profile:KEY, shop.number.",
}


@pytest.fixture
def shop(bo: Bo, root: Path, monkeypatch: pytest.MonkeyPatch) -> Bo:
    (root / "plugins" / "shop").mkdir()
    (root / "plugins" / "shop" / "plugin.py").write_text(PLUGIN)
    monkeypatch.setenv("BO_DEPLOYMENT__PLUGINS", '["service_provider", "shop"]')
    assert bo("db", "upgrade").code == 0
    for name, values in PEOPLE.items():
        profile = [word for key, value in values.items() for word in ("--profile", f"shop.{key}={value}")]
        made = bo("users", "add", "--owner", "--user-name", name, "--generate", *profile)
        assert made.code == 0, made.err
    return bo


def test_profile_fields_and_numbers_narrow_a_list(shop: Bo) -> None:
    found = {where: sorted(user["user_name"] for user in shop("users", "list", "--where", where, "--json").json) for where in ASKED}
    assert found == ASKED


def test_what_cannot_be_asked_is_told_with_what_can(shop: Bo) -> None:
    for where, said in WRONG.items():
        ran = shop("users", "disable", "--where", where, "--dry-run")
        assert (ran.code, said in " ".join(ran.err.split())) == (2, True), ran.err


def test_an_export_and_a_change_go_by_them_and_the_audit_log_says_it_as_it_was_asked(shop: Bo, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    where = ("--where", "profile:shop.note=contains may", "--where", "profile:shop.colour=Red", "--where", "shop.number=1")
    assert shop("users", "export", str(file), *where, "--columns", "user_name").code == 0
    assert [row["User Name"] for row in csv.DictReader(file.read_text("utf-8-sig").splitlines())] == ["ann"]
    [exported] = [event for event in shop("audit", "tail", "--json").json if event["event"] == "users.exported"]
    filters = exported["after"]["filters"]
    assert filters == "profile:shop.note=contains may, profile:shop.colour=Red, shop.number=at_least 1"
    assert [user["user_name"] for user in shop("users", "list", "--where", filters, "--json").json] == ["ann"]

    done = shop("users", "disable", *where, "--yes", "--json")
    assert (done.code, done.json["changed"]) == (0, 1), json.dumps(done.json)
