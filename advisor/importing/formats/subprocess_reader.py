"""Office files and PDFs are read by a process of their own, with limits on memory and time."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from advisor.core.files import MEGABYTE
from advisor.errors import InputError, Problem
from advisor.importing.tables.import_result import UNPACKED_LIMIT

_WORKER = Path(__file__).with_name("subprocess_worker.py")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_SECONDS = 60
_ENTRIES = 5_000
_CHUNK = 1_000_000
_HEADER = 30
NOT_PACKED = (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error)
"""What `zipfile` raises at a damaged file; NotImplementedError: it names a version or a way of
packing that nobody knows."""


def read_apart(kind: str, data: bytes, where: str) -> dict[str, Any]:
    """Return what the worker's reader `kind` found in `data`.

    Raises:
        InputError: the file is damaged, locked, or needs more memory or time than allowed.
    """
    command = [sys.executable, "-P", str(_WORKER), kind]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS)
        result = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        # A crash leaves half a line; what went wrong inside a hostile file is not worth more.
        mend = "Open it, save it under a new name, or export it as CSV or text"
        raise InputError(Problem(where, "is damaged or too complex to be read", mend)) from None
    if not isinstance(result, dict) or "problem" in result:
        raise InputError(Problem(where, *result["problem"]))
    return result


def check_unlocked(data: bytes, where: str) -> None:
    """Refuse an office file that is locked with a password.

    Raises:
        InputError: it is locked.
    """
    if data.startswith(_OLD_OFFICE) and _LOCKED in data:
        mend = "Save it without a password"
        raise InputError(Problem(where, "is locked with a password", mend))


def check_unpacked(data: bytes, where: str) -> None:
    """Refuse a packed file (xlsx, ods, docx) that is damaged or grows beyond the limit.

    The sizes it declares are checked first, then what really comes out: the declared sizes may lie.

    Raises:
        InputError: it is no packed file, or too large once unpacked.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            entries = packed.infolist()
    except NOT_PACKED:
        mend = "Open it, save it again, and choose the new file"
        raise InputError(Problem(where, "is damaged: it cannot be unpacked", mend)) from None
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > _ENTRIES or declared > UNPACKED_LIMIT or _grows(data, entries):
        limit = f"{UNPACKED_LIMIT // MEGABYTE} MB"
        what = f"is larger than {limit} once unpacked, the limit"
        raise InputError(Problem(where, what, "Keep a sample, or export it as CSV or text"))


def _grows(data: bytes, entries: list[zipfile.ZipInfo]) -> bool:
    """Unpack and count, stopping at the limit."""
    total = 0
    for entry in entries:
        name_and_extra = data[entry.header_offset + 26 : entry.header_offset + _HEADER]
        if entry.compress_type != zipfile.ZIP_DEFLATED or len(name_and_extra) < 4:
            continue
        start = entry.header_offset + _HEADER + sum(struct.unpack("<HH", name_and_extra))
        total += _unpacked(data[start : start + entry.compress_size], UNPACKED_LIMIT - total)
        if total > UNPACKED_LIMIT:
            return True
    return False


def _unpacked(packed: bytes, most: int) -> int:
    """Count the bytes that come out of `packed`, up to a little over `most`."""
    unpacker, total, rest = zlib.decompressobj(-zlib.MAX_WBITS), 0, packed
    try:
        while rest and total <= most:
            piece = unpacker.decompress(rest, _CHUNK)
            total, rest = total + len(piece), unpacker.unconsumed_tail
            if not piece and not rest:
                break
    except zlib.error:
        return total
    return total
