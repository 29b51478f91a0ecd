"""The raw program for the form of one user: hand-written SQL, one Jinja template and a Flask session, as for the list.

It has the words and marks of bo_panel's own page. What is the same for every request is literal text; what depends on the person,
on the address or on the database is filled in by holes, loops and conditions.
"""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from flask import Flask, Response, abort, request, session

from tests.benchmarks.raw import ALLOWED, HEADERS, WORDS, Driver, person_of, said, shown, template_of
from tests.benchmarks.raw_sql import RawPage
from tests.benchmarks.raw_template import SHELL, filled, hole

PROVIDER, ACCOUNT, SUB_ACCOUNT = (f"service_provider.{kind}" for kind in ("provider", "account", "sub_account"))
ONE = """
SELECT u.id, u.user_name, u.first_name, u.last_name, u.email, u.email_deliverable, u.phone, u.status, u.last_sign_in, u.created_at, u.home_id, u.version,
    t.name AS home_name, c.user_id AS has_password, c.must_change, EXISTS (SELECT 1 FROM attempt WHERE blocked_until > {now}) AS blocked
FROM "user" u JOIN unit t ON t.id = u.home_id LEFT JOIN credential c ON c.user_id = u.id WHERE u.id = {id} AND u.deleted_at IS NULL
"""
HELD = f"""
SELECT g.role_key, x.id, x.name, x.kind, x.path, p.id AS above_id, p.name AS above, CASE WHEN g.role_key <> 'member' THEN
    (SELECT count(*) FROM unit i WHERE i.path >= x.path AND i.path < substr(x.path, 1, length(x.path) - 1) || '0' AND i.kind = '{SUB_ACCOUNT}') END AS beneath
FROM "grant" g JOIN unit x ON x.id = g.unit_id LEFT JOIN unit p ON p.id = x.parent_id
WHERE g.user_id = {{id}} AND (g.expires_at IS NULL OR g.expires_at > {{now}}) ORDER BY x.sort_name, g.id
"""
OFFERED = """
SELECT r.key, r.label, r.unit_kinds FROM role r JOIN "user" u ON u.id = {id} JOIN unit t ON t.id = u.home_id WHERE r.unit_id IN (1, t.id) ORDER BY r.label, r.id
"""

_OPTION = re.compile(r'<option value="([^"]+)"(?: data-kinds="([^"]*)")?(?: data-whole="([^"]*)")?(?: data-hint="([^"]*)")?(?: selected)?>([^<]*)')
_OPTIONS = """{% for r in roles %}
  <option value="{{ r.key }}"{% if r.kinds %} data-kinds="{{ r.kinds }}"{% endif %}{% if r.whole %} data-whole="{{ r.whole }}"{% endif %}\
{% if r.hint %} data-hint="{{ r.hint }}"{% endif %}{% if r.key == role.key %} selected{% endif %}>{{ r.label }}</option>{% endfor %}
"""
_TOKENS = """{{% for id, name in units['{kind}'] %}}      <li class="token">
        <bdi>{{{{ name }}}}</bdi>
        <input type="hidden" name="units:{kind}" value="{{{{ id }}}}">
        <button class="needs-script" type="button" aria-label="Remove {{{{ name }}}}">CROSS</button>
      </li>{{% endfor %}}"""
_CLOSED = "{{% if '{kind}' not in role.kinds %}}{attribute}{{% endif %}}"
_FACT = """
  <div>
    <dt>{{ label }}</dt>
    <dd><bdi>{{ value }}</bdi>{% if loop.first %} COPY{% endif %}</dd>
  </div>"""
_FACTS = "{% for label, value in facts %}" + _FACT + "{% endfor %}\n"
_BUTTON = re.compile(r'<button class="btn[^"]*" type="submit" form="action-form" name="action" value="(\w+)".*?</button>')
_COPY = re.compile(r'<button [^>]*data-copy="[^"]*".*?</button>', re.DOTALL)
_REMARKS = "{% for text in remarks %}<li>ICON<bdi>{{ text }}</bdi></li>{% endfor %}"
_META = "{% for part in meta %}<span><bdi>{{ part }}</bdi></span>{% endfor %}"
_VALUES = (
    *SHELL,
    (r"(<title>)[^·]*(?= ·)", "u.name"),
    (r'((?:edit|access)/\?id=|data-id="|name="ids" value=")\d+', "u.id"),
    (r'(<span class="avatar xl" data-hue=")\d', "u.id * 5 % 8"),
    (r'(<span class="avatar xl"[^>]*>)[^<]*', "u.initials"),
    (r"(<h1><bdi>)[^<]*", "u.name"),
    (r'(<span class="pill" data-status="|data-status=")\w+(?=">)', "u.status"),
    (r'(<span class="pill"[^>]*>)[^<]*', "words[u.status]"),
    (r'(name="version" value=")[^"]*', "u.version"),
    (r'(id="field-home"><bdi>)[^<]*', "u.home_name"),
    (r"(/lookup/\?home=)\d+", "u.home_id"),
    (r'(data-option-hint aria-live="polite">)[^<]*', "role.hint"),
    (r'(data-subject[^>]* data-name=")[^"]*', "u.name"),
    *((rf'(name="{name}" value=")[^"]*', f"u.{name} or ''") for name in ("user_name", "first_name", "last_name", "email", "phone")),
)


@dataclass(frozen=True, slots=True)
class RawForm:
    """The raw program for the form of one user."""

    driver: Driver
    now: datetime

    def app(self, page: str) -> Flask:
        """Return the application that answers with pages like this one."""
        app = Flask("raw_form")
        app.secret_key = "raw" * 12
        template, declared = template_of(form_template(page)), declared_roles(page)

        @app.get("/users/edit/")
        def form() -> Response:
            person = person_of(self.driver)
            [user] = self._rows(ONE) or abort(404)
            held, stored = self._rows(HELD), self._rows(OFFERED)
            self.driver.done()
            token = session.setdefault("token", secrets.token_urlsafe(24))
            filling = _filling(user, held, [*declared, *map(_stored, stored)], self.now)
            return Response(template.render(token=token, me=shown(person), words=WORDS, **filling), headers=HEADERS)

        return app

    def _rows(self, statement: str) -> list[dict[str, Any]]:
        mark = "%({})s" if self.driver.name == "postgresql" else ":{}"
        values = {"id": int(request.args["id"]), "now": self.driver.moment(self.now)}
        used = {name: value for name, value in values.items() if "{" + name + "}" in statement}
        return list(self.driver.rows(RawPage(statement.format(**{name: mark.format(name) for name in used}), used), prepare=True))


def declared_roles(page: str) -> Sequence[Mapping[str, str]]:
    """Return the roles on offer that are not in the database."""
    names = ("key", "kinds", "whole", "hint", "label")
    return [dict(zip(names, map(unescape, found), strict=True)) for found in _OPTION.findall(page) if not found[0].startswith("role:")]


def form_template(page: str) -> str:
    """Return the template that draws the form of anybody, made after `page`, which shows that of somebody."""
    text = "{% raw %}" + page + "{% endraw %}"
    text = re.sub(r'(<option value="">[^<]*</option>).*?(?=</select>)', lambda found: found[1] + hole(_OPTIONS), text, flags=re.DOTALL)
    cross = re.search(r'aria-label="Remove [^"]*">(<svg.*?</svg>)', text)
    if cross is None:
        raise ValueError("the page of bo_panel shows nobody who holds a role at several units")
    for kind in (ACCOUNT, SUB_ACCOUNT):
        text = _with_units(text, kind, cross[1])
    copy = re.sub(r'(?<=data-copy=")[^"]*', "{{ value }}", _COPY.findall(text)[0])
    text = re.sub(r'(<dl class="facts">).*?(?=</dl>)', lambda found: found[1] + hole(_FACTS.replace("COPY", copy)), text, flags=re.DOTALL)
    icon = re.findall(r'class="remarks" role="list">\s*<li>(<svg.*?</svg>)', text, flags=re.DOTALL)[0]
    text = re.sub(r'(class="remarks" role="list">).*?(?=</ul>)', lambda found: found[1] + hole(_REMARKS.replace("ICON", icon)), text, flags=re.DOTALL)
    text = re.sub(r'(<p class="muted meta">).*?(?=</p>)', lambda found: found[1] + hole(_META), text)
    text = _BUTTON.sub(lambda found: hole("{% if '" + found[1] + "' in allowed %}") + found[0] + hole("{% endif %}"), text)
    return filled(text, _VALUES)


def _with_units(text: str, kind: str, cross: str) -> str:
    """Return the page with the units of a kind filled in, and with its field closed where the role is not held at such units."""
    field = f"field-units-{kind.replace('.', '-')}"
    closed = {attribute: hole(_CLOSED.format(kind=kind, attribute=attribute)) for attribute in (" data-disabled", " disabled")}
    tokens = hole(_TOKENS.format(kind=kind).replace("CROSS", cross))
    text = re.sub(rf'(aria-labelledby="{field}-label">) *<li.*?(?=</ul>)', lambda found: found[1] + tokens, text, flags=re.DOTALL)
    text = re.sub(rf'(data-unit-kind="{kind}"[^>]*?)(?: data-disabled)?(?=>)', lambda found: found[1] + closed[" data-disabled"], text)
    text = re.sub(rf'(<input [^>]*id="{field}"[^>]*?)(?: disabled)?(?=>)', lambda found: found[1] + closed[" disabled"], text)
    open_ = hole("{% if '" + kind + "' in role.kinds %} hidden{% endif %}")
    return re.sub(rf'(id="{field}-reason" data-disabled-hint)(?: hidden)?', lambda found: found[1] + open_, text)


def _filling(user: dict[str, Any], held: Sequence[dict[str, Any]], roles: Sequence[Mapping[str, str]], now: datetime) -> Mapping[str, Any]:
    """Return what the template is filled with."""
    first, last = user["first_name"], user["last_name"]
    user["name"] = f"{first} {last}".strip() or user["user_name"]
    user["initials"] = (first[:1] + last[:1]).upper() or user["user_name"][:2].upper()
    user["email"] = user["email"] if user["email_deliverable"] else ""
    grants = [grant for grant in held if grant["role_key"] != "member"]
    keys = [grant["role_key"] for grant in grants]
    known = {role["key"]: role for role in roles}
    role = known.get(max(dict.fromkeys(keys), key=keys.count, default=""), {"key": "", "kinds": "", "hint": ""})
    _iso, exact, ago = said(user["last_sign_in"], now)
    reached = sum(grant["beneath"] for grant in grants if not any(_covers(other, grant) for other in grants))
    facts = [("ID", user["id"]), ("Created", said(user["created_at"], now)[1]), ("Last sign-in", exact or "Never"), ("Version", user["version"])]
    facts += [*((known[grant["role_key"]]["label"], grant["name"]) for grant in grants[:12]), ("Sub-Accounts", reached)]
    meta = (user["user_name"], user["home_name"], f"Last sign-in: {ago}")
    units = _units([grant for grant in grants if grant["role_key"] == role["key"]])
    filling = {"u": user, "roles": roles, "role": role, "units": units, "facts": facts, "meta": meta, "remarks": _remarks(user)}
    return filling | {"allowed": ALLOWED.get(user["status"], "").split()}


def _remarks(user: Mapping[str, Any]) -> Sequence[str]:
    """Return what is said of signing in; of whom something hinders, the raw form says nothing, so that he is not measured."""
    if user["status"] != "active" or user["has_password"] is None or user["blocked"]:
        return ()
    names = " or ".join(filter(None, [user["user_name"], user["email"]]))
    return (f"Can sign in, as {names}.", *(["A new password has to be chosen at the next sign-in."] if user["must_change"] else []))


def _units(grants: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Return the units chosen, by kind: accounts, and those of the sub-accounts that are chosen inside one."""
    inside = [(grant["above_id"], grant["above"]) for grant in grants if grant["kind"] == SUB_ACCOUNT]
    found = {kind: [(grant["id"], grant["name"]) for grant in grants if grant["kind"] == kind] for kind in (ACCOUNT, SUB_ACCOUNT)}
    return found | {ACCOUNT: list(dict.fromkeys([*found[ACCOUNT], *inside]))}


def _covers(other: Mapping[str, Any], grant: Mapping[str, Any]) -> bool:
    return other is not grant and bool(grant["path"].startswith(other["path"]))


def _stored(row: dict[str, Any]) -> Mapping[str, str]:
    """Return a role of the database as an option; one that is held at providers, too, can be given at all accounts at once."""
    kinds = json.loads(row["unit_kinds"]) if isinstance(row["unit_kinds"], str) else row["unit_kinds"]
    below = " ".join(kind for kind in (ACCOUNT, SUB_ACCOUNT) if kind in kinds)
    return {"key": row["key"], "label": row["label"], "kinds": below, "whole": ACCOUNT if PROVIDER in kinds else "", "hint": ""}
