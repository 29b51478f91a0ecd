"""`config/default.toml` and the model say the same."""

import tomllib
from collections.abc import Iterator
from typing import Any

from bo_panel.settings import Settings, load
from bo_panel.settings.fields import known_keys
from bo_panel.settings.loading import ROOT, deployments

DEFAULT = ROOT / "config" / "default.toml"


def dotted(table: dict[str, Any], above: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from dotted(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def test_the_default_file_names_every_setting_and_no_other() -> None:
    assert sorted(dotted(tomllib.loads(DEFAULT.read_text()))) == sorted(known_keys())


def test_the_default_file_says_the_defaults_of_the_model() -> None:
    assert Settings.model_validate(tomllib.loads(DEFAULT.read_text())) == Settings()


def test_every_setting_in_the_default_file_has_a_meaning() -> None:
    lines = DEFAULT.read_text().splitlines()
    silent = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if " = " in line.partition("#")[0] and "  # " not in line and not before.startswith("# ")
    ]

    assert silent == []


def test_every_deployment_can_be_loaded() -> None:
    assert {"service_provider", "event_tickets", "field_service"} <= set(deployments())
    for name in deployments():
        assert load(name, {}).deployment.name == name


def test_the_service_provider_says_what_its_people_read() -> None:
    words = load("service_provider", {}).words

    assert words.users_section == "Service Providers Management"
    assert (words.users, words.add_user) == ("Back-Office Users", "Add Back-Office User")
    assert (words.action_disable_enable, words.action_delete) == ("Disable/Enable Back-Office User", "Delete Back-Office User")
    assert (words.action_edit, words.home, words.role) == ("Add/Edit Back-Office User", "Service Provider", "User Role")
    assert (words.yes_disable, words.yes_enable, words.yes_delete) == ("Yes, disable it!", "Yes, enable it!", "Yes, delete it!")
    assert (words.save, words.update, words.cancel, words.sign_in) == ("Save", "Update", "Cancel", "Sign In")
    assert (words.status_active, words.status_disabled) == ("Active", "Disabled")
