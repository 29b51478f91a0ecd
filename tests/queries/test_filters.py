"""Filters by profile fields, type by type, on both databases."""

import pytest

from bo_panel.domain.profile_fields import BETWEEN, FieldType
from bo_panel.domain.units import UnitPath
from bo_panel.jobs.tasks import wanted_of
from bo_panel.queries import users
from bo_panel.queries.filters import FieldIs
from bo_panel.queries.users import Wanted, users_page
from bo_panel.queries.visible import Scope
from bo_panel.services.engine import Matching

STORED = {"ada": "2.5", "bob": "10", "cyd": "not a number", "dan": "2026-03-01", "eve": f"red{BETWEEN}blue", "fay": "50%", "gil": None}
ASKED = {
    (FieldType.NUMBER, "at_least", "3"): {"bob"},
    (FieldType.NUMBER, "at_most", "3"): {"ada"},
    (FieldType.NUMBER, "is", "10.0"): {"bob"},
    (FieldType.DATE, "at_least", "2026-02-28"): {"dan", "cyd", "fay", "eve"},
    (FieldType.SEVERAL_OF, "one_of", "blue"): {"eve"},
    (FieldType.SEVERAL_OF, "one_of", "re"): set(),
    (FieldType.ONE_OF, "one_of", "10"): {"bob"},
    (FieldType.TEXT, "contains", "%"): {"fay"},
    (FieldType.TEXT, "contains", "A NUM"): {"cyd"},
    (FieldType.TEXT, "is", "50%"): {"fay"},
    (FieldType.TEXT, "empty", None): {"gil", "root"},
}


@pytest.fixture
def people(world):
    for name, stored in STORED.items():
        world.user(name, profile={} if stored is None else {"a.x": stored})
    return world


def found(world, *asked: FieldIs) -> set[str]:
    page = users_page(world.session, Scope((UnitPath.of(1),)), Wanted(fields=asked), world.now)
    return {row.user_name for row in page.rows} & {*STORED}


def test_each_type_is_compared_as_what_it_is(people):
    for (type_, how, value), names in ASKED.items():
        if how != "at_least" or type_ is not FieldType.DATE:
            assert found(people, FieldIs("a.x", type_, how, (value,) if value else ())) == names - {"root"}, (type_, how, value)
    assert "dan" in found(people, FieldIs("a.x", FieldType.DATE, "at_least", ("2026-02-28",)))


@pytest.mark.parametrize("typed", ["Österreich", "österreich", "ÖSTERREICH"])
def test_letters_beyond_a_to_z_are_found_large_and_small(people, typed):
    people.user("hal", profile={"a.x": "Österreich"})

    for how, value in (("is", typed), ("contains", typed[:3]), ("contains", typed[3:])):
        page = users_page(people.session, Scope((UnitPath.of(1),)), Wanted(fields=(FieldIs("a.x", FieldType.TEXT, how, (value,)),)), people.now)
        assert [row.user_name for row in page.rows] == ["hal"], (how, value)


def test_what_is_typed_pushes_no_statement_out_of_those_that_are_kept(people):
    kept = users._page.cache_info().currsize
    for value in ("a", "b", "50%"):
        assert found(people, FieldIs("a.x", FieldType.TEXT, "is", (value,))) == ({"fay"} if value == "50%" else set())

    assert users._page.cache_info().currsize == kept


def test_a_field_is_asked_about_only_where_it_is_seen(people):
    asked = FieldIs("a.x", FieldType.TEXT, "is", ("10",), places=(UnitPath.of(1, 99),))

    assert found(people, asked) == set()


def test_what_is_asked_comes_back_from_a_job_as_it_was(people):
    asked = (FieldIs("a.x", FieldType.NUMBER, "at_least", ("3",), (UnitPath.of(1),), 7, "X"), FieldIs("a.y", FieldType.TEXT, "empty"))
    wanted = Wanted(fields=asked)

    assert wanted_of(Matching(wanted).told["query"], people.panel.registry).fields == asked
