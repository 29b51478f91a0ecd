"""The helpers themselves: a panel on both databases, cleaned, counted, and off the network."""

import socket

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.testing import Store, World


def test_a_fresh_panel_holds_the_root_and_nothing_else(world: World) -> None:
    assert {name: count for name, count in world.counts().items() if count} == {"unit": 1}


def test_a_cleaned_panel_is_as_fresh(store: Store, panel: Panel) -> None:
    with panel.session() as session:
        world = World(panel, session)
        world.user("ann", ("owner", 1), password="secret")
        world.unit("North", kind="grove.area")
    store.clean(panel)
    with panel.session() as session:
        assert {name: count for name, count in World(panel, session).counts().items() if count} == {"unit": 1}


def test_the_network_is_off() -> None:
    with pytest.raises(OSError, match="the network is off"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
