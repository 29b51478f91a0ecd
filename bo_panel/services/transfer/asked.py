"""What somebody asked to have exported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bo_panel.domain.tabular import Sheet
from bo_panel.hooks.on_users import Column
from bo_panel.queries.users import Wanted
from bo_panel.queries.visible import Scope


@dataclass(frozen=True, slots=True)
class Export:
    """A table of users: what it looks like, who is on it, and where whoever asked for it may look."""

    sheet: Sheet
    wanted: Wanted
    scope: Scope
    where: Mapping[str, Scope] = field(default_factory=dict)
    """At which homes whoever asked for it sees a column, where that is not everywhere in scope."""

    @property
    def places(self) -> Scope:
        """Where those on it are looked for."""
        return self.scope if self.wanted.beneath is None else self.scope.narrowed(self.wanted.beneath)

    @property
    def worked_out(self) -> Sequence[Column]:
        """The columns of plugins that it shows, or is narrowed or sorted by, so far as the database works them out."""
        by = (self.wanted.sorted_by,) if self.wanted.sorted_by else ()
        return list(dict.fromkeys((*self.wanted.columns, *by, *(column for column, _least in self.wanted.at_least))))

    @property
    def conditions(self) -> str:
        """What it is narrowed to, as one would say it on the command line; '' for nothing."""
        wanted = self.wanted
        pairs = [("search", wanted.search), *(("status", status.value) for status in wanted.statuses), *(("role", role) for role in wanted.roles)]
        pairs += [("signed_in", wanted.signed_in), ("unit", str(wanted.beneath.ids[-1]) if wanted.beneath else "")]
        pairs += [(found.name, said) for found in wanted.fields for said in found.said]
        pairs += [(column.key, f"at_least {number}") for column, number in wanted.at_least]
        return ", ".join(f"{name}={value}" for name, value in pairs if value)
