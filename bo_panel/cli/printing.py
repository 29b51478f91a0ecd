"""Tables and JSON, in one way for all commands."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

Values = dict[str, Any]


def print_json(values: object) -> None:
    """Print values as JSON; a moment as ISO 8601."""
    click.echo(json.dumps(values, indent=2, ensure_ascii=False, default=_plain))


def print_table(rows: Sequence[Values]) -> None:
    """Print rows as a table, as wide as the terminal, or as wide as it takes where there is none."""
    console = Console(markup=False)
    if not console.is_terminal:
        console.width = 200
    table = Table(*(Column(name.replace("_", " "), overflow="fold") for name in rows[0]))
    for row in rows:
        table.add_row(*(cell(value) for value in row.values()))
    console.print(table)


def cell(value: object) -> str:
    """Return a value as it is printed in a table."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(cell, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {cell(inner)}" for key, inner in value.items())
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(value))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
