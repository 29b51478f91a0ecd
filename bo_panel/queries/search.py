"""Finding users by text: a trigram index on PostgreSQL, a trigram FTS5 table on SQLite, one meaning."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, bindparam, column, func, literal, literal_column, or_, select, table

from bo_panel.domain.identifiers import search_terms, searched_id
from bo_panel.models import User, UserSearch
from bo_panel.queries.sql import POSTGRESQL, probe

_FTS = table("user_search_fts", column("rowid"), column("user_search_fts"))


def terms_of(text: str) -> tuple[str, ...]:
    """Return what must be contained in the document of whoever is searched for; nothing where an id is asked for."""
    return () if searched_id(text) else search_terms(text)


def alike(text: str) -> str:
    """Return a search whose statement is the same as that for this one."""
    return "id:1" if searched_id(text) else " ".join(like(terms_of(text)))


def of_id(text: str) -> tuple[ColumnElement[bool], ...]:
    """Return the condition on `user` that he has the id that is asked for; none where none is."""
    wanted = searched_id(text)
    return (User.id == bindparam("searched_id", wanted, User.id.type),) if wanted else ()


def like(terms: Sequence[str]) -> tuple[str, ...]:
    """Return as many terms, always the same: what the statements for them have in common."""
    return ("any",) * len(terms)


def values(terms: Sequence[str]) -> Mapping[str, str]:
    """Return the parameters of the statements made here, for running one again with other terms, as many as it was made with."""
    return {"match": _match(terms), **{f"term_{place}": containing(term) for place, term in enumerate(terms)}}


def hits(terms: Sequence[str], name: str) -> Select[Any]:
    """Return the select of the ids (`user_id`) whose document contains every term, through the index."""
    if name == POSTGRESQL:
        return select(UserSearch.user_id).where(_contains(terms))
    return select(_FTS.c.rowid.label("user_id")).where(_FTS.c.user_search_fts.op("MATCH")(bindparam("match", _match(terms))))


def matches(terms: Sequence[str], name: str) -> ColumnElement[bool]:
    """Return the condition on `user` that the document contains every term, asked row by row."""
    mine: Select[Any] = select(literal_column("1")).select_from(UserSearch).where(UserSearch.user_id == User.id, _contains(terms))
    return probe(mine.correlate(User), name)


def shown_to(terms: Sequence[str], at_home: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition on `user` that what was found is also shown: of guests that is the names and the user name only.

    Without it a hidden e-mail address or telephone could be guessed letter by letter.
    """
    shown = literal("  ") + func.replace(User.sort_name, " ", "  ") + "  " + User.user_name_key
    return or_(at_home, _each_in(shown, terms))


def containing(term: str) -> str:
    """Return the pattern of LIKE for whatever contains the term; its escape is a slash."""
    escaped = term.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{escaped}%"


def _contains(terms: Sequence[str]) -> ColumnElement[bool]:
    return _each_in(UserSearch.document, terms)


def _each_in(text: SQLColumnExpression[str], terms: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(text.like(bindparam(f"term_{place}", containing(term)), escape="/") for place, term in enumerate(terms)))


def _match(terms: Sequence[str]) -> str:
    return " AND ".join('"' + term.replace('"', '""') + '"' for term in terms)
