"""The rule files of one folder as bytes, and their fingerprint."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from advisor.core.strict import Strict
from advisor.domain.sources import Source
from advisor.errors import Problem, RuleError
from advisor.rules.schema.approval import ApprovalVeto, CheckItem, ReviewField, Tier, TierRule
from advisor.rules.schema.rule_schema import EvidenceRule, Question, RemedyCard, Taxonomy, Veto

T = TypeVar("T", bound=Strict)

SIZE = 2_000_000
"""Bytes in one rule file."""
SETTLED = 100_000_000
"""Nanoseconds for which a file must have stayed as it is: two changes may fall into one tick."""
_PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class RuleFileKind(Generic[T]):
    """One kind of rule file: where it is and what each entry holds."""

    pattern: str
    model: type[T]
    many: bool = True
    """A list of records, against one record a file."""
    required: bool = True
    part: str = ""
    """The key under which the list stands, where a file holds several."""


QUESTIONS = RuleFileKind("questions.yaml", Question)
EVIDENCE = RuleFileKind("evidence/*.yaml", EvidenceRule)
VETOES = RuleFileKind("vetoes.yaml", Veto)
REMEDIES = RuleFileKind("remedies.yaml", RemedyCard)
TAXONOMY = RuleFileKind("taxonomy.yaml", Taxonomy, many=False)
SOURCES = RuleFileKind("sources.yaml", Source)

APPROVAL = "approval.yaml"
"""It may be missing: then nothing can be submitted for review."""
TIERS = RuleFileKind(APPROVAL, Tier, required=False, part="tiers")
FIELDS = RuleFileKind(APPROVAL, ReviewField, required=False, part="fields")
CHECKLIST = RuleFileKind(APPROVAL, CheckItem, required=False, part="checklist")
TIER_RULES = RuleFileKind(APPROVAL, TierRule, required=False, part="raises")
APPROVAL_VETOES = RuleFileKind(APPROVAL, ApprovalVeto, required=False, part="vetoes")
PARTS = tuple(kind.part for kind in (TIERS, FIELDS, CHECKLIST, TIER_RULES, APPROVAL_VETOES))

PATTERNS = (
    *(kind.pattern for kind in (QUESTIONS, EVIDENCE, VETOES, REMEDIES, TAXONOMY, SOURCES)),
    APPROVAL,
)


@dataclass(frozen=True)
class RuleFiles:
    """Rule files by name relative to their folder (`evidence/labels.yaml`); equal by content."""

    fingerprint: str
    contents: Mapping[str, bytes] = field(compare=False, repr=False)

    @classmethod
    def of(cls, contents: Mapping[str, bytes]) -> RuleFiles:
        """Return the files with line endings made the same, so that every checkout agrees."""
        plain = {
            name: contents[name].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            for name in sorted(contents)
        }
        total = hashlib.sha256()
        for name, content in plain.items():
            total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
        return cls(total.hexdigest(), plain)

    def named(self, pattern: str) -> list[str]:
        """Return the names that match `pattern`, sorted."""
        return [name for name in self.contents if fnmatchcase(name, pattern)]


def rules_folder() -> Path:
    """Return `rules/` beside the package in a checkout, else the copy inside the package."""
    beside = _PACKAGE.parent / "rules"
    return beside if (beside / QUESTIONS.pattern).is_file() else _PACKAGE / "shipped" / "rules"


def read_files(folder: Path) -> RuleFiles:
    """Read every YAML file under `folder`; what did not change since is not read again.

    Raises:
        RuleError: if the folder or a file cannot be read, or a file is larger than `SIZE`.
    """
    try:
        marks = {path: _Mark.of(path.stat()) for path in _rule_files(folder)}
        large = [path for path, mark in marks.items() if mark.size > SIZE]
        if large:
            raise RuleError(Problem(large[0].name, f"is over {SIZE:,} bytes", "Split it"))
        if not marks:
            mend = "Name the folder that holds questions.yaml"
            raise RuleError(Problem(folder.name, "holds no rule files", mend))
        settled = time.time_ns() - max(mark.changed for mark in marks.values()) > SETTLED
        read = _read if settled else _read.__wrapped__
        return read(folder, tuple(marks.items()))
    except OSError as error:
        raise RuleError(Problem(folder.name, f"cannot be read: {error.strerror}")) from error


class _Mark(NamedTuple):
    """What changes with the content of a file."""

    inode: int
    size: int
    changed: int
    """Nanoseconds since 1970. Few file systems set both times back."""

    @classmethod
    def of(cls, found: os.stat_result) -> _Mark:
        return cls(found.st_ino, found.st_size, max(found.st_mtime_ns, found.st_ctime_ns))


def _rule_files(folder: Path) -> list[Path]:
    named = (
        os.path.join(place, name)
        for place, _, names in os.walk(folder)
        for name in names
        if name.endswith((".yaml", ".yml"))
    )
    return sorted(path for path in map(Path, named) if path.is_file())


@lru_cache(maxsize=8)
def _read(folder: Path, marks: tuple[tuple[Path, _Mark], ...]) -> RuleFiles:
    return RuleFiles.of({
        path.relative_to(folder).as_posix(): path.read_bytes() for path, _ in marks
    })
