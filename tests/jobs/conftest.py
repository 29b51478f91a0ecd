"""A town, and plugins that listen to it."""

from tests.jobs.office import office  # noqa: F401 fixture
from tests.services.conftest import town  # noqa: F401 fixture
