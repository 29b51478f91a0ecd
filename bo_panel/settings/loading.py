"""Reads the layers of a deployment's configuration and makes one of them."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from bo_panel.settings.checking import problems_between, problems_of
from bo_panel.settings.layers import Layer, from_environment, from_file, merged
from bo_panel.settings.model import Settings
from bo_panel.settings.problems import Problem, SettingsError
from bo_panel.settings.suggestion import did_you_mean

ROOT = Path(__file__).resolve().parents[2]
DATABASE_NAME = "bo_panel.db"


def load(deployment: str, environ: Mapping[str, str] | None = None, *, root: Path | None = None) -> Settings:
    """Return the settings of a deployment.

    Later wins: `config/default.toml`, `config/deployments/<deployment>.toml`, the file that `BO_CONFIG` names, the environment
    (`environ` in place of that of the process). `root` is the folder that holds `config/`.

    Raises SettingsError with everything that is wrong.
    """
    environ = os.environ if environ is None else environ
    root = (root or ROOT).resolve()
    read = list(_read(deployment, environ, root))
    layers = [found for found in read if isinstance(found, Layer)]
    problems = [found for found in read if isinstance(found, Problem)]
    problems += [problem for layer in layers for problem in problems_of(layer)]
    if problems:
        raise SettingsError(problems)
    return _checked(_settings(deployment, layers, root))


def deployments(root: Path | None = None) -> tuple[str, ...]:
    """Return the names of the deployments that have a file, sorted."""
    return tuple(sorted(path.stem for path in ((root or ROOT) / "config" / "deployments").glob("*.toml")))


def _read(deployment: str, environ: Mapping[str, str], root: Path) -> Iterator[Layer | Problem]:
    default = root / "config" / "default.toml"
    if default.exists():
        yield from_file(default, "config/default.toml")
    known = deployments(root)
    if deployment in known:
        yield from_file(root / "config" / "deployments" / f"{deployment}.toml", f"config/deployments/{deployment}.toml")
    else:
        yield _unknown(deployment, known)
    further = environ.get("BO_CONFIG")
    if further:
        yield from_file(Path(further), further)
    yield from from_environment(environ)


def _unknown(deployment: str, known: tuple[str, ...]) -> Problem:
    there = f"there are {', '.join(known)}." if known else "there are none yet."
    return Problem("config/deployments", "", f"there is no deployment {deployment!r}; {there}", did_you_mean(deployment, known))


def _settings(deployment: str, layers: list[Layer], root: Path) -> Settings:
    table, sources = merged(layers)
    name = table.setdefault("deployment", {})
    name["name"] = name.get("name") or deployment
    database = table.setdefault("database", {})
    database["url"] = database.get("url") or f"sqlite:///{root / 'var' / name['name'] / DATABASE_NAME}"
    settings = Settings.model_validate(table)
    settings._root, settings._sources = root, sources  # noqa: SLF001 the model's own private attributes, set once here
    return settings


def _checked(settings: Settings) -> Settings:
    problems = tuple(problems_between(settings))
    if problems:
        raise SettingsError(problems)
    return settings
