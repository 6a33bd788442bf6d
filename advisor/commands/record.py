"""What `advisor record` does; it returns its exit code."""

from __future__ import annotations

from pathlib import Path

from advisor.commands.exits import DONE
from advisor.commands.gate import proposals_here
from advisor.core.files import write_whole
from advisor.core.terminal import one_line, visible, write_message, write_results
from advisor.errors import AdvisorError, InputError, Problem
from advisor.pilot.exporting import mlflow
from advisor.presentation.wording import counted
from advisor.review.recording.decision_record import Sealed
from advisor.review.recording.record_files import WRITERS, files, told_registry
from advisor.review.recording.sealing import seal
from advisor.store import Store
from advisor.store.versions.version_records import AUTHOR
from advisor.triage.assessing.active_classifier import active_classifier
from advisor.triage.recommend import load_tools, triage


def run_record(id: str, out: Path | None, to: str | None, rules: Path | None) -> int:
    """Write the record of a decision, or print it; that this was done stands in the trail."""
    if out is None and to == "pdf":
        raise InputError(Problem("--format", "pdf is no text", "Add --out FOLDER"))
    store = proposals_here()
    kit = load_tools(rules, active_classifier())
    sealed = seal(store, kit.book, id, AUTHOR, lambda stored: triage(stored.draft, kit))
    if out is None:
        write_results(visible(WRITERS[to or "md"](sealed).decode()).rstrip("\n"))
    else:
        _write(store, sealed, out, to)
    write_message(f"Keep this elsewhere: {sealed.head}")
    _tell_registry(sealed)
    return DONE


def _write(store: Store, sealed: Sealed, out: Path, to: str | None) -> None:
    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        what = f"cannot be made: {error.strerror}"
        raise InputError(Problem(str(out), what, "Give another folder")) from None
    for name, content in files(store, sealed):
        if to is None or name.endswith(f".{to}"):
            write_whole(out / name, content)
            write_message(one_line(f"Wrote {out / name}"))


def _tell_registry(sealed: Sealed) -> None:
    """Tag the pilot's run where MLflow is configured; the record does not depend on it."""
    if not mlflow.configured() or sealed.body.pilot is None:
        return
    try:
        write_message(f"Tagged {counted(told_registry(sealed), 'entry')} in MLflow")
    except AdvisorError as error:
        write_message(str(error))
