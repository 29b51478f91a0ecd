"""The User Profile Form Editor: fields that a unit owns, in every form at it and beneath, and in no other."""

import pytest
from sqlalchemy import update

from bo_panel.domain.profile_fields import FieldType
from bo_panel.models import OwnField
from bo_panel.services.engine import writing
from tests.browsing import Page, Visitor
from tests.grove import Grove

EDITOR = "/profile-fields/"


def add(visitor: Visitor, grove: Grove, label: str, **more: str | list[str]) -> Page:
    page = visitor.get(f"{EDITOR}add/?unit={grove.north}")
    return visitor.submit(page, f"{EDITOR}add/", label=label, **more)


def labels(visitor: Visitor, user_id: int) -> list[str]:
    return visitor.get(f"/users/edit/?id={user_id}").labels()


@pytest.fixture
def admin(grove: Grove) -> Visitor:
    return grove.visitor("admin")


def test_the_menu_opens_the_form_editor_of_one_s_own_place(grove: Grove, admin: Visitor) -> None:
    page = admin.get(admin.get("/users/").link("User Profile Form Editor"))
    assert page.heading == "User Profile Form Editor"
    assert "everybody at home at North and beneath" in page.text
    assert "User Profile Form Editor" not in grove.visitor("editor").get("/users/").links()
    assert admin.get(f"{EDITOR}?unit={grove.south}").status == 404


def test_fields_are_added_edited_put_in_order_and_removed(grove: Grove, admin: Visitor) -> None:
    assert add(admin, grove, " Shirt  size ", type="one_of", choices="S\nM\r\n\nL", help="For the shirt").messages == ["Shirt size was added."]
    page = add(admin, grove, "Badge", type="text", rules=["unique", "searchable"])
    own = page.tree.first("section", class_="section").text
    assert own.index("Shirt size") < own.index("Badge")
    shown = labels(admin, grove.ann)
    assert shown.index("Shirt size") < shown.index("Badge")
    bench = grove.world.user("beneath", home=grove.stand)
    apart = grove.world.user("apart", home=grove.south)
    assert "Badge" in labels(admin, bench)
    assert "Badge" not in labels(grove.visitor("boss"), apart)

    form = admin.get(f"/users/edit/?id={grove.ann}")
    badge, size = grove.site.own_field("Badge"), grove.site.own_field("Shirt size")
    admin.submit(form, "/users/edit/", **{badge: "B 7", size: "M"})
    assert grove.site.user(grove.ann).profile == {badge[8:]: "B 7", size[8:]: "M"}
    assert admin.get("/users/?search=b+7").names == ["Ann Ash"]
    assert admin.get(f"/users/?cols={size}").row("Ann Ash")["Shirt size"] == "M"
    assert "Badge" not in grove.visitor("boss").get("/users/").text

    row = grove.world.session.query(OwnField).filter_by(label="Badge").one()
    moved = admin.post(f"{EDITOR}move/?unit={grove.north}&field={row.id}", {"csrf_token": admin.token(), "to": "up"})
    assert moved.status == 200
    shown = labels(admin, grove.ann)
    assert shown.index("Badge") < shown.index("Shirt size")

    page = admin.get(f"{EDITOR}edit/?unit={grove.north}&field={row.id}")
    assert admin.submit(page, f"{EDITOR}edit/", label="Pass", rules=["", "required"]).messages == ["Pass was saved."]
    stale = admin.submit(page, f"{EDITOR}edit/", label="Late")
    assert (stale.status, stale.codes) == (409, ["field.changed"])
    assert stale.filled(stale.form(f"{EDITOR}edit/"))["label"] == ["Late"]
    assert "Pass" in labels(admin, grove.ann)

    asked = admin.get(f"{EDITOR}remove/?unit={grove.north}&field={row.id}")
    assert "kept until the field is purged" in asked.text
    page = admin.post(f"{EDITOR}remove/?unit={grove.north}&field={row.id}", {"csrf_token": admin.token()})
    assert "Removed fields" in page.text
    assert "Pass" not in labels(admin, grove.ann) and admin.get("/users/?search=b+7").names == []
    assert grove.site.user(grove.ann).profile[badge[8:]] == "B 7"

    admin.post(f"{EDITOR}bring-back/?unit={grove.north}&field={row.id}", {"csrf_token": admin.token()})
    assert admin.get("/users/?search=b+7").names == ["Ann Ash"]
    token = {"csrf_token": admin.token()}
    assert admin.post(f"{EDITOR}purge/?unit={grove.north}&field={row.id}", token).status == 404
    admin.post(f"{EDITOR}remove/?unit={grove.north}&field={row.id}", token)
    admin.post(f"{EDITOR}purge/?unit={grove.north}&field={row.id}", token)
    assert grove.site.user(grove.ann).profile == {size[8:]: "M"}
    assert "Removed fields" not in admin.get(EDITOR).text
    events = [event for event, _before, _after in grove.world.trail() if event.startswith("profile_fields.")]
    kinds = ["added", "added", "moved", "edited", "removed", "brought_back", "removed", "purged"]
    assert events == [f"profile_fields.{kind}" for kind in kinds]


def test_a_member_number_of_one_s_own_is_nobody_else_s(grove: Grove, admin: Visitor) -> None:
    add(admin, grove, "Member no.", rules=["unique"])
    key = grove.site.own_field("Member no.")
    other = grove.world.user("other", home=grove.stand)
    admin.submit(admin.get(f"/users/edit/?id={grove.ann}"), "/users/edit/", **{key: "7"})
    page = admin.get(f"/users/edit/?id={other}")
    refused = admin.submit(page, "/users/edit/", **{key: "7"})
    assert refused.problems == ["Member no.: Somebody else has this already. Enter another."]


@pytest.mark.parametrize("kind", FieldType)
def test_every_type_can_be_added_and_is_previewed(grove: Grove, admin: Visitor, kind: FieldType) -> None:
    more = {"choices": "One\nTwo"} if kind in ("one_of", "several_of") else {}
    more |= {"depends_on": "grove.country"} if kind == "state" else {}
    page = add(admin, grove, "<img onerror=alert(9)>", type=kind.value, **more)
    assert page.messages and "<img" not in page.html
    assert "<img onerror=alert(9)>" in page.labels()
    assert "<img onerror=alert(9)>" in labels(admin, grove.ann)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"label": " "}, "Label: Enter what the field is called."),
        ({"label": "x" * 121}, "Label: Use at most 120 characters"),
        ({"type": "colour"}, "Type: Choose one of those on offer."),
        ({"type": "one_of", "choices": " \n"}, "Choices: Must be different words"),
        ({"type": "text", "choices": "One"}, "Choices: A text has none."),
        ({"type": "state"}, "Country field: Belongs to a state, which needs it."),
        ({"type": "state", "depends_on": "grove.nickname"}, "Country field: Choose a field of the type Country"),
        ({"type": "date", "rules": ["unique"]}, "Rules: A date does not tell users apart."),
        ({"view": "grove.trees:view", "rules": ["searchable"]}, "Rules: A search would give away"),
        ({"view": "grove.trees:burn"}, "Who sees it: Choose one of those on offer."),
        ({"help": "x" * 401}, "Help: Use at most 400 characters"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(grove: Grove, admin: Visitor, typed: dict[str, str | list[str]], said: str) -> None:
    page = admin.get(f"{EDITOR}add/?unit={grove.north}")
    refused = admin.submit(page, f"{EDITOR}add/", **{"label": "Colour", **typed})
    assert refused.status == 422
    assert any(problem.startswith(said) for problem in refused.problems), refused.problems
    filled = refused.filled(refused.form(f"{EDITOR}add/"))
    assert filled["label"] == [typed.get("label", "Colour")]
    assert grove.world.counts()["profile_field"] == 0


def test_a_country_that_a_state_depends_on_is_asked_for_again_with_what_is_in_the_way(grove: Grove, admin: Visitor) -> None:
    add(admin, grove, "Country", type="country")
    country = grove.world.session.query(OwnField).filter_by(label="Country").one()
    add(admin, grove, "State", type="state", depends_on=country.key)
    address = f"{EDITOR}remove/?unit={grove.north}&field={country.id}"

    refused = admin.submit(admin.get(address), EDITOR + "remove/")

    assert refused.status == 409
    assert "field.needed" in refused.text
    assert "State at North depends on this field. Remove that one first." in refused.text
    assert "Country" in labels(admin, grove.ann)


def test_a_state_whose_country_went_with_its_plugin_can_still_be_edited(grove: Grove, admin: Visitor) -> None:
    add(admin, grove, "State", type="state", depends_on="grove.country")
    session = grove.world.session
    state = session.query(OwnField).one()
    with writing(session):
        session.execute(update(OwnField).values(options={**state.options, "depends_on": "gone.country"}))

    page = admin.get(f"{EDITOR}edit/?unit={grove.north}&field={state.id}")
    assert admin.submit(page, f"{EDITOR}edit/", label="Province").messages

    session.expire_all()
    assert (session.query(OwnField).one().label, session.query(OwnField).one().options["depends_on"]) == ("Province", "gone.country")


def test_nobody_changes_the_form_of_a_place_that_is_not_his(grove: Grove, admin: Visitor) -> None:
    grove.world.role("looker", {"profile_fields": "view", "users": "view"}, owned_at=grove.north)
    grove.world.user("looker", ("looker", grove.north), home=grove.north, password="correct horse battery staple")
    add(admin, grove, "Badge")
    row = grove.world.session.query(OwnField).one()
    looker = grove.visitor("looker")
    page = looker.get(EDITOR)
    assert "Badge" in page.text and "Add a field" not in page.links() and "Remove" not in page.links()
    token = {"csrf_token": looker.token()}
    for name in ("move", "remove", "bring-back", "purge", "edit", "add"):
        assert looker.post(f"{EDITOR}{name}/?unit={grove.north}&field={row.id}", token).status == 403
    token = {"csrf_token": admin.token()}
    for unit, field in ((grove.south, row.id), (grove.north, 999), (grove.stand, row.id), ("x", row.id), (1, row.id), (9**20, row.id)):
        for name in ("move", "remove", "bring-back", "purge"):
            assert admin.post(f"{EDITOR}{name}/?unit={unit}&field={field}", token).status == 404
    assert grove.world.counts()["profile_field"] == 1


def test_a_form_that_is_known_costs_no_statement_more(grove: Grove, admin: Visitor) -> None:
    add(admin, grove, "Badge")
    counts = []
    for _ in range(3):
        with grove.site.statements() as seen:
            admin.get(f"/users/edit/?id={grove.ann}")
        counts.append(len(seen))
    assert not any("profile_field" in statement for statement in seen)
    assert counts[1] == counts[2] <= counts[0]


def asking(grove: Grove, label: str, **asked: str) -> OwnField:
    """Give a field levels, whatever they are, and return it."""
    row = grove.world.session.query(OwnField).filter_by(label=label).one()
    with writing(grove.world.session):
        grove.world.session.execute(update(OwnField).where(OwnField.id == row.id).values(options={**row.options, **asked}))
    return row


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_field_that_one_does_not_see_is_listed_without_what_changes_it(grove: Grove, admin: Visitor) -> None:
    add(admin, grove, "Badge")
    add(admin, grove, "Verdict")
    row = asking(grove, "Verdict", view="grove.trees:fell")
    page = admin.get(EDITOR)
    assert "Verdict" in page.text
    named = {link["aria-label"] for link in page.tree.all("a")}
    assert {"Edit Badge", "Remove Badge"} <= named and not {"Edit Verdict", "Remove Verdict"} & named
    token = {"csrf_token": admin.token()}
    for name in ("edit", "remove", "move"):
        assert admin.post(f"{EDITOR}{name}/?unit={grove.north}&field={row.id}", token).status == 403
    assert admin.get(f"{EDITOR}edit/?unit={grove.north}&field={row.id}").status == 403


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("part", ["view", "edit"])
def test_nobody_asks_for_more_than_he_holds(grove: Grove, admin: Visitor, part: str) -> None:
    page = admin.get(f"{EDITOR}add/?unit={grove.north}")
    offered = {option["value"] for option in page.control("Who sees it").all("option")}
    assert "users:edit" in offered and "grove.trees:fell" not in offered
    refused = add(admin, grove, "Verdict", **{part: "grove.trees:fell"})
    assert refused.status == 422 and refused.problems[0].endswith(": Choose one of those on offer.")
    assert refused.filled(refused.form(f"{EDITOR}add/"))["label"] == ["Verdict"]

    add(admin, grove, "Badge")
    row = grove.world.session.query(OwnField).filter_by(label="Badge").one()
    page = admin.get(f"{EDITOR}edit/?unit={grove.north}&field={row.id}")
    assert admin.submit(page, f"{EDITOR}edit/", **{part: "grove.trees:fell"}).status == 422
    assert add(grove.visitor("boss"), grove, "Verdict", **{part: "grove.trees:fell"}).messages == ["Verdict was added."]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_level_that_is_gone_stays_with_the_field_when_its_label_is_saved(grove: Grove, admin: Visitor) -> None:
    add(admin, grove, "Badge")
    row = asking(grove, "Badge", view="felled.trees:view", edit="grove.trees:burn")
    assert admin.get(f"{EDITOR}edit/?unit={grove.north}&field={row.id}").status == 403
    boss = grove.visitor("boss")
    page = boss.get(f"{EDITOR}edit/?unit={grove.north}&field={row.id}")
    saved = boss.submit(page, f"{EDITOR}edit/", label="Pass")
    assert saved.messages == ["Pass was saved."], saved.problems
    row = grove.world.session.query(OwnField).populate_existing().one()
    assert (row.options["view"], row.options["edit"]) == ("felled.trees:view", "grove.trees:burn")
