"""Places in a list, passwords, the table of moves, and refusals that say what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bo_panel.domain import errors
from bo_panel.domain.lifecycle import MOVES, Status
from bo_panel.domain.pages import Place
from bo_panel.domain.passwords import ALPHABET, complaint, generated
from bo_panel.domain.plans import RefusedUser

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=100)
VALUES = st.one_of(TEXTS, st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 2**62))


@given(VALUES, st.integers(0, 2**63 - 1))
def test_a_place_survives_a_url(value: str | float, row_id: int) -> None:
    place = Place(value, row_id)
    assert Place.parse(place.text()) == place


@given(st.text(max_size=60))
def test_a_broken_place_is_none_or_a_place_but_never_an_error(text: str) -> None:
    assert Place.parse(text) is None or isinstance(Place.parse(text), Place)


@pytest.mark.parametrize("text", ["", "W10", "WzEsMl0x", "x" * 2000, "W1tdLDFd", "WyJhIiwtMV0", "WyJhIix0cnVlXQ", "[" * 800])
def test_a_made_up_place_is_none(text: str) -> None:
    assert Place.parse(text) is None


def test_a_generated_password_is_long_random_and_readable() -> None:
    made = {generated(24) for _ in range(50)}
    assert len(made) == 50 and all(len(word) == 24 and set(word) <= set(ALPHABET) for word in made)
    assert not set("lI1O0") & set(ALPHABET)


@pytest.mark.parametrize(("password", "ends"), [("x" * 14, "at least 15 characters"), ("x" * 15, None), ("x" * 257, "at most 256 characters.")])
def test_a_password_is_judged_by_its_length(password: str, ends: str | None) -> None:
    told = complaint(password, 15)
    assert told is None if ends is None else ends in str(told)


def test_the_moves_start_from_where_they_may_and_never_where_they_lead() -> None:
    for move in MOVES.values():
        assert move.to not in move.sources and Status.DELETED not in move.sources
        assert move.shuts_out == (move.to is not Status.ACTIVE)


def refusals() -> list[type[errors.Refusal]]:
    return [found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, errors.Refusal) and found is not errors.Refusal]


def test_every_refusal_has_a_code_of_its_own_a_status_and_a_sentence() -> None:
    codes = [refusal.code for refusal in refusals()]
    assert len(codes) == len(set(codes))
    for refusal in refusals():
        assert refusal.status in (403, 404, 409, 422, 429, 503)
        sentence = str(refusal(reason="Because of that.", instead="Do this."))
        assert sentence.endswith(".") and "{" not in sentence, refusal


@pytest.mark.parametrize("code", sorted(errors.ROW_REFUSALS))
def test_a_refused_row_can_say_why(code: str) -> None:
    assert str(RefusedUser(7, code, "Because of that.").refusal).endswith(".")
