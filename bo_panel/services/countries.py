"""The countries of the world and their states, as ISO 3166 names them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pycountry

from bo_panel.domain.identifiers import folded


@lru_cache(maxsize=1)
def countries() -> Mapping[str, str]:
    """Return the names of all countries by their codes of two letters, in the order of the names."""
    named = {country.alpha_2: getattr(country, "common_name", country.name) for country in pycountry.countries}
    return dict(sorted(named.items(), key=lambda item: folded(item[1])))


@lru_cache(maxsize=300)
def states_of(country: str) -> Mapping[str, str]:
    """Return the names of the states and provinces of a country by their codes, in the order of the names; none for no such country."""
    found: Any = pycountry.subdivisions.get(country_code=country) if country in countries() else None  # type: ignore[no-untyped-call]
    return dict(sorted(((state.code, state.name) for state in found or ()), key=lambda item: folded(item[1])))


def state_named(code: str) -> str:
    """Return the name of a state; a code that is none is its own name."""
    return states_of(code.partition("-")[0]).get(code, code)
