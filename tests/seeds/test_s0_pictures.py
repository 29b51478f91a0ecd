"""Pictures of the people of a ticket office (seed 000): given, replaced and taken away in the account editor, and seen by nobody else."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.drawings import BLUE, drawn, picture
from tests.office import ADMINISTRATOR, MIMI, NADJA

NAME = "profile:ticketing.profile_image"
EDIT = "/users/edit/"

pytestmark = pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
"""What differs between the databases is tried in tests/services/test_pictures.py."""


def upload(browser, content, user_id=MIMI, name=NAME, file="me.png", **values):
    page = browser.get(f"{EDIT}?id={user_id}")
    form = page.form(EDIT)
    assert form["enctype"] == "multipart/form-data"
    sent = {**page.filled(form), **values, name: FileStorage(BytesIO(content), file)}
    return send(browser, form["action"], sent)


def send(browser, address, values):
    """Post a form with a file, encoded beforehand."""
    boundary, body = encode_multipart(values)
    return browser._ask("POST", address, data=body, content_type=f'multipart/form-data; boundary="{boundary}"', follow_redirects=True)


def image(browser, user_id=MIMI):
    """Return the address of the picture that the form shows, '' for none."""
    found = browser.get(f"{EDIT}?id={user_id}").tree.all("img", class_="picture-now")
    return found[0]["src"] if found else ""


@pytest.mark.seed("S0-45")
def test_a_profile_image_is_uploaded_shown_replaced_and_removed_in_the_editor(anne, office):
    assert image(anne) == ""
    assert upload(anne, picture("JPEG")).messages == ["Mimi Moss was saved."]
    first = image(anne)
    served = anne.get(first)
    assert (served.status, served.headers["Content-Type"], drawn(served.response.data).format) == (200, "image/webp", "WEBP")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in served.headers["Cache-Control"] and "no-store" not in served.headers["Cache-Control"]
    assert anne.get(first, headers={"If-None-Match": served.headers["ETag"]}).status == 304
    head = anne.get(f"{EDIT}?id={MIMI}").tree.first("img", class_="avatar")
    assert head["src"] == first

    upload(anne, picture(colour=BLUE))
    assert image(anne) not in ("", first)
    anne.submit(anne.get(f"{EDIT}?id={MIMI}"), EDIT, **{NAME: "remove"})
    assert image(anne) == "" and anne.get(first).status == 404
    assert office.trail(MIMI) == ["users.pictured"] * 3
    audit = anne.get("/audit/").text
    assert "Changed a picture" in audit and "Profile image" in audit


@pytest.mark.seed("S0-45")
def test_an_organization_may_have_a_picture_of_its_own_in_its_form(anne, office):
    anne.submit(anne.get("/profile-fields/add/"), "/profile-fields/add/", label="Badge photo", type="image")
    name = office.own_field("Badge photo")
    upload(anne, picture(), name=name)

    assert "Badge photo" in anne.get(f"{EDIT}?id={MIMI}").labels()
    assert office.user(MIMI).profile.keys() == {name.removeprefix("profile:")}
    assert "Badge photo" not in office.visitor("nadja").get(f"{EDIT}?id={NADJA}").labels()
    assert "Badge photo" not in anne.get("/users/new/").labels()
    assert "Badge photo" not in anne.get("/users/").text and "Badge photo" not in anne.get("/users/export/").text


def test_nobody_else_sees_it(anne, office):
    upload(anne, picture())
    address = image(anne)
    assert office.visitor("nadja").get(address).status == 404
    assert office.visitor("pete").get(address).status == 403
    assert office.visitor().ask("GET", address).status == 303
    mine = "field=ticketing.profile_image"
    for odd in ("", "?id=14", "?id=14&field=", f"?id={NADJA}&{mine}", f"?id=x&{mine}", "?id=14&field=%00", f"?id={'9' * 30}&{mine}"):
        assert anne.get(f"/users/picture/{odd}").status == 404, odd
    assert anne.get("/users/picture/?id=14&field=ticketing.member_number").status == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"<svg><script/></svg>", "SVG can hold scripts"), (b"no picture", "no picture that can be read"), (b"\x00" * 8_000_001, "at most 8 MB")],
)
def test_what_is_no_picture_is_said_at_the_field_and_nothing_typed_is_lost(anne, office, content, said):
    refused = upload(anne, content, first_name="Mia")

    assert refused.status == 422 and said in refused.problems[0] and refused.problems[0].startswith("Profile image: ")
    assert refused.filled(refused.form(EDIT))["first_name"] == ["Mia"]
    assert office.user(MIMI).first_name == "Mimi"


def test_a_form_that_is_refused_for_something_else_says_to_choose_the_picture_again(anne, office):
    refused = upload(anne, picture(), email="nowhere", first_name="Mia")
    assert refused.problems[1:] == ["Profile image: Choose the picture again; the rest of the form is still here."]
    assert refused.filled(refused.form(EDIT))["first_name"] == ["Mia"]
    assert office.user(MIMI).profile == {}


def test_a_question_about_access_says_so_too(anne, office):
    asked = upload(anne, picture(), role=ADMINISTRATOR)
    assert asked.status == 200 and "Nothing is saved yet." in asked.text
    assert asked.messages == ["Choose the picture again before you agree: no browser keeps a file in a form."]
    assert office.user(MIMI).profile == {}


def test_a_tick_to_remove_stays_in_a_form_that_is_refused(anne, office):
    upload(anne, picture())
    refused = anne.submit(anne.get(f"{EDIT}?id={MIMI}"), EDIT, **{NAME: "remove", "email": "nowhere"})

    assert refused.filled(refused.form(EDIT))[NAME] == ["", "remove"]
    assert office.user(MIMI).profile


def test_a_file_that_the_form_does_not_ask_for_is_refused(anne):
    refused = upload(anne, picture(), name="profile:ticketing.member_number")
    assert refused.status == 422


def test_far_too_much_is_refused_and_only_who_is_signed_in_may_send_more_than_a_little(anne, office):
    assert upload(anne, b"\x00" * 17_000_000).status == 413
    assert send(office.visitor(), f"{EDIT}?id={MIMI}", {NAME: FileStorage(BytesIO(b"\x00" * 2_000_000), "x")}).status == 413


def test_a_form_without_such_a_field_sends_no_files(anne):
    assert "enctype" not in anne.get("/users/new/").form("/users/new/")
