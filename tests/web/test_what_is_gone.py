"""Addresses of the list that name what there is not, or not any more: the list says what it does without, and nobody is acted on by mistake."""

from urllib.parse import parse_qsl

import pytest

from tests.browsing import Visitor
from tests.seeds.companies import alma, fixit  # noqa: F401 fixtures

GONE = (
    "role=gone.keeper",
    "gone.idle=30",
    "profile:gone.size=M",
    "count:gone.stall=1",
    "status=nonsense",
    "home=999999",
    "signed_in=nonsense",
    "sort=gone.idle",
    "tab=gone.late",
    "role=field_service.technician&role=gone.keeper",
    "profile:field_service.city=like&profile:field_service.city=Lyon",
)


@pytest.mark.parametrize("query", GONE)
def test_the_list_says_what_it_does_without(alma, query):  # noqa: F811
    page = alma.get(f"/users/?{query}")

    asked = query.replace("&profile:field_service.city=", " ").rpartition("&")[2]
    assert page.status == 200 and page.names
    assert page.messages == [f"This list does without what there is not, or not any more: {asked}."]


@pytest.mark.parametrize("query", GONE)
def test_nobody_is_acted_on_nor_exported_without_what_is_gone(fixit, alma, query):  # noqa: F811
    before = fixit.everything()
    for answer in answers(alma, query):
        assert (answer.status, answer.path) == (200, "/users/")
        assert "(selection.not_there)" in answer.messages[0] and "Nothing was done." in answer.messages[0]
    left_alone = alma.get(f"/users/all/refused/?{query}&action=archive")
    assert (left_alone.status, left_alone.codes) == (422, ["selection.not_there"])
    after = fixit.everything()
    assert (after["audit_event"], after["user"], after["job"]) == (before["audit_event"], before["user"], before["job"])


def answers(visitor: Visitor, query: str):
    """Return what somebody is told by the pages about everybody, and by the export."""
    form = {"csrf_token": visitor.token(), "action": "archive", "expected": "4", "high_water": "99", "format": "csv"}
    for key, value in parse_qsl(query):
        form.setdefault(key, []).append(value)
    yield visitor.get(f"/users/all/?{query}")
    yield visitor.get(f"/users/all/?{query}&action=archive")
    yield visitor.post("/users/all/run/", form)
    yield visitor.get(f"/users/export/?{query}")
    yield visitor.post("/users/export/", form)


def test_what_is_left_empty_asks_for_nothing(alma):  # noqa: F811
    query = "role=&status=&home=&tab=&profile:field_service.city=contains&profile:field_service.city=&unknown=1"

    assert alma.get(f"/users/?{query}").messages == []
    assert alma.get(f"/users/all/?{query}&action=archive").heading == "Archive 4 users?"


def test_much_that_is_gone_is_told_in_short(alma):  # noqa: F811
    query = "&".join(f"gone.x={'y' * 500}{number}" for number in range(50))
    [said] = alma.get(f"/users/?{query}").messages

    assert said.count("gone.x=") == 3 and len(said) < 300 and said.endswith("….")
