"""Finding users by text: a trigram index on PostgreSQL, a trigram FTS5 table on SQLite, one meaning."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, column, func, literal, literal_column, or_, select, table

from bo_panel.models import User, UserSearch
from bo_panel.queries.sql import POSTGRESQL, probe

_FTS = table("user_search_fts", column("rowid"), column("user_search_fts"))


def hits(terms: Sequence[str], name: str) -> Select[Any]:
    """Return the select of the ids (`user_id`) whose document contains every term, through the index."""
    if name == POSTGRESQL:
        return select(UserSearch.user_id).where(_contains(terms))
    query = " AND ".join('"' + term.replace('"', '""') + '"' for term in terms)
    return select(_FTS.c.rowid.label("user_id")).where(_FTS.c.user_search_fts.op("MATCH")(literal(query)))


def matches(terms: Sequence[str], name: str) -> ColumnElement[bool]:
    """Return the condition on `user` that the document contains every term, asked row by row."""
    mine: Select[Any] = select(literal_column("1")).select_from(UserSearch).where(UserSearch.user_id == User.id, _contains(terms))
    return probe(mine.correlate(User), name)


def shown_to(terms: Sequence[str], at_home: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition on `user` that what was found is also shown: of guests that is the names and the user name only.

    Without it a hidden e-mail address or telephone could be guessed letter by letter.
    """
    shown = literal("  ") + func.replace(User.sort_name, " ", "  ") + "  " + User.user_name_key
    return or_(at_home, and_(*(shown.contains(term, autoescape=True) for term in terms)))


def _contains(terms: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(UserSearch.document.contains(term, autoescape=True) for term in terms))
