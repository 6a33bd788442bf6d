"""Files that a specification names: found inside its own folder, and nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from advisor.core.files import read_path
from advisor.core.terminal import one_line
from advisor.core.text import shown
from advisor.errors import InputError, Problem
from advisor.pilot.data.gathered_problems import GatheredProblems

FOLDER_FILES = 5_000
"""Files in a folder of documents."""
FOLDER_BYTES = 200_000_000
"""Bytes of a folder of documents, together."""


class Upload(NamedTuple):
    """One file: its name, of which only the ending counts, and its bytes."""

    name: str
    data: bytes


def inside(folder: Path, name: str, where: str) -> Path:
    """Return the path of `name` inside `folder`, links followed.

    Raises:
        InputError: it is missing, or leads out of the folder.
    """
    word = one_line(name)[:80]
    parts = re.split(r"[\\/]", name)
    windows = PureWindowsPath(name)
    if not parts[0] or windows.drive or windows.root or ".." in parts or "\x00" in name:
        what = f"{word!r} leads out of the folder of the specification"
        raise InputError(Problem(where, what, "Put the file beside the specification"))
    try:
        home = folder.resolve(strict=True)
        path = home.joinpath(*parts).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        what = f"there is no file {word!r} beside the specification"
        raise InputError(Problem(where, what, "Check the name")) from None
    if not path.is_relative_to(home):
        what = f"{word!r} is a link that leads out of the folder of the specification"
        raise InputError(Problem(where, what, "Copy the file there"))
    return path


def read_upload(folder: Path, name: str, where: str) -> Upload:
    """Return the file `name` inside `folder`.

    Raises:
        InputError: it is missing, too large, no plain file, or leads out of the folder.
    """
    return Upload(name, read_path(inside(folder, name, where)))


def read_uploads(folder: Path, name: str, where: str) -> tuple[Upload, ...]:
    """Return the file `name`, or every file below the folder `name`, in the order of their names.

    Hidden files and links are passed over.

    Raises:
        InputError: one problem for each file that cannot be read.
    """
    path = inside(folder, name, where)
    if not path.is_dir():
        return (read_upload(folder, name, where),)
    files = sorted(_below(path))
    if not files:
        raise InputError(Problem(where, f"the folder {shown(name)!r} is empty", "Add documents"))
    if len(files) > FOLDER_FILES or sum(file.stat().st_size for file in files) > FOLDER_BYTES:
        most = f"{FOLDER_FILES:,} files or {FOLDER_BYTES // 1_000_000} MB"
        raise InputError(Problem(where, f"the folder has more than {most}", "Give fewer documents"))
    return tuple(_each(path, files))


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(place, name) for name in files if not name.startswith("."))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _each(folder: Path, paths: list[Path]) -> list[Upload]:
    gathered = GatheredProblems()
    uploads = gathered.each(
        lambda path: Upload(path.relative_to(folder).as_posix(), read_path(path)), paths
    )
    gathered.check()
    return uploads
