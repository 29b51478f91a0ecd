"""Argon2id and zxcvbn behind their ports, and the clock."""

from datetime import timedelta

import pytest

from bo_panel.adapters.clock import SystemClock
from bo_panel.adapters.passwords import Argon2, Zxcvbn


def test_a_password_fits_its_own_hash_only() -> None:
    hasher = Argon2()
    stored = hasher.hash("correct horse")
    assert stored.startswith("$argon2id$") and "correct" not in stored
    assert hasher.verify(stored, "correct horse")
    assert not hasher.verify(stored, "wrong horse")
    assert not hasher.verify("no hash at all", "correct horse")


def test_with_nothing_stored_nothing_fits_not_even_the_stand_in() -> None:
    assert not Argon2().verify(None, "nobody")


@pytest.mark.parametrize("password", ["passwordpassword", "annettesmith", "qwertyuiop12345"])
def test_what_is_easily_guessed_is_told_with_a_way_out(password: str) -> None:
    told = Zxcvbn().complaint(password, ("Annette", "Smith", ""))
    assert told is not None and told.endswith("A few unrelated words make a good password.")


def test_a_few_unrelated_words_are_fine_however_many() -> None:
    assert Zxcvbn().complaint("granite velvet tractor moonlight " * 20, ()) is None


def test_the_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)
