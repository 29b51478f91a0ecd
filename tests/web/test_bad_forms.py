"""Whatever is posted, the answer is a page or a refusal with a code: never a failure, and nothing is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browsing import Visitor
from tests.site import ADA, AMBER, BERT, NORTH, PLATFORM_ADMINISTRATOR, SENTINEL, Site
from tests.web.oddities import ACCOUNTS, EDIT, FILTERS, FORGED, NEW, NUMBERS, SCALARS

FIELDS = ("user_name", "first_name", "last_name", "email", "phone", "home", "role", "version", "password", ACCOUNTS, "ids", "x")
FIELDS += ("action", "expected", "high_water", "event", "format", "cols", "search", "status", "sort", "id", "change_set", "reason")
FORMS = ("/users/new/", f"/users/edit/?id={ADA}", "/users/several/", "/users/action/", "/account/password/")
FORMS += ("/users/all/run/", "/users/export/", "/users/refused/", "/jobs/cancel/", "/jobs/undo/")


@pytest.mark.parametrize("address", [NEW, EDIT])
def test_forged_fields_are_refused_with_a_code_and_nothing_is_written(nora, site, address):
    before, form = site.everything(), nora.get(address)
    usual = {"user_name": "dora", "home": str(NORTH), "role": PLATFORM_ADMINISTRATOR, ACCOUNTS: str(AMBER)} if "new" in address else {}
    for values in FORGED:
        page = nora.submit(form, address.split("?")[0], **{**usual, **values})
        assert page.status == 422, values
        assert page.codes or page.problems, values
        assert site.everything() == before, values
    assert site.user(ADA).user_name == "ada"


def test_a_forged_version_is_a_conflict_and_writes_nothing(nora, site):
    before, form = site.everything(), nora.get(EDIT)

    for version in ("", "0", "-1", "x", "1.5", "2", "9" * 30, str(10**17), "\x00"):
        assert nora.submit(form, "/users/edit/", version=version, first_name="Forged").status == 409, version

    assert site.everything() == before
    assert site.user(ADA).first_name == "Ada"


def test_forged_actions_are_refused(nora, site):
    before, token = site.everything(), nora.token()
    for values in (
        {},
        {"action": "disable"},
        {"action": "purge", "ids": str(ADA)},
        {"action": "disable", "ids": "x"},
        {"action": "disable", "ids": ["", str(ADA)]},
        {"action": "disable", "ids": str(2**63)},
        {"action": "disable", "ids": str(10**17)},
        {"action": "disable", "ids": "9" * 5_000},
        {"action": "__class__", "ids": str(ADA)},
        {"action": "edit", "ids": "x"},
        {"action": "edit", "ids": ["1", "x"]},
        {"action": "edit"},
        {"row": "x"},
        {"row": str(ADA), "ids": str(BERT), "action": "\x00"},
    ):
        for confirmed in ("", "1"):
            page = nora.post("/users/action/", {"csrf_token": token, "confirmed": confirmed, **values})
            assert page.status < 500, values
            assert page.codes or page.messages or page.status == 200, values
    assert site.everything() == before


def test_forged_exports_are_refused_or_are_files_of_what_is_in_sight(nora, site):
    before, token = site.everything(), nora.token()
    for values in ({}, {"format": "exe"}, {"format": "\x00"}, {"format": "csv", "cols": "password_hash"}, {"format": "csv", "cols": ["id"] * 300}):
        page = nora.post("/users/export/", {"csrf_token": token, **values})
        assert page.messages, values
        assert site.everything() == before, values
    for values in FILTERS:
        page = nora.post("/users/export/", {"csrf_token": token, "format": "csv", **values})
        is_file = (page.status, page.headers["Content-Type"].split(";")[0]) == (200, "text/csv")
        assert is_file or "selection.not_there" in " ".join(page.messages), values
        assert is_file is (values.keys() <= {"search", "page"}), values
        assert SENTINEL not in page.html


def test_forged_runs_on_everybody_change_nobody(nora, site):
    before, token = site.everything(), nora.token()
    forged = [{}, {"action": "purge"}, {"action": "\x00"}, {"action": "disable"}, *({"action": "disable", **values} for values in FILTERS)]
    forged += [{"action": "disable", name: number} for name in ("expected", "high_water", "ids", "event") for number in NUMBERS]
    for values in forged:
        page = nora.post("/users/all/run/", {"csrf_token": token, **values})
        assert page.status < 500, values
        assert page.codes or page.messages or page.path == "/jobs/show/", values
    assert nora.post("/users/all/run/", {"csrf_token": token, "action": "disable"}).messages == ["Nobody matches, so nothing was done."]
    while site.panel.jobs.work(site.world.session):
        pass
    site.world.session.rollback()
    assert {**site.everything(), "job": 0} == before  # a count that is large enough makes a job, which then finds that it does not hold
    assert [site.user(user_id).version for user_id in (ADA, BERT)] == [1, 1]


def test_forged_words_about_jobs_and_changes_name_nothing(nora, site):
    before, token = site.everything(), nora.token()
    for number in NUMBERS:
        for address, name in (("/jobs/cancel/", "id"), ("/jobs/undo/", "change_set")):
            page = nora.post(address, {"csrf_token": token, name: number, "next": "https://evil.example", "reason": "\x00"})
            assert (page.status, page.codes) == (404, ["not_found"]), (address, number)
    assert site.everything() == before


def test_nobody_is_chosen_by_an_action_on_nobody(nora):
    page = nora.submit(nora.get("/users/"), "/users/action/", action="disable")

    assert page.messages == ["Nobody is selected. Select at least one row, then choose the action again."]


def test_five_thousand_ids_are_too_many(nora, site):
    before = site.everything()
    values = {"csrf_token": nora.token(), "action": "disable", "confirmed": "1", "ids": [str(number) for number in range(1, 5_001)]}

    page = nora.post("/users/action/", values)

    assert page.status < 500
    assert page.codes or page.messages
    assert site.everything() == before


@pytest.mark.parametrize("count", [200, 4_000])
def test_a_huge_form_is_refused(nora, site, count):
    page = nora.post("/users/new/", {"csrf_token": nora.token(), **{f"first_name{number}": "x" * 5_000 for number in range(count)}})

    assert (page.status, page.codes) == (413, ["request.too_large"])


def test_a_body_that_is_no_form_is_refused(nora):
    for content_type in ("application/json", "text/xml", "multipart/form-data", "multipart/form-data; boundary=x", "nonsense"):
        page = nora.ask("POST", "/users/new/", data=b"\xff\x00{]", content_type=content_type)
        assert (page.status, page.codes) == (400, ["form.stale"]), content_type


def test_hypothesis_finds_no_form_that_makes_saving_fail(site: Site, nora: Visitor):
    names = st.sampled_from(FIELDS)
    values = st.one_of(st.text(max_size=40), SCALARS.map(str))
    token = nora.token()

    @settings(max_examples=60)
    @given(
        st.sampled_from(FORMS),
        st.dictionaries(names, values, max_size=6),
    )
    def never_fails(address: str, form: dict[str, str]) -> None:
        sent = {name: value.encode("utf-8", "replace") for name, value in form.items()}
        assert nora.ask("POST", address, data={**sent, "csrf_token": token}).status < 500

    never_fails()
