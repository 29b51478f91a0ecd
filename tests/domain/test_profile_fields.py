"""What may be typed into a profile field, and what is stored of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bo_panel.domain.errors import Invalid
from bo_panel.domain.profile_fields import FieldType, ProfileField, stored_of, unfit
from bo_panel.services.changes.profile_values import value_key

BIRDS = ("Owl", "Robin")


def field(kind: FieldType, **more: object) -> ProfileField:
    choices = BIRDS if kind in ("one_of", "several_of") else ()
    return ProfileField("t.f", "F", kind, choices=choices, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("text", "  a  b ", "a b"),
        ("text", " ", None),
        ("text", "<b>\x00", "<b>"),
        ("long_text", "\r\n a \r\n\r\n b\t\n", "a\n\nb"),
        ("number", "007", "7"),
        ("number", "-1,50", "-1.5"),
        ("number", "-0.0", "0"),
        ("number", "100", "100"),
        ("number", "1e3", "1000"),
        ("number", "1 000", "1000"),
        ("date", "2024-02-29", "2024-02-29"),
        ("yes_no", "no", "no"),
        ("one_of", "Owl", "Owl"),
        ("several_of", "Robin\nOwl", "Owl\x1fRobin"),
        ("url", "https://example.com/ä?b=c", "https://example.com/ä?b=c"),
    ],
)
def test_what_is_stored(kind: str, typed: str, stored: str | None) -> None:
    assert stored_of(field(FieldType(kind)), typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "1.2.3"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("number", "١٢"),
        ("number", "1e31"),
        ("date", "2023-02-29"),
        ("date", "1/2/2023"),
        ("yes_no", "Yes"),
        ("one_of", "owl"),
        ("several_of", "Owl\nEmu"),
        ("url", "ftp://example.com"),
        ("url", "https://"),
        ("url", "http://[::1"),
        ("url", "javascript:alert(1)"),
    ],
)
def test_what_is_refused_at_the_field(kind: str, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        stored_of(field(FieldType(kind)), typed)
    assert refused.value.field == "profile:t.f"


@given(kind=st.sampled_from(FieldType), typed=st.text())
def test_whatever_is_typed_is_stored_once_and_for_all_or_refused(kind: FieldType, typed: str) -> None:
    try:
        stored = stored_of(field(kind), typed)
    except Invalid:
        return
    again = (stored or "").replace("\x1f", "\n")
    assert stored_of(field(kind), again) == stored


def test_what_is_required_is_not_left_empty() -> None:
    for kind in FieldType:
        with pytest.raises(Invalid):
            stored_of(field(kind, required=True), " ")


@pytest.mark.parametrize(
    ("odd", "part"),
    [
        (ProfileField("t.f", "F", FieldType.ONE_OF), "choices"),
        (ProfileField("t.f", "F", FieldType.ONE_OF, choices=("a", "a")), "choices"),
        (ProfileField("t.f", "F", choices=("a",)), "choices"),
        (ProfileField("t.f", "F", FieldType.STATE), "depends_on"),
        (ProfileField("t.f", "F", depends_on="t.g"), "depends_on"),
        (ProfileField("t.f", "F", FieldType.DATE, unique=True), "unique"),
        (ProfileField("t.f", "F", searchable=True, personal=True), "searchable"),
        (ProfileField("t.f", "F", searchable=True, view="users:edit"), "searchable"),
    ],
)
def test_what_does_not_go_together(odd: ProfileField, part: str) -> None:
    assert [name for name, _wrong, _remedy in unfit(odd)] == [part]


def test_a_value_that_tells_users_apart_is_no_longer_than_an_index_takes() -> None:
    page = field(FieldType.URL, unique=True)
    assert value_key(page, "漢" * 800)
    with pytest.raises(Invalid):
        value_key(page, "😀" * 700)
