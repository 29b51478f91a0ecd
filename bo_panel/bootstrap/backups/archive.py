"""The file of a backup: a zip archive with the copy of the database, and a manifest that says what it is a copy of."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Self

from bo_panel.bootstrap.database import DatabaseError

MANIFEST, COPY = "manifest.json", "database"
FORMAT = 1
BLOCK = 1 << 20

BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, KeyError)
"""What a damaged archive, or one made by something else, is met with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds: of which deployment, from when, by which program, at which revisions, and how many rows of each table."""

    deployment: str
    made_at: str
    program: str
    backend: str
    revisions: Mapping[str, list[str]]
    counts: Mapping[str, int]
    sha256: str = ""

    @classmethod
    def read(cls, file: Path) -> Self:
        """Return the manifest of a backup; raise DatabaseError for any other file."""
        try:
            with zipfile.ZipFile(file) as archive:
                told = json.loads(archive.read(MANIFEST))
            if told.pop("format") != FORMAT:
                raise DatabaseError(f"{file} was made by a newer bo_panel than this one. Install that version to restore it.")
            return cls(**told)
        except FileNotFoundError:
            raise DatabaseError(f"There is no file {file}.") from None
        except OSError as problem:
            raise DatabaseError(f"{file} cannot be read: {problem.strerror}.") from problem
        except (*BROKEN, ValueError, TypeError, AttributeError):
            raise DatabaseError(f"{file} is no backup. Name a file that `bo db backup` made.") from None


def pack(manifest: Manifest, copy: Path, file: Path, *, compress: bool) -> None:
    """Write the archive beside the copy, check that it can be read, and only then give it its name; nobody but its owner can read it."""
    told = {"format": FORMAT, **asdict(manifest)}
    unfinished = copy.with_name("archive")
    with private(unfinished) as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED, compresslevel=1) as archive:
            archive.writestr(MANIFEST, json.dumps(told, indent=1))
            archive.write(copy, COPY)
        stream.flush()
        os.fsync(stream.fileno())
    with zipfile.ZipFile(unfinished) as archive:
        broken = archive.testzip()
    if broken:
        raise DatabaseError(f"{file} cannot be read back: {broken} is broken. Try another disk.")
    unfinished.replace(file)


def unpack(manifest: Manifest, file: Path, target: Path) -> None:
    """Write the copy of the database that an archive holds to a new file; raise DatabaseError when it is not as it was."""
    seen = hashlib.sha256()
    try:
        with zipfile.ZipFile(file) as archive, archive.open(COPY) as packed, private(target) as stream:
            while block := packed.read(BLOCK):
                seen.update(block)
                stream.write(block)
    except (*BROKEN, EOFError, ValueError):
        raise DatabaseError(f"{file} is broken. Use another backup.") from None
    if seen.hexdigest() != manifest.sha256:
        raise DatabaseError(f"{file} is broken: the copy in it is not the one that was made. Use another backup.")


@contextmanager
def private(file: Path) -> Iterator[BinaryIO]:
    """Yield a new file to write to, for the eyes of its owner only."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        yield stream


@contextmanager
def workshop(beside: Path) -> Iterator[Path]:
    """Yield a folder for unfinished files, on the disk of the file that is made; full disks and the like are told in a line."""
    try:
        beside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(dir=beside.parent, prefix=".backup-") as folder:
            yield Path(folder)
    except OSError as problem:
        raise DatabaseError(f"{beside.parent} cannot be written: {problem.strerror or problem}.") from problem


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
