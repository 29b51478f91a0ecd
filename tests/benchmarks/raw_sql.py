"""The best SQL a hand would write for each page: two statements, on the tables and indexes that bo_panel has."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.works import Work

SESSION = """
SELECT s.id, s.created_at, s.seen_at, u.id AS user_id, u.user_name, u.first_name, u.last_name, u.email
FROM session s JOIN "user" u ON u.id = s.user_id WHERE s.token_hash = {token} AND u.status = 'active'
"""
CHOICES = '''
SELECT what, key, label FROM (SELECT 'home' AS what, cast(id AS text) AS key, name AS label, sort_name AS o, id FROM unit
WHERE kind = 'service_provider.provider' AND path >= {low} AND path < {high} ORDER BY sort_name, id LIMIT 51) AS homes
UNION ALL SELECT * FROM (SELECT 'role', r.key, r.label FROM role r JOIN unit x ON x.id = r.unit_id
WHERE x.path >= {low} AND x.path < {high} OR x.id IN ({above}) ORDER BY r.label, r.id) AS roles
'''
COLUMNS = {"name": "sort_name", "user_name": "user_name_key", "last_sign_in": "last_sign_in", "id": "id"}
LIMIT = 51
CAP = 1001

ROLES = {
    "postgresql": """(SELECT array_agg(coalesce(r.label, g.role_key) ORDER BY x.sort_name, g.id) FROM "grant" g JOIN unit x ON x.id = g.unit_id
        LEFT JOIN role r ON r.key = g.role_key WHERE g.user_id = u.id AND (g.expires_at IS NULL OR g.expires_at > {now}){inside})""",
    "sqlite": """(SELECT group_concat(label, char(1)) FROM (SELECT coalesce(r.label, g.role_key) AS label FROM "grant" g JOIN unit x ON x.id = g.unit_id
        LEFT JOIN role r ON r.key = g.role_key WHERE g.user_id = u.id AND (g.expires_at IS NULL OR g.expires_at > {now}){inside}
        ORDER BY x.sort_name, g.id))""",
}
PAGE = """
WITH {first}k AS MATERIALIZED ({keys})
SELECT k.v, u.id, u.user_name, u.first_name, u.last_name, CASE WHEN u.email_deliverable THEN u.email END AS email, u.phone, u.status, u.last_sign_in,
    t.name AS home, t.path, {roles} AS tags, ({count}) AS total
FROM k JOIN "user" u ON u.id = k.id JOIN unit t ON t.id = u.home_id ORDER BY k.v {way}, k.id {way}
"""


@dataclass(frozen=True, slots=True)
class RawPage:
    """A statement with its parameters."""

    text: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to write a page; which of them is the best for a page is tried out beforehand."""

    gather: bool
    """Whether the members of the scope are collected and sorted; else the index of the order is walked and filtered."""
    gather_count: bool
    from_hits: bool
    """Whether a search starts at what the text index finds; else each user's document is looked at."""
    count_hits: bool


def ways(everything: bool, search: bool) -> Iterator[Way]:
    """Yield the ways there are."""
    scoped = ((False, False),) if everything else ((False, False), (False, True), (True, True))
    for gather, gather_count in scoped:
        for from_hits, count_hits in ((False, False), (False, True), (True, True)) if search else ((False, False),):
            yield Way(gather, gather_count, from_hits, count_hits)


def choices(dialect: str, top: str) -> RawPage:
    """Return the statement that asks for the homes and the roles in sight of somebody who sees everything beneath `top`."""
    low, high = ("%(low)s", "%(high)s") if dialect == "postgresql" else (":low", ":high")
    above = ", ".join(top.strip("/").split("/"))
    return RawPage(CHOICES.format(low=low, high=high, above=above), {"low": top, "high": top[:-1] + "0"})


@dataclass(slots=True)
class Writer:
    """Writes the statement of one page, for somebody who sees everything at and beneath `top` (a path; None: everything)."""

    dialect: str
    top: str | None
    way: Way
    roles_inside: bool
    """Whether roles held elsewhere are left out."""
    values: dict[str, Any] = field(default_factory=dict)

    def page(self, work: Work, place: tuple[Any, int] | None, now: Any) -> RawPage:
        """Return the statement for a piece of work; `place` is where the page starts."""
        self.values = {"now": now}
        if self.top is not None:
            self.values |= {"low": self.top, "high": self.top[:-1] + "0"}
        column = "u." + COLUMNS[work.order.key]
        down = work.order.descending is not work.last
        start = ""
        if place is not None:
            self.values |= {"value": place[0], "id": place[1]}
            start = f"({column}, u.id) {'<' if down else '>'} ({self._p('value')}, {self._p('id')})"
        way = "DESC" if down else "ASC"
        keys = f"{self._members(f'u.id, {column} AS v', work, start, self.way.gather, self.way.from_hits)} ORDER BY v {way}, id {way} LIMIT {LIMIT}"
        count = f"SELECT count(*) FROM ({self._members('1 AS one', work, '', self.way.gather_count, self.way.count_hits)} LIMIT {CAP}) AS counted"
        inside = f" AND x.path >= {self._p('low')} AND x.path < {self._p('high')}" if self.roles_inside else ""
        roles = ROLES[self.dialect].format(now=self._p("now"), inside=inside)
        return RawPage(PAGE.format(first=self._firsts(work), keys=keys, count=count, roles=roles, way=way), self.values)

    def _firsts(self, work: Work) -> str:
        """Return the named parts: the units in scope, and the hits of a search."""
        parts = []
        if self.top is not None:
            parts.append(f"s AS MATERIALIZED (SELECT id FROM unit WHERE path >= {self._p('low')} AND path < {self._p('high')})")
        if work.search and self.way.from_hits:
            parts.append(f"h AS MATERIALIZED ({self._hits(work)})")
        return "".join(f"{part}, " for part in parts)

    def _members(self, columns: str, work: Work, start: str, gather: bool, from_hits: bool) -> str:
        """Return the select of those who match; several branches are a subselect of their union."""
        conditions = ["u.deleted_at IS NULL", *([start] if start else []), *([f"u.status = '{work.status}'"] if work.status else [])]
        if work.search and not from_hits:
            conditions.append(self._contains(work))
        if gather and not from_hits:
            return f"SELECT * FROM ({self._gathered(columns, conditions)}) AS both_of_them WHERE true"
        conditions += [] if self.top is None else [self._visible()]
        hits = "h" if self.way.from_hits else f"({self._hits(work)}) AS h" if from_hits else ""
        source = self._each(hits, "id = h.user_id") if from_hits else '"user" u'
        return f"SELECT {columns} FROM {source} WHERE {' AND '.join(conditions)}"

    def _gathered(self, columns: str, conditions: list[str]) -> str:
        wanted = " AND ".join(conditions)
        live = f"{self._away} AND (g.expires_at IS NULL OR g.expires_at > {self._p('now')})"
        elsewhere = f"u.away AND {self._plain('u.home_id')} NOT IN (SELECT id FROM s)"
        home = f"SELECT {columns} FROM {self._each('s', 'home_id = s.id')} WHERE {wanted}"
        units = "g.unit_id IN (SELECT id FROM s)" if self.dialect == "sqlite" else "g.unit_id = s.id"
        source = '"grant" g' if self.dialect == "sqlite" else 's CROSS JOIN "grant" g'
        held = f"(SELECT DISTINCT g.user_id FROM {source} WHERE {units} AND {live}) a"
        return f"{home} UNION ALL SELECT {columns} FROM {self._each(held, 'id = a.user_id')} WHERE {elsewhere} AND {wanted}"

    def _each(self, few: str, condition: str) -> str:
        """Return the join of few rows with the user that an index finds for each of them, in this order and without hashing all users."""
        if self.dialect == "postgresql":
            return f'{few} CROSS JOIN LATERAL (SELECT * FROM "user" u0 WHERE u0.{condition} OFFSET 0) u'
        return f'{few} CROSS JOIN "user" u ON u.{condition} AND likelihood(+{condition.rpartition(" ")[2]} IS NOT NULL, 0.0001)'

    def _visible(self) -> str:
        units = "(SELECT id FROM s)"
        live = f"{self._away} AND (g.expires_at IS NULL OR g.expires_at > {self._p('now')})"
        there = f"{self._plain('g.unit_id')} IN {units}"
        stop = " OFFSET 0" if self.dialect == "postgresql" else ""
        there = f"coalesce({there}, false)"
        return (
            f"(coalesce({self._plain('u.home_id')} IN {units}, false) OR (u.away AND EXISTS"
            f'(SELECT 1 FROM "grant" g WHERE g.user_id = u.id AND {live} AND {there}{stop})))'
        )

    def _hits(self, work: Work) -> str:
        self.values["query"] = work.search if self.dialect == "postgresql" else f'"{work.search}"'
        if self.dialect == "postgresql":
            return f"SELECT user_id FROM user_search WHERE document LIKE '%%' || {self._p('query')} || '%%'"
        return f"SELECT rowid AS user_id FROM user_search_fts WHERE user_search_fts MATCH {self._p('query')}"

    def _contains(self, work: Work) -> str:
        self.values["text"] = work.search
        per_cent = "%%" if self.dialect == "postgresql" else "%"
        stop = " OFFSET 0" if self.dialect == "postgresql" else ""
        document = f"d.document LIKE '{per_cent}' || {self._p('text')} || '{per_cent}'"
        return f"EXISTS (SELECT 1 FROM user_search d WHERE d.user_id = u.id AND {document}{stop})"

    @property
    def _away(self) -> str:
        return "g.away" if self.dialect == "postgresql" else "g.away = 1"

    def _plain(self, column: str) -> str:
        return column if self.dialect == "postgresql" else f"+{column}"

    def _p(self, name: str) -> str:
        return f"%({name})s" if self.dialect == "postgresql" else f":{name}"
