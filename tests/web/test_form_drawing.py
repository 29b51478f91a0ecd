"""A form is drawn once for what it looks like; what people typed and chose is filled in, and is text whatever it says."""

from markupsafe import Markup

from bo_panel.web.fields import Choice, Field, Section
from bo_panel.web.theme.forms import Form, frames_of


def drawn(name: str, /, **values: object) -> Markup:
    marks = "".join(str(values.get(key, "")) for key in ("label", "id", "place", "error"))
    return Markup(f"<{name.rpartition('/')[2].partition('.')[0]}>{marks}</>")


def test_what_looks_like_a_place_in_a_template_is_text() -> None:
    chosen = (Choice(id="7\0", label="<b>\0\1"), Choice(id="8", label="\1"))
    fields = [Field("units", "Units", chosen=chosen), Field("note", "Note", value="<i>\0\1", error="a \0 <u>"), Field("empty", "Empty")]
    sections = [Section("all", "All", "", fields)]

    filled = Form.of(frames_of(sections), drawn).filled(sections)

    tokens = "<token>&lt;b&gt;\0\x017\0</><token>\x018</>"
    error = "<field_error>field-notea \0 &lt;u&gt;</>"
    assert filled == f"<section><field>{tokens}</><field>&lt;i&gt;\0\1{error}</><field></></>"


def test_forms_that_differ_in_what_is_filled_in_alone_are_drawn_once() -> None:
    first = [Section("all", "All", "", [Field("note", "Note", value="a")])]
    second = [Section("all", "All", "", [Field("note", "Note", value="b", chosen=(Choice(id="1"),))])]

    assert frames_of(first) == frames_of(second)
    assert frames_of(first) != frames_of([Section("all", "All", "", [Field("note", "Note", error="wrong")])])
