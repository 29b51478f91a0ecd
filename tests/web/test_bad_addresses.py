"""Whatever stands in an address, the answer is a page or a refusal with a code: never a failure."""

from itertools import cycle
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bo_panel.domain.pages import Place
from tests.browsing import Page, Visitor
from tests.site import NORTH, Site
from tests.web.oddities import (
    EVERYBODY,
    EVERYWHERE,
    IDS,
    JOBS,
    LISTS,
    ODD,
    OF_CHANGES,
    OF_JOBS,
    PAGES,
    PLACES,
    ROLE_FORMS,
    SCALARS,
    SEARCHES,
    packed,
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
        for path in ("/users/edit/", "/users/access/", "/units/show/", "/units/edit/", "/units/move/", "/units/new/", "/units/parents/", *OF_JOBS):
            page = boss.ask("GET", f"{path}?{query}")
            assert (page.status, page.codes) == (404, ["export.gone" if path == "/jobs/file/" else "not_found"]), (path, query)
        for path in OF_CHANGES:
            page = boss.ask("GET", f"{path}?{query.replace('id', 'change_set', 1)}")
            assert (page.status, page.codes) == (404, ["not_found"]), (path, query)


@pytest.mark.parametrize("name", ["boss", "nora"])
def test_broken_and_forged_places_in_a_list_never_make_it_fail(site, name):
    browser, keys = site.visitor(name), cycle(("after", "before"))
    for order in ("", "sort=last_sign_in&size=25&", "sort=-id&search=nor&"):
        for key, place in zip(keys, PLACES, strict=False):
            assert browser.ask("GET", f"/users/?{order}{key}={place}").status == 200, (order, key, place)


def test_broken_and_forged_places_in_the_audit_log_never_make_it_fail(nora):
    for key, place in zip(cycle(("after", "before")), PLACES, strict=False):
        assert nora.ask("GET", f"/audit/?{key}={place}").status == 200, (key, place)


def test_broken_and_forged_places_in_the_tree_never_make_it_fail(nora):
    for key, place in zip(cycle(("after", "before")), PLACES, strict=False):
        for address in ("/units/?search=line&", f"/units/show/?id={NORTH}&"):
            assert nora.ask("GET", f"{address}{key}={place}").status == 200, (address, key, place)


def test_broken_and_forged_places_in_the_jobs_never_make_them_fail(nora):
    for key, place in zip(cycle(("after", "before")), PLACES, strict=False):
        assert nora.ask("GET", f"/jobs/?{key}={place}").status == 200, (key, place)
        assert nora.ask("GET", f"/users/all/?action=disable&{key}={place}").status == 200, (key, place)


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


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(boss, method):
    for path in PAGES:
        page = boss.ask(method, path)
        assert page.status in (400, 405), path
        assert page.codes, path


def test_what_does_not_exist_says_so(boss):
    for path in (
        "/nothing",
        "/users/edit",
        "/users//",
        "/users/edit/x",
        "/%00",
        "/..%2f..%2fetc/passwd",
        "/assets/x/../../../pyproject.toml",
        "/assets/x/bo.css",
        "/é",
    ):
        page = boss.ask("GET", path)
        assert page.status in (308, 404), path
        assert page.status == 308 or page.codes == ["not_found"], path


def test_the_answer_to_an_error_in_data_is_data(boss):
    page = boss.ask("GET", "/users/edit/?id=999", headers={"Accept": "application/json"})

    assert (page.status, page.json["code"]) == (404, "not_found")


def test_hypothesis_finds_no_address_that_makes_a_list_fail(site: Site, nora: Visitor):
    keys = st.sampled_from(("search", "status", "role", "home", "signed_in", "sort", "size", "cols", "after", "before", "last", "event", "page", "x"))
    values = st.one_of(
        st.text(max_size=30),
        SCALARS.map(str),
        st.tuples(SCALARS, SCALARS).map(packed),
        st.sampled_from(("name", "-name", "id", "active", "never", "1", "25")),
    )

    @settings(max_examples=60)
    @given(st.sampled_from((*LISTS, JOBS, EVERYBODY, "/users/ajax/lookup/", "/users/roles/")), st.lists(st.tuples(keys, values), max_size=5))
    def never_fails(path: str, query: list[tuple[str, str]]) -> None:
        pairs = [(key, value.encode("utf-8", "replace").decode()) for key, value in query]
        page = nora.ask("GET", f"{path}{'&' if '?' in path else '?'}{urlencode(pairs)}")
        assert page.status in (200, 303)  # a page beyond the end leads to the last one

    never_fails()


def test_a_place_is_what_the_pager_makes_of_it():
    assert Place.parse(Place("Ä😀", 7).text()) == Place("Ä😀", 7)


def test_an_odd_key_names_no_role(boss):
    for address in ROLE_FORMS:
        for key in ("", "%00", "%00own:1", "own:%00", "x" * 5_000, "%ff"):
            page = boss.ask("GET", f"{address}?key={key}")
            assert (page.status, page.codes) == (404, ["not_found"]), (address, key)
