"""How names people type are made comparable: done once, here."""

import re
import unicodedata

USER_NAME_LIMIT = 120
NAME_LIMIT = 120
EMAIL_LIMIT = 254

SORT_LIMIT = 240

_ID = re.compile(r"(?:id\s*:|#)\s*0*([1-9][0-9]{0,16})")
_SPACES = re.compile(r"\s+")
_UNSTORABLE = frozenset({"Cc", "Cs"})
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows them, on the rest of the page too."""


def tidy(text: str) -> str:
    """Return the text in composed form, without outer or repeated white space, control characters and turns of direction."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()  # nothing to compose and nothing to leave out, as in most names
    kept = (" " if char.isspace() else char for char in text if char.isspace() or _is_kept(char))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", "".join(kept))).strip()


def key(text: str) -> str:
    """Return what two spellings of one user name or e-mail have in common (NFKC, case folded, nothing invisible)."""
    before, now = None, text
    while now != before:  # folding can bring forth what is composed otherwise; twice is enough in practice
        shown = "".join(char for char in now if unicodedata.category(char) != "Cf")
        before, now = now, tidy(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", shown).casefold()))
    return now


def folded(text: str) -> str:
    """Return the text for searching and sorting: case folded, accents removed."""
    decomposed = unicodedata.normalize("NFKD", tidy(text).casefold())
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def sort_form(text: str) -> str:
    """Return what a list is sorted by, cut to what is stored of it."""
    return folded(text)[:SORT_LIMIT]


def sort_name(first_name: str, last_name: str) -> str:
    """Return what a list of people is sorted by: last name, then first name."""
    return sort_form(f"{last_name} {first_name}")


def search_document(*parts: str | None) -> str:
    """Return the searchable text of somebody: every folded word, each after two spaces, so that a word's start can be matched."""
    words = " ".join(part for part in parts if part)
    return "".join(f"  {word}" for word in folded(words).split())


def search_terms(text: str, most: int = 8) -> tuple[str, ...]:
    """Return what must be contained in a search document: three letters match anywhere, fewer match a word's start."""
    words = folded(text[:200]).split()[:most]
    return tuple(word if len(word) >= 3 else f"  {word}" for word in words)


def searched_id(text: str) -> int:
    """Return the id that a search asks for, as `id:12` or `#12`; 0 for any other search."""
    found = _ID.fullmatch(folded(text[:200]))
    return int(found[1]) if found else 0


def is_writable(text: str) -> bool:
    """Return whether a text can be sent and stored: it holds no half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_kept(char: str) -> bool:
    return char not in _TURNS and unicodedata.category(char) not in _UNSTORABLE
