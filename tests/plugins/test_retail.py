"""The plugin `retail`: what may be limited to certain organizational units, and by which roles."""

import pytest

from bo_panel.domain.access import at_or_below
from bo_panel.hooks.host import Host
from bo_panel.settings import load

COMPANY, UNIT, STORE = "retail.company", "retail.unit", "retail.store"


@pytest.fixture
def host() -> Host:
    return Host.compile(load("retail", {}))


def test_the_organization_of_a_company_is_a_tree(host: Host) -> None:
    assert [kind.key for kind in host.registry.kinds_below("root")] == [COMPANY]
    assert [kind.key for kind in host.registry.kinds_below(COMPANY)] == [UNIT]
    assert [kind.key for kind in host.registry.kinds_below(UNIT)] == [STORE]
    assert [kind for kind in host.registry.kinds if host.registry.needs_owner(kind)] == ["root", COMPANY]


def test_reporting_and_price_changes_can_be_given_apart_and_together(host: Host) -> None:
    catalogue, vector = host.registry.catalogue, host.registry.vector_of
    reports, prices = catalogue.vector({"retail.reporting": "view"}), catalogue.vector({"retail.prices": "change"})
    roles = [role for role in host.registry.roles if role.startswith("retail.")]
    gives = {role: (at_or_below(reports, vector(role)), at_or_below(prices, vector(role))) for role in roles}

    assert gives == {
        "retail.administrator": (True, True),
        "retail.manager": (True, True),
        "retail.pricing": (False, True),
        "retail.analyst": (True, False),
    }


def test_only_an_administrator_administers_and_only_for_a_whole_company(host: Host) -> None:
    users = host.registry.catalogue.vector({"users": "view"})

    for role in (role for role in host.registry.roles.values() if role.key.startswith("retail.")):
        administers = at_or_below(users, host.registry.vector_of(role.key))
        assert administers == (role.unit_kinds == (COMPANY,)), role.key
