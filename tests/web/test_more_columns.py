"""Columns that plugins load, panels beside the form, and filters by profile fields: for whom they are, and what happens where one fails."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pluggy
import pytest
from sqlalchemy import text

from bo_panel.hooks.hookspecs import PANELS
from bo_panel.hooks.on_users import Column, Listed, PanelFact, UserPanel
from bo_panel.services.changes import EditUsers
from tests.browsing import Page, Visitor
from tests.seeds.companies import ALMA, ANN, EAST, LIFTS, TOM, WILL, alma, fixit  # noqa: F401 fixtures
from tests.site import Site, application
from tests.web.columns import noted, signed_in, with_column

PLACES = "field_service.places"
EVIL = "<img src=x onerror=alert(1)>"


def with_panels(site: Site, answer: Any) -> Visitor:
    """Return Alma's browser in a panel whose plugin answers like this."""
    callers = {**site.panel.host.callers, PANELS: (("field_service", answer),)}
    site.others.append(application(replace(site.panel, host=replace(site.panel.host, callers=callers))))
    return signed_in(site)


def test_where_somebody_works_is_a_column_that_one_chooses(alma):  # noqa: F811
    assert "Areas and teams" not in alma.get("/users/").columns

    page = alma.get(f"/users/?cols=email&cols={PLACES}")
    assert page.row("Tom Wrench")["Areas and teams"] == "Lifts"
    assert page.row("Ann Ledger")["Areas and teams"] == ""
    assert "Areas and teams" in [option.text for option in page.tree.first("div", id="columns").all("bdi")]
    assert "Areas and teams" not in alma.get(f"/users/export/?cols={PLACES}").text  # only the list has it


def test_a_page_asks_once_for_a_column_and_calls_no_hook(fixit, monkeypatch):  # noqa: F811
    asked: list[tuple[int, ...]] = []
    hooks: list[str] = []

    def load(users: Listed) -> Mapping[int, str]:
        asked.append(users.ids)
        return {user.id: f"{len(user.held)}" for user in users}

    browser = with_column(fixit, Column("field_service.x", "X", load=load))
    browser.get("/users/?cols=field_service.x")
    plain = pluggy.HookCaller.__call__
    monkeypatch.setattr(pluggy.HookCaller, "__call__", lambda self, **values: hooks.append(self.name) or plain(self, **values))
    asked.clear()
    assert browser.get("/users/?cols=field_service.x").row("Tom Wrench")["X"] == "2"

    assert (len(asked), hooks) == (1, [])
    assert set(asked[0]) == {ALMA, ANN, TOM, WILL}
    browser.get("/users/?cols=email")
    assert len(asked) == 1


def test_a_column_that_fails_says_so_and_the_page_works(fixit):  # noqa: F811
    def load(_users: Listed) -> Mapping[int, str]:
        raise SystemExit("hunter2")

    page = with_column(fixit, Column("field_service.x", "X", load=load)).get("/users/?cols=field_service.x&cols=email")

    assert (page.status, page.row("Tom Wrench")["X"]) == (200, "Not available")
    assert page.row("Tom Wrench")["Email"] == "tom@fixit.example" and "hunter2" not in page.html
    assert noted(fixit) == [("field_service", "bo_columns field_service.x")]


@pytest.mark.parametrize("answer", [[], {"x": object()}, "text", None, {1: "\ud800"}], ids=("list", "object", "text", "nothing", "half a character"))
def test_a_column_of_another_form_counts_as_failed(fixit, answer):  # noqa: F811
    page = with_column(fixit, Column("field_service.x", "X", load=lambda _users: answer)).get("/users/?cols=field_service.x")

    assert page.row("Tom Wrench")["X"] == "Not available"


def test_what_is_loaded_is_text_for_whoever_may_see_it(fixit):  # noqa: F811
    def load(users: Listed) -> Mapping[int, str]:
        assert users.read(text("select 1"))
        return dict.fromkeys(users.ids, EVIL)

    page = with_column(fixit, Column("field_service.x", EVIL, load=load)).get("/users/?cols=field_service.x")
    assert page.row("Tom Wrench")[EVIL] == EVIL and EVIL not in page.html

    hidden = with_column(fixit, Column("field_service.x", "X", load=load, needs=("plugins", "view"))).get("/users/?cols=field_service.x")
    assert "X" not in hidden.columns


def test_a_column_cannot_write_and_one_that_reads_wrongly_spoils_nothing(fixit):  # noqa: F811
    for statement in ("delete from user_search", "select nothing from nowhere"):
        browser = with_column(fixit, Column("field_service.x", "X", load=lambda users, said=statement: users.read(text(said)) and {}))
        page = browser.get("/users/?cols=field_service.x&cols=role")
        assert (page.status, page.row("Tom Wrench")["X"]) == (200, "Not available")


def test_the_areas_and_teams_of_somebody_stand_beside_the_form_with_the_way_there(alma):  # noqa: F811
    page = alma.get(f"/users/edit/?id={TOM}")
    panel = next(node for node in page.tree.all("section") if node["aria-label"] == "Areas and teams")

    assert [(link.text, link["href"]) for link in panel.all("a")] == [("Lifts", f"/units/show/?id={LIFTS}")]
    assert alma.get(panel.all("a")[0]["href"]).heading == "Lifts"
    assert "Areas and teams" not in alma.get(f"/users/edit/?id={ANN}").text
    assert EAST not in [link["href"] for link in panel.all("a")]


def test_a_panel_is_text_and_leads_nowhere_else(fixit):  # noqa: F811
    facts = (PanelFact(EVIL, EVIL, "https://evil.example/"), PanelFact("b", "c", "javascript:alert(1)"), PanelFact("d", "e", "//evil.example"))
    page = with_panels(fixit, lambda **_asked: [[UserPanel(EVIL, facts)]]).get(f"/users/edit/?id={TOM}")

    assert page.status == 200 and EVIL not in page.html and "evil.example" not in page.html and "javascript:" not in page.html


def test_a_panel_that_fails_leaves_a_box_in_its_place(fixit):  # noqa: F811
    def fails(**_asked: Any) -> list[Any]:
        raise ValueError("hunter2")

    for answer in (fails, lambda **_asked: [["text"]], lambda **_asked: [7]):
        page = with_panels(fixit, answer).get(f"/users/edit/?id={TOM}")
        assert page.status == 200 and "The plugin field_service failed here." in page.text and "hunter2" not in page.html
        assert page.heading.startswith("Tom Wrench")
    assert noted(fixit)[0] == ("field_service", PANELS)


def test_the_facts_of_a_panel_may_be_yielded(fixit):  # noqa: F811
    page = with_panels(fixit, lambda **_asked: [[UserPanel("Tills", (PanelFact("Till", str(n)) for n in (71, 72)))]]).get(f"/users/edit/?id={TOM}")

    assert [node.text for node in panel_named(page, "Tills").all("dd")] == ["71", "72"]


def test_a_value_that_cannot_be_told_fails_as_the_plugin_does(fixit):  # noqa: F811
    class Untold:
        def __str__(self) -> str:
            raise ValueError("hunter2")

    page = with_panels(fixit, lambda **_asked: [[UserPanel("Tills", (PanelFact("Till", Untold()),))]]).get(f"/users/edit/?id={TOM}")

    assert page.status == 200 and "The plugin field_service failed here." in page.text
    assert noted(fixit) == [("field_service", PANELS)]


def test_what_is_too_much_for_the_form_is_counted(fixit):  # noqa: F811
    many = [UserPanel(f"Panel {n}", tuple(PanelFact("Fact", str(fact)) for fact in range(53))) for n in range(14)]
    page = with_panels(fixit, lambda **_asked: [many]).get(f"/users/edit/?id={TOM}")

    shown = panel_named(page, "Panel 9")
    assert len(shown.all("dd")) == 50 and "and 3 more" in shown.text
    assert "and 4 more" in panel_named(page, "field_service").text and "Panel 10" not in page.text


def panel_named(page: Page, title: str) -> Any:
    return next(node for node in page.tree.all("section") if node["aria-label"] == title)


CITY, ID = "profile:field_service.city", "profile:field_service.accounting_id"


@pytest.fixture
def filled(fixit: Site) -> Site:  # noqa: F811
    for user_id, profile in ((TOM, {"field_service.city": "Lyon"}), (ANN, {"field_service.city": "New Lyon", "field_service.accounting_id": "7%"})):
        fixit.world.run(EditUsers(profile=profile), user_id)
    return fixit


@pytest.mark.seed("S3-18")
def test_the_list_is_narrowed_by_a_profile_field_that_is_shown(filled, alma):  # noqa: F811
    page = alma.get(f"/users/?cols={CITY}&cols=email")
    assert page.row("Tom Wrench")["City"] == "Lyon"
    assert "City" in [node.text for node in page.tree.first("div", id="filter-menu").all("span")]
    assert "City" not in [node.text for node in alma.get("/users/").tree.first("div", id="filter-menu").all("span")]

    form = next(node for node in page.tree.first("div", id=f"filter-{CITY}").all("form"))
    assert page.filled(form)[CITY] == ["contains", ""]
    assert alma.get(f"/users/?cols={CITY}&{CITY}=contains&{CITY}=lyon").names == ["Ann Ledger", "Tom Wrench"]
    assert alma.get(f"/users/?{CITY}=is&{CITY}=LYON").names == ["Tom Wrench"]
    assert alma.get(f"/users/?{ID}=contains&{ID}=%25").names == ["Ann Ledger"]
    assert alma.get(f"/users/?{CITY}=empty").names == ["Alma Arno", "Will Early"]
    assert alma.get(f"/users/?{CITY}=filled&search=tom").names == ["Tom Wrench"]
    narrowed = alma.get(f"/users/?{CITY}=contains&{CITY}=lyon")
    assert "City: contains lyon" in narrowed.text


def test_nothing_crafted_gets_past_a_filter(filled, alma):  # noqa: F811
    everybody = alma.get("/users/").names
    asked = ("is", "is=x", "contains=", "like&{0}=x", "at_least&{0}=5", "one_of&{0}=x", "contains&{0}=%00", "is&{0}=a&{0}=b", "empty&{0}=x")
    for query in asked:
        assert alma.get(f"/users/?{CITY}={query.format(CITY)}").status == 200
    assert alma.get("/users/?profile:field_service.nothing=is&profile:field_service.nothing=x").names == everybody
    assert alma.get(f"/users/?{CITY}=like&{CITY}=x").names == everybody


def test_a_filter_goes_with_everybody_who_matches_to_the_export_and_to_a_job(filled, alma):  # noqa: F811
    query = f"{CITY}=contains&{CITY}=lyon"
    page = alma.get(f"/users/all/?{query}&action=archive")
    assert page.heading == "Archive 2 users?" and "City: contains lyon" in page.text
    export = alma.get(f"/users/export/?{query}&cols={CITY}")
    written = alma.submit(export, "/users/export/", format="csv").response.text
    assert "New Lyon" in written and "Will" not in written

    alma.submit(page, "/users/all/run/")
    assert alma.get("/users/").names == ["Alma Arno", "Will Early"]


def test_a_number_that_is_not_declared_as_one_is_shown_and_sorted_as_text(fixit):  # noqa: F811
    browser = with_column(fixit, Column("field_service.x", "X", sql=lambda asking: asking.user.id * 10, sortable=True))

    assert browser.get("/users/?cols=field_service.x&sort=field_service.x").row("Tom Wrench")["X"] == f"{TOM}0"


def test_a_deployment_shows_columns_of_plugins_and_of_the_profile(filled):
    names = ("email", PLACES, CITY)
    visitor = Visitor(filled.beside(users=filled.panel.settings.users.model_copy(update={"columns": names})))
    visitor.sign_in("alma@fixit.example")
    page = visitor.get("/users/")

    assert page.columns[2:-1] == ["Email", "Areas and teams", "City"]
    assert [page.row("Tom Wrench")[head] for head in page.columns[2:-1]] == ["tom@fixit.example", "Lifts", "Lyon"]
