"""Assessments of what was handed in, kept in a file: a version is judged once, not at each restart.

Reviewers open versions that nobody looked at since the server started. Judging one again takes
longer than everything else on its dossier.
"""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from advisor.core.disk_cache import DiskCache
from advisor.core.strict import digest
from advisor.domain.assessment import Assessment
from advisor.errors import StoreError
from advisor.pilot.probing.probe_cache import kept_probes
from advisor.proposal import Draft, Failure

if TYPE_CHECKING:
    from advisor.triage.recommend import Tools


FILE = "assessments.sqlite3"
KEPT = 5_000
"""Assessments kept, those written last; one takes about 5 KB, and more with many failures."""
LARGEST = 1_000_000
"""Bytes of one: what is larger has thousands of failures, and is read with its progress shown."""
_CACHE = DiskCache(FILE, "the kept assessments", "assessment", ("packed BLOB NOT NULL",))
_LOG = logging.getLogger("advisor")


def kept(draft: Draft, prints: Sequence[str]) -> Assessment | None:
    """Return what triage said about a version, unless something changed that it rests on.

    What cannot be read counts as missing: then it is judged anew.

    Args:
        draft: The version.
        prints: What the assessment rests on beside it, as `judged_by` says.
    """
    try:
        rows = _CACHE.get([_key(draft, prints)]).values()
        return next((_unpacked(packed) for (packed,) in rows), None)
    except StoreError as error:
        _LOG.warning("%s", error)
    except (TypeError, zlib.error, ValidationError):
        _LOG.warning("A kept assessment in %s cannot be read.", FILE)
    return None


def keep(draft: Draft, prints: Sequence[str], result: Assessment) -> None:
    """Keep what was said about a version, unless it is too large or there is no room."""
    packed = zlib.compress(result.model_dump_json().encode())
    if len(packed) > LARGEST:
        return
    try:
        _CACHE.put({_key(draft, prints): (packed,)}, most=KEPT)
    except StoreError as error:
        _LOG.warning("%s", error)


def _unpacked(packed: bytes) -> Assessment:
    return Assessment.model_validate_json(zlib.decompress(packed))


def _key(draft: Draft, prints: Sequence[str]) -> str:
    return digest([draft.fingerprint, *prints, _code()])


@cache
def _code() -> str:
    """Return the fingerprint of the advisor's own code: what it says may change with it."""
    folder, total = Path(__file__).parents[2], hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".yaml"}):
        total.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return total.hexdigest()


def judged_by(kit: Tools, failures: Sequence[Failure]) -> tuple[str, ...]:
    """Return fingerprints of rules, classifier with its opinions, reader, and kept probes.

    While none of them changes, a version is judged the same.
    """
    from advisor.failures.second_opinion.advised_reader import advised  # heavy: numpy

    read = advised(kit.classifier, failures).fingerprint
    return (kit.book.fingerprint, read, kit.reader.fingerprint, kept_probes().mark(failures))
