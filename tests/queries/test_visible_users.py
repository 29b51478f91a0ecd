"""Who is seen: every shape of the condition, and the list that starts from search hits, equal a naive reader."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select, union_all

from bo_panel.domain.access import Access
from bo_panel.domain.accounts import document_of
from bo_panel.domain.identifiers import search_document, search_terms
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import UnitPath
from bo_panel.models import User
from bo_panel.queries import search
from bo_panel.queries.access import access_of
from bo_panel.queries.grants import roles_held
from bo_panel.queries.sql import dialect
from bo_panel.queries.users import Wanted, matching, one_user, users_page
from bo_panel.queries.visible import Scope, Shape, at_home, gathered, visible
from bo_panel.testing import World
from tests.worlds import NAMES, Drawn, plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]
LEVELS = ("view", "edit")
TEXTS = ("an", "ana", "Anna", "öz", "ب", "O'N", "100%", "a_b", "li", "example", "zzz", "user1 sol")


def scope_of(access: Access, level: str) -> Scope:
    return Scope(access.reach("users", level))


def seen_by_a_naive_reader(world: World, drawn: Drawn, level: str) -> set[int]:
    there = drawn.where(world, 1, "users", level)
    at_home_there = {user_id for user_id, home in drawn.homes.items() if drawn.paths[home] in there}
    guests = {held.user_id for held in drawn.live if drawn.paths[held.unit_id] in there}
    return {user_id for user_id in at_home_there | guests if drawn.statuses[user_id] is not Status.DELETED}


def ids(world: World, condition: Any) -> set[int]:
    return set(world.session.scalars(select(User.id).where(User.deleted_at.is_(None), condition)))


def test_every_shape_shows_whom_a_naive_reader_sees(world: World, check: Check) -> None:
    @check(worlds())
    def holds(drawn: Drawn) -> None:
        plant(world, drawn)
        access, name = access_of(world.session, 1, world.panel.registry, world.now), dialect(world.session)
        for level in LEVELS:
            scope, expected = scope_of(access, level), seen_by_a_naive_reader(world, drawn, level)
            assert ids(world, visible(scope, world.now, name, Shape.HASH)) == expected
            assert ids(world, visible(scope, world.now, name, Shape.PROBE)) == expected
            assert ids(world, visible(scope, world.now, name, Shape.EVERYTHING)) == expected
            if scope.paths:
                gather = gathered(scope.gathering(), world.now, name, select(User.id).where(User.deleted_at.is_(None)))
                found = list(world.session.scalars(union_all(*gather)))
                assert sorted(found) == sorted(expected), "gathering shows nobody twice"
            assert {user_id for user_id in drawn.homes if one_user(world.session, scope, user_id, world.now)} == expected


def test_the_list_and_a_selection_of_everybody_on_it_agree_with_a_naive_reader(world: World, check: Check) -> None:
    @check(worlds(), st.sampled_from(TEXTS), st.sampled_from((1, 2, 20, 3)))
    def holds(drawn: Drawn, text: str, beneath: int) -> None:
        plant(world, drawn)
        scope = scope_of(access_of(world.session, 1, world.panel.registry, world.now), "view")
        seen = seen_by_a_naive_reader(world, drawn, "view")
        at_home = {user_id for user_id in seen if scope.covers(UnitPath(drawn.paths[drawn.homes[user_id]]))}
        read = {user_id: document(drawn, user_id) if user_id in at_home else shown_of_a_guest(drawn, user_id) for user_id in seen}
        found = {user_id for user_id, words in read.items() if all(term in words for term in search_terms(text))}
        assert listed(world, scope, Wanted()) == seen
        assert listed(world, scope, Wanted(search=text)) == found
        if beneath in drawn.paths:
            top = drawn.paths[beneath]
            there = {path for path in drawn.where(world, 1, "users", "view") if path.startswith(top)}
            at_home_there = {user_id for user_id in seen if drawn.paths[drawn.homes[user_id]] in there}
            guests = {held.user_id for held in drawn.live if drawn.paths[held.unit_id] in there}
            assert listed(world, scope, Wanted(beneath=UnitPath(top))) == seen & (at_home_there | guests)


def test_hits_from_the_index_are_those_whose_document_contains_the_words(world: World) -> None:
    for number, name in enumerate(NAMES, 1):
        world.user(f"user{number}", first_name=name)
    for text in TEXTS:
        terms, name = search_terms(text), dialect(world.session)
        from_the_index = set(world.session.scalars(search.hits(terms, name)))
        assert from_the_index == ids(world, search.matches(terms, name)), text


def test_at_home_is_who_belongs_to_a_unit_in_reach(world: World, check: Check) -> None:
    @check(worlds())
    def holds(drawn: Drawn) -> None:
        plant(world, drawn)
        access = access_of(world.session, 1, world.panel.registry, world.now)
        for level in LEVELS:
            there = drawn.where(world, 1, "users", level)
            kept = {user_id for user_id in drawn.homes if drawn.statuses[user_id] is not Status.DELETED}
            expected = {user_id for user_id in kept if drawn.paths[drawn.homes[user_id]] in there}
            assert ids(world, at_home(scope_of(access, level), dialect(world.session))) == expected


def test_access_is_the_maximum_over_the_grants_on_the_path(world: World, check: Check) -> None:
    @check(worlds())
    def holds(drawn: Drawn) -> None:
        plant(world, drawn)
        for user_id in drawn.homes:
            access = access_of(world.session, user_id, world.panel.registry, world.now)
            for path in drawn.paths.values():
                assert access.at(UnitPath(path)) == drawn.access(world, user_id, path)


def test_a_guest_is_shown_with_the_roles_inside_the_scope_only(world: World) -> None:
    north, south = (world.unit(name, kind="grove.area") for name in ("North", "South"))
    guest = world.user("gus", ("grove.viewer", north), ("grove.editor", south), home=south)
    scope = Scope((UnitPath.of(1, north),))

    assert [held.role_key for held in roles_held(world.session, scope, [guest], world.now)[guest]] == ["grove.viewer"]
    assert listed(world, scope, Wanted(roles=("grove.editor",))) == set()
    assert listed(world, scope, Wanted(roles=("grove.viewer",))) == {guest}


def listed(world: World, scope: Scope, wanted: Wanted) -> set[int]:
    page = users_page(world.session, scope, wanted, world.now)
    shown = [row.id for row in page.rows]
    assert len(shown) == len(set(shown)) == page.count
    conditions = matching(scope, wanted, world.now, dialect(world.session))
    assert set(world.session.scalars(select(User.id).where(User.deleted_at.is_(None), *conditions))) == set(shown)
    return set(shown)


def shown_of_a_guest(drawn: Drawn, user_id: int) -> str:
    return search_document(drawn.names[user_id], f"user{user_id}")


def document(drawn: Drawn, user_id: int) -> str:
    return document_of({"first_name": drawn.names[user_id], "user_name": f"user{user_id}", "email": f"u{user_id}@example.com"})
