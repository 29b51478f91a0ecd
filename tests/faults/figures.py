"""What a test measured, for docs/faults.md: printed, and kept where BO_TEST_FIGURES says."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.checking import Account
from tests.faults.stage import Stage


@dataclass(slots=True)
class Figures:
    """One line of the table."""

    fault: str
    stage: Stage
    begun: float = field(default_factory=time.monotonic)

    def note(self, injected: str, *accounts: Account) -> None:
        """Write the line: fault, database, users, what was injected, seconds, and what became of whom."""
        stage, seconds = self.stage, time.monotonic() - self.begun
        counts = "; ".join(map(_counts, accounts))
        line = f"| {self.fault} | {stage.panel.database.dialect.name} | {stage.form.users:,} | {injected} | {seconds:.1f} | {counts} |"
        print(line)
        kept = os.environ.get("BO_TEST_FIGURES")
        if kept:
            with Path(kept).open("a", encoding="utf-8") as file:
                file.write(line + "\n")


def _counts(account: Account) -> str:
    job = account.job
    told = f"{job.state.value}: {job.changed:,} changed = {len(account.changed):,} audit = {len(set(account.changed)):,} users"
    return f"{told}, {job.refused:,} refused, {job.selected - job.changed - job.refused:,} already so"
