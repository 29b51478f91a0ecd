"""The file of those whom a change leaves alone."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from flask import Response

from bo_panel.domain.errors import ROW_REFUSALS, ChangedSince
from bo_panel.domain.tabular import harmless
from bo_panel.web.translating import gettext
from bo_panel.web.users.rows import full_name


def refused_file(rows: Iterable[Any], name: str) -> Response:
    """Return rows with `id, user_name, first_name, last_name, code, reason, changed_by, changed_at` as a CSV file to download."""
    text = io.StringIO()
    write = csv.writer(text)
    heads = (gettext("ID"), gettext("User name"), gettext("Name"), gettext("Code"), gettext("Reason"), gettext("Changed by"), gettext("Changed at"))
    write.writerow(heads)
    for row in rows:
        sentence = str(ROW_REFUSALS[row.code](reason=row.reason or ""))
        since = (harmless(row.changed_by or ""), row.changed_at.isoformat(timespec="seconds")) if row.code == ChangedSince.code else ("", "")
        write.writerow([row.id, *map(harmless, (row.user_name, full_name(row))), row.code, harmless(sentence), *since])
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)
