"""A specification and its files put together: checked, split, and frozen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from advisor.domain.cases import CASE_LIMIT, Case, Dataset
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import Finding
from advisor.domain.pilot_spec import Spec
from advisor.errors import InputError, Problem
from advisor.pilot.data.case_files import CaseRows
from advisor.pilot.data.case_rows import read_cases
from advisor.pilot.data.contradictions import contradictions
from advisor.pilot.data.corpus import Corpus, read_documents, with_gold
from advisor.pilot.data.gathered_problems import GatheredProblems
from advisor.pilot.data.passages import plain
from advisor.pilot.data.recorded_outputs import Recorded, read_recorded
from advisor.pilot.data.spec_paths import Upload, read_upload, read_uploads
from advisor.pilot.data.splitting import group_meaning, hold_out

FEWEST = 4
"""Cases that each side must have; what can be concluded from so few is another matter."""
_MOST_LEAKED = 0.5


def load(spec: Spec, folder: Path) -> Frozen:
    """Return the pilot with the files that it names, all of them inside `folder`.

    Raises:
        InputError: one problem for each thing that is wrong.
    """
    if spec.data is None:
        mend = "Add data with cases, or with train and test"
        raise InputError(Problem("data", "is missing", mend))
    gathered, files = GatheredProblems(), spec.data

    def upload(name: str) -> Upload | None:
        given = getattr(files, name)
        where = f"data.{name}"
        return gathered.get(lambda: read_upload(folder, given, where), None) if given else None

    singles = {name: upload(name) for name in ("cases", "train", "test", "recorded")}
    documents: tuple[Upload, ...] = ()
    if named := files.documents:
        documents = gathered.get(lambda: read_uploads(folder, named, "data.documents"), ())
    gathered.check()
    return freeze(spec, documents=documents, **singles)


def freeze(
    spec: Spec,
    *,
    cases: Upload | None = None,
    train: Upload | None = None,
    test: Upload | None = None,
    documents: Sequence[Upload] = (),
    recorded: Upload | None = None,
) -> Frozen:
    """Return the pilot with its data; either `cases`, which are split, or `train` and `test`.

    Raises:
        InputError: one problem for each thing that is wrong.
    """
    gathered = GatheredProblems(contradictions(spec, "specification"))
    if (cases is None) == (train is None) or (train is None) != (test is None):
        gathered.problems.append(_one_way())
    given = [upload for upload in (cases, train, test) if upload]
    rows = gathered.each(lambda upload: read_cases(upload, spec.task), given)
    corpus = gathered.get(lambda: read_documents(documents), Corpus())
    gathered.check()
    sides, findings = _sides(spec, rows)
    sides, told = group_meaning(*sides, spec.task)
    findings += told
    (kept, tested), notes = _fitted(sides, corpus)
    found: list[Finding] = [*findings, *corpus.findings, *notes]
    outputs: Recorded = ()
    if recorded:
        outputs, missing = read_recorded(recorded, tested, rows[-1].order)
        found += missing
    return Frozen(
        spec, Dataset(tuple(kept), tuple(tested), corpus.documents), outputs, tuple(found)
    )


def _one_way() -> Problem:
    return Problem("data", "gives no cases, or twice", "Give either cases, or train and test")


def _sides(
    spec: Spec, rows: Sequence[CaseRows]
) -> tuple[tuple[list[Case], list[Case]], list[Finding]]:
    """Return training and test, and what was noticed; copies are on one side only."""
    findings = [finding for each in rows for finding in each.findings()]
    if len(rows) == 1:
        train, test = hold_out(rows[0].cases, spec.held_out, spec.seeds[0], spec.task)
    else:
        train, leaked = _without(_apart(rows[0].cases, rows[1].cases), rows[1])
        test = rows[1].cases
        findings += leaked
    _check_counts(train, test)
    return (train, test), findings


def _apart(train: list[Case], test: list[Case]) -> list[Case]:
    """Return the training side with other ids where those of the test are taken."""
    taken = {case.id for case in test}
    return [
        case.model_copy(update={"id": f"train-{case.id}"[:200]}) if case.id in taken else case
        for case in train
    ]


def _without(train: list[Case], test: CaseRows) -> tuple[list[Case], list[Finding]]:
    """Take the cases of the test out of the training side.

    Raises:
        InputError: most of the test stands there.
    """
    asked = {plain(case.input) for case in test.cases}
    copies = {key for case in train if (key := plain(case.input)) in asked}
    leaked = tuple(case.id for case in test.cases if plain(case.input) in copies)
    if len(leaked) > _MOST_LEAKED * len(test.cases):
        what = f"{len(leaked)} of {len(test.cases)} test cases stand in the training file too"
        mend = "Give a test file of other cases, or one file as cases: it is split for you"
        raise InputError(Problem(test.where, what, mend))
    if not leaked:
        return train, []
    kept = [case for case in train if plain(case.input) not in copies]
    what = (
        f"{len(leaked)} test cases stood in the training file too; "
        f"{len(train) - len(kept)} training cases were taken out, so that none is tested that was "
        "trained on."
    )
    return kept, [Finding(check="leak", severity="warning", what=what, cases=leaked)]


def _check_counts(train: Sequence[Case], test: Sequence[Case]) -> None:
    together = len(train) + len(test)
    problems = [
        Problem("data", f"leaves {len(side)} cases for {name}; {FEWEST} are the least", mend)
        for name, side in (("training", train), ("the test", test))
        for mend in ["Add cases: from 60 on a verdict is likely; groups must not be too large"]
        if len(side) < FEWEST
    ]
    if together > CASE_LIMIT:
        what = f"has {together:,} cases; the limit is {CASE_LIMIT:,}"
        problems.append(Problem("data", what, "Keep a random sample of them"))
    if problems:
        raise InputError(problems)


def _fitted(
    sides: tuple[list[Case], list[Case]], corpus: Corpus
) -> tuple[tuple[list[Case], list[Case]], list[Finding]]:
    train, some = with_gold(sides[0], corpus)
    test, more = with_gold(sides[1], corpus)
    return (train, test), [*some, *more]
