"""What is asked once more before a form that changes access is saved."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_panel.domain.access import at_or_below
from bo_panel.queries.grants import HeldRole
from bo_panel.web.translating import gettext
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.places import as_stored
from bo_panel.web.users.toggles import ON
from bo_panel.web.users.typed import Typed


@dataclass(frozen=True, slots=True)
class Agreement:
    """Sentences to agree to, and what the form sends along when somebody does."""

    sentences: tuple[str, ...]

    @property
    def token(self) -> str:
        """Stands for exactly these sentences: whoever changes the form again is asked again."""
        return hashlib.sha256("\n".join(self.sentences).encode()).hexdigest()[:32]


def agreement(filled: Typed, user: tuple[Any, Sequence[HeldRole]], offer: RoleOffer) -> Agreement | None:
    """Return what has to be agreed to before the access of somebody is changed so; None where nothing has, or it was agreed to."""
    row, held = user
    stored = as_stored(row, held, offer)
    sentences = [*_of_role(stored.role, filled.role, offer), *_of_toggles(stored, filled, offer)]
    asked = Agreement(tuple(sentences))
    return asked if sentences and filled.confirmed != asked.token else None


def agreement_for_several(filled: Typed, before: Sequence[str], offer: RoleOffer) -> Agreement | None:
    """Return the same for several users who hold these types or roles."""
    sentences = dict.fromkeys(sentence for role in before for sentence in _of_role(role, filled.role, offer))
    asked = Agreement((*sentences, *_switched(offer, {key: value == ON for key, value in filled.switches.items()})))
    return asked if asked.sentences and filled.confirmed != asked.token else None


def _of_role(old: str, new: str, offer: RoleOffer) -> Sequence[str]:
    if old == new or not new:
        return []
    names = {"old": offer.roles.label(old) if old else gettext("None"), "new": offer.roles.label(new)}
    found, raised = offer.roles.registry.types.get(old), not at_or_below(offer.roles.vector_of(new), offer.roles.vector_of(old))
    return [gettext("%(old)s becomes %(new)s.", **names), *([found.warning] if found and found.warning and raised else [])]


def _of_toggles(stored: Typed, filled: Typed, offer: RoleOffer) -> Sequence[str]:
    if filled.toggles is None:
        return []
    before, his = stored.toggles or frozenset(), [key for key, may in offer.toggles.items() if may]  # the others are locked, and not sent
    return _switched(offer, {key: key in filled.toggles for key in his if (key in before) != (key in filled.toggles)})


def _switched(offer: RoleOffer, switched: Mapping[str, bool]) -> Sequence[str]:
    toggles = offer.roles.registry.toggles
    said = {True: gettext("%(toggle)s is switched on."), False: gettext("%(toggle)s is switched off.")}
    return [f"{said[on] % {'toggle': toggles[key].label}} {toggles[key].confirm}" for key, on in switched.items() if toggles[key].confirm]
