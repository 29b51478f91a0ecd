"""Imports a plugin's folder without putting it on the module path."""

import importlib
import importlib.util
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

LOCAL = "bo_panel_local"


def local_module(name: str, folder: Path) -> ModuleType:
    """Return `plugin.py` of a plugin's folder, imported as `bo_panel_local.<name>.plugin`; another folder's is forgotten."""
    package = f"{LOCAL}.{name}"
    loaded = sys.modules.get(package)
    if loaded is not None and list(loaded.__path__) != [str(folder)]:
        _forget(package)
    if package not in sys.modules:
        _make_package(LOCAL, None)
        _make_package(package, folder)
    try:
        return importlib.import_module(f"{package}.plugin")
    except BaseException:
        _forget(package)
        raise


def _make_package(name: str, folder: Path | None) -> None:
    if name in sys.modules and folder is None:
        return
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(folder)] if folder else []
    sys.modules[name] = importlib.util.module_from_spec(spec)


def _forget(package: str) -> None:
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
    importlib.invalidate_caches()
