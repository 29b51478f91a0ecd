"""The pages of the deployments that the seeds describe."""

from tests.office import anne, office, olga  # noqa: F401 fixtures
from tests.seeds.companies import alma, fixit  # noqa: F401 fixtures
from tests.shop import olivia, shop  # noqa: F401 fixtures
from tests.site import boss, nora, site  # noqa: F401 fixtures
from tests.tickets import tickets  # noqa: F401 fixtures
