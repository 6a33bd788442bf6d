"""What `advisor probe` does; it returns its exit code."""

from __future__ import annotations

from pathlib import Path

from advisor.commands.exits import DONE, NO, NOT_ASKED, agreed
from advisor.core.terminal import json_line, one_line, progress, write_message, write_results
from advisor.errors import InputError, Problem
from advisor.importing.proposals import read_proposal
from advisor.models.endpoint import configured
from advisor.pilot.probing.answerers import ServiceAnswerer, answerer
from advisor.pilot.probing.probe import Probe, probe_of
from advisor.pilot.probing.probe_cache import kept_probes
from advisor.pilot.probing.probe_material import Passages, ProbeMaterial, passages_in
from advisor.pilot.probing.probe_records import ProbedFailure
from advisor.pilot.probing.probe_terminal import drawn
from advisor.presentation.wording import counted


def run_probe(file: Path, documents: Path | None, yes: bool, as_json: bool) -> int:
    """Ask every failure of a proposal again, keep what is found, and print it."""
    draft = read_proposal(file)
    if not ProbeMaterial.of(draft).failures:
        what = "holds no failure with both an input and a wanted answer"
        raise InputError(Problem(file.name, what, "Add `input` and `expected` to its failures"))
    if configured() is None:
        write_message("Loading a small model that stands in for yours …")
    probe = probe_of(draft, answerer(), _search(documents))
    if not _agreed(probe, yes):
        write_message(NOT_ASKED)
        return NO
    result = probe.result(_asked(probe))
    asked = {failure.key: failure.input or "" for failure in probe.chosen}
    write_results(json_line(result.model_dump(mode="json")) if as_json else drawn(result, asked))
    write_message("Kept: `advisor triage` counts it, and the screen Probe shows every answer.")
    return DONE


def _search(documents: Path | None) -> Passages | None:
    if documents is None:
        return None

    return passages_in(documents)


def _agreed(probe: Probe, yes: bool) -> bool:
    """Before texts leave this machine, a person or `--yes` agrees."""
    questions, failures = len(probe.questions(probe.chosen)), len(probe.chosen)
    name = one_line(probe.answerer.name)
    asks = f"{counted(failures, 'failure')}, {counted(questions, 'question')} to {name}"
    if probe.judge:
        judge = one_line(probe.judge.name)
        asks += f", and at most {counted(questions + failures, 'question')} to {judge}, which "
        asks += "judges the answers"
    write_message(f"{asks}.")
    if yes or not isinstance(probe.answerer, ServiceAnswerer):
        return True
    endpoint = probe.answerer.endpoint
    write_message(f"The texts of the failures are sent to {endpoint.host}.")
    return agreed("Ask now?")


def _asked(probe: Probe) -> list[ProbedFailure]:
    answered, kept = [], kept_probes()
    questions = len(probe.questions(probe.chosen))
    with progress("Questions answered", questions, prints=False) as tell:
        for probed in probe.run(lambda done, _: tell(done)):
            kept.keep(probed, probe.answerer.name, probe.answerer.own_model)
            answered.append(probed)
    return answered
