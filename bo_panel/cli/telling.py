"""What a run did, or would do, as the commands tell it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import click

from bo_panel.domain.plans import Result


def told_counts(result: Result) -> Mapping[str, Any]:
    """Return the counts and a sample of the refusals, ready to print as JSON."""
    counts = {"selected": result.selected, "changed": result.changed, "same": result.same, "refused": result.refused}
    refusals = [{"user_id": refused.user_id, "code": refused.code, "reason": str(refused.refusal)} for refused in result.refusals]
    return {**counts, "change_set": result.change_set_id, "codes": dict(result.codes), "refusals": refusals}


def tell_refusals(result: Result) -> None:
    """Print how many were refused by each code, with an example."""
    seen = Counter(refused.code for refused in result.refusals)
    more = "" if result.codes or result.refused <= len(result.refusals) else "+"
    for code in sorted(result.codes or seen):
        example = next(refused for refused in result.refusals if refused.code == code)
        click.echo(f"  {code}: {result.codes.get(code, seen[code])}{more}, such as user {example.user_id}. {example.refusal}")
