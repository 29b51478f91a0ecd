"""The templates that plugins bring: what is wrong with them is told before the panel starts, and how they lie on one another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment, TemplateNotFound

from bo_panel.hooks.contributions import PLACES
from bo_panel.hooks.host import Host
from bo_panel.hooks.templates import PAGE, Layers

Write = Callable[..., Path]
Hosts = Callable[..., Host]
Problems = Callable[..., list[str]]
SLOT = "@hookimpl\ndef bo_slots(self):\n    yield Slot('a.box', {place!r}, {template!r}, {needs!r})\n"
NO_PAGE = "the panel has no such page. Put your own templates into templates/a."


@pytest.fixture
def core(tmp_path: Path) -> Path:
    (tmp_path / "templates" / "roles").mkdir(parents=True)
    (tmp_path / "templates" / "roles" / "list.html").write_text(PAGE + "{% block content %}core{% endblock %}")
    (tmp_path / "templates" / "roles" / "row.html").write_text("row")
    (tmp_path / "templates" / "layout").mkdir()
    (tmp_path / "templates" / "layout" / "base.html").write_text("<{% block content %}{% endblock %}>")
    return tmp_path / "templates"


def put(folder: Path, name: str, text: str | bytes) -> None:
    file = folder / "templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_a_slot_of_a_plugin_is_in_the_registry_at_its_place(write: Write, host: Hosts) -> None:
    put(write("a", SLOT.format(place="users.list.top", template="a/box.html", needs=("users", "view"))), "a/box.html", "box")

    [slot] = host("a").registry.slots["users.list.top"]
    assert (slot.key, slot.template, slot.needs) == ("a.box", "a/box.html", ("users", "view"))


@pytest.mark.parametrize(
    ("slot", "told"),
    [
        (
            ("users.list.tip", "a/box.html", None),
            f"a › bo_slots › a.box › place: there is no place 'users.list.tip'. There are {', '.join(PLACES)}. Did you mean users.list.top?",
        ),
        (("users.list.top", "box.html", None), "a › bo_slots › a.box › template: must start with 'a'/. Put it into templates/a."),
        (
            ("users.list.top", "a/bax.html", None),
            "a › bo_slots › a.box › template: there is no templates/a/bax.html. Did you mean a/box.html?",
        ),
        (
            ("users.list.top", "a/box.html", ("usrs", "view")),
            "a › bo_slots › a.box › needs: there is no resource 'usrs'. Did you mean users?",
        ),
        (
            ("users.list.top", "a/box.html", ("users", "se")),
            "a › bo_slots › a.box › needs: users has no level 'se'; it has view, edit, create, delete.",
        ),
        (("users.list.top", "a/box.html", "users"), "a › bo_slots › a.box › needs: must be a list."),
    ],
)
def test_a_slot_that_cannot_be_is_told(slot: tuple[str, str, object], told: str, write: Write, problems: Problems) -> None:
    put(write("a", SLOT.format(**dict(zip(("place", "template", "needs"), slot, strict=True)))), "a/box.html", "box")

    assert problems("a") == [told]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a/box.html", "\n{% if %}", "a › templates/a/box.html: it cannot be read at line 2: Expected an expression, got 'end of statement block'."),
        ("a/box.html", b"\xff", "a › templates/a/box.html: it is not in UTF-8. Save it in that encoding."),
        (
            "roles/list.html",
            "{% extends_next %}\n{% block contents %}x{% endblock %}",
            "a › templates/roles/list.html: line 2 fills a block 'contents' that this page does not have. It has content. Did you mean content?",
        ),
        (
            "roles/list.html",
            "{% extends_next %}\n{% set x = 1 %}\n<p>x</p>{% block content %}{% block mine %}x{% endblock %}{% endblock %}",
            "a › templates/roles/list.html: what stands at line 3 is outside of every block, and shown nowhere. Put it into a block.",
        ),
        ("roles/lst.html", "x", f"a › templates/roles/lst.html: {NO_PAGE} Did you mean roles/list.html?"),
        ("roles/row.html", "x", f"a › templates/roles/row.html: {NO_PAGE}"),
        (
            "roles/list.html",
            "{% extends 'layout/base.html' %}",
            "a › templates/roles/list.html: hides what others add to this page. Begin it with {% extends_next %}.",
        ),
    ],
)
def test_a_template_that_cannot_be_used_is_told(name: str, text: str | bytes, told: str, core: Path, write: Write, problems: Problems) -> None:
    put(write("a"), name, text)
    assert core

    [line] = problems("a")
    assert line.startswith(told)


def test_a_block_that_another_plugin_brings_may_be_filled_by_one_above_it(core: Path, write: Write, host: Hosts, problems: Problems) -> None:
    inner = "{% block mine %}{% endblock %}{% trans %}x{% endtrans %}"
    put(write("below"), "roles/list.html", f"{{% extends_next %}}{{% block content %}}{inner}{{% endblock %}}")
    put(write("above"), "roles/list.html", "{% extends_next %}{% block mine %}{{ 1 | dateformat }}{% endblock %}")
    assert core

    assert len(host("above", "below").registry.plugins) == 2
    assert "fills a block 'mine' that this page does not have" in problems("below", "above")[0]


def test_a_plugin_is_not_called_like_a_folder_of_the_panel(core: Path, write: Write, problems: Problems) -> None:
    put(write("roles"), "roles/box.html", "x")
    assert core

    assert problems("roles") == ["roles › templates: the panel has a folder roles of its own. Call the plugin otherwise."]


def test_two_plugins_that_add_to_one_page_both_show_the_first_listed_on_top(core: Path, write: Write, host: Hosts) -> None:
    for name in ("a", "b"):
        put(write(name), "roles/list.html", f"{{% extends_next %}}{{% block content %}}{name}({{{{ super() }}}}){{% endblock %}}")
    plugins = host("b", "a").registry.plugins
    layers = Layers([(plugin.name, plugin.templates) for plugin in plugins if plugin.templates], core)
    environment = Environment(loader=layers, autoescape=True)

    assert list(layers.names()) == ["roles/list.html", "after:b:roles/list.html"]
    assert environment.get_template("roles/list.html").render() == "<b(a(core))>"
    assert environment.get_template("after:b:roles/list.html").render() == "<a(core)>"
    assert environment.get_template("core:roles/list.html").render() == "<core>"
    with pytest.raises(TemplateNotFound):
        environment.get_template("roles/other.html")
