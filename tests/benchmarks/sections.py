"""What is measured beside the pages of the list, in the order of the tables; a new measurement is a line here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bo_panel.bootstrap import Panel
from tests.benchmarks.comparing import Comparison
from tests.benchmarks.disabling import Task, disabled, previewed
from tests.benchmarks.editing import edited
from tests.benchmarks.figures import Figure
from tests.benchmarks.growing import grown
from tests.benchmarks.measuring import Measured
from tests.benchmarks.peers import Peer, compared
from tests.benchmarks.peers.django_admin import DjangoAdmin
from tests.benchmarks.peers.flask_admin import FlaskAdmin
from tests.benchmarks.permitting import permitted
from tests.benchmarks.stage import environ_of, people
from tests.benchmarks.starting_up import started_up, started_with_plugins

RUNS = 5
"""How often a hundred thousand users are disabled by each side; the first time is slower, and the median leaves it out."""


@dataclass(frozen=True, slots=True)
class Sections:
    """The measurements over one filled database, and over one with a thousand users."""

    comparison: Comparison
    small: Panel
    url: str
    rounds: int

    def figures(self, section: str) -> Iterator[Figure]:
        """Yield the figures of a section."""
        panel, environ = self.comparison.panel, environ_of(self.url)
        everything, provider, *_rest = people(panel)
        tasks = (Task.of(panel, somebody) for somebody in (everything, provider))
        measured: Mapping[str, Callable[[], Iterable[Figure]]] = {
            "edit form": lambda: edited(panel, self.comparison.driver, everything, self.rounds),
            "growth": lambda: grown(panel, self.small, self.rounds),
            "start": lambda: started_up(environ, everything.token),
            "plugins": lambda: chain(started_with_plugins(environ, everything.token), [permitted(panel, everything)]),
            "preview": lambda: chain.from_iterable(previewed(task, self.rounds) for task in tasks),
            "disable": lambda: chain.from_iterable(disabled(task, RUNS) for task in tasks),
        }
        yield from measured[section]()

    def peers(self, found: Sequence[Measured]) -> Sequence[tuple[str, ...]]:
        """Return the table of what else there is; `found` are the pages as they were measured in this run."""
        panel, owner = self.comparison.panel, people(self.comparison.panel)[0]
        mine = {page.work: page for page in found if page.actor == owner.title}
        others: list[Peer] = [FlaskAdmin.over(panel.database.url), DjangoAdmin.over(panel.database.url)]
        return list(compared(others, list(self.comparison.works_of(owner)), mine, self.comparison.last_page(owner)))
