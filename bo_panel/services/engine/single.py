"""A change of one thing: run, objected to, and put on the trail."""

from collections.abc import Sequence

from sqlalchemy import and_, insert

from bo_panel.domain.errors import Objected
from bo_panel.hooks.contributions import Batch, ChangeNotice
from bo_panel.hooks.host import Host
from bo_panel.models import AuditEvent
from bo_panel.queries.switches import homes_off
from bo_panel.services.engine.change import SingleChange, Trail
from bo_panel.services.engine.context import Context
from bo_panel.services.engine.posting import post


def run_one(host: Host, context: Context, change: SingleChange) -> Sequence[Trail]:
    """Return what a change wrote on the trail; a plugin that objects undoes all of it with a Refusal."""
    trail = change.run(context)
    for plugin, objection in host.object(ChangeNotice(change.key, dict(change.notice())), Batch()):
        if not _is_off(context, plugin, trail):
            raise Objected(reason=objection.reason)
    rows = [
        {
            "at": context.now,
            "change_set_id": context.change_set_id,
            "step": context.step,
            "actor_id": context.actor.user_id,
            "actor_name": context.actor.name,
            "event": entry.event,
            "user_id": entry.user_id,
            "unit_id": entry.unit_id,
            "before": dict(entry.before),
            "after": dict(entry.after),
        }
        for entry in trail
    ]
    if rows:
        context.session.execute(insert(AuditEvent), rows)
        post(context, host.listeners, and_(AuditEvent.change_set_id == context.change_set_id, AuditEvent.step == context.step))
    return trail


def _is_off(context: Context, plugin: str, trail: Sequence[Trail]) -> bool:
    """Return whether a plugin is switched off at the unit that a change is about first, so that its objection does not count."""
    if plugin not in context.registry.switchable or not trail:
        return False
    return trail[0].unit_id in homes_off(context.session, context.registry, {trail[0].unit_id}).get(plugin, ())
