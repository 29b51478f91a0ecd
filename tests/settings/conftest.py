"""A root folder of its own for every test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bo_panel.settings import Settings, SettingsError, load

Write = Callable[[str, str], Path]
Load = Callable[..., Settings]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, text: str) -> Path:
        path = tmp_path / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    written("deployments/shop.toml", "")
    return written


@pytest.fixture
def read(tmp_path: Path, write: Write) -> Load:
    def loaded(**environ: str) -> Settings:
        return load("shop", environ, root=tmp_path)

    return loaded


@pytest.fixture
def refused(read: Load) -> Callable[..., list[str]]:
    def lines(**environ: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            read(**environ)
        return [str(problem) for problem in caught.value.problems]

    return lines
