"""Whatever is sent, the answer is a page or a refusal with a code: never a failure, and nothing is written."""

import base64
import json
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bo_panel.domain.pages import Place
from tests.browsing import Page, Visitor
from tests.site import ADA, AMBER, BERT, NORTH, PLATFORM_ADMINISTRATOR, Site, application

ACCOUNTS = "units:service_provider.account"
USERS, NEW, EDIT, LOOKUP, ROLES, AUDIT = "/users/", "/users/new/", f"/users/edit/?id={ADA}", "/users/ajax/lookup/", "/users/roles/", "/audit/"
PAGES = ("/", USERS, NEW, EDIT, LOOKUP, ROLES, AUDIT, "/account/", "/account/password/", "/sign-in")
LISTS = (USERS, AUDIT)
HUGE = (10**17, 2**31, 2**63, "9" * 5_000)
EVERYWHERE = (
    f"page=-1&page={10**20}&id=1,2&id=&id=-1",
    "endpoint=x&self=1&cls=1&fn=1&view=1&name=x",
    "_method=POST&_external=1&_scheme=ftp&_anchor=x",
    "unknown=1&unknown=2&%ff=%ff&&&===;;;",
    f"next={'x' * 3_000}&url=https://evil.example",
)
IDS = ("id=1,2", "id=", "id=-1", "id=1e3", "id=0x10", "id=%00", "id=١٢", "id[]=1", "x=1", *(f"id={number}" for number in HUGE))
ODD = {
    USERS: (
        "size=-1&sort=password_hash&cols=password_hash",
        "size=1000000&sort=-&cols=",
        "status=deleted&role=%27%20OR%201=1&signed_in=x",
        "status='&home=%00&last=2",
        "search=%ff%fe",
        "after=&before=",
        *(f"home={number}&role={number}" for number in HUGE),
    ),
    AUDIT: ("event=x&event=%00", "search=%ff%fe&last=2", "size=-1&sort=at"),
    NEW: tuple(f"home={number}" for number in HUGE),
    LOOKUP: ("kind=%00", "kind=home&q=%00%25_%27&q=x", *(f"kind=service_provider.account&home={number}" for number in HUGE)),
    ROLES: ("home=%00", *(f"home={number}" for number in HUGE)),
}
SEARCHES = (
    '"',
    "''",
    "%",
    "_",
    "%%%",
    "\\",
    "a AND b",
    "NOT",
    "NEAR(a b)",
    "col:x",
    "a*",
    "^a",
    '"unclosed',
    "(",
    "-a",
    "a\x00b",
    "\x00",
    "😀",
    "👨‍👩‍👧‍👦",
    "李",
    "李小",
    "بدر",
    "ａｄａ",
    "ß",
    "\u202eada",
    "\ufeff",
    "a" * 10_000,
    "a b " * 3_000,
    "'; DROP TABLE user; --",
    "{{7*7}}",
    "%(x)s",
    "%s",
)


def packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


PLACES = (
    "zzz",
    "=",
    "====",
    "!",
    "é",
    "x" * 5_000,
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    base64.urlsafe_b64encode(b"[" * 600).decode(),
    *map(
        packed,
        (
            None,
            [],
            {},
            "x",
            1,
            [1],
            [1, 2, 3],
            [None, 1],
            ["a", None],
            ["a", "1"],
            ["a", 1.5],
            ["a", True],
            [True, 1],
            [[], 1],
            [{}, 1],
            ["a", -1],
            ["a", 0],
            ["a", 2**62],
            ["a", 2**63],
            ["a", 2**64],
            ["\x00", 1],
            ["a\x00", 1],
            ["\ud800", 1],
            ["\udfff\ud800", 1],
            ["😀", 1],
            ["x" * 500, 1],
            [1, 1],
            [-1, 1],
            [2**63, 1],
            [2**70, 1],
            [1.5, 1],
            [1e308, 1],
            [-1e308, 1],
            [1e12, 1],
            [-1e12, 1],
            [float("nan"), 1],
            [float("inf"), 1],
            [float("-inf"), 1],
            ["2026-01-01", 1],
        ),
    ),
)


def fine(page: Page) -> bool:
    """Return whether this is a page, or a refusal with a code."""
    return page.status in (200, 302, 303) or (400 <= page.status < 500 and (bool(page.codes) or page.response.is_json))


def test_odd_parameters_never_make_a_page_fail(site, boss):
    for path in PAGES:
        for query in (*EVERYWHERE, *ODD.get(path, ())):
            address = f"{path}{'&' if '?' in path else '?'}{query}"
            assert fine(boss.ask("GET", address)), address


def test_an_odd_id_names_nobody(boss):
    for query in IDS:
        page = boss.ask("GET", f"/users/edit/?{query}")
        assert (page.status, page.codes) == (404, ["not_found"]), query


@pytest.mark.parametrize("name", ["boss", "nora"])
def test_broken_and_forged_places_in_a_list_never_make_it_fail(site, name):
    browser, keys = site.visitor(name), cycle(("after", "before"))
    for order in ("", "sort=last_sign_in&size=25&", "sort=-id&search=nor&"):
        for key, place in zip(keys, PLACES, strict=False):
            assert browser.ask("GET", f"/users/?{order}{key}={place}").status == 200, (order, key, place)


def test_broken_and_forged_places_in_the_audit_log_never_make_it_fail(nora):
    for key, place in zip(cycle(("after", "before")), PLACES, strict=False):
        assert nora.ask("GET", f"/audit/?{key}={place}").status == 200, (key, place)


def test_a_place_that_cannot_be_read_leads_to_the_first_page_and_says_so(nora):
    page = nora.get("/users/?after=zzz")

    assert page.messages == ["That place in the list can no longer be found, so this is its first page."]
    assert len(page.names) == 6


@pytest.mark.parametrize("path", LISTS)
def test_odd_searches_never_make_a_list_fail(nora, path):
    for words in SEARCHES:
        page = nora.ask("GET", path, query_string={"search": words})
        assert page.status == 200, words
        assert page.tree.first("input", name="search")["value"] in words.replace("\x00", "").strip(), words


def test_what_stands_for_anything_in_sql_stands_for_itself(nora):
    for words in ("%", "_", "%%%", "a%a", "n_ra"):
        assert nora.ask("GET", "/users/", query_string={"search": words}).names == [], words


def test_odd_look_ups_never_fail(nora):
    for kind, words in zip(cycle(("home", "service_provider.account")), SEARCHES, strict=False):
        page = nora.ask("GET", "/users/ajax/lookup/", query_string={"kind": kind, "home": str(NORTH), "q": words})
        assert page.status == 200, words


def test_broken_cookies_never_make_a_page_fail(site):
    browser = site.visitor("nora")
    good = browser.cookie("bo_session").value
    for value in ("x", "x.y.z", "", "0" * 4_000, "eyJ9.x.y", "é", "\\x00", '"', "dark; light"):
        browser.client.set_cookie("bo_session", good)
        for name in ("bo_state", "bo_theme", "bo_density", "bo_nav"):
            browser.client.set_cookie(name, value)
        page = browser.get("/users/")
        assert page.heading == "Back-Office Users", value
        assert page.tree.first("html")["data-theme"] == "auto"
        browser.client.set_cookie("bo_session", value)
        assert browser.get("/users/").heading == "Sign in", value


FORGED = (
    {"role": "member"},
    {"role": "nonsense"},
    {"role": "\x00"},
    {"home": "1"},
    {"home": "x"},
    {"home": str(2**63)},
    {"home": str(10**17)},
    {"status": "disabled"},
    {"id": "11"},
    {"home_id": "1"},
    {"access_version": "1"},
    {"is_active": "1"},
    {"profile": "{}"},
    {"units:grove.area": "2"},
    {ACCOUNTS: "x"},
    {ACCOUNTS: "9" * 5_000},
    {ACCOUNTS: str(2**63)},
    {ACCOUNTS: str(10**17)},
    {ACCOUNTS: [str(number) for number in range(1, 2_500)]},
    {"user_name": ""},
    {"user_name": "\x00"},
    {"user_name": "x" * 5_000},
    {"email": "not an address"},
    {"email": "a@b@c"},
    {"email": "x" * 300 + "@north.example"},
    {"phone": "call me"},
    {"first_name": "x" * 500},
)


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


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(boss, method):
    for path in PAGES:
        page = boss.ask(method, path)
        assert page.status in (400, 405), path
        assert page.codes, path


def test_what_does_not_exist_says_so(boss):
    for path in ("/nothing", "/users/edit", "/users//", "/users/edit/x", "/%00", "/..%2f..%2fetc/passwd", "/assets/x/../../../pyproject.toml", "/assets/x/bo.css", "/é"):
        page = boss.ask("GET", path)
        assert page.status in (308, 404), path
        assert page.status == 308 or page.codes == ["not_found"], path


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "evil.example/localhost", ""])
def test_another_host_is_refused_where_the_hosts_are_named(site, host):
    server = site.panel.settings.server.model_copy(update={"trusted_hosts": ("localhost",)})
    browser = Visitor(application(site.panel, server=server))
    assert browser.get("/sign-in").status == 200

    page = browser.ask("GET", "/users/", headers={"Host": host})

    assert page.status == 400
    assert page.html == "This panel is not reached under this name. Ask whoever runs it for its address. (request.host)\n"
    assert "Location" not in page.headers


def test_what_a_proxy_would_say_is_not_believed_where_there_is_none(site):
    page = Visitor(site.app).ask("GET", "/users/", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "ftp", "X-Forwarded-For": "1.2.3.4", "X-Forwarded-Prefix": "/evil", "Forwarded": "host=evil.example"})

    assert page.headers["Location"] == "/sign-in?next=/users/"


def test_the_answer_to_an_error_in_data_is_data(boss):
    page = boss.ask("GET", "/users/edit/?id=999", headers={"Accept": "application/json"})

    assert (page.status, page.json["code"]) == (404, "not_found")


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=20))


def test_hypothesis_finds_no_address_that_makes_a_list_fail(site: Site, nora: Visitor):
    keys = st.sampled_from(("search", "status", "role", "home", "signed_in", "sort", "size", "cols", "after", "before", "last", "event", "page", "x"))
    values = st.one_of(st.text(max_size=30), SCALARS.map(str), st.tuples(SCALARS, SCALARS).map(packed), st.sampled_from(("name", "-name", "id", "active", "never", "1", "25")))

    @settings(max_examples=60)
    @given(st.sampled_from((*LISTS, "/users/ajax/lookup/", "/users/roles/")), st.lists(st.tuples(keys, values), max_size=5))
    def never_fails(path: str, query: list[tuple[str, str]]) -> None:
        pairs = [(key, value.encode("utf-8", "replace").decode()) for key, value in query]
        assert nora.ask("GET", path, query_string=urlencode(pairs)).status == 200

    never_fails()


def test_hypothesis_finds_no_form_that_makes_saving_fail(site: Site, nora: Visitor):
    names = st.sampled_from(("user_name", "first_name", "last_name", "email", "phone", "home", "role", "version", "password", ACCOUNTS, "ids", "x"))
    values = st.one_of(st.text(max_size=40), SCALARS.map(str))
    token = nora.token()

    @settings(max_examples=60)
    @given(st.sampled_from(("/users/new/", f"/users/edit/?id={ADA}", "/users/several/", "/users/action/", "/account/password/")), st.dictionaries(names, values, max_size=6))
    def never_fails(address: str, form: dict[str, str]) -> None:
        sent = {name: value.encode("utf-8", "replace") for name, value in form.items()}
        assert nora.ask("POST", address, data={**sent, "csrf_token": token}).status < 500

    never_fails()


def test_a_place_is_what_the_pager_makes_of_it():
    assert Place.parse(Place("Ä😀", 7).text()) == Place("Ä😀", 7)
