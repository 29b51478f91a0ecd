"""The plugin `service_provider`: three levels of access, and accounts that keep the platform running."""

import pytest

from bo_panel.domain.access import at_or_below
from bo_panel.hooks.host import Host
from bo_panel.sdk import Batch, ChangeNotice, Status, UserSnapshot
from bo_panel.settings import load

PROVIDER, ACCOUNT, SUB_ACCOUNT = "service_provider.provider", "service_provider.account", "service_provider.sub_account"


@pytest.fixture
def host() -> Host:
    return Host.compile(load("service_provider", {"BO_PLUGINS__SERVICE_PROVIDER__PROTECTED": '["Switch-EU"]'}))


def user(number: int, name: str) -> UserSnapshot:
    return UserSnapshot(number, name, None, 1, Status.ACTIVE, "", "")


def labels(host: Host, kind: str) -> list[str]:
    return [role.label for role in host.registry.roles_for(kind)]


def test_the_tree_has_three_levels(host: Host) -> None:
    registry = host.registry

    assert [kind.label for kind in registry.kinds.values()] == ["Platform", "Service Provider", "Platform Account", "Sub-Account"]
    assert registry.may_stand_below(PROVIDER, "root")
    assert registry.may_stand_below(ACCOUNT, PROVIDER)
    assert registry.may_stand_below(SUB_ACCOUNT, ACCOUNT)
    assert not registry.may_stand_below(SUB_ACCOUNT, PROVIDER)


def test_only_providers_keep_an_owner(host: Host) -> None:
    assert [kind for kind in host.registry.kinds if host.registry.needs_owner(kind)] == ["root", PROVIDER]


def test_each_level_of_access_has_its_roles(host: Host) -> None:
    of_a_provider, of_accounts = ["Service Provider Administrator", "Service Provider Support"], ["Platform Administrator", "Platform User"]

    assert labels(host, PROVIDER) == ["Owner", "Member", *of_a_provider, *of_accounts]
    assert labels(host, ACCOUNT) == ["Member", *of_accounts]
    assert labels(host, SUB_ACCOUNT) == ["Member", "Platform User"]


def test_all_that_can_be_chosen_at_once_can_be_held_at_the_unit_above(host: Host) -> None:
    [rule] = host.registry.field_rules

    assert (rule.unit_kind, rule.inside, rule.required) == (SUB_ACCOUNT, ACCOUNT, True)
    for role in rule.roles:
        assert host.registry.roles[role].fits(ACCOUNT)
        assert host.registry.roles[role].fits(SUB_ACCOUNT)
    assert [kind.label for kind in host.registry.counted()] == ["Sub-Account"]


def test_nobody_but_an_owner_may_do_everything(host: Host) -> None:
    registry = host.registry

    assert [key for key in registry.roles if at_or_below(registry.catalogue.everything, registry.vector_of(key))] == ["owner"]


def test_each_administrator_may_do_what_those_beneath_him_may(host: Host) -> None:
    def gives(role: str) -> tuple[int, ...]:
        return host.registry.vector_of(f"service_provider.{role}")

    assert at_or_below(gives("platform_user"), gives("platform_administrator"))
    assert at_or_below(gives("platform_administrator"), gives("administrator"))
    assert at_or_below(gives("support"), gives("administrator"))


def test_a_platform_user_administers_nobody(host: Host) -> None:
    position = host.registry.catalogue.position("users")

    assert host.registry.vector_of("service_provider.platform_user")[position] == 0


@pytest.mark.parametrize("change", ["users.disable", "users.delete"])
def test_what_the_platform_signs_in_with_is_not_shut_out(change: str, host: Host) -> None:
    [(name, objection)] = host.object(ChangeNotice(change), Batch((user(1, "anna"), user(2, "switch-eu"))))

    assert name == "service_provider"
    assert objection.ids == frozenset({2})
    assert objection.reason.startswith("The platform itself signs in as switch-eu, and services would stop.")


def test_other_changes_and_other_users_are_not_objected_to(host: Host) -> None:
    assert host.object(ChangeNotice("users.enable"), Batch((user(2, "Switch-EU"),))) == []
    assert host.object(ChangeNotice("users.disable"), Batch((user(1, "anna"),))) == []
