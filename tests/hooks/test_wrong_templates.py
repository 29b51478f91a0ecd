"""What of the templates of plugins would fail, or would be drawn nowhere, is told before the panel starts, and in words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment

from bo_panel.hooks.host import Host
from bo_panel.hooks.templates import PAGE, Layers

Write = Callable[..., Path]
Hosts = Callable[..., Host]
Problems = Callable[..., list[str]]

OWN = "Put your own templates into templates/a."
NEXT = "{% extends_next %}"
OUT_OF_PLACE = "{% extends_next %} goes only into pages of the panel, once, and before everything else but comments."
NOWHERE = "what stands at line 2 is outside of every block, and shown nowhere. Put it into a block."


@pytest.fixture(autouse=True)
def core(tmp_path: Path) -> Path:
    core = tmp_path / "templates"
    texts = {
        "roles/list.html": PAGE + "{% block content %}core{% endblock %}",
        "layout/base.html": "<{% block content %}{% endblock %}>",
        "layout/bare.html": PAGE,
        "components/empty.html": "{% macro empty() %}{% endmacro %}",
    }
    for name, text in texts.items():
        put(tmp_path, name, text)
    return core


def put(folder: Path, name: str, text: str) -> None:
    file = folder / "templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


OF_ITS_OWN = {
    "{% if a %}" * 110 + "{% endif %}" * 110: "it is nested too deeply (IndentationError). Take a part out into a template of its own.",
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}": "it is nested too deeply (RecursionError). Take a part out into a template of its own.",
    "{{ 3|uper }}": "it cannot be read at line 1: No filter named 'uper'. Did you mean upper?",
    "{{ 3|datefromat }}": "it cannot be read at line 1: No filter named 'datefromat'. Did you mean dateformat?",
    "\n{{ 3 is devn }}": "it cannot be read at line 2: No test named 'devn'. Did you mean even?",
    "{{ 3|qqqqqq }}": "it cannot be read at line 1: No filter named 'qqqqqq'.",
    "\n{% include 'a/bx.html' %}": "line 2 names a template 'a/bx.html' that there is not. Did you mean a/box.html?",
    "{% include ['a/bx.html', 'a/by.html'] %}": "line 1 names a template 'a/bx.html' that there is not. Did you mean a/box.html?",
    "{% from 'components/emty.html' import empty %}": (
        "line 1 names a template 'components/emty.html' that there is not. Did you mean components/empty.html?"
    ),
    "{% if a %}\n{{ 3|uper }}{% endif %}": "line 2 uses a filter 'uper' that there is not. Did you mean upper?",
    "{{ 1 if 3 is devn }}": "line 1 uses a test 'devn' that there is not. Did you mean even?",
    "{% import 'qq' as q %}": "line 1 names a template 'qq' that there is not.",
    "{% extends 'layout/bas.html' %}": "line 1 names a template 'layout/bas.html' that there is not. Did you mean layout/base.html?",
    NEXT: f"{OUT_OF_PLACE} Leave it out.",
    "x\n" + NEXT: f"it cannot be read at line 2: {OUT_OF_PLACE}",
}


@pytest.mark.parametrize("text", OF_ITS_OWN, ids=range(len(OF_ITS_OWN)))
def test_what_a_template_of_its_own_cannot_be_is_told(text: str, write: Write, problems: Problems) -> None:
    put(write("a"), "a/box.html", text)

    assert problems("a") == [f"a › templates/a/box.html: {OF_ITS_OWN[text]}"]


WRONG_BLOCK = "line 1 fills a block 'contents' that this page does not have. It has content. Did you mean content?"
ADDED = {
    "\n{% if a %}x{% endif %}": NOWHERE,
    "\n{% if a %}{% elif b %}x{% endif %}": NOWHERE,
    "\n{% for a in b %}{% else %}{{ a }}{% endfor %}": NOWHERE,
    "\n{% with a = 1 %}{% if a %}x{% endif %}{% endwith %}": NOWHERE,
    "\n{% filter upper %}x{% endfilter %}": NOWHERE,
    "\n{% autoescape false %}x{% endautoescape %}": NOWHERE,
    "\n{% call(a) f() %}{% endcall %}": NOWHERE,
    "\n{% include 'components/empty.html' %}": NOWHERE,
    "{% if a %}{% block contents %}x{% endblock %}{% endif %}": WRONG_BLOCK,
    "{% block content %}{% include 'components/emty.html' %}{% endblock %}": (
        "line 1 names a template 'components/emty.html' that there is not. Did you mean components/empty.html?"
    ),
    "\n" + NEXT: f"it cannot be read at line 2: {OUT_OF_PLACE}",
}


@pytest.mark.parametrize("text", ADDED, ids=range(len(ADDED)))
def test_what_an_addition_to_a_page_cannot_be_is_told(text: str, write: Write, problems: Problems) -> None:
    put(write("a"), "roles/list.html", NEXT + text)

    assert problems("a") == [f"a › templates/roles/list.html: {ADDED[text]}"]


@pytest.mark.parametrize(
    "text",
    [
        "{% macro m() %}x{% endmacro %}{% set a %}x{% endset %}{% if a %}{% set b = 1 %} {% endif %}",
        "{% from 'components/empty.html' import empty %}{% block content %}{% if a %}x{% endif %}{{ empty() }}{% endblock %}",
        "{% block content %}{% include 'no.html' ignore missing %}{% include ['no.html', 'a/box.html'] %}{% include name %}{% endblock %}",
        "{% block content %}{% include 'core:roles/list.html' %}{% import 'admin/lib.html' as lib %}{% endblock %}",
    ],
)
def test_what_is_right_is_taken(text: str, write: Write, host: Hosts) -> None:
    put(write("a"), "roles/list.html", NEXT + text)
    put(write("a"), "a/box.html", "")

    assert host("a").registry.plugins


BEGINNINGS = ["\n \n", "{# says why #}\n", "{#- {% extends_next %} -#} {# {{ #}\n"]


@pytest.mark.parametrize("tag", [NEXT, "{%+ extends_next +%}", "{%- extends_next -%}", "{%extends_next%}"])
@pytest.mark.parametrize("before", ["", *BEGINNINGS])
def test_comments_and_space_may_stand_before_what_leads_down(before: str, tag: str, write: Write, host: Hosts, core: Path) -> None:
    folder = write("a")
    put(folder, "roles/list.html", before + tag + "{% block content %}a({{ super() }}){% endblock %}")

    assert host("a").registry.plugins
    environment = Environment(loader=Layers([("a", folder / "templates")], core), autoescape=True)
    assert environment.get_template("roles/list.html").render() == "<a(core)>"


BEFORE = {
    "\ufeff": "begins with a mark of the order of bytes (BOM). Save it in UTF-8 without one.",
    "x": f"it cannot be read at line 1: {OUT_OF_PLACE}",
    "{# a #} x {# b #}": f"it cannot be read at line 1: {OUT_OF_PLACE}",
}


@pytest.mark.parametrize("before", BEFORE)
def test_nothing_else_may_stand_before_it(before: str, write: Write, problems: Problems) -> None:
    put(write("a"), "roles/list.html", before + NEXT)

    assert problems("a") == [f"a › templates/roles/list.html: {BEFORE[before]}"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("layout/base.html", f"layouts and components of the panel cannot be replaced. {OWN}"),
        ("components/fields/x.html", f"layouts and components of the panel cannot be replaced. {OWN}"),
        ("role/list.html", f"the panel has no such page. {OWN}"),
        ("b/list.html", f"the panel has no such page. {OWN}"),
        ("list.html", f"the panel has no such page. {OWN}"),
        ("roles/lists.html", f"the panel has no such page. {OWN} Did you mean roles/list.html?"),
    ],
)
def test_only_pages_beside_it_are_named(name: str, told: str, write: Write, problems: Problems) -> None:
    put(write("a"), name, "x")

    assert problems("a") == [f"a › templates/{name}: {told}"]


@pytest.mark.parametrize("before", ["\n\n", "{# a\nb #}\n", "\n{# a #}\n"])
def test_what_stands_before_it_moves_no_line(before: str, write: Write, problems: Problems) -> None:
    put(write("a"), "roles/list.html", before + "{%\nextends_next %}\n{% if %}")

    assert problems("a")[0].startswith("a › templates/roles/list.html: it cannot be read at line 5: ")
