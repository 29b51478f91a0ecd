"""Every hook is documented with its exact signature, and used by a plugin of this repository."""

import inspect
import re
from pathlib import Path

import pytest

from bo_panel.hooks.hookspecs import EVERY_HOOK, Hooks, since

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("**When:**", "**Return:**", "**Must not:**", "**Since:**", "**Example:**")


def sections() -> dict[str, str]:
    text = (ROOT / "docs" / "hooks.md").read_text()
    return {part.splitlines()[0].strip(): part for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]}


def test_the_documentation_names_the_hooks_that_there_are():
    assert sorted(sections()) == sorted(EVERY_HOOK)


@pytest.mark.parametrize("hook", EVERY_HOOK)
def test_a_hook_is_documented_with_its_signature(hook):
    signature = str(inspect.signature(getattr(Hooks, hook))).replace("'", "")
    short = re.sub(r"\b[a-z_]+(\.[a-z_]+)*\.(?=[A-Z])", "", signature)

    assert f"    {hook}{short}" in sections()[hook]
    assert all(part in sections()[hook] for part in PARTS)
    assert f"- **Since:** API {since(hook)}." in sections()[hook]


@pytest.mark.parametrize("hook", EVERY_HOOK)
def test_a_hook_is_used_by_a_plugin_here(hook):
    sources = [path.read_text() for path in (ROOT / "plugins").glob("*/plugin.py")]

    assert any(f"def {hook}(" in source for source in sources)
