"""Inspect logs: `.json`, and `.eval`, which is a ZIP of JSON files."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from advisor.core.text import shown
from advisor.errors import InputError, Problem
from advisor.importing.formats.subprocess_reader import NOT_PACKED
from advisor.pilot.comparing.reading.score_files import (
    LINE_LIMIT,
    CaseScore,
    ScoreFile,
    Scores,
    as_score,
    named,
    numbers,
    parsed,
)

_LETTERS = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
"""Correct, incorrect, partly, no answer: as Inspect counts them."""
_ZSTANDARD = 93
_DIRECTORY_LIMIT = 20_000_000
"""Bytes of the table of contents of a packed log."""
_SUMMARIES = "summaries.json"
_HEADERS = ("header.json", "_journal/start.json")
_LOCAL_HEADER = 30
_CONVERT = "Run `inspect log convert --to json` on it and give the result"


def is_log(content: Any) -> bool:
    """Tell a log by the evaluation that it is about."""
    return isinstance(content, Mapping) and isinstance(content.get("eval"), Mapping)


def read_log(content: Mapping[str, Any], source: ScoreFile) -> Scores:
    """Return the scores of a log in JSON.

    Raises:
        InputError: it holds no samples.
    """
    samples = content.get("samples")
    if not isinstance(samples, list) or not samples:
        mend = "Give the whole log, not only its header"
        raise InputError(Problem(shown(source.name), "holds no samples", mend))
    return _scored(content["eval"], samples)


def read_packed(source: ScoreFile) -> Scores:
    """Return the scores of a packed log; only its summaries are unpacked.

    Raises:
        InputError: it is damaged, unfinished, or grows beyond the limit.
    """
    where = shown(source.name)
    packed = _opened(source.data, where)
    names = set(packed.namelist())
    header = next((name for name in _HEADERS if name in names), None)
    if header is None or _SUMMARIES not in names:
        raise InputError(Problem(where, "is no finished Inspect log", "Wait until it has finished"))
    about = parsed(_unpacked(packed, header, source.data, where), where)
    samples = parsed(_unpacked(packed, _SUMMARIES, source.data, where), where)
    if not is_log(about) or not isinstance(samples, list):
        raise InputError(Problem(where, "is no Inspect log", _CONVERT))
    return _scored(about["eval"], samples)


def _scored(about: Mapping[str, Any], samples: Sequence[Any]) -> Scores:
    arm = named(about.get("model") or "model")
    found = tuple(score for sample in samples for score in _scores(sample, arm))
    return Scores("an Inspect log", found, repeats=True)


def _scores(sample: Any, arm: str) -> Iterator[CaseScore]:
    """Yield what each scorer says of one sample in one epoch."""
    if not isinstance(sample, Mapping) or "id" not in sample:
        return
    case, scores = named(sample["id"]), sample.get("scores")
    for scorer, given in scores.items() if isinstance(scores, Mapping) else ():
        value = given.get("value") if isinstance(given, Mapping) else None
        if isinstance(value, Mapping):  # several figures by one scorer
            for name, figure in numbers(value, value).items():
                yield CaseScore(arm, case, named(f"{scorer}/{name}"), figure)
        else:
            letter = _LETTERS.get(value) if isinstance(value, str) else None
            yield CaseScore(arm, case, named(scorer), as_score(value) if letter is None else letter)


def _opened(data: bytes, where: str) -> zipfile.ZipFile:
    """Open a packed file whose table of contents is of a sane size."""
    end = data.rfind(b"PK\x05\x06")
    size = struct.unpack_from("<I", data, end + 12)[0] if 0 <= end <= len(data) - 22 else None
    try:
        if size is None or size > _DIRECTORY_LIMIT:
            raise zipfile.BadZipFile
        return zipfile.ZipFile(BytesIO(data))
    except NOT_PACKED:
        raise _damaged(where) from None


def _damaged(where: str) -> InputError:
    return InputError(Problem(where, "is damaged: it cannot be unpacked", _CONVERT))


def _unpacked(packed: zipfile.ZipFile, name: str, data: bytes, where: str) -> str:
    """Unpack one part, stopping at the limit whatever size it declares."""
    entry = packed.getinfo(name)
    try:
        if entry.compress_type == _ZSTANDARD:
            content = _zstandard(entry, data)
        else:
            with packed.open(entry) as stream:
                content = stream.read(LINE_LIMIT + 1)
        text = content.decode("utf-8")
    except (*NOT_PACKED, zlib.error, EOFError, RuntimeError):
        raise _damaged(where) from None
    if len(content) > LINE_LIMIT:
        what = f"grows beyond {LINE_LIMIT // 1_000_000} MB once unpacked, the limit"
        raise InputError(Problem(where, what, "Give a log with fewer samples"))
    return text


def _zstandard(entry: zipfile.ZipInfo, data: bytes) -> bytes:
    """Unpack what Inspect packs since 2026, which zipfile does not know before Python 3.14."""
    import pyarrow as pa  # heavy: pyarrow

    start = entry.header_offset + _LOCAL_HEADER
    start += sum(struct.unpack_from("<HH", data, start - 4))
    raw = pa.BufferReader(data[start : start + entry.compress_size])
    content: bytes = pa.CompressedInputStream(raw, "zstd").read(LINE_LIMIT + 1)
    return content
