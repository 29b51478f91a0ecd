"""A form tells everything that is wrong with it at once, each at its field and with its code, and keeps what was typed."""

from tests.grove import Grove
from tests.site import ADA, NORTH, Site

LONG = "x" * 200
WRONG = {
    "profile:grove.height": "tall",
    "profile:grove.planted": "yesterday",
    "profile:grove.second_mail": "nobody",
    "profile:grove.country": "XX",
}


def labels(problems: list[str]) -> list[str]:
    return [problem.partition(":")[0] for problem in problems]


def test_the_form_for_somebody_new_tells_all(site: Site) -> None:
    nora = site.visitor("nora")
    before, form = site.everything(), nora.get("/users/new/")

    page = nora.submit(form, "/users/new/", user_name="", first_name=LONG, email="nobody", phone="12", home=str(NORTH), password="a")

    assert (page.status, page.title.startswith("Error:")) == (422, True)
    assert labels(page.problems) == ["User Name", "Password", "First Name", "Email", "Phone", "User Role"]
    assert page.control("First Name")["value"] == LONG and page.control("Phone")["value"] == "12"
    assert site.everything() == before


def test_the_form_of_somebody_tells_all_of_the_account_and_the_profile(grove: Grove) -> None:
    visitor = grove.visitor("editor")
    page = visitor.submit(visitor.get(f"/users/edit/?id={grove.ann}"), "/users/edit/", first_name=LONG, **WRONG)

    assert page.status == 422
    assert labels(page.problems) == ["First name", "Height", "Planted on", "Second e-mail", "Country"]
    assert page.control("Height")["value"] == "tall"
    assert grove.site.user(grove.ann).first_name != LONG


def test_somebody_takes_a_name_that_is_taken_and_hears_of_the_rest_too(site: Site) -> None:
    nora = site.visitor("nora")
    page = nora.submit(nora.get("/users/new/"), "/users/new/", user_name="ada", email="", home=str(NORTH))

    assert labels(page.problems) == ["User Name", "User Role"]
    assert {"user.user_name_taken", "value.invalid"} <= {code.text for code in page.tree.first("ul", class_="notice-links").all("code")}
    assert site.user(ADA).user_name == "ada"


def test_the_form_of_a_profile_field_tells_all(site: Site) -> None:
    boss = site.visitor("boss")
    form = boss.get(f"/profile-fields/add/?unit={NORTH}")
    page = boss.submit(form, "/profile-fields/add/", label=" ", type="one_of", choices="", help="y" * 500)

    assert labels(page.problems) == ["Label", "Help", "Choices"]
