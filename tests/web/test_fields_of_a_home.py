"""The form for somebody new asks for the fields of the home that is chosen."""

import pytest

from tests.grove import Grove

NEW = "/users/new/"

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def own_field(grove: Grove) -> str:
    admin = grove.visitor("admin")
    admin.submit(admin.get(f"/profile-fields/add/?unit={grove.north}"), "/profile-fields/add/", label="Shirt size")
    return grove.site.own_field("Shirt size")


def test_without_scripts_a_button_shows_the_fields_and_saves_nothing(grove: Grove) -> None:
    field, boss = own_field(grove), grove.visitor("boss")
    page = boss.get(NEW)
    assert "Shirt size" not in page.labels()
    before = grove.site.everything()
    shown = boss.submit(page, NEW, home=str(grove.north), user_name="new", first_name="Nell", look="1")

    assert (shown.status, shown.problems, grove.site.everything()) == (200, [], before)
    assert "Shirt size" in shown.labels()
    assert shown.filled(shown.form(NEW))["first_name"] == ["Nell"]
    saved = boss.submit(shown, NEW, role="grove.viewer", **{field: "M"})
    assert not saved.problems, saved.problems
    [row] = boss.get("/users/?search=nell").rows
    assert grove.site.user(int(row["data-id"])).profile == {field.removeprefix("profile:"): "M"}


def test_the_address_names_the_home_for_a_script(grove: Grove) -> None:
    own_field(grove)
    boss = grove.visitor("boss")
    page = boss.get(f"{NEW}?home={grove.north}")
    assert "Shirt size" in page.labels()
    assert page.form(NEW)["data-fields-url"] == NEW
    assert "Shirt size" not in boss.get(f"{NEW}?home={grove.south}").labels()
    for odd in ("0", "x", "999999", "%00"):
        assert boss.get(f"{NEW}?home={odd}").status == 200
