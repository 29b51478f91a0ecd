"""What every answer carries, also those that say that something went wrong."""

import re

from bo_panel.settings.sections import Database
from tests.browsing import Page, Visitor
from tests.site import ADA

NEEDED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
}


def is_armed(page: Page) -> bool:
    policy = set(page.headers["Content-Security-Policy"].split("; "))
    return policy >= POLICY and "unsafe" not in str(policy) and all(page.headers.get(name) == value for name, value in NEEDED.items())


def test_every_answer_has_the_headers_and_is_kept_by_nobody(site, nora):
    answers = [Visitor(site.app).ask("GET", address) for address in ("/", "/sign-in", "/nothing", "/users/roles/?home=2")]
    for method, address in (
        ("GET", "/"),
        ("GET", "/users/"),
        ("GET", "/users/new/"),
        ("GET", f"/users/edit/?id={ADA}"),
        ("GET", "/users/edit/?id=999"),
        ("GET", "/users/ajax/lookup/?kind=home"),
        ("GET", "/audit/"),
        ("GET", "/account/"),
        ("GET", "/nothing"),
        ("PUT", "/users/"),
        ("POST", "/users/action/"),
        ("POST", "/sign-in"),
        ("OPTIONS", "/users/"),
        ("HEAD", "/users/"),
    ):
        answers.append(nora.ask(method, address))
    answers.append(nora.post("/users/new/", {"x": "y" * 1_100_000}))

    assert {page.status for page in answers} >= {200, 303, 400, 404, 405, 413}
    for page in answers:
        assert is_armed(page), page.url
        assert page.headers["Cache-Control"] == "no-store", page.url


def test_files_of_the_theme_are_kept_for_ever_and_only_under_their_version(site, nora):
    sheet = nora.get("/users/").tree.first("link", rel="stylesheet")["href"]

    page = Visitor(site.app).ask("GET", sheet)
    assert page.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert is_armed(page)
    assert "Set-Cookie" not in page.headers
    assert Visitor(site.app).ask("GET", re.sub(r"/assets/\w+/", "/assets/older/", sheet)).status == 404


def test_a_failure_says_so_with_a_reference_and_without_details(site):
    app = site.beside()

    def fails() -> str:
        raise RuntimeError("the combination is 1234")

    app.add_url_rule("/fails", "fails", fails)
    browser = Visitor(app)
    browser.sign_in("nora")
    page = browser.get("/fails")

    assert (page.status, page.codes) == (500, ["server.failed"])
    assert page.heading == "Something went wrong here, and nothing was changed."
    assert re.search(r"Reference: [0-9a-f]{8}", page.text)
    assert "1234" not in page.html
    assert "Traceback" not in page.html
    assert is_armed(page)


def test_a_database_that_does_not_answer_is_said_to_be_the_matter(site):
    nowhere = Database(url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    browser = Visitor(site.beside(database=nowhere))
    browser.client.set_cookie("bo_session", "whoever")
    page = browser.get("/users/")

    assert (page.status, page.codes) == (503, ["database.unavailable"])
    assert page.heading == "The database does not answer."
    assert is_armed(page)


def test_a_browser_that_nobody_signed_in_with_gets_no_cookie_of_a_session(site):
    page = Visitor(site.app).ask("GET", "/users/")

    assert not [line for line in page.headers.getlist("Set-Cookie") if line.startswith("bo_session=")]


def test_what_is_drawn_once_and_kept_is_still_each_persons_own(site):
    pages = [site.visitor(name).ask("GET", "/users/") for name in ("boss", "nora", "boss")]
    menus = [page.tree.first("header", class_="topbar").text for page in pages]

    assert menus[0] == menus[2] != menus[1]
