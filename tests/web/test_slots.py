"""What plugins draw on the pages: in its place, for whom it is, and with a box where one fails."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2.defaults import DEFAULT_FILTERS

from bo_panel.hooks.contributions import Slot
from bo_panel.hooks.template_checks import FILTERS
from bo_panel.queries.plugin_errors import failures
from tests.browsing import Page
from tests.site import ADA, Site, application

NAMES = ("first", "second")


def put(folder: Path, name: str, text: str) -> None:
    file = folder / "templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def beside(site: Site, folder: Path, *slots: Slot) -> Site:
    """Return the pages of the same panel with two plugins more, whose templates are in this folder, and with these slots."""
    registry = site.panel.registry
    plugins = [replace(registry.plugins[0], name=name, folder=folder / name) for name in NAMES]
    by_place = {place: tuple(slot for slot in slots if slot.place == place) for place in {slot.place for slot in slots}}
    registry = replace(registry, plugins=(*registry.plugins, *plugins), slots=by_place)
    panel = replace(site.panel, host=replace(site.panel.host, registry=registry))
    site.others.append(application(panel))
    site.others[-1].jinja_env.globals["leave"] = sys.exit
    return replace(site, panel=panel, app=site.others[-1])


def boxes(page: Page) -> list[str]:
    return [box.first("h2").text for box in page.tree.all("div", class_="notice")]


def noted(site: Site) -> list[tuple[str, str, str, int]]:
    site.world.session.rollback()
    return [(row.plugin, row.hook, row.place, row.count) for row in failures(site.world.session)]


def test_each_place_shows_what_plugins_draw_there_in_order(site, tmp_path):
    put(tmp_path / "first", "first/one.html", "<p>one for {{ me.name }} of {{ product }}</p>")
    put(tmp_path / "second", "second/two.html", "<p>two{{ user_id }}</p>")
    one, two = ("first/one.html", "second/two.html")
    slots = [Slot("first.a", "overview.cards", one), Slot("second.a", "overview.cards", two), Slot("first.b", "users.list.top", one)]
    boss = beside(site, tmp_path, *slots, Slot("second.b", "users.form.aside", two)).visitor("boss")

    assert "one for Bo Sterling of Back-Office two" in boss.get("/").text
    assert "one for Bo Sterling" in boss.get("/users/").text
    assert f"two{ADA}" in boss.get(f"/users/edit/?id={ADA}").text


def test_only_who_holds_what_a_slot_needs_sees_it(site, tmp_path):
    put(tmp_path / "first", "first/one.html", "<p>for some</p>")
    found = beside(site, tmp_path, Slot("first.a", "overview.cards", "first/one.html", needs=("roles", "view")))

    assert "for some" in found.visitor("boss").get("/").text
    assert "for some" not in found.visitor("sam").get("/").text


def test_what_people_typed_is_text_in_a_plugins_template(site, tmp_path):
    put(tmp_path / "first", "first/one.html", "{{ me.name }}")
    site.world.user("img", ("owner", 1), password="correct horse battery staple", first_name="<img src=x onerror=alert(1)>")
    page = beside(site, tmp_path, Slot("first.a", "overview.cards", "first/one.html")).visitor("img").get("/")

    assert not page.tree.all("img")


FAILING = (
    *("{{ 1 / 0 }}", "{{ nothing.at.all }}", "{{ icon('no-such-icon') }}"),
    *("{% include 'first/nowhere.html' %}", "{{ leave(3) }}", "{{ '\\ud800' }}"),
)


@pytest.mark.parametrize("text", FAILING)
def test_a_slot_that_fails_is_a_box_and_the_rest_of_the_page_works(site, tmp_path, text):
    put(tmp_path / "first", "first/bad.html", text)
    put(tmp_path / "second", "second/good.html", "<p>good</p>")
    slots = Slot("first.a", "users.list.top", "first/bad.html"), Slot("second.a", "users.list.top", "second/good.html")
    page = beside(site, tmp_path, *slots).visitor("boss").get("/users/")

    assert page.status == 200
    assert boxes(page) == ["The plugin first failed here."]
    assert "plugin.failed" in page.codes
    assert "good" in page.text
    assert "Ada Clarke" in page.names
    [(plugin, hook, _place, count)] = noted(site)
    assert (plugin, hook, count) == ("first", "users.list.top", 1)


def test_a_page_that_two_plugins_add_to_shows_both(site, tmp_path):
    for name in NAMES:
        put(tmp_path / name, "roles/list.html", f"{{% extends_next %}}{{% block content %}}<p>by {name}</p>{{{{ super() }}}}{{% endblock %}}")
    page = beside(site, tmp_path).visitor("boss").get("/roles/")

    assert "by first by second Roles" in page.text


def test_a_page_on_which_a_template_would_end_the_process_is_drawn_without_it(site, tmp_path):
    put(tmp_path / "first", "roles/list.html", "{% extends_next %}{% block content %}{{ leave(3) }}{% endblock %}")
    page = beside(site, tmp_path).visitor("boss").get("/roles/")

    assert (page.status, page.heading, boxes(page)) == (200, "Roles", ["The plugin first failed here."])


def test_where_what_is_added_to_a_page_fails_the_page_is_drawn_without_it(site, tmp_path):
    put(tmp_path / "first", "roles/list.html", "{% extends_next %}{% block content %}{{ super() }}\n\n{{ 1 / 0 }}{% endblock %}")
    put(tmp_path / "second", "roles/list.html", "{% extends_next %}{% block content %}{{ super() }}<p>by second</p>{% endblock %}")
    boss = beside(site, tmp_path).visitor("boss")
    page = boss.get("/roles/")

    assert (page.status, page.heading, boxes(page)) == (200, "Roles", ["The plugin first failed here."])
    assert "Service Provider Support" in page.text
    assert noted(site) == [("first", "roles/list.html", "ZeroDivisionError at list.html:3", 1)]
    assert boss.get("/users/").status == 200


@pytest.mark.parametrize("guilty", NAMES)
def test_half_a_character_that_is_added_to_a_page_takes_only_itself_away(site, tmp_path, guilty):
    for name in NAMES:
        text = "{{ '\\ud800' }}" if name == guilty else f"<p>by {name}</p>"
        put(tmp_path / name, "roles/list.html", f"{{% extends_next %}}{{% block content %}}{text}{{{{ super() }}}}{{% endblock %}}")
    page = beside(site, tmp_path).visitor("boss").get("/roles/")

    assert (page.status, page.heading, boxes(page)) == (200, "Roles", [f"The plugin {guilty} failed here."])


def test_the_filters_that_templates_of_plugins_may_use_are_those_that_there_are(site):
    assert set(FILTERS) == set(site.app.jinja_env.filters) - set(DEFAULT_FILTERS)
