"""The audit log: pages of it, and the latest event about somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select, true
from sqlalchemy.orm import Session, aliased

from bo_panel.domain.identifiers import search_terms
from bo_panel.domain.pages import Order, Step
from bo_panel.models import AuditEvent, Unit, User
from bo_panel.queries import search
from bo_panel.queries.page import Keyset, Page, capped_count, page_of
from bo_panel.queries.sql import dialect, probe, within
from bo_panel.queries.visible import Scope, at_home

FEW_EVENTS = 4_000
FOR_UNDO = frozenset({"user_name_key", "email_key", "email_deliverable", "created_at"})
"""What the trail keeps for an undo only, and nobody reads."""


@dataclass(frozen=True, slots=True)
class WantedEvents:
    """What is asked of the audit log; a search is for the people that events are about."""

    events: tuple[str, ...] = ()
    user_id: int | None = None
    change_set_id: int | None = None
    search: str = ""
    step: Step = Step()
    size: int = 50


def audit_page(session: Session, scope: Scope, wanted: WantedEvents) -> Page[Any]:
    """Return one page of the events in scope, newest first; two statements, or one where everything is in scope."""
    order = Order("id", descending=True)
    keyset = Keyset(AuditEvent.id, AuditEvent.id, order, wanted.step)
    matching = [*_filters(wanted, scope, dialect(session)), _inside(session, scope)]
    keys = select(AuditEvent.id, AuditEvent.id.label("sort_value")).where(*keyset.start(), *matching)
    keys = keys.order_by(*keyset.sorting(AuditEvent.id, AuditEvent.id)).limit(wanted.size + 1)
    page = keys.cte("page_keys").prefix_with("MATERIALIZED")
    total = capped_count(select(AuditEvent.id).where(*matching))
    rows = (
        _events()
        .add_columns(page.c.sort_value, total.label("total"))
        .join(page, page.c.id == AuditEvent.id)
        .order_by(*keyset.sorting(AuditEvent.id, AuditEvent.id))
    )
    found = session.execute(rows).all()
    return page_of(found, keyset, wanted.size, found[0].total if found else 0)


def latest_of_user(session: Session, user_id: int) -> Any | None:
    """Return the newest event that changed a user, or None; signing in changes nobody. One statement."""
    changing = _events().where(AuditEvent.user_id == user_id, AuditEvent.event.not_like("account.%"))
    return session.execute(changing.order_by(AuditEvent.id.desc()).limit(1)).one_or_none()


def latest_of_unit(session: Session, unit_id: int) -> Any | None:
    """Return the newest event that changed a unit itself, or None. One statement."""
    changing = _events().where(AuditEvent.unit_id == unit_id, AuditEvent.event.like("units.%"))
    return session.execute(changing.order_by(AuditEvent.id.desc()).limit(1)).one_or_none()


def _events() -> Select[Any]:
    columns = (
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.change_set_id,
        AuditEvent.actor_id,
        AuditEvent.actor_name,
        AuditEvent.event,
        AuditEvent.user_id,
        AuditEvent.before,
        AuditEvent.after,
        User.user_name,
        User.first_name,
        User.last_name,
        User.deleted_at,
        Unit.name.label("unit_name"),
        Unit.kind.label("unit_kind"),
        Unit.path.label("unit_path"),
    )
    return select(*columns).join(Unit, Unit.id == AuditEvent.unit_id).outerjoin(User, User.id == AuditEvent.user_id)


def _filters(wanted: WantedEvents, scope: Scope, name: str) -> Sequence[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if wanted.events:
        filters.append(AuditEvent.event.in_(wanted.events))
    if wanted.user_id is not None:
        filters.append(AuditEvent.user_id == wanted.user_id)
    if wanted.change_set_id is not None:
        filters.append(AuditEvent.change_set_id == wanted.change_set_id)
    terms = search_terms(wanted.search)
    if terms:
        filters.append(AuditEvent.user_id.in_(_people(terms, scope, name)))
    return filters


def _people(terms: Sequence[str], scope: Scope, name: str) -> Select[Any]:
    """Return the select of the ids of the users that the words find, by what is shown of them here."""
    hits = search.hits(terms, name)
    if scope.everything:
        return hits
    found = hits.subquery("hits")
    return select(User.id).join(found, found.c.user_id == User.id).where(search.shown_to(terms, at_home(scope, name)))


def _inside(session: Session, scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an event happened in scope: from its units where they have few events, else event by event."""
    if scope.everything:
        return true()
    units = scope.units()
    few = session.scalar(select(capped_count(select(AuditEvent.id).where(AuditEvent.unit_id.in_(units)), FEW_EVENTS))) or 0
    if few <= FEW_EVENTS:
        inside = aliased(AuditEvent)
        return AuditEvent.id.in_(select(inside.id).where(inside.unit_id.in_(units)))
    unit = aliased(Unit)
    there: Select[Any] = select(literal_column("1")).where(unit.id == AuditEvent.unit_id, within(unit.path, scope.paths))
    return probe(there.correlate(AuditEvent), dialect(session))
