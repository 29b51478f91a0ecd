"""Pictures in the form of a user: those that were chosen, those to be taken away, and where one is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage, MultiDict

from bo_panel.domain.errors import NotFound, Refusal, UnknownField
from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.domain.units import UnitPath
from bo_panel.queries.pictures import picture_row
from bo_panel.queries.profile_fields import key_of, seen_by
from bo_panel.services.changes import SetPicture
from bo_panel.services.engine import SetChange
from bo_panel.services.pictures import LONGEST_FILE, MIMETYPE, picture_of
from bo_panel.web.translating import gettext
from bo_panel.web.users.desk import Desk, home_of
from bo_panel.web.users.profile import picture_url
from bo_panel.web.users.typed import number, profile_values


@dataclass(frozen=True, slots=True)
class Pictures:
    """The files that were chosen, by the name of the field, and the names of the fields that were ticked to be emptied."""

    chosen: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    emptied: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """What the fields of pictures are called in the form."""

    @property
    def sent(self) -> bool:
        """Whether anything is done to a picture, which is not kept for an undo."""
        return bool(self.chosen or self.emptied)

    def changes(self) -> list[SetChange]:
        """Return what puts them in place; a file that was chosen goes before a tick. Raise Invalid for what is no picture."""
        found = [SetPicture(field_key=key_of(name), picture=picture_of(content, name)) for name, content in self.chosen.items()]
        return [*found, *(SetPicture(field_key=key_of(name), picture=None) for name in sorted(self.emptied - self.chosen.keys()))]

    def again(self, refusal: Refusal | None) -> Mapping[str, str]:
        """Return what is said at the fields for which a file was chosen, where a form that was refused comes back: no browser fills one in."""
        said = gettext("Choose the picture again; the rest of the form is still here.")
        return dict.fromkeys(self.chosen, said) if refusal else {}


def sent(form: MultiDict[str, str], files: MultiDict[str, FileStorage], fields: Sequence[ProfileField]) -> Pictures:
    """Return what a form says of the pictures of these fields; raise UnknownField for a file of no such field."""
    names = frozenset(field.name for field in fields if field.type is FieldType.IMAGE)
    for name in files:
        if name not in names:
            raise UnknownField(name=name[:80])
    read = {name: file.read(LONGEST_FILE + 1) for name, file in files.items() if file.filename}
    return Pictures(read, frozenset(name for name in names if form.get(name)), names)


def face_of(desk: Desk, row: Any) -> str:
    """Return where the first picture is that somebody has and the person asking sees; '' for none."""
    stored = profile_values(row)
    having = (field.key for field in desk.fields(home_of(row)) if field.type is FieldType.IMAGE and stored.get(field.key)) if stored else ()
    return next((picture_url(desk.addresses(row).pictures, key, stored[key]) for key in having), "")


def shown_picture(desk: Desk) -> Response:
    """Return the picture that the address names; raise NotFound for none, and for one that is not for the person asking to see."""
    key, user_id = request.args.get("field", "").replace("\x00", ""), number(request.args.get("id", ""))
    owned = desk.book.fields.get(key)
    row = picture_row(desk.session, desk.seen, user_id, key) if owned and user_id else None
    home = UnitPath(row.path) if row else None
    if owned is None or home is None or not owned.holds_at(home, row.kind) or not seen_by(desk.me.access, owned.field, home):
        raise NotFound
    response = Response(row.content, mimetype=MIMETYPE)
    response.set_etag(row.digest)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response.make_conditional(request)
