"""From rule files to typed records with their places; what is not a record is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from advisor.core.strict import Strict
from advisor.domain.sources import Source
from advisor.rules.loading import rule_files
from advisor.rules.loading.rule_files import RuleFileKind, RuleFiles
from advisor.rules.loading.yaml_lines import LineError, Parsed, YamlPlace, parse
from advisor.rules.schema import approval as approval_schema
from advisor.rules.schema import rule_schema
from advisor.rules.schema.approval import ApprovalVeto, CheckItem, ReviewField, Tier, TierRule
from advisor.rules.schema.rule_finding import RuleFinding, did_you_mean
from advisor.rules.schema.rule_schema import (
    EvidenceRule,
    Question,
    RemedyCard,
    Rule,
    Taxonomy,
    Veto,
)

T_co = TypeVar("T_co", bound=Strict, covariant=True)
T = TypeVar("T", bound=Strict)


@dataclass(frozen=True)
class PlacedRecord(Generic[T_co]):
    """One record, and where it stands."""

    record: T_co
    file: str
    place: YamlPlace

    @property
    def name(self) -> str:
        """The id of the record, or the file if it has none."""
        return str(getattr(self.record, "id", "")) or self.file

    def finding(self, what: str, mend: str = "", path: tuple[str | int, ...] = ()) -> RuleFinding:
        """Return a finding about this record, at the line `path` leads to."""
        rule = "" if self.name == self.file else self.name
        return RuleFinding(self.file, self.place.line(*path), rule, what, mend)


@dataclass(frozen=True)
class ApprovalRecords:
    """Every record of `approval.yaml`; all empty where there is none."""

    tiers: list[PlacedRecord[Tier]] = field(default_factory=list)
    fields: list[PlacedRecord[ReviewField]] = field(default_factory=list)
    checklist: list[PlacedRecord[CheckItem]] = field(default_factory=list)
    raises: list[PlacedRecord[TierRule]] = field(default_factory=list)
    vetoes: list[PlacedRecord[ApprovalVeto]] = field(default_factory=list)
    there: bool = False
    """Whether the folder holds the file."""


@dataclass(frozen=True)
class RuleRecords:
    """Every record of a rule folder, in file order, and what could not be read."""

    questions: list[PlacedRecord[Question]]
    evidence: list[PlacedRecord[EvidenceRule]]
    vetoes: list[PlacedRecord[Veto]]
    remedies: list[PlacedRecord[RemedyCard]]
    taxonomy: list[PlacedRecord[Taxonomy]]
    sources: list[PlacedRecord[Source]]
    approval: ApprovalRecords
    findings: list[RuleFinding]
    broken: frozenset[str] = field(default=frozenset())
    """Ids of entries that could not be read; what refers to them is not reported again."""

    @property
    def rules(self) -> list[PlacedRecord[Rule]]:
        """Evidence rules and vetoes of triage, then the rules of approval."""
        return [*self.evidence, *self.vetoes, *self.approval.raises, *self.approval.vetoes]


class _RuleReader:
    """Reads one set of files and gathers what is wrong with them."""

    def __init__(self, source: RuleFiles) -> None:
        self.source = source
        self.findings: list[RuleFinding] = []
        self.broken: set[str] = set()
        self.parsed: dict[str, Parsed | None] = {}

    def records(self, kind: RuleFileKind[T]) -> list[PlacedRecord[T]]:
        names = self.source.named(kind.pattern)
        if not names and kind.required:
            self._note(
                kind.pattern, 0, "is missing", "Add the file; [] means that it holds nothing"
            )
        return [entry for name in names for entry in self._file(name, kind)]

    def _file(self, name: str, kind: RuleFileKind[T]) -> Iterator[PlacedRecord[T]]:
        parsed = self._parsed(name)
        if parsed is None:
            return
        if kind.part:
            parsed = parsed.part(kind.part)
            if parsed is None:
                what = f"has no part {kind.part!r}"
                self._note(name, 1, what, f"Write {kind.part}: and a list; [] holds nothing")
                return
        for raw, place in self._parts(name, parsed, kind.many):
            entry = self._entry(name, raw, place, kind.model)
            if entry:
                yield entry

    def _parsed(self, name: str) -> Parsed | None:
        if name not in self.parsed:
            self.parsed[name] = None
            try:
                self.parsed[name] = parse(self.source.contents[name])
            except LineError as error:
                self._note(name, error.line, error.what, error.mend)
        return self.parsed[name]

    def _strange_parts(self, name: str) -> Iterator[RuleFinding]:
        parsed = self.parsed.get(name)
        for part in parsed.data if parsed and isinstance(parsed.data, dict) else ():
            if part not in rule_files.PARTS:
                line = YamlPlace(parsed.node).line(part) if parsed else 0
                mend = did_you_mean(part, rule_files.PARTS, "Use " + ", ".join(rule_files.PARTS))
                yield RuleFinding(name, line, "", f"{part!r} is not a part of it", mend)

    def approval(self) -> ApprovalRecords:
        """Read the parts of `approval.yaml`, if it is there."""
        if not self.source.named(rule_files.APPROVAL):
            return ApprovalRecords()
        found = ApprovalRecords(
            self.records(rule_files.TIERS),
            self.records(rule_files.FIELDS),
            self.records(rule_files.CHECKLIST),
            self.records(rule_files.TIER_RULES),
            self.records(rule_files.APPROVAL_VETOES),
            there=True,
        )
        self.findings += self._strange_parts(rule_files.APPROVAL)
        return found

    def _parts(self, name: str, parsed: Parsed, many: bool) -> Iterator[tuple[Any, YamlPlace]]:
        if not many:
            yield parsed.data, YamlPlace(parsed.node)
        elif isinstance(parsed.data, list):
            yield from parsed.items()
        else:
            self._note(name, 1, "is not a list", "Begin each entry with '- id: …'")

    def _entry(
        self, name: str, raw: Any, place: YamlPlace, model: type[T]
    ) -> PlacedRecord[T] | None:
        identity = str(raw.get("id", ""))[:80] if isinstance(raw, dict) else ""
        if not isinstance(raw, dict):
            self._note(name, place.line(), "is not an entry with fields", "Write: - id: …")
            return None
        try:
            return PlacedRecord(model.model_validate(raw), name, place)
        except ValidationError as error:
            self.broken.add(identity)
            self.findings += _complaints(error, raw, RuleFinding(name, 0, identity, ""), place)
            return None

    def _note(self, file: str, line: int, what: str, mend: str) -> None:
        self.findings.append(RuleFinding(file, line, "", what, mend))


def read_records(source: RuleFiles) -> RuleRecords:
    """Turn rule files into records. Never raises: `findings` holds what is wrong."""
    reader = _RuleReader(source)
    strays = [
        RuleFinding(
            name, 0, "", "is read by nothing", did_you_mean(name, rule_files.PATTERNS, _WHERE)
        )
        for name in source.contents
        if not any(name in source.named(pattern) for pattern in rule_files.PATTERNS)
    ]
    records = (
        reader.records(rule_files.QUESTIONS),
        reader.records(rule_files.EVIDENCE),
        reader.records(rule_files.VETOES),
        reader.records(rule_files.REMEDIES),
        reader.records(rule_files.TAXONOMY),
        reader.records(rule_files.SOURCES),
        reader.approval(),
    )
    return RuleRecords(*records, [*reader.findings, *strays], frozenset(reader.broken))


_WHERE = "Evidence rules go into the folder evidence, in files that end in .yaml"


_FIELDS = {
    field.alias or name
    for model in (*vars(rule_schema).values(), *vars(approval_schema).values())
    if isinstance(model, type) and issubclass(model, Strict)
    for name, field in model.model_fields.items()
}


def _complaints(
    error: ValidationError, raw: Any, at: RuleFinding, place: YamlPlace
) -> Iterator[RuleFinding]:
    """Turn pydantic's complaints into findings, one for each field."""
    by_path: dict[tuple[str | int, ...], list[Any]] = {}
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        by_path.setdefault(_known_path(raw, item["loc"]), []).append(item)
    for path, items in by_path.items():
        what, mend = _words(items)
        field_name = ".".join(str(step) for step in path)
        what = f"{field_name!r} {what}" if field_name else what
        yield RuleFinding(at.file, place.line(*path), at.rule, what, mend)


def _known_path(raw: Any, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Cut pydantic's path after the part the author wrote (or left out)."""
    known: list[str | int] = []
    for step in path:
        known.append(step)
        try:
            raw = _step(raw, step)
        except LookupError:
            break
        except TypeError:  # pydantic names the type it tried, which no author wrote
            return tuple(known[:-1])
    return tuple(known)


def _step(raw: Any, step: str | int) -> Any:
    return raw[step]


def _words(items: list[Any]) -> tuple[str, str]:
    kind, last = items[0]["type"], str(items[0]["loc"][-1]) if items[0]["loc"] else ""
    if kind == "missing":
        return "is missing", "Add it"
    if kind == "extra_forbidden":
        return "is not a field here", did_you_mean(last, _FIELDS, "Remove it")
    if len(items) > 1:
        return "is not an answer", "Write yes, no, a number or quoted text"
    return items[0]["msg"].removeprefix("Value error, ").rstrip("."), ""
