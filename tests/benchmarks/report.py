"""The figures as a table."""

from collections.abc import Sequence

from tests.benchmarks.figures import Figure
from tests.benchmarks.measuring import Measured

GOAL = 3.0
REQUESTS_GOAL = 0.35
MOST_STATEMENTS = 6
WEIGHT = 0.05
HEAD = ("as", "work", "raw ms", "bo_panel ms", "ratio", "goal", "raw SQL ms", "SQL ms", "statements", "rows", "raw kB", "kB")


def table(found: Sequence[Measured]) -> str:
    """Return all pages as a Markdown table."""
    return drawn([HEAD, *map(_line, found)])


def drawn(lines: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; its first line is the head."""
    head, *rest = lines
    lines = [head, ["---"] * len(head), *rest]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in lines)


def missed(figures: Sequence[Figure]) -> list[str]:
    """Return what of the figures is not reached, as sentences."""
    return [f"NOT REACHED: {figure.work}: {figure.ratio:.2f} × {figure.against}." for figure in figures if not figure.reached]


def summary(found: Sequence[Measured]) -> list[str]:
    """Return what is reached and what is not, as sentences."""
    if not found:
        return ["No page was measured."]
    missed = [page for page in found if page.ratio > GOAL]
    wrong = [page for page in found if not page.same]
    heavy = [page for page in found if abs(page.raw_bytes / page.panel_bytes - 1) > WEIGHT]
    many = [page for page in found if page.statements > MOST_STATEMENTS]
    first = found[0]
    share = first.raw_mean / first.panel_mean
    ratios = sorted(page.ratio for page in found)
    return [
        f"{len(found) - len(missed)} of {len(found)} pages within {GOAL:g} × raw; median {ratios[len(ratios) // 2]:.2f} ×, worst {ratios[-1]:.2f} ×.",
        *(f"NOT REACHED: {page.work} as {page.actor}: {page.ratio:.2f} × raw." for page in missed),
        f"Requests a second of the list as {first.actor}, one thread: raw {1000 / first.raw_mean:.0f}, bo_panel {1000 / first.panel_mean:.0f},"
        + f" {share:.2f} of raw (goal {REQUESTS_GOAL}{'' if share >= REQUESTS_GOAL else ': NOT REACHED'}).",
        f"Statements a page: {max(page.statements for page in found)} at most (goal {MOST_STATEMENTS}{': NOT REACHED' if many else ''}).",
        *(f"NOT THE SAME ROWS on both sides: {page.work} as {page.actor}." for page in wrong),
        *(f"NOT THE SAME WEIGHT: {page.work} as {page.actor}: raw {page.raw_bytes}, bo_panel {page.panel_bytes} bytes." for page in heavy),
    ]


def _line(page: Measured) -> tuple[str, ...]:
    goal = "met" if page.ratio <= GOAL else "NOT REACHED"
    times = (f"{page.raw:.2f}", f"{page.panel:.2f}", f"{page.ratio:.2f}", goal, f"{page.raw_sql:.2f}", f"{page.panel_sql:.2f}")
    return (page.actor, page.work, *times, str(page.statements), str(page.rows), f"{page.raw_bytes / 1000:.0f}", f"{page.panel_bytes / 1000:.0f}")
