"""What is drawn once and kept shows nobody anything of somebody else, and nothing that has changed since."""

from sqlalchemy import update

from bo_panel.models import Role
from bo_panel.services.engine import writing
from tests.browsing import PASSWORD, Page, Visitor
from tests.site import ADA, BERT, CLEO, NORTH, Site


def test_people_who_reach_as_many_pages_but_other_ones_are_each_shown_their_own_menu(site: Site) -> None:
    for name, resource in (("ula", "units"), ("rob", "roles")):
        role = site.world.role(f"only_{resource}", {resource: "view"}, owned_at=NORTH)
        site.world.user(name, (role, NORTH), home=NORTH, password=PASSWORD)

    menus = [[entry for entries in site.visitor(name).get("/account/").menu.values() for entry in entries] for name in ("ula", "rob")]

    assert len(menus[0]) == len(menus[1])
    assert ("Units" in menus[0], "Roles" in menus[0]) == (True, False)
    assert ("Units" in menus[1], "Roles" in menus[1]) == (False, True)


def values(page: Page, *labels: str) -> list[str]:
    return [page.control(label)["value"] for label in labels]


def test_a_form_drawn_for_one_user_shows_the_next_one_his_own_values(nora: Visitor) -> None:
    first, second = (nora.get(f"/users/edit/?id={one}") for one in (ADA, BERT))

    assert values(first, "First Name", "Last Name", "Email") == ["Ada", "Clarke", "ada@north.example"]
    assert values(second, "First Name", "Last Name", "Email") == ["Bert", "Brown", "bert@north.example"]
    assert "Clarke" not in second.html
    assert "Remove Birch Line" in second.html and "Remove Birch Line" not in first.html


def test_what_was_typed_and_what_was_said_against_it_are_told_once(nora: Visitor) -> None:
    refused = nora.submit(nora.get(f"/users/edit/?id={ADA}"), "/users/edit/", email="not <an> address")
    fresh = nora.get(f"/users/edit/?id={BERT}")

    assert refused.status == 422 and values(refused, "Email") == ["not <an> address"]
    assert refused.tree.first("p", id="field-email-error").text
    assert "an&gt; address" in refused.html and "<an>" not in refused.html
    assert "an&gt; address" not in fresh.html and "field-email-error" not in fresh.html


def test_a_role_that_was_renamed_is_offered_under_its_new_name(site: Site, nora: Visitor) -> None:
    role = site.world.role("nightly", {"units": "view"}, owned_at=NORTH)
    before = nora.get(f"/users/edit/?id={CLEO}")
    with writing(site.world.session):
        site.world.session.execute(update(Role).where(Role.key == role).values(label="Day Shift"))
    after = nora.get(f"/users/edit/?id={CLEO}")

    assert "Nightly" in before.text and "Day Shift" not in before.text
    assert "Day Shift" in after.text and "Nightly" not in after.text
