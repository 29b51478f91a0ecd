"""Whether somebody can sign in, and what keeps him from it, as the form says it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from bo_panel.domain.lifecycle import Status
from bo_panel.queries.attempts import blocked_until
from bo_panel.services.sign_in.throttle import of_account
from bo_panel.settings.words import Words
from bo_panel.web.moments import exactly
from bo_panel.web.translating import gettext
from bo_panel.web.users.actions import status_word
from bo_panel.web.users.desk import Desk


class Remark(NamedTuple):
    """One line about signing in; `hinders` says whether nobody gets in as long as it holds."""

    text: str
    hinders: bool = True


def remarks(desk: Desk, row: Any) -> list[Remark]:
    """Return what keeps somebody from signing in, with what to do about it, or else with what he does; no statement unless some name is blocked."""
    tried = list(_of_tries(desk, row))
    found = [*_of_status(row, desk.panel.settings.words), *_of_names(desk, row), *_of_password(row), *(one for one in tried if one.hinders)]
    after = [Remark(gettext("A new password has to be chosen at the next sign-in."), hinders=False)] if row.must_change else []
    return [*(found or [_names(desk, row)]), *(one for one in tried if not one.hinders), *after]


def _of_status(row: Any, words: Words) -> Iterator[Remark]:
    status = status_word(words, row.status)
    ways = {Status.DISABLED: words.action_enable, Status.ARCHIVED: words.action_restore}
    if row.status in ways:
        yield Remark(gettext("The account is %(status)s. To let them in again: %(action)s.", status=status, action=ways[row.status]))
    elif row.status is not Status.ACTIVE:
        yield Remark(gettext("The account is %(status)s.", status=status))


def _of_names(desk: Desk, row: Any) -> Iterator[Remark]:
    if desk.panel.settings.sign_in.by == ("email",) and not _email(row):
        yield Remark(gettext("People sign in with their e-mail address here, and this account has none. Enter one."))


def _of_password(row: Any) -> Iterator[Remark]:
    if not row.has_password:
        yield Remark(gettext("The account has no password to sign in with."))


def _of_tries(desk: Desk, row: Any) -> Iterator[Remark]:
    """Yield what wrong passwords led to: a block of one address, which may be a stranger's, hinders nobody elsewhere."""
    if not row.somebody_blocked:
        return
    until = blocked_until(desk.session, map(of_account, _signed_in_with(desk, row)), desk.panel.clock.now())
    if until.everywhere is not None:
        when = exactly(until.everywhere)
        yield Remark(gettext("Too many wrong passwords were tried with this name. Sign-in is possible again %(when)s.", when=when))
    elif until.from_one is not None:
        said = gettext(
            "Too many wrong passwords were tried with this name from one address. Sign-in from there is possible again %(when)s.",
            when=exactly(until.from_one),
        )
        yield Remark(said, hinders=False)


def _names(desk: Desk, row: Any) -> Remark:
    return Remark(gettext("Can sign in, as %(names)s.", names=gettext(" or ").join(_signed_in_with(desk, row))), hinders=False)


def _signed_in_with(desk: Desk, row: Any) -> list[str]:
    names = {"username": row.user_name, "email": _email(row)}
    return [name for by, name in names.items() if name and by in desk.panel.settings.sign_in.by]


def _email(row: Any) -> str:
    return row.email if row.email and row.email_deliverable else ""
