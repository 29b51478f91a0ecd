"""The one flat template of the raw program: bo_panel's own frame as literal text, and its row written out by hand."""

import re
from collections.abc import Sequence

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
_TOKEN = re.compile(r'(name="csrf_token" value="|name="csrf-token" content=")[^"]*')
_NEXT = re.compile(r'(data-page="(?:next|last)" href=")[^"]*')


def raw_template(page: str, columns: Sequence[str]) -> str:
    """Return the template: everything outside the table's body as in `page`, with the token and the next page filled in."""
    found = _BODY.fullmatch(page)
    if found is None:
        raise ValueError("the page of bo_panel has no table; was it refused?")
    before, after = (_with_holes(part) for part in found.groups())
    dots, caret = re.findall(r"<svg[^>]*>(?:(?!</svg>).)*#(?:ellipsis|chevron-down)\"></use></svg>", page)[-2:]
    cells = "".join(_cell(column) for column in columns)
    return before + ROW.format(cells=cells, dots=dots, caret=caret) + "\n    " + after


def _cell(column: str) -> str:
    cell = CELLS[column]
    return "        " + (cell if column in OF_GUESTS else "{% if r.here %}" + cell + "{% else %}" + MUTED + "{% endif %}")


def _with_holes(part: str) -> str:
    literal = "{% raw %}" + part + "{% endraw %}"
    for pattern, name in ((_TOKEN, "token"), (_NEXT, "next_url")):
        literal = pattern.sub(r"\1{% endraw %}{{ " + name + " }}{% raw %}", literal)
    return literal
