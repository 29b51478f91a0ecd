"""A slot that shows what is kept of a unit: asked of the plugin once, for the place of whoever looks, with a box where the plugin fails."""

from dataclasses import replace
from pathlib import Path

import pytest

from bo_panel.hooks.contributions import Slot
from bo_panel.hooks.unit_contributions import CacheDomain, UnitSnapshot
from tests.site import Site
from tests.web.test_slots import beside, boxes, noted, put

pytestmark = pytest.mark.parametrize("provider_store", ["sqlite"], indirect=True)


def keeping(site: Site, folder: Path, load: object) -> Site:
    """Return the pages with a plugin that shows on the overview what it keeps of units."""
    put(folder / "first", "first/kept.html", "<p>{{ unit.name }} keeps {{ kept }}, {{ as_of.text }}</p>")
    domain, host = CacheDomain("first.kept", "Kept", load), site.panel.host  # type: ignore[arg-type]
    host = replace(host, registry=replace(host.registry, cache_domains={domain.key: domain}))
    slot = Slot("first.a", "overview.cards", "first/kept.html", needs=("users", "view"), shows=domain.key)
    return beside(replace(site, panel=replace(site.panel, host=host)), folder, slot)


def test_each_sees_what_is_kept_of_his_own_topmost_unit_and_the_plugin_is_asked_once(site, tmp_path):
    asked: list[str] = []

    def load(unit: UnitSnapshot, _session: object) -> str:
        asked.append(unit.name)
        return "<img src=x onerror=alert(1)>"

    found = keeping(site, tmp_path, load)
    nora, sven = found.visitor("nora"), found.visitor("sven")

    pages = [browser.get("/") for browser in (nora, nora, sven, sven)]
    assert "Northwind Telecom keeps <img src=x onerror=alert(1)>, Just now" in pages[1].text
    assert "Northwind" not in pages[3].text and "keeps" in pages[3].text
    assert not [image for page in pages for image in page.tree.all("img")]
    assert len(asked) == 2


def test_where_the_plugin_fails_there_is_a_box_and_it_is_asked_again_with_the_next_page(site, tmp_path):
    divisor = [0]
    load = lambda _unit, _session: 1 // divisor[0]  # noqa: E731
    nora = keeping(site, tmp_path, load).visitor("nora")

    page = nora.get("/")
    assert (page.status, boxes(page), page.heading) == (200, ["The plugin first failed here."], "Hello, Nora")
    assert [row[:2] for row in noted(site)] == [("first", "overview.cards")]
    divisor[0] = 1
    assert "keeps 1" in nora.get("/").text


@pytest.mark.parametrize("raised", [SystemExit, GeneratorExit])
def test_nothing_that_a_plugin_raises_takes_the_page_down(site, tmp_path, raised):
    def load(_unit: UnitSnapshot, _session: object) -> object:
        raise raised

    page = keeping(site, tmp_path, load).visitor("nora").get("/")
    assert (page.status, boxes(page), page.heading) == (200, ["The plugin first failed here."], "Hello, Nora")
