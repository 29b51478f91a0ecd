"""A configuration that cannot be used says everything that is wrong, and no value."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bo_panel.settings import Settings, SettingsError, load

Write = Callable[[str, str], Path]
Refused = Callable[..., list[str]]

SECRET = "hunter2-hunter2"


def test_all_problems_of_all_layers_are_told_at_once(tmp_path: Path, write: Write, refused: Refused) -> None:
    write("default.toml", "[server]\nprot = 1\n")
    write("deployments/shop.toml", "[server]\nport = 'x'\n[engin]\nchunk = 1\n")
    further = write("further.toml", "[users]\nrow_actions = ['edit', 'delet']\n")

    actions = "'edit', 'disable', 'enable', 'disable_enable', 'archive', 'restore' or 'delete'"
    assert refused(BO_CONFIG=str(further), BO_SERVER__PORT="high", BO_SERVR__HOST="h") == [
        "BO_SERVR__HOST: servr.host: there is no such setting. Did you mean BO_SERVER__HOST?",
        "config/default.toml: server.prot: there is no such setting. Did you mean server.port?",
        "config/deployments/shop.toml: server.port: must be a valid integer, unable to parse string as an integer.",
        "config/deployments/shop.toml: engin: there is no such setting. Did you mean engine?",
        f"{further}: users.row_actions[1]: must be {actions}. Did you mean delete?",
        "BO_SERVER__PORT: server.port: must be a valid integer, unable to parse string as an integer.",
    ]


def test_the_message_counts_the_problems(tmp_path: Path, write: Write) -> None:
    write("deployments/shop.toml", "x = 1\ny = 2\n")

    with pytest.raises(SettingsError, match=r"^The configuration has 2 problems\.\n  config/deployments/shop.toml: x: "):
        load("shop", {}, root=tmp_path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[server]\nidle = 1\n", "server.idle: there is no such setting."),
        (
            "[server]\nsession_idle_minutes = 1\n",
            "server.session_idle_minutes: there is no such setting. Did you mean sign_in.session_idle_minutes?",
        ),
        ("server = 5\n", "server: must be a table."),
        ("[plugins]\nduo = 5\n", "plugins.duo: must be a table."),
        ("[plugins.Duo-1]\n", "plugins.Duo-1: must match pattern '^[a-z][a-z0-9_]*$'."),
        ("[sign_in]\nby = 'email'\n", "sign_in.by: must be a list."),
        ("[sign_in]\nby = ['email', 'email']\n", "sign_in.by: names something twice."),
        ("[[demo.tree]]\nkind = 'a.b'\n", "demo.tree[0].count: is missing."),
        (
            "[[demo.tree]]\nkind = 'a.b'\ncount = 1\ncuont = 2\n",
            "demo.tree[0].cuont: there is no such setting. Did you mean demo.tree[0].count?",
        ),
        ("[words]\nsav = 'Keep'\n", "words.sav: there is no such setting. Did you mean words.save?"),
        ("[words]\nsave = ''\n", "words.save: must have at least 1 character."),
        ("[server]\npublic_url = 'panel.example'\n", r"server.public_url: must match pattern '^(https?://[^\s/]+(/\S*)?)?$'."),
        ("[passwords]\ngenerated_length = 12\n", "passwords.generated_length: must not be smaller than passwords.shortest."),
        ("[users]\npage_size = 40\n", "users.page_size: must be one of users.page_sizes."),
        (
            "[sign_in]\nsession_idle_minutes = 721\n",
            "sign_in.session_idle_minutes: must not be longer than sign_in.session_absolute_hours.",
        ),
    ],
)
def test_each_mistake_in_a_file_is_told(text: str, line: str, write: Write, refused: Refused) -> None:
    write("deployments/shop.toml", text)

    assert refused() == [f"config/deployments/shop.toml: {line}"]


def test_who_signs_in_by_email_only_needs_an_email(refused: Refused) -> None:
    [line] = refused(BO_SIGN_IN__BY="email")

    assert line == 'config/default.toml: users.email_required: must be true, because sign_in.by is only "email".'


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("BO_SERVER_PORT", "server_port: there is no such setting. Did you mean BO_SERVER__PORT?"),
        ("BO_SERVER__PROT", "server.prot: there is no such setting. Did you mean BO_SERVER__PORT?"),
        ("BO_ZZZZZZ", "zzzzzz: there is no such setting."),
        ("BO_PLUGINS__DUO", "plugins.duo: there is no such setting."),
        ("BO_USERS__PAGE_SIZES", 'users.page_sizes: this is not JSON. Write a list as ["one", "two"].'),
    ],
)
def test_each_mistake_in_a_variable_is_told(name: str, line: str, refused: Refused) -> None:
    assert refused(**{name: "[1,"}) == [f"{name}: {line}"]


def test_a_file_of_a_secret_that_cannot_be_read_is_told(tmp_path: Path, refused: Refused) -> None:
    (tmp_path / "odd").write_bytes(b"\xff")

    assert refused(SECRET_KEY_FILE=str(tmp_path / "none")) == [
        "SECRET_KEY_FILE: secrets.secret_key: the file cannot be read (No such file or directory)."
    ]
    assert refused(DATABASE_URL_FILE=str(tmp_path / "odd")) == ["DATABASE_URL_FILE: database.url: the file is not UTF-8 text."]


def test_an_unknown_deployment_is_told_with_those_there_are(tmp_path: Path, write: Write) -> None:
    write("deployments/market.toml", "")

    with pytest.raises(SettingsError, match=r"there is no deployment 'shpo'; there are market, shop\. Did you mean shop\?"):
        load("shpo", {}, root=tmp_path)
    with pytest.raises(SettingsError, match=r"there are none yet\.$"):
        load("shop", {}, root=tmp_path / "elsewhere")


def test_a_deployment_is_a_name_and_not_a_path(tmp_path: Path, write: Write) -> None:
    write("other.toml", "")

    with pytest.raises(SettingsError, match=r"there is no deployment '\.\./other'"):
        load("../other", {}, root=tmp_path)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"[server\n", "this is not TOML: Expected ']' at the end of a table declaration (at line 1, column 8)."),
        (b"name = '\xff'", "the file is not UTF-8 text."),
    ],
)
def test_a_file_that_cannot_be_read_is_told(content: bytes, line: str, write: Write, refused: Refused) -> None:
    write("deployments/shop.toml", "").write_bytes(content)

    assert refused() == [f"config/deployments/shop.toml: {line}"]


def test_a_further_file_that_is_missing_or_a_folder_is_told(tmp_path: Path, refused: Refused) -> None:
    assert refused(BO_CONFIG="no-such.toml") == ["no-such.toml: there is no such file."]
    assert refused(BO_CONFIG=str(tmp_path)) == [f"{tmp_path}: the file cannot be read (Is a directory)."]


def test_no_value_is_ever_told(write: Write, refused: Refused) -> None:
    write(
        "deployments/shop.toml",
        f"[secrets]\nsecret_key = '{SECRET}'\nkey = '{SECRET}'\n[database]\nurl = ['{SECRET}']\npool_size = '{SECRET}'\n",
    )

    told = refused(SECRET_KEY=SECRET, BO_USERS__ROW_ACTIONS=SECRET, BO_DEMO__TREE=f'[{{"{SECRET}', BO_SECRET=SECRET)

    assert len(told) == 8
    assert SECRET not in "".join(told)


def test_no_secret_is_in_a_repr(tmp_path: Path, write: Write) -> None:
    write("deployments/shop.toml", f"[plugins.duo]\nkey = '{SECRET}'\n")
    environ = {"SECRET_KEY": SECRET * 3, "DATABASE_URL": f"postgresql://u:{SECRET}@h/d", "REDIS_URL": f"redis://:{SECRET}@h"}

    settings: Settings = load("shop", environ, root=tmp_path)

    assert SECRET not in repr(settings) + str(settings)
