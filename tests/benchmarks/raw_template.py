"""The one flat template of the raw program, with the words and marks of bo_panel's own page.

What is the same for every request is literal text; what depends on the person, on the address or on the database is filled in,
as in any template written by hand: names, the text searched for, filters with their choices, columns, pages, rows.
"""

import re
from collections.abc import Iterable, Sequence

CELLS = {
    "user_name": '<td class="cell" role="cell" data-kind="text" title="{{ r.user_name }}"><bdi>{{ r.user_name }}</bdi></td>',
    "first_name": '<td class="cell" role="cell" data-kind="text" title="{{ r.first_name }}"><bdi>{{ r.first_name }}</bdi></td>',
    "last_name": '<td class="cell" role="cell" data-kind="text" title="{{ r.last_name }}"><bdi>{{ r.last_name }}</bdi></td>',
    "email": '<td class="cell" role="cell" data-kind="text" title="{{ r.email or "" }}"><bdi>{{ r.email or "" }}</bdi></td>',
    "phone": '<td class="cell number" role="cell" data-kind="number">{{ r.phone or "" }}</td>',
    "home": '<td class="cell" role="cell" data-kind="text" title="{{ r.home }}"><bdi>{{ r.home }}</bdi></td>',
    "role": (
        '<td class="cell" role="cell" data-kind="tags"><span class="tags">'
        '{% for t in r.tags[:2] %}<span class="tag" title="{{ t }}"><bdi>{{ t }}</bdi></span>{% endfor %}'
        '{% if r.tags|length > 2 %}{% set more = r.tags[2:]|join(", ") %}<span class="tag more" title="{{ more }}">'
        '+{{ r.tags|length - 2 }}<span class="visually-hidden">: {{ more }}</span></span>{% endif %}</span></td>'
    ),
    "status": '<td class="cell" role="cell" data-kind="status"><span class="pill" data-status="{{ r.status }}">{{ words[r.status] }}</span></td>',
    "last_sign_in": (
        '<td class="cell muted" role="cell" data-kind="time">{% if r.iso %}'
        '<time class="number" datetime="{{ r.iso }}" title="{{ r.exact }}">{{ r.ago }}</time>{% else %}{{ r.ago }}{% endif %}</td>'
    ),
    "edit": (
        '{% if r.allowed %}<td class="cell" role="cell" data-kind="text"><a href="/users/edit/?id={{ r.id }}" aria-label="Add/Edit Back-Office User:'
        ' {{ r.name }}">Add/Edit Back-Office User</a></td>{% else %}<td class="cell muted" role="cell" data-kind="text" title=""><bdi></bdi></td>{% endif %}'
    ),
    "ticketing.days_away": (
        '{% if r.days_away == "" %}<td class="cell muted" role="cell" data-kind="text" title=""><bdi></bdi></td>'
        '{% else %}<td class="cell number" role="cell" data-kind="number">{{ r.days_away }}</td>{% endif %}'
    ),
    "id": '<td class="cell number" role="cell" data-kind="number">{{ r.id }}</td>',
}
MUTED = '<td class="cell muted" role="cell" data-kind="text" title=""><bdi></bdi></td>'
OF_GUESTS = frozenset({"user_name", "first_name", "last_name", "role", "status"})

ROW = """{{% for r in rows %}}
      <tr role="row" tabindex="-1" data-id="{{{{ r.id }}}}" data-name="{{{{ r.name }}}}" data-status="{{{{ r.status }}}}" data-allowed="{{{{ r.allowed }}}}"\
{{% if r.allowed %}} data-href="/users/edit/?id={{{{ r.id }}}}"{{% endif %}}>
        <td class="cell-check" role="cell">{{% if r.allowed %}}<label><input type="checkbox" class="pick" name="ids" value="{{{{ r.id }}}}" form="action-form"\
 aria-label="Select {{{{ r.name }}}}"></label>{{% endif %}}</td>
        <th class="cell-who" role="rowheader" scope="row">
          <div class="person">
            <span class="avatar" data-hue="{{{{ r.id * 5 % 8 }}}}" aria-hidden="true">{{{{ r.initials }}}}</span>
            <span class="person-text">{{% if r.allowed %}}<a class="person-name" href="/users/edit/?id={{{{ r.id }}}}" title="{{{{ r.name }}}}">\
<bdi>{{{{ r.name }}}}</bdi></a>{{% else %}}<span class="person-name" title="{{{{ r.name }}}}"><bdi>{{{{ r.name }}}}</bdi></span>{{% endif %}}\
{{% if r.here and r.email %}}<span class="person-more" title="{{{{ r.email }}}}"><bdi>{{{{ r.email }}}}</bdi></span>{{% endif %}}</span>
          </div>
        </th>{cells}        <td class="cell-act" role="cell">{{% if r.allowed %}}<button class="btn sm" type="submit" form="action-form" name="row"\
 value="{{{{ r.id }}}}" data-row-menu aria-haspopup="menu" aria-label="Actions for {{{{ r.name }}}}">{dots}<span class="btn-text">Actions</span>{caret}\
</button>{{% endif %}}</td>
      </tr>{{% endfor %}}"""

_BODY = re.compile(r'(.*<tbody role="rowgroup">).*(</tbody>.*)', re.DOTALL)
_OPTION = """
    {{% for o in {options} %}}<label class="check">
      <input type="{kind}" name="{name}" value="{{{{ o.value }}}}"{{% if o.chosen %}} checked{{% endif %}}>
      <bdi>{{{{ o.label }}}}</bdi>
    </label>
    {{% endfor %}}"""
_FILTER = re.compile(r'(<div id="filter-(\w+)".*?<div class="pop-options">).*?type="(\w+)".*?(</div>\s*</fieldset>)', re.DOTALL)
_HEADS = """<th role="columnheader" scope="col"{% if c.sort %} aria-sort="{{ c.sort }}"{% endif %}>
          {% if c.url %}<a href="{{ c.url }}" data-swap data-sort="{{ c.key }}">{{ c.label }}{% if c.sort %}ARROW{% endif %}</a>{% else %}{{ c.label }}{% endif %}

        </th>
        """
_CHIPS = """{% for f in chips %}<li class="chip">
    <button class="chip-edit" type="button" popovertarget="filter-{{ f.key }}" aria-haspopup="dialog" aria-expanded="false">
      <span class="muted">{{ f.label }}:</span> {{ f.said }}
    </button>
    <a class="chip-remove" href="{{ f.url }}" data-swap aria-label="Remove the filter {{ f.label }}">CROSS</a>
  </li>
{% endfor %}"""
_KEPT = """{{% for name, value in keep if name != '{name}' %}}
    <input type="hidden" name="{{{{ name }}}}" value="{{{{ value }}}}">{{% endfor %}}"""
_RESET = '{% if keep %}<a class="btn ghost sm reset" href="/users/" data-swap>CROSS</a>\n{% endif %}'
_SIZES = """{% for s in sizes %}<a class="number" href="{{ s.url }}"{% if s.here %} aria-current="true"{% endif %}>{{ s.label }}</a>
      {% endfor %}"""
_TURN = """<a class="btn sm" data-page="{{ key }}"{% if pages[key] %} href="{{ pages[key] }}"{% else %} role="link" aria-disabled="true"{% endif %}>"""
_SVG = r"<svg[^>]*>(?:(?!</svg>).)*#(?:{name})\"></use></svg>"
_COLUMN = re.compile(r'name="cols" value="(\w+)"(?: checked)?')


def raw_template(page: str, columns: Sequence[str]) -> str:
    """Return the template that draws the list in every state, made after `page`, which shows it without a search or filter."""
    found = _BODY.fullmatch(page)
    if found is None:
        raise ValueError("the page of bo_panel has no table; was it refused?")
    before, after = (_with_holes("{% raw %}" + part + "{% endraw %}") for part in found.groups())
    dots, caret = re.findall(r"<svg[^>]*>(?:(?!</svg>).)*#(?:ellipsis|chevron-down)\"></use></svg>", page)[-2:]
    cells = "".join(_cell(column) for column in columns)
    return before + ROW.format(cells=cells, dots=dots, caret=caret) + "\n    " + after


def _cell(column: str) -> str:
    cell = CELLS[column]
    return "        " + (cell if column in OF_GUESTS else "{% if r.here %}" + cell + "{% else %}" + MUTED + "{% endif %}")


def _with_holes(part: str) -> str:
    """Return a part of the page with everything filled in that is not the same for every request."""
    svgs = {name: next(iter(re.findall(_SVG.format(name=name), part)), "") for name in ("x", "arrow-up")}
    part = _FILTER.sub(lambda found: found[1] + hole(_OPTION.format(options=f"filters.{found[2]}", kind=found[3], name=found[2])) + found[4], part)
    part = re.sub(r'<form (?:class="search" )?method="get"[^>]*>', lambda found: found[0] + hole(_KEPT.format(name=_form(part, found.start()))), part)
    part = _COLUMN.sub(lambda found: f'name="cols" value="{found[1]}"' + hole("{% if '" + found[1] + "' in shown %} checked{% endif %}"), part)
    heads = "{% for c in heads %}" + _HEADS.replace("ARROW", svgs["arrow-up"]) + "{% endfor %}"
    part = re.sub(r'<th role="columnheader".*(?=<th class="cell-act")', lambda _found: hole(heads), part, flags=re.DOTALL)
    part = re.sub(r'(?<=aria-label="Filters in use">\n)', lambda _found: hole(_CHIPS.replace("CROSS", svgs["x"])), part)
    part = re.sub(r'(?<=<span class="grow spacer"></span>\n)', lambda _found: hole(_RESET.replace("CROSS", svgs["x"] + "Reset list")), part)
    part = re.sub(r'<a class="number" href=.*</a>\n', lambda _found: hole(_SIZES), part, flags=re.DOTALL)
    part = re.sub(r'<a class="btn sm" data-page="(\w+)"[^>]*>', lambda found: hole(_TURN.replace("key", f"'{found[1]}'").replace("{{ '", "{{ '")), part)
    return filled(part, _VALUES)


def filled(part: str, values: Iterable[tuple[str, str]]) -> str:
    """Return a part of the page with an expression in place of what follows each pattern, up to the end of the value."""
    for pattern, name in values:
        part = re.sub(pattern, lambda found, name=name: found[1] + hole("{{ " + name + " }}"), part)  # type: ignore[misc]
    return part


SHELL = (
    (r'(name="csrf_token" value="|name="csrf-token" content=")[^"]*', "token"),
    (r"(Your account: )[^<]*", "me.name"),
    (r'(<span class="avatar" data-hue="\d" aria-hidden="true">)[^<]*', "me.initials"),
    (r'(<div class="menu-label" role="presentation"><bdi>)[^<]+', "me.email"),
)
"""What every page shows of whoever is signed in."""
_VALUES = (
    *SHELL,
    (r'(type="search" name="search" value=")[^"]*', "search"),
    (r"(data-count>)[^<]*", "count"),
    (r'(name="next" value=")[^"]*', "here"),
)


def hole(template: str) -> str:
    """Return a part of a template that is filled in, to stand within literal text."""
    return "{% endraw %}" + template + "{% raw %}"


def _form(part: str, place: int) -> str:
    """Return the parameter that the form beginning there sets itself."""
    holders = re.findall(r'class="search"|<div id="(?:filter-)?(\w+)" class="pop"', part[: place + 20])
    return {"": "search", "columns": "cols"}.get(holders[-1], holders[-1]) if holders else "search"
