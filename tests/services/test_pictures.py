"""Pictures: what is taken and what is refused before it is decoded, what is kept of one, and who may give it."""

import zlib
from io import BytesIO
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from bo_panel.domain.errors import FieldNotHere, Invalid, NotFound, NotUndoable, OneAtATime, UnknownField
from bo_panel.domain.lifecycle import DELETE
from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.models import OwnField, ProfileImage
from bo_panel.queries.pictures import picture_row
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import AddProfileField, EditUsers, MoveUsers, PurgeProfileField, RemoveProfileField, SetPicture
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed
from bo_panel.services.pictures import LONGEST_FILE, SIDE, Picture, picture_of
from bo_panel.testing import World
from tests.drawings import BLUE, RED, drawn, picture
from tests.services.conftest import Town

PORTRAIT = "grove.portrait"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as problem:
        picture_of(content, "profile:grove.portrait")
    assert problem.value.field == "profile:grove.portrait"
    return str(problem.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_kind_becomes_a_small_picture_of_one_kind(kind: str) -> None:
    found = drawn(picture_of(picture(kind, (1_200, 800)), "field").content)

    assert (found.format, found.size) == ("WEBP", (SIDE, 341))
    assert all(abs(one - other) < 12 for one, other in zip(found.convert("RGB").getpixel((9, 9)), RED, strict=True))  # type: ignore[arg-type]


def test_of_several_pictures_it_is_the_first() -> None:
    moving = picture("GIF", save_all=True, append_images=[Image.new("RGB", (40, 30), BLUE)])
    red, _green, blue = drawn(picture_of(moving, "field").content).convert("RGB").getpixel((9, 9))  # type: ignore[misc]

    assert red > blue


@pytest.mark.parametrize(("stored", "seen"), [(0, 0), (0x40FF, 64), (0x8000, 128), (0xFFFF, 255)])
def test_grey_of_16_bits_is_as_bright_as_it_was(stored: int, seen: int) -> None:
    file = BytesIO()
    Image.new("I;16", (40, 30), stored).save(file, "PNG")

    assert abs(drawn(picture_of(file.getvalue(), "field").content).convert("L").getpixel((9, 9)) - seen) < 3  # type: ignore[operator]


def test_nothing_of_camera_and_place_is_kept_and_it_stands_upright() -> None:
    about = Image.Exif()
    about[0x0112], about[0x010F], about[0x8825] = 6, "Secret Camera", {1: "N", 2: (52.0, 31.0, 0.0)}
    content = picture("JPEG", (60, 20), exif=about, comment=b"Secret comment")
    assert b"Secret" in content
    found = picture_of(content, "field").content

    assert drawn(found).size == (20, 60)
    assert b"Secret" not in found and b"EXIF" not in found and not drawn(found).getexif()


def test_what_shows_through_still_does() -> None:
    assert drawn(picture_of(picture("PNG", colour=(0, 0, 0, 0)), "field").content).convert("RGBA").getpixel((3, 3))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"%PDF-1.7", picture()[:60], picture("JPEG")[:200], b"\x00" * 5_000, picture("BMP"), picture("TIFF")],
    ids=["nothing", "head", "paper", "cut off", "cut off early", "zeros", "BMP", "TIFF"],
)
def test_what_is_no_picture_is_refused_with_what_to_choose(content: bytes) -> None:
    assert "Choose one of the type PNG, JPEG, WebP or GIF." in refused(content)


def test_a_drawing_is_refused_with_the_reason() -> None:
    assert "SVG can hold scripts" in refused(SVG)
    assert "SVG can hold scripts" in refused(b"<SVG onload=alert(1)>")


@pytest.mark.parametrize("size", [(5_001, 5_000), (12_000, 12_000), (16_000, 16_000)])
def test_more_points_than_are_decoded_are_refused_by_the_head_of_the_file(size: tuple[int, int]) -> None:
    head = bytearray(picture())
    head[16:24] = size[0].to_bytes(4) + size[1].to_bytes(4)
    head[29:33] = zlib.crc32(bytes(head[12:29])).to_bytes(4)

    assert refused(bytes(head))


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert "at most 8 MB" in refused(b"\x89PNG" + b"\x00" * LONGEST_FILE)


@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_broken_picture_is_a_picture_or_a_refusal(kind: str, changes: list[tuple[int, int]]) -> None:
    content = bytearray(picture(kind, (60, 50)))
    for place, value in changes:
        content[place % len(content)] = value
    try:
        found = picture_of(bytes(content), "field")
    except Invalid:
        return
    assert max(drawn(found.content).size) <= SIDE


def give(town: Town, content: bytes | None, *user_ids: int, field: str = PORTRAIT, by: int | None = None) -> int | None:
    change = SetPicture(field_key=field, picture=picture_of(content, field) if content else None)
    return town.world.run(change, *(user_ids or (town.ann,)), by=town.world.actor(by or town.admin_id)).change_set_id


def stored(world: World) -> dict[int, str]:
    world.session.rollback()
    return {row.user_id: row.digest for row in world.session.execute(select(ProfileImage.user_id, ProfileImage.digest))}


def test_a_picture_is_given_replaced_and_taken_away_and_the_trail_says_so_without_it(town: Town) -> None:
    first, second = picture_of(picture(), "x"), picture_of(picture(colour=BLUE), "x")
    give(town, picture())
    assert stored(town.world) == {town.ann: first.digest}
    assert town.world.row(town.ann).profile == {PORTRAIT: first.digest}
    row = picture_row(town.world.session, Scope(town.admin.access.reach("users", "view")), town.ann, PORTRAIT)
    assert row is not None and row.content == first.content
    assert give(town, picture()) is None

    give(town, picture(colour=BLUE))
    give(town, None)
    assert stored(town.world) == {} and town.world.row(town.ann).profile == {}
    name = f"profile:{PORTRAIT}"
    told = [(before[name], after[name]) for event, before, after in town.world.trail(town.ann) if event == "users.pictured"]
    assert told == [(None, first.digest), (first.digest, second.digest), (second.digest, None)]


def test_it_is_guarded_like_any_other_field(town: Town) -> None:
    with pytest.raises(NotFound):
        give(town, picture(), town.sue)
    with pytest.raises(OneAtATime):
        give(town, picture(), town.ann, town.bob)
    for odd in ("grove.nickname", "grove.nothing", "unit_1.nothing"):
        with pytest.raises(UnknownField):
            give(town, picture(), field=odd)
    for door in (EditUsers(profile={PORTRAIT: "0" * 64}), EditUsers(profile={PORTRAIT: None})):
        with pytest.raises(Invalid, match="Choose a file"):
            town.world.run(door, town.ann)
    assert stored(town.world) == {}


def test_a_field_that_asks_for_a_level_is_given_and_seen_with_it_only(town: Town) -> None:
    editor = town.world.user("editor", ("grove.editor", town.north), home=town.north)
    result = town.world.run(SetPicture(field_key="grove.seal", picture=Picture(b"x")), town.ann, by=town.world.actor(editor))
    assert [refusal.code for refusal in result.refusals] == [FieldNotHere.code]
    assert give(town, picture(), field="grove.seal")


def test_it_is_not_taken_back_and_the_refusal_says_why(town: Town) -> None:
    done = give(town, picture())
    assert done is not None
    with pytest.raises(NotUndoable, match="not kept"):
        undo_of(town.world.session, done)


def test_whoever_is_deleted_has_it_again_when_he_comes_back(town: Town) -> None:
    give(town, picture())
    done = town.world.run(MoveUsers(move=DELETE), town.ann).change_set_id
    assert picture_row(town.world.session, Scope(town.admin.access.reach("users", "view")), town.ann, PORTRAIT) is None
    assert done is not None
    town.world.run(undo_of(town.world.session, done), selection=Changed(done))

    assert stored(town.world) == {town.ann: ANY}


def test_it_is_kept_with_a_removed_field_until_that_is_purged(town: Town) -> None:
    world = town.world
    world.single(AddProfileField(unit_id=town.north, field=ProfileField("", "Badge photo", FieldType.IMAGE)))
    row = world.session.scalars(select(OwnField)).one()
    field_id, key = row.id, row.key
    give(town, picture(), field=key)
    world.single(RemoveProfileField(unit_id=town.north, field_id=field_id))
    assert stored(world)
    world.single(PurgeProfileField(unit_id=town.north, field_id=field_id))

    assert stored(world) == {} and world.row(town.ann).profile == {}


@pytest.mark.parametrize("rule", ["required", "searchable", "unique"])
def test_a_picture_is_neither_required_nor_searched_nor_told_apart(town: Town, rule: str) -> None:
    with pytest.raises(Invalid) as problem:
        town.world.single(AddProfileField(unit_id=town.north, field=ProfileField("", "Photo", FieldType.IMAGE, **{rule: True})))  # type: ignore[arg-type]
    assert problem.value.field == rule


def test_a_huge_jpeg_is_decoded_small() -> None:
    found = BytesIO()
    Image.new("RGB", (4_900, 4_900)).save(found, "JPEG")

    assert drawn(picture_of(found.getvalue(), "field").content).size == (SIDE, SIDE)
