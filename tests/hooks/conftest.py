"""A folder of plugins for every test, and a host made of them."""

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from bo_panel.hooks.host import Host
from bo_panel.hooks.problems import PluginError
from bo_panel.settings import load

HEAD = """
from bo_panel.sdk import *
from bo_panel.sdk import API_VERSION

class {title}(Plugin):
    meta = PluginMeta(name="{name}", version="1.0.0", api=">=1.0,<2"{more})
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a plugin: the body of its class, what else its meta says, and other source before it."""

    def written(name: str, body: str = "", more: str = "", source: str = "") -> Path:
        folder = tmp_path / "plugins" / name
        folder.mkdir(parents=True, exist_ok=True)
        title = name.title().replace("_", "")
        head = HEAD.format(title=title, name=name, more=more and f", {more}")
        (folder / "plugin.py").write_text(source or head + textwrap.indent(textwrap.dedent(body), "    "))
        return folder

    return written


@pytest.fixture
def host(tmp_path: Path) -> Callable[..., Host]:
    """Compile these plugins in this order, with more lines in the deployment's file."""

    def made(*names: str, toml: str = "") -> Host:
        deployments = tmp_path / "config" / "deployments"
        deployments.mkdir(parents=True, exist_ok=True)
        (deployments / "test.toml").write_text(f"[deployment]\nplugins = {list(names)}\n{toml}")
        return Host.compile(load("test", {}, root=tmp_path))

    return made


@pytest.fixture
def problems(host: Callable[..., Host]) -> Callable[..., list[str]]:
    """Return the lines of the error that these plugins make."""

    def lines(*names: str, toml: str = "") -> list[str]:
        with pytest.raises(PluginError) as caught:
            host(*names, toml=toml)
        assert len(re.findall(r"^  ", str(caught.value), re.MULTILINE)) == len(caught.value.problems)
        return [str(problem) for problem in caught.value.problems]

    return lines
