"""What a change would make of a selection: read in one go, nothing locked and nothing written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from bo_panel.domain.errors import NotFound, Objected
from bo_panel.domain.plans import CHANGE, SAME, RefusedUser, Result
from bo_panel.hooks.contributions import Batch, ChangeNotice, UserSnapshot
from bo_panel.hooks.host import Host
from bo_panel.models import User
from bo_panel.queries.sql import Rows
from bo_panel.queries.starting import ALL
from bo_panel.queries.switches import homes_off
from bo_panel.services import guard
from bo_panel.services.engine.change import SetChange
from bo_panel.services.engine.chunk import scope_of
from bo_panel.services.engine.context import Context
from bo_panel.services.engine.counting import Counted, events_so_far
from bo_panel.services.engine.selection import Selection, naming

SAMPLE = 5
AT_ONCE = 5_000
SNAPSHOT = (User.id, User.user_name, User.email, User.home_id, User.status, User.first_name, User.last_name)


@dataclass(frozen=True, slots=True)
class Preview:
    """A change looked at against a selection; the counts hold for this moment."""

    host: Host
    context: Context
    change: SetChange
    selection: Selection

    def result(self) -> tuple[Result, Counted]:
        """Return what would become of the selection, with a few refusals of each kind, and how many they are up to which id."""
        self.change.check(self.context)
        verdict = self._verdict()
        with naming(self.context.session, self.host, self.selection, self.context.now):
            groups, samples = self._counted(verdict)
        found = {row.code: row.users for row in groups}
        ids, last = sum(int(row.ids) for row in groups), max((row.last for row in groups), default=0)
        counted = Counted(sum(found.values()), last, ids, groups[0].event if groups else 0)
        if self.selection.expected not in (None, counted.users):
            raise NotFound
        objected = self._objected(verdict) if found.get(CHANGE) else {}
        changed = found.pop(CHANGE, 0) - len(objected)
        found.pop(SAME, 0)
        codes = Counter(found) + Counter({Objected.code: len(objected)} if objected else {})
        refusals = [*(RefusedUser(row.last, row.code) for row in samples), *(RefusedUser(*refused) for refused in _few(objected))]
        return Result(None, counted.users, changed, sum(codes.values()), refusals, codes=dict(codes)), counted

    def refused(self) -> Sequence[RefusedUser]:
        """Return everybody who would be refused, in order of their ids."""
        verdict = self._verdict()
        with naming(self.context.session, self.host, self.selection, self.context.now):
            rows = self.context.session.execute(self._people(self._judged(verdict).where(verdict.not_in((CHANGE, SAME))))).all()
        objected = self._objected(verdict)
        refused = [RefusedUser(*row) for row in rows] + [RefusedUser(user_id, Objected.code, reason) for user_id, reason in objected.items()]
        return sorted(refused, key=lambda found: found.user_id)

    def _people(self, rows: Select[Any], first: int = ALL) -> Rows:
        return self.selection.people(self.context, scope_of(self.context, self.change), rows, first)

    def _verdict(self) -> ColumnElement[str]:
        selected = self.selection.condition(self.context, scope_of(self.context, self.change))
        standing = guard.standing(self.context, selected, self.selection.expected)
        if self.change.unseats(self.context, literal(0)) is not None:  # most are no owners: they are found once, instead of asking of each
            standing = replace(standing, owners=guard.owners(self.context))
        return guard.verdict(self.context, self.change, standing)

    def _judged(self, verdict: ColumnElement[str]) -> Any:
        return select(User.id, verdict.label("code"))

    def _counted(self, verdict: ColumnElement[str]) -> tuple[Sequence[Any], Sequence[Any]]:
        """Return how many there are by what becomes of them, and the first few of each refusal; everybody is judged once, in one statement."""
        judged = self._people(self._judged(verdict)).cte("judged").prefix_with("MATERIALIZED")
        code, number = judged.c.code, judged.c.id
        sums = (func.count().label("users"), func.max(number).label("last"), func.sum(number).label("ids"))
        groups = select(code, *sums, events_so_far().label("event")).group_by(code)
        place = func.row_number().over(partition_by=code, order_by=number).label("place")
        refused = select(code, number, place).where(code.not_in((CHANGE, SAME))).subquery("refused")
        nothing = literal(0)
        few = select(refused.c.code, nothing, refused.c.id, nothing, nothing).where(refused.c.place <= SAMPLE)
        rows = self.context.session.execute(union_all(groups, few)).all()
        return [row for row in rows if row.users], sorted((row for row in rows if not row.users), key=lambda row: (row.code, row.last))

    def _objected(self, verdict: ColumnElement[str]) -> Mapping[int, str]:
        """Return whom plugins object to, and in which words; they are asked as they will be when it is done, some thousands at a time."""
        found: dict[int, str] = {}
        after, more = 0, bool(self.host.objects)
        while more and (users := self._next(verdict, after)):
            everybody = frozenset(user.id for user in users)
            off = homes_off(self.context.session, self.context.registry, {user.home_id for user in users})
            for _plugin, objection in self.host.object(ChangeNotice(self.change.key, dict(self.change.notice())), Batch(users), off):
                for user_id in sorted(everybody if objection.ids is None else objection.ids & everybody):
                    found.setdefault(user_id, objection.reason)
            after, more = users[-1].id, len(users) == AT_ONCE
        return found

    def _next(self, verdict: ColumnElement[str], after: int) -> tuple[UserSnapshot, ...]:
        rows: Any = select(*SNAPSHOT).where(verdict == CHANGE, User.id > after)
        people = self._people(rows, AT_ONCE).order_by("id").limit(AT_ONCE)
        return tuple(UserSnapshot(*row) for row in self.context.session.execute(people))


def _few(objected: Mapping[int, str]) -> Sequence[tuple[int, str, str]]:
    return [(user_id, Objected.code, reason) for user_id, reason in list(objected.items())[:SAMPLE]]
