"""The configuration of a plugin: from files and the environment, and never told."""

from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest

from bo_panel.hooks.host import Host
from bo_panel.hooks.problems import PluginError
from bo_panel.settings import load
from tests.hooks.conftest import HEAD

Write = Callable[..., Path]
Problems = Callable[..., list[str]]
Compile = Callable[..., Host]

SECRET = "hunter2"
FIELD = """
key: {kind}
@pydantic.field_validator("key")
def right(cls, value):
    raise {error}
"""
WHOLE = """
key: pydantic.SecretStr
@pydantic.model_validator(mode="{mode}"){how}
def right({first}, more=None):
    raise ValueError(f"is wrong: {{{first}}} {{more}}" + getattr(getattr({first}, "key", None), "get_secret_value", str)())
"""
TAGGED = "key: typing.Annotated[A | B, pydantic.Field(discriminator='kind')]"
TAGS = "\n".join(f"class {name}(pydantic.BaseModel):\n    kind: typing.Literal['{name}']" for name in "AB")
CASES = {
    "told by a validator": (FIELD.format(kind="str", error="ValueError(value)"), "'hunter2'"),
    "a part of it": (FIELD.format(kind="str", error="ValueError('begins with ' + value[:4])"), "'hunter2secret'"),
    "with other words": (FIELD.format(kind="str", error="AssertionError(f'{value!r} is bad')"), "'hunt\\ter2'"),
    "a list": (FIELD.format(kind="tuple[str, ...]", error="ValueError(value)"), "['hunter2', 'hunter3']"),
    "a number": (FIELD.format(kind="int", error="ValueError(f'{value} hunt')"), "4711"),
    "told after all": (WHOLE.format(mode="after", how="", first="self"), "'hunter2'"),
    "told before all": (WHOLE.format(mode="before", how="\n@classmethod", first="cls"), "'hunter2'"),
    "the key of a table": ("key: dict[str, int]", "{hunter2 = 'x'}"),
    "a tag": (TAGGED, "{kind = 'hunter2'}"),
    "a module": ("key: pydantic.ImportString", "'hunter2.four'"),
    "a number of its own kind": ("key: uuid.UUID", "'hunter2'"),
    "an error of its own kind": (FIELD.format(kind="str", error="__import__('pydantic_core').PydanticCustomError('odd', value)"), "'hunter2'"),
}


def configured(write: Write, name: str, lines: str, more: str = "") -> None:
    """Write a plugin whose configuration has these lines."""
    head = f"import pydantic, typing, uuid\n{TAGS}\n{HEAD.format(title=name.title(), name=name, more='')}"
    body = f"class Config(PluginConfig):\n{indent(lines, '    ')}\n{more}"
    write(name, source=head + indent(body, "    "))


@pytest.mark.parametrize("case", CASES)
def test_no_part_of_a_value_is_told(case: str, write: Write, problems: Problems, caplog: pytest.LogCaptureFixture) -> None:
    lines, value = CASES[case]
    configured(write, "a", lines)

    found = problems("a", toml=f"[plugins.a]\nkey = {value}\n")

    assert found and all(line.startswith("a › ") for line in found)
    assert not any(part in "".join(found) + caplog.text for part in ("hunt", "4711", "`h`"))


def test_what_a_validator_says_is_told_where_it_stands_in_the_code_as_it_is(write: Write, problems: Problems) -> None:
    configured(write, "a", FIELD.format(kind="str", error="ValueError('must be a name of ' 'a host')"))
    configured(write, "b", FIELD.format(kind="str", error="ValueError('no ' + value)"))

    wrong, other = problems("a", "b", toml=f"[plugins.a]\nkey = '{SECRET}'\n[plugins.b]\nkey = '{SECRET}'\n")

    assert wrong == "a › key: must be a name of a host. Correct it in config/deployments/test.toml."
    assert other == "b › key: is not accepted: ValueError at plugin.py:17. Correct it in config/deployments/test.toml."


def test_a_short_value_leaves_the_words_as_they_are(write: Write, problems: Problems) -> None:
    configured(write, "a", "key: typing.Literal['fast', 'slow']\nn: int")

    wrong, number = problems("a", toml="[plugins.a]\nkey = 's'\nn = 'a'\n")

    assert wrong.startswith("a › key: must be 'fast' or 'slow'.")
    assert number.startswith("a › n: must be a valid integer, unable to parse string as an integer.")


def test_another_name_for_a_field_is_read_and_suggested(write: Write, problems: Problems) -> None:
    tab = "@hookimpl\ndef bo_tabs(self): yield Tab('a.x', f'{self.config.count + 1}', ())"
    configured(write, "a", "count: int = pydantic.Field(3, alias='number')\nother: int = 1", tab)

    told = problems("a", toml="[plugins.a]\nnumber = 5\nother = 'x'\nnumbr = 5\n")

    assert told[1] == "a › numbr: there is no such setting. Correct it in config/deployments/test.toml. Did you mean number?"
    assert told[2].startswith("a › bo_tabs › a.x › statuses: is empty")


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Host]:
    """Compile the plugin `a` in an environment, with more lines in its table."""

    def compiled(environ: dict[str, str], toml: str = "") -> Host:
        (tmp_path / "config" / "deployments").mkdir(parents=True, exist_ok=True)
        (tmp_path / "config" / "deployments" / "test.toml").write_text(f"[deployment]\nplugins = ['a']\n{toml}")
        return Host.compile(load("test", environ, root=tmp_path))

    return compiled


TELLS = """
@hookimpl
def bo_features(self): yield Feature("a.f", self.config.key.get_secret_value())
"""
KEY = ("key: pydantic.SecretStr", TELLS)


@pytest.mark.parametrize("text", ["[hunter2", "{hunter2", "hunter2", '"hunter2"', " hunter2 "])
def test_a_secret_comes_from_the_environment_as_it_is(text: str, write: Write, made: Compile) -> None:
    configured(write, "a", *KEY)

    assert made({"BO_PLUGINS__A__KEY": text}).registry.features["a.f"].label == text


def test_a_secret_that_is_json_is_asked_for_in_a_file(write: Write, made: Compile, tmp_path: Path) -> None:
    configured(write, "a", *KEY)
    (tmp_path / "key").write_text('{"hunter": 2}\n')

    with pytest.raises(PluginError) as caught:
        made({"BO_PLUGINS__A__KEY": '{"hunter": 2}'})
    told = "must be a valid string. What begins with [ or { is read as JSON. Put the text into a file, and name that in BO_PLUGINS__A__KEY_FILE."
    assert told in str(caught.value)
    assert made({"BO_PLUGINS__A__KEY_FILE": str(tmp_path / "key")}).registry.features["a.f"].label == '{"hunter": 2}'


def test_a_secret_comes_from_a_file_that_the_deployment_names(write: Write, made: Compile, tmp_path: Path) -> None:
    configured(write, "a", *KEY)
    (tmp_path / "key").write_text("\ufeffhunter2\n", encoding="utf-8")

    assert made({}, f"[plugins.a]\nkey_file = '{tmp_path / 'key'}'\n").registry.features["a.f"].label == SECRET


def test_what_is_missing_is_asked_for_in_the_file_of_the_deployment(write: Write, made: Compile) -> None:
    configured(write, "a", "key: str\nn: int = 1")

    with pytest.raises(PluginError) as caught:
        made({"BO_PLUGINS__A__N": "2", "BO_PLUGINS__A__KEY_FILE": ""})
    assert "a › key: is missing. Set it in config/deployments/test.toml, at [plugins.a]." in str(caught.value)


def test_a_file_that_cannot_be_read_is_told(write: Write, made: Compile, tmp_path: Path) -> None:
    configured(write, "a", *KEY)
    (tmp_path / "odd").write_bytes(b"\xff")
    for name, why in (("nowhere", "No such file or directory"), ("odd", "it is no UTF-8 text")):
        with pytest.raises(PluginError) as caught:
            made({"BO_PLUGINS__A__KEY_FILE": str(tmp_path / name)})
        [problem] = caught.value.problems
        assert str(problem) == f"a › key_file: the file cannot be read ({why}). Correct it in BO_PLUGINS__A__KEY_FILE."


def test_a_field_that_is_itself_called_like_a_file_is_no_reference(write: Write, made: Compile) -> None:
    configured(write, "a", "key: str = ''\nkey_file: pydantic.SecretStr", TELLS.replace("config.key.", "config.key_file."))

    assert made({"BO_PLUGINS__A__KEY_FILE": "/etc/x"}).registry.features["a.f"].label == "/etc/x"
