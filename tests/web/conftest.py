"""The pages of the deployment `service_provider`, and of the test deployment `grove`."""

from tests.grove import grove  # noqa: F401 fixtures
from tests.site import boss, nora, site  # noqa: F401 fixtures
