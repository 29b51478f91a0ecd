"""Hosts, proxies and cookies that cannot be trusted."""

import pytest

from tests.browsing import Visitor


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


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "evil.example/localhost", ""])
def test_another_host_is_refused_where_the_hosts_are_named(site, host):
    server = site.panel.settings.server.model_copy(update={"trusted_hosts": ("localhost",)})
    browser = Visitor(site.beside(server=server))
    assert browser.get("/sign-in").status == 200

    page = browser.ask("GET", "/users/", headers={"Host": host})

    assert page.status == 400
    assert page.html == "This panel is not reached under this name. Ask whoever runs it for its address. (request.host)\n"
    assert "Location" not in page.headers


def test_what_a_proxy_would_say_is_not_believed_where_there_is_none(site):
    page = Visitor(site.app).ask(
        "GET",
        "/users/",
        headers={
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "ftp",
            "X-Forwarded-For": "1.2.3.4",
            "X-Forwarded-Prefix": "/evil",
            "Forwarded": "host=evil.example",
        },
    )

    assert page.headers["Location"] == "/sign-in?next=/users/"
