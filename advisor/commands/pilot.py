"""What `advisor pilot` and `advisor worker` do; each function returns its exit code."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from advisor.commands.exits import DONE, INTERRUPTED, NO, WRONG_INPUT, agreed, reply
from advisor.core.terminal import json_line, one_line, write_message, write_results
from advisor.domain.comparison import VerdictOutcome
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_state import Ask, PilotInfo
from advisor.errors import AdvisorError
from advisor.pilot.comparing.comparison_words import SHARES, VERDICT_WORDS
from advisor.pilot.data.freezing import load
from advisor.pilot.data.spec_file import read_spec
from advisor.pilot.running.queue.actions import ask, queue, watch
from advisor.pilot.running.queue.estimating import Estimate, estimate
from advisor.pilot.running.queue.snapshot import Snapshot
from advisor.pilot.running.queue.terminal_follow import arm_told, follow, name_of, whole_words
from advisor.presentation.wording import duration, moment, number, start
from advisor.review.decisions.gate import check_start
from advisor.store import Store, open_store
from advisor.store.versions.version_records import AUTHOR


def run_pilot(file: Path, as_json: bool, detach: bool, yes: bool) -> int:
    """Say what a pilot will take, run it on being told to, and print what it found."""
    spec, folder = read_spec(file)
    frozen = load(spec, folder)
    for finding in frozen.findings:
        write_message(one_line(finding.what))
    estimate = _estimated(frozen)
    if not (yes or agreed("Start now?")):
        write_message("Nothing was started. In a script, add --yes.")
        return NO
    store = open_store()
    id = queue(store, frozen, AUTHOR, secrets.token_hex(16), check_start, estimate)
    if detach:
        write_message(f"It runs in the background. See: advisor pilot show {id}")
        write_results(json_line({"pilot": id}) if as_json else id)
        return DONE
    write_message(f"Pilot {id}. Ctrl-C to pause it or to leave it")
    return _followed(store, id, as_json)


def _followed(store: Store, id: str, as_json: bool) -> int:
    try:
        now = follow(store, id)
    except KeyboardInterrupt:
        return _interrupted(store, id)
    return _print_end(store, now, as_json)


def _interrupted(store: Store, id: str) -> int:
    """Ask what Ctrl-C means; where nobody can answer, the pilot is paused."""
    question = "\n[P]ause, [c]ancel, or [l]eave it running? "
    said = reply(question)[:1] if sys.stdin.isatty() else ""
    if said == "l":
        write_message(f"It goes on in the background. See: advisor pilot show {id}")
        return INTERRUPTED
    what: Ask = "cancel" if said == "c" else "pause"
    ask(store, id, what, AUTHOR, secrets.token_hex(16))
    mend = "" if what == "cancel" else f". Go on with: advisor pilot resume {id}"
    write_message(f"Asked to {what}{mend}")
    return INTERRUPTED


def _estimated(frozen: Frozen) -> Estimate:
    """Say what a pilot will take."""
    write_message("Timing a few cases with each arm …")
    guess = estimate(frozen)
    if guess.hopeless:
        raise AdvisorError(f"No arm can run. {start(guess.hopeless)}")
    said: set[str] = set()
    for arm, step in zip(guess.snapshot(frozen).arms, guess.steps, strict=True):
        why = "The reason is the same." if step.why in said else start(one_line(step.why))
        told = f"cannot run. {why}" if step.why else duration(step.seconds)
        said.add(step.why)
        write_message(f"  {name_of(arm)}: {told}")
    write_message(f"About {duration(guess.seconds)} in all on this machine.")
    if not guess.fits(frozen):
        allowed = number(frozen.spec.budget.minutes)
        write_message(
            f"It may take {allowed} minutes at most and will stop then. "
            "Allow more in budget.minutes, or name fewer arms"
        )
    return guess


def _print_end(store: Store, now: Snapshot, as_json: bool) -> int:
    """Print what a pilot found, and return the exit code."""
    result = store.pilots.result(now.pilot)
    if result is None:
        write_message(one_line(f"The pilot is {now.state}. {now.why}").strip())
        return {"paused": INTERRUPTED, "cancelled": NO}.get(now.state, WRONG_INPUT)
    if as_json:
        write_results(json_line(result.model_dump(mode="json", by_alias=True)))
    else:
        from advisor.pilot.comparing.terminal_view import drawn  # heavy: rich

        write_results(drawn(result.comparison, SHARES))
    verdict = result.comparison.verdict.outcome
    return DONE if verdict is VerdictOutcome.CONFIRMED else NO


def run_show(id: str, as_json: bool) -> int:
    """Print how a pilot stands, or what it found."""
    store = open_store()
    now, result = watch(store, id), store.pilots.result(id)
    if as_json:
        dumped = result.model_dump(mode="json", by_alias=True) if result else None
        write_results(json_line(now.model_dump(mode="json") | {"result": dumped}))
        return DONE
    if result is None:
        write_results(one_line(f"{now.title}: {whole_words(now) or now.state}"))
        for arm in now.arms:
            write_results(one_line(f"  {start(name_of(arm))}: {arm_told(arm) or arm.state}"))
        for line in now.lines:
            write_message(line)
        return DONE
    _print_end(store, now, as_json)
    return DONE


def run_list(as_json: bool) -> int:
    """Print all pilots, the newest first."""
    for info in open_store().pilots.all():
        write_results(json_line(_listed(info)) if as_json else one_line(_line(info)))
    return DONE


def _listed(info: PilotInfo) -> dict[str, object]:
    return {
        "pilot": info.id,
        "title": info.title,
        "state": info.state,
        "outcome": info.outcome,
        "author": info.author,
        "created": info.created_at.isoformat(),
        "proposal": info.proposal_id,
    }


def _line(info: PilotInfo) -> str:
    verdict = f": {VERDICT_WORDS[VerdictOutcome(info.outcome)].lower()}" if info.outcome else ""
    return f"{info.id}  {moment(info.created_at)}  {info.state}{verdict}  {info.title}"


def run_ask(id: str, what: Ask) -> int:
    """Pause, resume or cancel a pilot."""
    now = ask(open_store(), id, what, AUTHOR, secrets.token_hex(16))
    write_message(f"Asked to {what}." if now.asked else f"The pilot is {now.state}.")
    return DONE


def run_worker(until_idle: bool) -> int:
    """Run pilots until told to stop."""
    from advisor.pilot.running.worker.worker_loop import serve  # heavy: dbos
    from advisor.review.queue.schedule import kept_up  # heavy: bm25s

    if not until_idle:
        write_message("Waiting for pilots. Ctrl-C ends it; what runs goes back to the queue")
    serve(until_idle, beside=kept_up)
    return DONE
