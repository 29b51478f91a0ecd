"""A page asked for by its number: that page, or the nearest one that there is."""

import pytest

from tests.browsing import Page, Visitor
from tests.site import NORTH, Site


@pytest.fixture
def visitor(site: Site, request: pytest.FixtureRequest) -> Visitor:
    """Nora, or whoever is asked for, in a panel with pages of five."""
    for number in range(12):
        site.world.user(f"paged.{number:02}", home=NORTH, first_name="Pat", last_name=f"{number:02}")
    found = Visitor(site.beside(users=site.panel.settings.users.model_copy(update={"page_sizes": (5,), "page_size": 5})))
    found.sign_in(getattr(request, "param", "nora"))
    return found



def found(page: Page) -> list[str]:
    return [node.text for node in page.tree.all("a") if node.text.startswith("Pat ")]


@pytest.mark.parametrize("visitor", ["nora", "boss"], indirect=True)
@pytest.mark.parametrize("query", ["search=pat", "search=pat&sort=-name", "search=paged&sort=id"])
def test_it_is_the_page_that_the_pager_leads_to(visitor: Visitor, query: str) -> None:
    page, shown = visitor.ask("GET", f"/users/?{query}"), []
    while True:
        shown.append(found(page))
        if "Next" not in [node.text for node in page.tree.all("a") if node["href"]]:
            break
        page = visitor.ask("GET", page.link("Next"))
    assert [len(rows) for rows in shown] == [5, 5, 2]
    for number, rows in enumerate(shown, 1):
        assert found(visitor.ask("GET", f"/users/?{query}&page={number}")) == rows
    second = visitor.ask("GET", f"/users/?{query}&page=2")
    assert second.tree.first("input", id="page-number")["value"] == "2"
    assert found(visitor.ask("GET", second.link("Next"))) == shown[2]
    assert found(visitor.ask("GET", second.link("Previous"))) == shown[0]


@pytest.mark.parametrize("number", ["4", "99", "2147483648", "999999999", str(10**20), "9" * 400])
def test_far_beyond_the_end_it_is_the_last_page(visitor: Visitor, number: str) -> None:
    last = visitor.ask("GET", "/users/?search=pat&last=1")
    page = visitor.get(f"/users/?search=pat&page={number}")
    assert (page.status, found(page)) == (200, found(last))
    assert len(found(page)) == 5


@pytest.mark.parametrize("number", ["-1", "0", "00", "1", "-99999999999999999999"])
def test_before_the_beginning_it_is_the_first_page(visitor: Visitor, number: str) -> None:
    first = visitor.ask("GET", "/users/?search=pat")
    page = visitor.get(f"/users/?search=pat&page={number}")
    assert (page.status, found(page)) == (200, found(first))
    assert page.messages == []


@pytest.mark.parametrize("number", ["two", "1e9", "2.5", "²", "\x00", "1;drop"])
def test_what_is_no_number_is_the_first_page_and_said_so(visitor: Visitor, number: str) -> None:
    page = visitor.ask("GET", "/users/", query_string={"search": "pat", "page": number})
    assert (page.status, found(page)) == (200, found(visitor.ask("GET", "/users/?search=pat")))
    assert "can no longer be found" in page.messages[0]


def test_an_empty_list_has_no_pages_to_go_to(visitor: Visitor) -> None:
    page = visitor.get("/users/?search=nobody-here&page=7")
    assert page.status == 200
    assert "Nothing matches" in page.text
    assert not page.tree.all("input", id="page-number")


def test_a_page_by_its_number_asks_no_more_than_any_other(site: Site, visitor: Visitor) -> None:
    counts = []
    for address in ("/users/?search=pat", "/users/?search=pat&page=2", "/users/?search=pat&page=99"):
        visitor.get(address)
        with site.statements() as seen:
            assert visitor.ask("GET", address).status in (200, 303)
        counts.append(len(seen))
    assert max(counts) == counts[0] <= 6
