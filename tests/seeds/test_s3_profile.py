"""What a field service keeps of its people (seed 003): nine fields, the states of a country, and the accounting ID in the list and its export."""

import pytest

from tests.seeds.companies import ANN, NEW, add

NINE = ["First Name", "Last Name", "Phone", "Company", "Address", "City", "Country", "State/Province", "ZIP/Postal Code"]
ADDRESS = {
    "profile:field_service.company": "Ledger & Sons",
    "profile:field_service.address": "1 Market Street",
    "profile:field_service.city": "San Francisco",
    "profile:field_service.country": "US",
    "profile:field_service.state": "US-CA",
    "profile:field_service.postal_code": "94103",
}
ACCOUNTING_ID, COMMENTS = "profile:field_service.accounting_id", "profile:field_service.comments"


@pytest.mark.seed("S3-17")
def test_nine_fields_tell_who_somebody_is_and_the_states_are_those_of_the_country(alma):
    page = alma.get(f"/users/edit/?id={ANN}")
    labels = page.labels()
    assert [label for label in labels if label in NINE] == NINE
    assert len(page.options("Country")) > 200 and page.options("State/Province") == {}
    states = {state["label"]: state["value"] for state in alma.get("/users/states/?country=US").json["states"]}

    alma.submit(page, "/users/edit/", **ADDRESS, phone="+1 415 555 0100")
    page = alma.get(f"/users/edit/?id={ANN}")
    assert states["California"] == "US-CA"
    assert page.options("State/Province") == states
    assert page.filled(page.form("/users/edit/")).items() >= {name: [value] for name, value in ADDRESS.items()}.items()
    wrong = alma.submit(page, "/users/edit/", **{"profile:field_service.country": "CA"})
    assert wrong.problems == ["State/Province: Choose a state of the country that is chosen."]
    assert "Ontario" in wrong.options("State/Province")
    assert alma.get("/users/?search=market+street").names == ["Ann Ledger"]


@pytest.mark.seed("S3-18")
def test_the_accounting_id_is_a_field_a_column_and_in_the_export(alma):
    page = alma.get(f"/users/edit/?id={ANN}")
    assert "Accounting ID is used for integration with third-party applications." in page.text
    alma.submit(page, "/users/edit/", **{ACCOUNTING_ID: "AC-0042"})

    listed = alma.get(f"/users/?cols=email&cols={ACCOUNTING_ID}")
    assert listed.row("Ann Ledger")["Accounting ID"] == "AC-0042"
    sent = {"csrf_token": alma.token(), "format": "csv", "cols": ["email", ACCOUNTING_ID], "search": "ledger"}
    assert alma.post("/users/export/", sent).response.text.splitlines()[1:] == ["Ann Ledger,ann@fixit.example,AC-0042"]


@pytest.mark.seed("S3-20")
def test_comments_are_kept_line_by_line_of_somebody_new_too(alma, fixit):
    added = add(alma, "work_manager", **{COMMENTS: "Works in the mornings.\r\nHas a van.", **ADDRESS})
    assert added.status == 200, added.problems
    assert "Works in the mornings." not in added.text
    user = next(row["data-id"] for row in alma.get(f"/users/?search={NEW['user_name']}").rows)
    page = alma.get(f"/users/edit/?id={user}")
    assert page.control("Comments").text.split() == ["Works", "in", "the", "mornings.", "Has", "a", "van."]
    assert fixit.user(int(user)).profile["field_service.comments"] == "Works in the mornings.\nHas a van."
