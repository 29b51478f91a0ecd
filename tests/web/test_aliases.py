"""Other addresses for pages, which a deployment names in `[routes]`: they lead there, and past nobody."""

import pytest

from bo_panel.settings import SettingsError
from tests.browsing import Visitor
from tests.site import ADA, Site

ROUTES = {
    "/?r=user/user/create": "/users/new/",
    "/?r=customer/customer/customer-view": "/account/",
    "/fmz/user/admin/export": "/users/",
    "/old": "/units/",
}


@pytest.fixture
def aliased(site: Site) -> Visitor:
    """A browser of a deployment with aliases; nobody is signed in."""
    return Visitor(site.beside(routes=ROUTES))


def leads_to(page: object) -> tuple[int, str]:
    return page.status, page.headers.get("Location", "")  # type: ignore[attr-defined]


def test_an_alias_leads_to_its_page_with_whatever_else_is_asked_for(aliased: Visitor):
    assert leads_to(aliased.ask("GET", "/?r=user/user/create")) == (303, "/users/new/")
    assert leads_to(aliased.ask("HEAD", "/?r=user%2Fuser%2Fcreate")) == (303, "/users/new/")
    assert leads_to(aliased.ask("GET", "/fmz/user/admin/export?search=ada&cols=email&cols=id")) == (303, "/users/?search=ada&cols=email&cols=id")
    assert leads_to(aliased.ask("GET", "/old?x=%0d%0aSet-Cookie:%20a=b&y=//evil.example")) == (
        303,
        "/units/?x=%0D%0ASet-Cookie%3A+a%3Db&y=%2F%2Fevil.example",
    )
    aliased.sign_in("nora")
    assert aliased.get("/?r=user/user/create").heading == "Add Back-Office User"
    assert aliased.get("/").heading.startswith("Hello")


@pytest.mark.parametrize("address", ["/?r=user/user", "/?R=user/user/create", "/?r=", "/", "/?r=user/user/create/"])
def test_what_is_no_alias_is_what_it_was(aliased: Visitor, address: str):
    assert leads_to(aliased.ask("GET", address))[1].startswith("/sign-in")


@pytest.mark.parametrize("address", ["/fmz/user/admin/export/", "/fmz/user/admin", "/OLD", "//old", "/old/../old"])
def test_an_alias_is_matched_exactly(aliased: Visitor, address: str):
    assert leads_to(aliased.ask("GET", address))[1] not in ROUTES.values()


def test_an_alias_is_no_way_around_the_page_to_sign_in_on(aliased: Visitor):
    for address, page in ROUTES.items():
        asked = aliased.get(address)
        assert (asked.path, asked.heading) == ("/sign-in", "Sign in"), (address, page)
    assert aliased.sign_in("nora", onwards="/?r=user/user/create").path == "/users/new/"


def test_an_alias_is_no_way_around_what_somebody_may_do(site: Site):
    bert = Visitor(site.beside(routes=ROUTES))
    bert.sign_in("bert")

    for address, page in ROUTES.items():
        assert bert.get(address).status == bert.get(page).status, address
    assert bert.get("/?r=user/user/create").status == 403


def test_an_alias_answers_no_change(site: Site, aliased: Visitor):
    aliased.sign_in("nora")
    token, before = aliased.token(), site.everything()

    for address in ROUTES:
        for method in ("POST", "PUT", "DELETE"):
            page = aliased.ask(method, address, data={"csrf_token": token, "ids": str(ADA), "action": "delete", "confirmed": "1"})
            assert page.status in (404, 405), (method, address)
    assert site.everything() == before


@pytest.mark.parametrize(
    ("address", "page", "says"),
    [
        ("/old", "/user/new/", "leads to '/user/new/', which is no page. Did you mean /users/new/?"),
        ("/old", "https://evil.example/", "leads to 'https://evil.example/', which is no page."),
        ("/old", "//evil.example/users/", "which is no page."),
        ("/old", "/assets/x/css/base.css", "which is no page."),
        ("/old", "/users/action/", "leads to '/users/action/', which is no page."),
        ("//evil.example", "/users/", "is no address of this site. Begin with one slash"),
        ("https://evil.example/", "/users/", "is no address of this site."),
        ("old", "/users/", "is no address of this site."),
        ("/old#part", "/users/", "is no address of this site."),
        ("/users/", "/units/", "is a page already."),
        ("/users", "/units/", "is a page already."),
        ("/users/action/", "/units/", "is a page already."),
    ],
)
def test_an_alias_that_leads_nowhere_or_hides_a_page_refuses_the_start(site: Site, address: str, page: str, says: str):
    with pytest.raises(SettingsError) as refused:
        site.beside(routes={address: page, "/fine": "/users/"})

    [problem] = refused.value.problems
    assert str(problem).startswith(f'config/default.toml: routes."{address}": ')
    assert says in str(problem)
