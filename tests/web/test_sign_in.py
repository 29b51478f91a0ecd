"""Signing in and out: one answer for whoever may not come in, and sessions that end when they should."""

import pytest

from bo_panel.domain.lifecycle import Status
from bo_panel.models import Credential, SignInSession
from bo_panel.services.engine import writing
from tests.browsing import PASSWORD, Page, Visitor
from tests.site import ADA, NORA, Site

REFUSED = "This name and password do not fit, or the account cannot sign in. Check both, or ask your administrator."
SESSION = "bo_session"


def sessions(site: Site, user_id: int) -> int:
    site.world.session.rollback()
    return site.world.sessions(user_id)


def error(page: Page) -> str:
    return page.tree.first(id="sign-in-error").text


def secret(browser: Visitor) -> str:
    found = browser.cookie(SESSION)
    return str(found.value) if found else ""


def test_who_signs_in_comes_to_the_overview(site):
    page = site.visitor().sign_in("nora")

    assert (page.status, page.path, page.heading) == (200, "/", "Hello, Nora")


@pytest.mark.parametrize("name", ["NORA", " nora ", "nora@north.example", "Nora@North.Example", "ｎｏｒａ"])
def test_the_name_may_be_spelled_differently_or_be_the_e_mail(site, name):
    assert site.visitor().sign_in(name).heading == "Hello, Nora"


def test_one_comes_to_the_page_one_asked_for(site):
    browser = site.visitor()
    asked = browser.get("/users/?status=active")
    assert asked.heading == "Sign in"

    page = browser.submit(asked, "/sign-in", identity="nora", password=PASSWORD)

    assert (page.path, page.heading) == ("/users/", "Back-Office Users")
    assert "status=active" in page.url


@pytest.mark.parametrize(
    "onwards",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/%5cevil.example",
        "https:/evil.example",
        "//[::1",
        "evil.example",
        "@evil.example",
        "/\r\nSet-Cookie:x=1",
        "http://localhost@evil.example/",
        "\u2215\u2215evil.example",
        "/" + "x" * 9_000,
    ],
)
def test_nobody_is_sent_to_another_site(site, onwards):
    browser = site.visitor()
    page = browser.get("/sign-in", query_string={"next": onwards})
    assert page.status == 200

    values = {**page.filled(page.form("/sign-in")), "identity": "nora", "password": PASSWORD, "next": onwards}
    page = browser.post("/sign-in", values, follow=False)

    assert page.status == 303
    location = page.headers["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "Set-Cookie" not in location.split("?")[0] or "\n" not in location


@pytest.mark.parametrize(
    ("name", "password"),
    [("nora", "wrong"), ("nobody", PASSWORD), ("cleo", PASSWORD), ("", ""), ("nora", ""), ("nora\x00x", PASSWORD), ("x" * 5_000, "y" * 5_000)],
)
def test_wrong_unknown_and_disabled_are_told_the_same(site, name, password):
    browser = site.visitor()
    page = browser.sign_in(name, password)

    assert (page.status, error(page)) == (401, REFUSED)
    assert not secret(browser)
    assert page.title.startswith("Error:")


def test_wrong_unknown_and_disabled_cost_one_hash_each(site):
    costs = []
    for name, password in (("nora", "wrong"), ("nobody", "wrong"), ("cleo", "wrong")):
        before = site.panel.hasher.calls
        site.visitor().sign_in(name, password)
        costs.append(site.panel.hasher.calls - before)

    assert costs == [1, 1, 1]


@pytest.mark.parametrize("name", ["nora", "nobody"])
def test_after_too_many_tries_even_the_right_password_has_to_wait(site, name):
    browser = site.visitor()
    for _ in range(10):
        assert browser.sign_in(name, "wrong").status == 401

    page = browser.sign_in(name.upper())
    assert (page.status, error(page)) == (429, "Too many tries. Wait 15 minutes, then try again.")

    site.panel.clock.forward(minutes=16)
    assert browser.sign_in(name).status == (200 if name == "nora" else 401)


def test_each_sign_in_begins_a_new_session_and_ends_the_old_one_of_that_browser(site):
    browser = site.visitor("nora")
    old = secret(browser)
    stranger = site.visitor()
    form = stranger.get("/sign-in")
    browser.post("/sign-in", {"identity": "nora", "password": PASSWORD, "csrf_token": browser.token()})

    assert form.status == 200
    assert secret(browser) != old
    assert sessions(site, NORA) == 1
    stranger.client.set_cookie(SESSION, old)
    assert stranger.get("/users/").heading == "Sign in"


def test_a_session_that_was_planted_is_not_taken_over(site):
    browser = site.visitor()
    browser.client.set_cookie(SESSION, "planted-by-somebody-else")
    browser.sign_in("nora")

    assert secret(browser) not in ("", "planted-by-somebody-else")


def test_the_secret_is_not_stored(site):
    browser = site.visitor("nora")
    site.world.session.rollback()

    assert secret(browser) not in [row.token_hash for row in site.world.session.query(SignInSession)]


def test_a_session_ends_when_it_was_not_used_for_an_hour(site):
    browser = site.visitor("nora")
    site.panel.clock.forward(minutes=59)
    assert browser.get("/users/").heading == "Back-Office Users"
    site.panel.clock.forward(minutes=59)
    assert browser.get("/users/").heading == "Back-Office Users"
    site.panel.clock.forward(minutes=61)

    assert browser.get("/users/").heading == "Sign in"


def test_a_session_ends_after_twelve_hours_however_much_it_was_used(site):
    browser = site.visitor("nora")
    for _ in range(15):
        site.panel.clock.forward(minutes=50)
        page = browser.get("/users/")

    assert page.heading == "Sign in"


def test_signing_out_ends_the_session_for_good(site):
    browser = site.visitor("nora")
    old = secret(browser)
    page = browser.submit(browser.get("/users/"), "/sign-out")

    assert (page.heading, page.messages) == ("Sign in", ["You are signed out."])
    assert not secret(browser)
    browser.client.set_cookie(SESSION, old)
    assert browser.get("/users/").heading == "Sign in"
    assert sessions(site, NORA) == 0


@pytest.mark.parametrize("action", ["disable", "delete"])
def test_who_is_shut_out_is_out_with_his_next_request_in_every_browser(site, nora, action):
    browsers = [site.visitor("ada") for _ in range(2)]
    nora.act(nora.get("/users/"), action, ADA, confirmed=True)

    assert [browser.get("/users/").heading for browser in browsers] == ["Sign in"] * 2
    assert browsers[0].ask("POST", "/users/action/", data={"action": "enable"}).status in (303, 400)
    assert error(browsers[0].sign_in("ada")) == REFUSED


def test_a_status_that_was_changed_in_the_database_shuts_out_as_well(site):
    browser = site.visitor("ada")
    with writing(site.world.session):
        site.world.row(ADA).status = Status.ARCHIVED

    assert browser.get("/users/").heading == "Sign in"


@pytest.fixture
def generated(site: Site) -> Visitor:
    """Somebody whose password was made by another person."""
    with writing(site.world.session):
        site.world.session.get_one(Credential, NORA).must_change = True
    return site.visitor()


def test_a_password_made_by_somebody_else_leaves_only_the_page_to_change_it(site, generated):
    page = generated.sign_in("nora")
    assert (page.path, page.heading) == ("/account/password/", "Choose a new password")

    for address in ("/", "/users/", "/users/new/", f"/users/edit/?id={ADA}", "/audit/", "/account/", "/users/roles/?home=2"):
        assert generated.get(address).path == "/account/password/"
    before = site.everything()
    token = page.tree.first("meta", name="csrf-token")["content"]
    for address in ("/users/action/", "/users/new/", "/users/several/", f"/users/edit/?id={ADA}"):
        assert generated.post(address, {"csrf_token": token, "action": "disable", "confirmed": "1", "ids": str(ADA)}).path == "/account/password/"
    assert site.everything() == before

    page = generated.submit(page, "/account/password/", current=PASSWORD, new="lorries sing at noon today", repeat="lorries sing at noon today")
    assert (page.path, page.messages) == ("/", ["Your password was changed. Every other session was ended."])
    assert generated.get("/users/").heading == "Back-Office Users"


def test_who_has_to_change_the_password_may_sign_out_instead(generated):
    page = generated.sign_in("nora")

    assert generated.submit(page, "/sign-out").heading == "Sign in"


def test_changing_the_password_ends_every_other_session(site):
    here, there = site.visitor("nora"), site.visitor("nora")
    form = here.get("/account/")
    assert form.heading == "My account"

    here.submit(form, "/account/password/", current=PASSWORD, new="lorries sing at noon today", repeat="lorries sing at noon today")

    assert here.get("/users/").heading == "Back-Office Users"
    assert there.get("/users/").heading == "Sign in"
    assert site.visitor().sign_in("nora").status == 401
    assert site.visitor().sign_in("nora", "lorries sing at noon today").heading == "Hello, Nora"


@pytest.mark.parametrize(
    ("current", "new", "repeat", "problem"),
    [
        ("wrong", "lorries sing at noon", "lorries sing at noon", "Current password: This is not your current password."),
        (PASSWORD, "lorries sing at noon", "lorries sing at night", "New password, again: The two new passwords differ. Type the same one twice."),
        (PASSWORD, PASSWORD, PASSWORD, "New password: This is the password you have now. Choose another."),
        (PASSWORD, "short", "short", "New password: "),
        (PASSWORD, "passwordpassword", "passwordpassword", "New password: "),
        (PASSWORD, "", "", "New password: "),
        ("", "", "", "Current password: "),
    ],
)
def test_a_new_password_is_refused_beside_the_field_that_is_wrong(nora, site, current, new, repeat, problem):
    page = nora.submit(nora.get("/account/"), "/account/password/", current=current, new=new, repeat=repeat)

    assert page.status == 422
    assert page.problems[0].startswith(problem)
    assert page.title.startswith("Error:")
    assert site.visitor().sign_in("nora").heading == "Hello, Nora"


def test_the_passwords_typed_are_never_printed_again(nora):
    page = nora.submit(
        nora.get("/account/"), "/account/password/", current="wrongly typed secret", new="another secret text", repeat="another secret text"
    )

    assert "secret" not in page.html


@pytest.mark.parametrize("https", [False, True])
def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(site, https):

    server = site.panel.settings.server.model_copy(update={"https": https})
    app = site.beside(server=server)
    options = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/sign-in"}} if https else {}
    browser = Visitor(app)
    page = browser.get("/sign-in", **options)
    page = browser.post("/sign-in", {**page.filled(page.form("/sign-in")), "identity": "nora", "password": PASSWORD}, follow=False, **options)

    cookies = {line.split("=")[0]: line for line in page.headers.getlist("Set-Cookie")}
    prefix = "__Host-" if https else ""
    assert f"{prefix}bo_session" in cookies
    for line in cookies.values():
        parts = {part.strip() for part in line.split(";")}
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= parts
        assert ("Secure" in parts) is https
        assert not any(part.startswith("Domain") for part in parts)
    assert ("Strict-Transport-Security" in page.headers) is https


def test_a_page_to_sign_in_on_is_skipped_by_who_is_signed_in(nora):
    assert nora.get("/sign-in").path == "/"
