"""What somebody may do at a unit, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bo_panel.domain.access import MEMBER
from bo_panel.hooks.registry import Registry
from bo_panel.queries.units import Place
from bo_panel.queries.why import Answer, Explanation, GrantSeen
from bo_panel.settings.words import Words
from bo_panel.web.fields import Choice, Field
from bo_panel.web.moments import said
from bo_panel.web.roles.levels import Rung, level_word, rungs_of
from bo_panel.web.translating import gettext
from bo_panel.web.users.actions import status_word

NAMED = 3
PLACES = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One resource; what each part is is said in templates/access/show.html."""

    label: str
    level: str
    rungs: Sequence[Rung]
    because: Sequence[str]
    next_level: str
    would_give: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Resources that belong together."""

    label: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Held:
    """A grant on the way to the unit."""

    role: str
    where: str
    until: str
    remark: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Telling:
    """What is needed to tell any explanation."""

    registry: Registry
    words: Words
    now: datetime

    def place_field(self, place: Place, url: str) -> Field:
        """Return the field in which another unit is chosen."""
        return Field(name="unit", label=gettext("At"), kind="unit", lookup_url=url, chosen=(Choice(id=str(place.id), label=place.name),))

    def elsewhere(self, found: Explanation, url: str) -> list[tuple[str, str]]:
        """Return the other units where something is held, with the address that explains each; `url` holds `{id}`."""
        places = {grant.place.id: grant.place for grant in found.seen if grant.place.id != found.place.id}
        ordered = sorted(places.values(), key=lambda place: (len(place.path.ids), place.name))
        return [(place.name, url.replace("{id}", str(place.id))) for place in ordered[:PLACES]]

    def shut_out(self, found: Explanation) -> str:
        """Return why the account can do nothing at all, or ''."""
        if not found.shut_out:
            return ""
        status = status_word(self.words, found.status)
        return gettext("This account can do nothing now, because it is not active: %(status)s. Below is what it may do once it is.", status=status)

    def groups(self, found: Explanation) -> list[Group]:
        """Return every resource, in its group."""
        ordered = sorted(found.answers(), key=lambda answer: list(self._group_order()).index(self._group(answer)))
        return [Group(label, [self._line(answer, found) for answer in answers]) for label, answers in groupby(ordered, self._group)]

    def grants(self, found: Explanation) -> list[Held]:
        """Return the grants on the way to the unit, the highest first."""
        return [self._held(grant) for grant in found.here]

    def _group_order(self) -> dict[str, None]:
        return dict.fromkeys(resource.group for resource in self.registry.resources.values())

    def _group(self, answer: Answer) -> str:
        return self.registry.resources[answer.ladder.resource].group

    def _line(self, answer: Answer, found: Explanation) -> Line:
        resource = self.registry.resources[answer.ladder.resource]
        exists = not resource.unit_kinds or found.place.kind in resource.unit_kinds
        kind = self.registry.kinds.get(found.place.kind)
        because = [gettext("%(role)s at %(unit)s", role=grant.label, unit=grant.place.name) for grant in answer.deciding]
        return Line(
            label=resource.label,
            level=level_word(answer.level),
            rungs=rungs_of(answer.ladder, answer.rung),
            because=because,
            next_level=level_word(answer.next_level),
            would_give=self._giving(answer, found),
            note="" if exists or kind is None else gettext("does not exist at: %(kind)s", kind=kind.label),
        )

    def _giving(self, answer: Answer, found: Explanation) -> str:
        labels = [gettext("%(role)s at %(unit)s", role=found.book.label(key), unit=place.name) for key, place in answer.would_give]
        more = gettext(" and %(n)s more", n=len(labels) - NAMED) if len(labels) > NAMED else ""
        return ", ".join(labels[:NAMED]) + more

    def _held(self, grant: GrantSeen) -> Held:
        until = said(grant.expires_at, self.now).exact if grant.expires_at else ""
        expired = grant.expired(self.now)
        remark = ""
        if expired:
            remark = gettext("Expired, so it gives nothing any more.")
        elif not grant.known:
            remark = gettext("This role does not exist any more, so it gives nothing.")
        elif grant.role == MEMBER:
            remark = gettext("Being a member gives nothing by itself.")
        return Held(grant.label, grant.place.name, until, remark, not expired and any(grant.vector))
