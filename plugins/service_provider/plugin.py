"""A communication platform in three levels: service providers, platform accounts, sub-accounts."""

from collections.abc import Iterator

from bo_panel.sdk import (
    Batch,
    ChangeNotice,
    FieldRule,
    Objection,
    Plugin,
    PluginConfig,
    PluginMeta,
    Resource,
    Role,
    UnitKind,
    hookimpl,
    name_key,
)

PROVIDER = "service_provider.provider"
ACCOUNT = "service_provider.account"
SUB_ACCOUNT = "service_provider.sub_account"

PLATFORM_USER = "service_provider.platform_user"

SHUTS_OUT = ("users.disable", "users.archive", "users.delete")

PROTECTED = """
The platform itself signs in as {names}, and services would stop. Give the platform another account first, then take the name out of
`protected` in the configuration.
""".replace("\n", " ").strip()


class ServiceProviderConfig(PluginConfig):
    """What a deployment may say about this plugin."""

    protected: tuple[str, ...] = ()
    """User names of accounts that the platform itself signs in with."""


class ServiceProvider(Plugin):
    """Service providers, their platform accounts and sub-accounts, and who administers each of them."""

    meta = PluginMeta(name="service_provider", version="1.0.0", api=">=1.0,<2")
    Config = ServiceProviderConfig
    config: ServiceProviderConfig

    @hookimpl
    def bo_unit_kinds(self) -> Iterator[UnitKind]:
        """Yield the three levels of the tree."""
        yield UnitKind(PROVIDER, "Service Provider", "Service Providers", icon="building-2", needs_owner=True)
        yield UnitKind(ACCOUNT, "Platform Account", "Platform Accounts", parents=(PROVIDER,), icon="briefcase")
        yield UnitKind(SUB_ACCOUNT, "Sub-Account", "Sub-Accounts", parents=(ACCOUNT,), icon="folder", counted=True)

    @hookimpl
    def bo_resources(self) -> Iterator[Resource]:
        """Yield what there is to be administered besides users."""
        group = "Platform"
        yield Resource("service_provider.billing", "Billing", ("view", "edit"), (PROVIDER, ACCOUNT), group, dangerous=True)
        yield Resource("service_provider.numbers", "Phone numbers", ("view", "edit", "create", "delete"), group=group)
        yield Resource("service_provider.routing", "Call routing", ("view", "edit"), group=group)
        yield Resource("service_provider.reports", "Reports", ("view", "export"), group=group)

    @hookimpl
    def bo_roles(self) -> Iterator[Role]:
        """Yield the roles of the three levels of access."""
        yield from _at_providers()
        yield from _at_accounts()

    @hookimpl
    def bo_field_rules(self) -> Iterator[FieldRule]:
        """Yield that sub-accounts are chosen inside one platform account; who works with several of those works with them whole."""
        yield FieldRule(
            "service_provider.sub_accounts",
            unit_kind=SUB_ACCOUNT,
            inside=ACCOUNT,
            reason="Sub-Accounts are chosen inside one Platform Account. Choose one Platform Account, or several whole ones.",
            roles=(PLATFORM_USER,),
            required=True,
        )

    @hookimpl
    def bo_object(self, change: ChangeNotice, users: Batch) -> Iterator[Objection]:
        """Object to shutting out an account that the platform itself signs in with."""
        names = {name_key(name) for name in self.config.protected}
        kept = tuple(user for user in users if name_key(user.user_name) in names)
        if kept and change.is_(*SHUTS_OUT):
            yield Objection(PROTECTED.format(names=", ".join(user.user_name for user in kept)), users=kept)


def _at_providers() -> Iterator[Role]:
    administrator = {
        "users": "delete",
        "units": "delete",
        "roles": "view",
        "audit": "view",
        "service_provider.billing": "edit",
        "service_provider.numbers": "delete",
        "service_provider.routing": "edit",
        "service_provider.reports": "export",
    }
    support = {
        "users": "view",
        "units": "view",
        "audit": "view",
        "service_provider.numbers": "view",
        "service_provider.routing": "edit",
        "service_provider.reports": "view",
    }
    yield Role(
        "service_provider.administrator",
        "Service Provider Administrator",
        administrator,
        (PROVIDER,),
        description="Administers everything of a service provider: its users, its accounts and their sub-accounts.",
    )
    yield Role(
        "service_provider.support",
        "Service Provider Support",
        support,
        (PROVIDER,),
        description="Sees all accounts of a service provider and helps with their routing, but changes no user.",
    )


def _at_accounts() -> Iterator[Role]:
    operations = {"service_provider.numbers": "edit", "service_provider.routing": "edit", "service_provider.reports": "view"}
    administrator = {
        "users": "delete",
        "units": "view",
        "audit": "view",
        "service_provider.billing": "view",
        "service_provider.numbers": "create",
        "service_provider.routing": "edit",
        "service_provider.reports": "export",
    }
    yield Role(
        "service_provider.platform_administrator",
        "Platform Administrator",
        administrator,
        (PROVIDER, ACCOUNT),
        description="Decides who works with platform accounts and their sub-accounts, and with which role.",
    )
    yield Role(
        PLATFORM_USER,
        "Platform User",
        operations,
        (PROVIDER, ACCOUNT, SUB_ACCOUNT),
        description="Works with platform accounts, or with some sub-accounts of one of them, and administers no users.",
    )
