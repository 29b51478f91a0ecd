"""Names people type are made comparable, sortable and findable, whatever they type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bo_panel.domain.identifiers import SORT_LIMIT, folded, key, search_document, search_terms, sort_name, tidy

ANY_TEXT = st.text(st.characters(), max_size=40)


@pytest.mark.parametrize("other", ["ANN", " ann ", "ａｎｎ", "an\u200bn", "a\u00adnn", "\u202eann", "Ann\x00"])
def test_spellings_of_one_name_have_one_key(other: str) -> None:
    assert key(other) == key("Ann")


@pytest.mark.parametrize("other", ["änn", "an n", "a.nn", "anne"])
def test_other_names_have_other_keys(other: str) -> None:
    assert key(other) != key("ann")


def test_sharp_s_and_composed_letters_are_one() -> None:
    assert key("STRASSE") == key("straße")
    assert key("A\u0308nn") == key("änn")


@given(ANY_TEXT)
def test_a_key_is_its_own_key_and_case_does_not_matter(text: str) -> None:
    assert key(key(text)) == key(text)
    assert key(text.casefold()) == key(text)


@given(ANY_TEXT)
def test_what_is_tidy_stays_as_it_is_and_can_be_stored(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert "\x00" not in tidy(text)
    tidy(text).encode()


@pytest.mark.parametrize("name", ["محمد عبد الله", "שָׁלוֹם", "नमस्ते", "می\u200cخواهم", "李小龍", "🌳"])
def test_names_of_every_script_stay_as_they_are(name: str) -> None:
    assert tidy(name) == name


@given(ANY_TEXT, ANY_TEXT)
def test_what_is_sorted_by_fits_its_column(first: str, last: str) -> None:
    assert len(sort_name(first * 20, last * 20)) <= SORT_LIMIT


@given(st.lists(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=10), min_size=1, max_size=4))
def test_every_word_and_every_beginning_of_one_is_found(words: list[str]) -> None:
    document = search_document(*words)
    for word in words:
        assert all(term in document for term in search_terms(word))
    for word in folded(" ".join(words)).split():
        assert all(f"  {word[:length]}" in document for length in (1, 2))
