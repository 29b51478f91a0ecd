"""A page over a plugin's table: whatever is asked of it, and how much it asks itself."""

import re
from datetime import timedelta
from itertools import cycle
from urllib.parse import urlencode

import pluggy
import pytest

from bo_panel.domain.pages import Place
from bo_panel.web.records import RecordsView
from tests.browsing import PASSWORD
from tests.members import DELETE, EDIT, EXPORT, NEW, PEOPLE, add, member_id, some, stored
from tests.office import HALL, NEXT_DOOR, ORGANIZATION, PETE, anne, office, olga  # noqa: F401 fixtures
from tests.site import Site

HUGE = (10**17, 2**31, 2**63, "9" * 5_000, "-1", "%00", "1,2")
ODD = (
    "search=%00%25_'&sort=document&size=-1&cols=document&cols=version",
    "active=x&joined=%00&leader_id=99&unit=1",
    f"first_name=%00&email=%27%25_&mobile={'9' * 5_000}&member_number=%ff&member_number=x",
    "page=-1&size=1",
    f"page={10**20}",
    "last=1&sort=-joined",
    "endpoint=x&self=1&_method=POST&_external=1&%ff=%ff&&&===",
    *(f"unit={number}&leader_id={number}&id={number}" for number in HUGE),
)
PLACES = [Place(value, 1).text() for value in ("", "zz", 0, 1.5, -(10**30), "\x00", "ÿ" * 200)] + ["zzz", "", "%00", "e30"]


@pytest.fixture
def members(office: Site) -> Site:  # noqa: F811 a fixture
    some(office)
    return office


def test_odd_addresses_never_fail(members, anne):  # noqa: F811 a fixture
    for query, other in zip(ODD, cycle((NEW, EDIT, DELETE, EXPORT, f"{PEOPLE}units/")), strict=False):
        for path in (PEOPLE, EDIT, other):
            assert anne.ask("GET", f"{path}?{query}").status in (200, 303, 404), (path, query)
    for place, key in zip(PLACES, cycle(("after", "before", "after")), strict=False):
        for sort in ("", "sort=-email&"):
            assert anne.ask("GET", f"{PEOPLE}?{sort}{urlencode({key: place})}").status == 200, (sort, place)


@pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
def test_odd_forms_are_refused_and_write_nothing(members, anne):  # noqa: F811 a fixture
    token, number, before = anne.token(), member_id(members, "Zoe"), stored(members)
    forms = (
        {"version": "1", "profile:document": "x"},
        {"version": "1", "organization_id": "3"},
        {"version": "1", "profile:organization_id": "3"},
        {"version": "9" * 40, "profile:first_name": "x"},
        {"profile:first_name": "x"},
        {"version": "1", "profile:first_name": "\x00"},
        {"version": "1", "profile:joined": "9" * 5_000},
        {"version": "1", "profile:leader_id": "%00" * 500},
    )
    for form in forms:
        page = anne.post(f"{EDIT}?id={number}", {"csrf_token": token, **form})
        assert page.status in (409, 422), form
    for form in ({}, {"csrf_token": "forged"}):
        for path in (f"{NEW}?unit={HALL}", f"{EDIT}?id={number}", f"{DELETE}?id={number}", EXPORT):
            assert anne.post(path, form).codes == ["form.stale"], path
    assert anne.post(EXPORT, {"csrf_token": token, "format": "exe"}).messages[0].startswith("This cannot be written")
    assert "document is no column" in anne.post(EXPORT, {"csrf_token": token, "format": "csv", "cols": "document"}).messages[0]
    assert stored(members) == before


def test_pages_of_the_list_lead_on_and_back_and_cost_the_same_at_any_depth(members, anne):  # noqa: F811 a fixture
    add(members, HALL, *({"first_name": f"F{number:03}", "last_name": "Many"} for number in range(120)))
    first = anne.get(f"{PEOPLE}?size=25")
    seen, page, counts = [*first.names], first, []
    while next_url := page.tree.first("a", **{"data-page": "next"})["href"]:
        with members.statements() as statements:
            page = anne.get(next_url)
        counts.append(len(statements))
        seen += page.names
    assert len(seen) == len(set(seen)) == 123
    assert set(counts) == {counts[0]} and counts[0] <= 6
    assert anne.get(page.tree.first("a", **{"data-page": "first"})["href"]).names == first.names


@pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
def test_a_warm_page_calls_no_plugin(members, anne, monkeypatch):  # noqa: F811 a fixture
    number, seen = member_id(members, "Zoe"), list[str]()
    plain = pluggy.HookCaller.__call__
    monkeypatch.setattr(pluggy.HookCaller, "__call__", lambda self, **values: seen.append(self.name) or plain(self, **values))

    for path in (PEOPLE, f"{EDIT}?id={number}", EXPORT):
        assert anne.get(path).status == 200
    assert seen == []


@pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
def test_the_endpoints_that_answer_are_those_written_down_and_none_of_the_generators_own(office, anne):  # noqa: F811 fixtures
    [view] = [view for view in office.app.extensions["admin"][0]._views if isinstance(view, RecordsView)]
    assert set(view.needs) == {"index_view", "export_view", "create_view", "edit_view", "delete_view", "units_lookup"}

    token = anne.token()
    rules = [rule for rule in office.app.url_map.iter_rules() if rule.endpoint.startswith(f"{view.endpoint}.")]
    for rule in rules:
        address = re.sub(r"<[^>]+>", "csv", rule.rule) + f"?id=1&unit={HALL}"
        if rule.endpoint.removeprefix(f"{view.endpoint}.") not in view.needs:
            for method in ("GET", "POST"):
                assert anne.ask(method, address, data={"csrf_token": token, "rowid": "1"}).status in (404, 405), address
        assert office.visitor().ask("GET", address).status in (303, 405), address
    assert len(rules) > len(view.needs)


@pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
def test_a_list_is_narrowed_by_ten_words_of_a_field_at_most(members, anne):  # noqa: F811 a fixture
    words = [("email", f"q{number}") for number in range(9)]
    assert anne.get(f"{PEOPLE}?{urlencode([*words, ('email', 'zoe')])}").names == ["Zoe Ames"]

    many = anne.ask("GET", f"{PEOPLE}?{urlencode([('email', f'q{number}') for number in range(400)] + [('email', 'zoe')])}")
    assert (many.status, many.names) == (200, [])


@pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
def test_a_list_is_narrowed_by_a_unit_or_somebody_who_is_not_on_offer(members, anne):  # noqa: F811 a fixture
    assert len(anne.get(f"{PEOPLE}?unit={HALL}").names) == 3
    for query in (f"unit={NEXT_DOOR}", f"leader_id={PETE}", f"unit={2**63 - 1}", f"leader_id={2**63 - 1}"):
        page = anne.get(f"{PEOPLE}?{query}")
        assert page.names == [] and f"#{query.partition('=')[2]}" in page.text, query
    assert anne.get(f"{PEOPLE}?unit=0{HALL}&leader_id=00").names == ["Zoe Ames", "Émile Moss"]
    assert len(anne.get(f"{PEOPLE}?unit=x&leader_id={2**63}").names) == 3


@pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
def test_the_form_is_opened_at_the_unit_of_the_filter_only_where_records_can_be_added(members):
    world = members.world
    sees = world.role("sees", {"ticketing.people": "view"}, kinds=(ORGANIZATION,))
    world.user("una", (sees, NEXT_DOOR), ("ticketing.leads_groups", HALL), home=HALL, password=PASSWORD)
    una = members.visitor("una")

    for unit_id, onwards in ((HALL, f"{NEW}?unit={HALL}"), (NEXT_DOOR, NEW)):
        page = una.get(f"{PEOPLE}?unit={unit_id}")
        assert page.link("Add Member") == onwards
        assert una.get(onwards).status == 200


@pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
def test_a_conflict_shows_values_as_they_are_read(members, anne):  # noqa: F811 a fixture
    form = {"csrf_token": anne.token(), "version": "9", "profile:active": "no"}
    page = anne.post(f"{EDIT}?id={member_id(members, 'Zoe')}", form)

    [row] = [cells for cells in (node.all("td", "th") for node in page.tree.all("tr")) if cells and cells[0].text == "Active"]
    assert (page.status, [cell.text for cell in row]) == (409, ["Active", "Yes", "No"])


@pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
def test_a_period_of_days_gone_by_ends_today(members, anne):  # noqa: F811 a fixture
    today = members.panel.clock.now().date()
    for name, days in (("Past", -3), ("Today", 0), ("Ahead", 3)):
        add(members, HALL, {"first_name": name, "last_name": "Day", "joined": (today + timedelta(days=days)).isoformat()})

    assert anne.get(f"{PEOPLE}?joined=month").names == ["Past Day", "Today Day"]
