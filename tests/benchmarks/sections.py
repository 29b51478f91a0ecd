"""What is measured beside the pages of the list, in the order of the tables; a new measurement is a line here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from tests.benchmarks.stage import environ_of, people
from tests.benchmarks.starting_up import started_up

RUNS = 2
"""How often a hundred thousand users are disabled by each side."""


@dataclass(frozen=True, slots=True)
class Sections:
    """The measurements over one filled database, and over one with a thousand users."""

    comparison: Comparison
    small: Panel
    url: str
    rounds: int

    def figures(self, section: str) -> Iterator[Figure]:
        """Yield the figures of a section."""
        panel = self.comparison.panel
        everything, provider, *_rest = people(panel)
        if section == "edit form":
            yield from edited(panel, self.comparison.driver, everything, self.rounds)
        if section == "growth":
            yield from grown(panel, self.small, self.rounds)
        if section == "start":
            yield from started_up(environ_of(self.url), everything.token)
        if section == "preview":
            for somebody in (everything, provider):
                yield from previewed(Task.of(panel, somebody), self.rounds)
        if section == "disable":
            for somebody in (everything, provider):
                yield from disabled(Task.of(panel, somebody), RUNS)

    def peers(self, found: Sequence[Measured]) -> Sequence[tuple[str, ...]]:
        """Return the table of what else there is; `found` are the pages as they were measured in this run."""
        panel, owner = self.comparison.panel, people(self.comparison.panel)[0]
        mine = {page.work: page for page in found if page.actor == owner.title}
        others: list[Peer] = [FlaskAdmin.over(panel.database.url), DjangoAdmin.over(panel.database.url)]
        return list(compared(others, list(self.comparison.works_of(owner)), mine, self.comparison.last_page(owner)))
