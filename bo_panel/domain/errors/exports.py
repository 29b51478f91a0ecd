"""Refusals about tables that leave the panel."""

from bo_panel.domain.errors.refusal import Refusal


class UnknownFormat(Refusal):
    """A table is written in one of a few ways."""

    code, status = "export.unknown_format", 422
    message = "This cannot be written in that format. Choose one of {formats}."


class UnknownColumn(Refusal):
    """A table has the columns that there are."""

    code, status = "export.unknown_column", 422
    message = "{name} is no column. Choose among {columns}."


class TooManyColumns(Refusal):
    """A column is shown once."""

    code, status = "export.too_many_columns", 422
    message = "{count} columns are asked for, and there are {limit}. Name each one once."


class TooManyExports(Refusal):
    """Exports are long, and others wait behind them."""

    code, status = "export.too_many", 429
    message = "You have {count} exports under way already. Wait for one of them, or cancel it, then export again."


class ExportGone(Refusal):
    """What was exported is kept for some days, and for as long as who asked for it may see all of it."""

    code, status = "export.gone", 404
    message = "This file is no longer kept, or you may no longer see all that is in it. Export the list again."
