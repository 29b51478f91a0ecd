"""The features of a unit: which are on, since where, and switching them."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from bo_panel.domain.errors import NotFound, Refusal
from bo_panel.hooks.contributions import Feature
from bo_panel.queries.features import FeatureBook, kept_feature_book
from bo_panel.services.changes.features import SwitchFeature, kept_off_at, switched_from
from bo_panel.web.current import actor
from bo_panel.web.translating import gettext
from bo_panel.web.units.desk import UnitDesk


class Switch(NamedTuple):
    """A feature as the page of a unit shows it."""

    key: str
    label: str
    description: str
    on: bool
    state: str
    may: bool
    """Whether the person asking may switch it here."""


def switches_of(desk: UnitDesk) -> list[Switch]:
    """Return the features that there are, as they stand at a unit; no statement where that is known."""
    features = desk.panel.registry.features
    if not features:
        return []
    book = kept_feature_book(desk.session, desk.me.signed_in.configuration)
    may = desk.me.access.allows("units", "edit", switched_from(desk.place.path))
    return [_switch(desk, feature, book, may=may) for feature in features.values()]


def switch(desk: UnitDesk, form: Mapping[str, str]) -> ResponseReturnValue:
    """Switch a feature as the form says, say so, and return to the unit."""
    on, key = form.get("on") == "1", form.get("feature", "")[:120]
    try:
        result = desk.panel.engine.run_single(desk.session, actor(), SwitchFeature(unit_id=desk.place.id, feature=key, on=on))
    except NotFound:
        raise
    except Refusal as refusal:
        flash(f"{refusal} ({refusal.code})", "error")
    else:
        names = {"feature": desk.panel.registry.features[key].label, "unit": desk.place.name}
        done = gettext("%(feature)s is on at %(unit)s.", **names) if on else gettext("%(feature)s is off at %(unit)s.", **names)
        flash(done, "success" if result.subject_id else "info")
    return redirect(desk.url, 303)


def _switch(desk: UnitDesk, feature: Feature, book: FeatureBook, *, may: bool) -> Switch:
    on, decided = book.is_on(feature.key, desk.place.path), book.decided_at(feature.key, desk.place.path)
    state = gettext("On") if on else gettext("Off")
    if decided is not None and decided != desk.place.id:
        names = {place.id: place.name for place in desk.way}
        state = gettext("%(state)s, as at %(unit)s", state=state, unit=names.get(decided, gettext("a unit above")))
    offered = may and (on or kept_off_at(desk.me.access, book, feature.key, desk.place.path) is None)
    return Switch(feature.key, feature.label, feature.description, on, state, offered)
