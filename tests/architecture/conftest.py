"""The pages of the deployment `service_provider`."""

from tests.site import boss, nora, site  # noqa: F401 fixtures
