"""Clear Cache: has what is kept of a unit, or of everything that one administers, worked out anew."""

from collections.abc import Mapping

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from bo_panel.domain.errors import NotFound
from bo_panel.queries.units import places
from bo_panel.services.changes import ClearCache
from bo_panel.web.addresses import local
from bo_panel.web.current import actor, panel, scope, session
from bo_panel.web.translating import gettext
from bo_panel.web.users.typed import number

NAMED = 5


def clear(form: Mapping[str, str], otherwise: str) -> ResponseReturnValue:
    """Clear it, say what was cleared where, and return to where it was asked for; raise NotFound where nothing is kept of units."""
    domains = panel().registry.cache_domains
    named = form.get("unit", "")
    units = frozenset({number(named)} if named else {path.ids[-1] for path in scope("users", "edit").paths})
    if not domains:
        raise NotFound
    panel().engine.run_single(session(), actor(), ClearCache(unit_ids=units))
    names = [place.name for place in places(session(), units).values()]
    where = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        more = len(names) - NAMED
        where += " " + ngettext("and %(num)s more", "and %(num)s more", more)
    what = ", ".join(domain.label for domain in domains.values())
    flash(gettext("Cleared at %(where)s and beneath: %(what)s.", where=where, what=what), "success")
    return redirect(local(form.get("next", ""), otherwise), 303)
