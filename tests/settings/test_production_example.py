"""`config/production.example.toml` can be used as it stands."""

from bo_panel.settings import load
from bo_panel.settings.loading import ROOT, deployments

EXAMPLE = ROOT / "config" / "production.example.toml"


def test_every_deployment_starts_with_it_and_takes_what_it_says() -> None:
    for name in deployments():
        settings = load(name, {"BO_CONFIG": str(EXAMPLE)})
        assert settings.database.url.startswith("postgresql://")
        assert settings.redis.url.startswith("redis://")
        assert settings.server.https and settings.server.proxies == 1
        assert not settings.jobs.in_process
        assert settings.source_of("server.https") == str(EXAMPLE)


def test_secrets_come_from_the_environment_and_none_stands_in_it() -> None:
    key = "a key of more than thirty-two characters"
    settings = load("service_provider", {"BO_CONFIG": str(EXAMPLE), "SECRET_KEY": key, "DATABASE_URL": "postgresql://elsewhere/x"})

    assert settings.secrets.secret_key.get_secret_value() == key
    assert settings.database.url == "postgresql://elsewhere/x"
    assert load("service_provider", {"BO_CONFIG": str(EXAMPLE)}).secrets.secret_key.get_secret_value() == ""
