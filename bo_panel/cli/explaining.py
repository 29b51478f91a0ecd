"""Why somebody can, or cannot, do something, as `bo why` tells it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_panel.cli.printing import Values
from bo_panel.queries.why import Answer, Explanation, GrantSeen

NAMED = 5


@dataclass(frozen=True, slots=True)
class Told:
    """An answer about one resource; `level` is the one that was asked for, '' for whatever can be done."""

    name: str
    found: Explanation
    answer: Answer
    level: str

    @property
    def allowed(self) -> bool:
        """Whether the level asked for may be done; where none was, whether anything may."""
        return self.found.allows(self.answer.ladder.resource, self.level or self.answer.ladder.levels[0])

    def sentences(self) -> Iterator[str]:
        """Yield the answer, what decided it, and what is missing."""
        yield self._verdict()
        if self.found.shut_out:
            yield f"The account is not active ({self.found.status.value}), so it can do nothing. The grants give {self.answer.level or 'nothing'}."
        for grant in self.answer.deciding:
            until = f", until {grant.expires_at:%Y-%m-%d %H:%M}" if grant.expires_at else ""
            yield f"Because of {grant.label} at {grant.place.name}{until}."
        if self.answer.next_level and not (self.level and self.allowed):
            yield self._missing()

    def grants(self) -> Sequence[Values]:
        """Return the grants that reach the unit, the highest first, by the name of the role, with what each gives of the resource."""
        return [{"role": grant.label, **self._grant(grant)} for grant in self.found.here]

    def values(self) -> Mapping[str, Any]:
        """Return all of it, ready to print as JSON."""
        grants = [{"role": grant.role, "label": grant.label, **self._grant(grant)} for grant in self.found.here]
        giving = [{"role": key, "unit_id": place.id, "unit": place.name} for key, place in self.answer.would_give]
        return {
            "unit": {"id": self.found.place.id, "name": self.found.place.name},
            "resource": self.answer.ladder.resource,
            "asked": self.level or None,
            "allowed": self.allowed,
            "active": not self.found.shut_out,
            "held": self.answer.level or None,
            "missing": self.answer.next_level or None,
            "would_give": giving,
            "grants": grants,
        }

    def _verdict(self) -> str:
        resource, where = self.answer.ladder.resource, self.found.place.name
        if self.level:
            return f"{self.name} {'can' if self.allowed else 'cannot'} {self.level} {resource} at {where}."
        can = f"can {self.answer.level}" if self.allowed else "can do nothing with"
        return f"{self.name} {can} {resource} at {where}."

    def _missing(self) -> str:
        giving = [f"{self.found.book.label(key)} at {place.name}" for key, place in self.answer.would_give]
        if not giving:
            return f"No role gives {self.answer.next_level} there."
        more = f" and {len(giving) - NAMED} more" if len(giving) > NAMED else ""
        return f"{self.answer.next_level} would come with: {', '.join(giving[:NAMED])}{more}."

    def _grant(self, grant: GrantSeen) -> Values:
        position = self.found.book.registry.catalogue.position(self.answer.ladder.resource)
        rung = grant.vector[position]
        return {
            "unit": grant.place.name,
            "unit_id": grant.place.id,
            "until": grant.expires_at,
            "gives": self.answer.ladder.levels[rung - 1] if rung else None,
            "remark": self._remark(grant),
        }

    def _remark(self, grant: GrantSeen) -> str:
        if grant.expired(self.found.now):
            return "expired"
        if not grant.known:
            return "no such role any more"
        return "decides" if grant in self.answer.deciding else ""
