"""What a run did, or would do, as the commands tell it."""

from collections.abc import Mapping
from typing import Any

from bo_panel.domain.plans import Result


def told_counts(result: Result) -> Mapping[str, Any]:
    """Return the counts and a sample of the refusals, ready to print as JSON."""
    counts = {"selected": result.selected, "changed": result.changed, "same": result.same, "refused": result.refused}
    refusals = [{"user_id": refused.user_id, "code": refused.code, "reason": str(refused.refusal)} for refused in result.refusals]
    return {**counts, "change_set": result.change_set_id, "codes": dict(result.codes), "refusals": refusals}
