"""Which layer wins, and where a value comes from."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bo_panel.settings import Settings, load
from bo_panel.settings.layers import Layer, merged

Write = Callable[[str, str], Path]
Load = Callable[..., Settings]

LAYERS = ("default", "deployment", "further", "environment")


@pytest.mark.parametrize("last", range(len(LAYERS)))
def test_the_later_layer_wins(last: int, write: Write, read: Load) -> None:
    further = write("further.toml", "[server]\nport = 3\n" if last >= 2 else "")
    write("default.toml", "[server]\nport = 1\nhost = '0.0.0.0'\n")
    write("deployments/shop.toml", "[server]\nport = 2\n" if last >= 1 else "")
    environ = {"BO_SERVER__PORT": "4"} if last >= 3 else {}

    settings = read(BO_CONFIG=str(further), **environ)

    assert settings.server.port == last + 1
    assert settings.server.host == "0.0.0.0"
    assert (
        settings.source_of("server.port") == ("config/default.toml", "config/deployments/shop.toml", str(further), "BO_SERVER__PORT")[last]
    )


def test_the_plain_names_are_understood_and_give_way_to_ours(read: Load) -> None:
    settings = read(DATABASE_URL="sqlite:///a.db", REDIS_URL="redis://r", SECRET_KEY="k" * 32, BO_DATABASE__URL="sqlite:///b.db")

    assert settings.database.url == "sqlite:///b.db"
    assert settings.redis.url == "redis://r"
    assert settings.secrets.secret_key.get_secret_value() == "k" * 32


def test_an_empty_database_url_is_a_file_in_the_data_folder(tmp_path: Path, read: Load) -> None:
    settings = read(DATABASE_URL="")

    assert settings.data_folder == tmp_path.resolve() / "var" / "shop"
    assert settings.database.url == f"sqlite:///{settings.data_folder / 'bo_panel.db'}"


def test_a_variable_holds_a_list_with_commas_or_as_json(read: Load) -> None:
    assert read(BO_SERVER__TRUSTED_HOSTS="a.example, b.example").server.trusted_hosts == ("a.example", "b.example")
    assert read(BO_USERS__PAGE_SIZES="[10, 50]").users.page_sizes == (10, 50)
    assert read(BO_SIGN_IN__BY='["username"]').sign_in.by == ("username",)


def test_a_variable_can_set_a_word_and_a_level_of_the_demonstration(read: Load) -> None:
    settings = read(BO_WORDS__PRODUCT="Desk", BO_DEMO__TREE='[{"kind": "shop.area", "count": 2}]')

    assert (settings.words.product, settings.words["product"]) == ("Desk", "Desk")
    assert [(level.kind, level.count) for level in settings.demo.tree] == [("shop.area", 2)]


def test_a_variable_can_configure_a_plugin(write: Write, read: Load) -> None:
    write("deployments/shop.toml", "[plugins.duo]\nhost = 'a'\ntimeout = 3\n")

    assert read(BO_PLUGINS__DUO__HOST="b").plugins["duo"] == {"host": "b", "timeout": 3}


def test_what_a_variable_of_a_plugin_only_begins_like_json_is_taken_as_it_is(read: Load) -> None:
    assert read(BO_PLUGINS__DUO__KEY="[a", BO_PLUGINS__DUO__HOSTS='["b"]').plugins["duo"] == {"key": "[a", "hosts": ["b"]}


def test_secrets_come_from_files_too(read: Load, write: Write) -> None:
    file = write("key", "a key of thirty-two characters, and more\n")

    assert read(SECRET_KEY_FILE=str(file)).secrets.secret_key.get_secret_value() == "a key of thirty-two characters, and more"
    assert read(SECRET_KEY_FILE=str(file), SECRET_KEY="x" * 32).secrets.secret_key.get_secret_value() == "x" * 32


def test_variables_of_others_are_left_alone(read: Load) -> None:
    assert read(HOME="/", BOTTLE="1", BO_DEPLOYMENT="shop", BO_TEST_STRICT="1").server.port == 8000


def test_the_process_environment_is_read_when_none_is_given(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BO_SERVER__PORT", "8123")
    write("deployments/shop.toml", "")

    assert load("shop", root=tmp_path).server.port == 8123


def test_settings_cannot_be_changed(read: Load) -> None:
    settings = read()

    with pytest.raises(ValidationError):
        settings.server.port = 1


def test_there_is_no_word_that_is_not_known(read: Load) -> None:
    with pytest.raises(KeyError):
        read().words["model_config"]


tables = st.recursive(st.integers(), lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3), max_leaves=8)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), tables, max_size=3), max_size=4))
def test_merging_a_layer_again_changes_nothing(layers: list[dict[str, object]]) -> None:
    named = [Layer(str(number), table) for number, table in enumerate(layers)]

    table, sources = merged(named)

    assert merged([*named, *named[-1:]]) == (table, sources)


@given(st.dictionaries(st.sampled_from("abc"), tables, max_size=3), st.dictionaries(st.sampled_from("abc"), tables, max_size=3))
def test_what_the_last_layer_says_is_what_stands(first: dict[str, object], last: dict[str, object]) -> None:
    table, _ = merged([Layer("first", first), Layer("last", last)])

    def holds(part: dict[str, object], whole: dict[str, object]) -> bool:
        return all(
            holds(value, inner) if isinstance(value, dict) and isinstance(inner := whole[key], dict) else whole[key] == value
            for key, value in part.items()
        )

    assert holds(last, table)
