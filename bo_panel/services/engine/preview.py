"""What a change would make of a selection: read in one go, nothing locked and nothing written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from bo_panel.domain.errors import NotFound, Objected
from bo_panel.domain.plans import CHANGE, SAME, RefusedUser, Result
from bo_panel.hooks.contributions import Batch, ChangeNotice, UserSnapshot
from bo_panel.hooks.host import Host
from bo_panel.models import User
from bo_panel.queries.roles import role_book_for
from bo_panel.services import guard
from bo_panel.services.engine.change import SetChange
from bo_panel.services.engine.chunk import scope_of
from bo_panel.services.engine.context import Context
from bo_panel.services.engine.selection import Counted, Selection

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
        selected, verdict = self._judged()
        rows = self.context.session.execute(select(verdict.label("v"), func.count(), func.max(User.id)).where(selected).group_by("v")).all()
        found = {code: count for code, count, _last in rows}
        counted = Counted(sum(found.values()), max((last for *_both, last in rows), default=0))
        if self.selection.expected not in (None, counted.users):
            raise NotFound
        objected = self._objected(and_(selected, verdict == CHANGE)) if found.get(CHANGE) else {}
        changed = found.pop(CHANGE, 0) - len(objected)
        found.pop(SAME, 0)
        codes = Counter(found) + Counter({Objected.code: len(objected)} if objected else {})
        refusals = [*self._sample(selected, verdict, sorted(found)), *(RefusedUser(*refused) for refused in _few(objected))]
        return Result(None, counted.users, changed, sum(codes.values()), refusals, codes=dict(codes)), counted

    def refused(self) -> Sequence[RefusedUser]:
        """Return everybody who would be refused, in order of their ids."""
        selected, verdict = self._judged()
        rows = self.context.session.execute(select(User.id, verdict).where(selected, verdict.not_in((CHANGE, SAME))).order_by(User.id))
        objected = self._objected(and_(selected, verdict == CHANGE))
        refused = [RefusedUser(*row) for row in rows] + [RefusedUser(user_id, Objected.code, reason) for user_id, reason in objected.items()]
        return sorted(refused, key=lambda found: found.user_id)

    def _judged(self) -> tuple[ColumnElement[bool], ColumnElement[str]]:
        context, session = self.context, self.context.session
        selected = self.selection.condition(context, scope_of(context, self.change))
        keys = frozenset(session.scalars(guard.roles_present(selected, context.now)))
        standing = guard.Standing(selected, role_book_for(session, context.registry, keys), keys)
        return selected, guard.verdict(context, self.change, standing)

    def _sample(self, selected: ColumnElement[bool], verdict: ColumnElement[str], codes: Sequence[str]) -> Sequence[RefusedUser]:
        session = self.context.session
        ids = {code: session.scalars(select(User.id).where(selected, verdict == code).order_by(User.id).limit(SAMPLE)).all() for code in codes}
        return [RefusedUser(user_id, code) for code, found in ids.items() for user_id in found]

    def _objected(self, changing: ColumnElement[bool]) -> Mapping[int, str]:
        """Return whom plugins object to, and in which words; they are asked as they will be when it is done, some thousands at a time."""
        found: dict[int, str] = {}
        after = 0
        while self.host.objects:
            rows = self.context.session.execute(select(*SNAPSHOT).where(changing, User.id > after).order_by(User.id).limit(AT_ONCE)).all()
            if not rows:
                break
            users = tuple(UserSnapshot(*row) for row in rows)
            everybody = frozenset(user.id for user in users)
            for _plugin, objection in self.host.object(ChangeNotice(self.change.key, dict(self.change.notice())), Batch(users)):
                for user_id in sorted(everybody if objection.ids is None else objection.ids & everybody):
                    found.setdefault(user_id, objection.reason)
            after = users[-1].id
        return found


def _few(objected: Mapping[int, str]) -> Sequence[tuple[int, str, str]]:
    return [(user_id, Objected.code, reason) for user_id, reason in list(objected.items())[:SAMPLE]]
