"""The parts of a run, each alone: limits, times, sheets, troubles, messages."""

from __future__ import annotations

import errno
import time
from typing import Any

import pytest
from crew import frozen
from hypothesis import given
from hypothesis import strategies as st
from slow_arms import ARMS

from advisor.domain.pilot_result import ArmAnswer, ArmRun, Loss, Usage
from advisor.domain.pilot_spec import ArmName, Budget
from advisor.errors import InputError, ModelError, Problem
from advisor.pilot.running.compute.answer_outbox import AnswerOutbox
from advisor.pilot.running.compute.error_messages import words_for, words_for_exit
from advisor.pilot.running.compute.messages import (
    AnswersMessage,
    ComputeMessage,
    NotesMessage,
    ProgressMessage,
    line_of,
    message_of,
)
from advisor.pilot.running.compute.orders import MANY, PART, parts
from advisor.pilot.running.compute.steps import in_random_order
from advisor.pilot.running.queue.snapshot import ArmProgress
from advisor.pilot.running.worker.live_progress import correction, seconds_left, share_done
from advisor.pilot.running.worker.run_sheet import RunSheet
from advisor.pilot.running.worker.stop_reasons import LIMITS, UsageReading, reached

BUDGET = Budget(minutes=10, memory_gb=2, disk_gb=1)


@pytest.mark.parametrize(
    ("now", "reach", "words"),
    [
        (UsageReading(9.9, 1.9, 0.9, 5), None, ""),
        (UsageReading(minutes=10), "pilot", "budget.minutes"),
        (UsageReading(memory_gb=2.1), "arm", "budget.memory_gb"),
        (UsageReading(disk_gb=1.1), "arm", "budget.disk_gb"),
        (UsageReading(free_gb=0.01), "leave", "Free some space"),
        (UsageReading(minutes=11, free_gb=0.01), "leave", "Free some space"),
    ],
)
def test_each_limit_says_who_stops_and_how_to_mend_it(
    now: UsageReading, reach: str | None, words: str
) -> None:
    reason = reached(now, BUDGET)
    assert (reason.reach if reason else None) == reach
    assert words in (reason.why if reason else "")
    assert (reason.state if reason else None) == ("paused" if reach == "leave" else None)
    assert len(LIMITS) == 4


def arm(state: str = "waiting", **more: Any) -> ArmProgress:
    return ArmProgress(
        key="k",
        arm=ArmName.PROMPT,
        seed=0,
        share=1.0,
        state=state,
        **more,  # type: ignore[arg-type]
    )


def test_what_took_longer_than_estimated_corrects_the_rest() -> None:
    arms = [arm("done", estimated=30, took=90), arm(estimated=30), arm("failed", took=1)]
    assert correction(arms) == 2
    assert [seconds_left(one, 2) for one in arms] == [0, 60, 0]
    assert share_done(arms, 2) == pytest.approx(91 / 151)


def test_quick_prompts_say_little_of_a_long_training() -> None:
    arms = [arm("done", estimated=100, took=25), arm(estimated=900)]
    assert correction(arms) == pytest.approx(0.925)


def test_one_odd_arm_corrects_only_so_far() -> None:
    assert correction([arm("done", estimated=1, took=1000)]) == 4
    assert correction([]) == 1


def test_where_nobody_knows_the_time_arms_are_counted() -> None:
    arms = [arm("done", took=3), arm("running", took=1), arm(), arm()]
    assert seconds_left(arms[1], 1) is None
    assert share_done(arms, 1) == 0.25
    assert share_done([], 1) == 0.0


def test_an_arm_that_answers_knows_its_time_best() -> None:
    known = arm("running", estimated=100, took=10, stage="answering", seconds_left=5.0)
    assert seconds_left(known, 1) == 5
    training = arm("running", estimated=100, took=10, stage="training", seconds_left=5.0)
    assert seconds_left(training, 1) == 90


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ModelError("There is no model."), "There is no model."),
        (InputError(Problem("a", "is wrong", "Mend it")), "a: is wrong. Mend it"),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (MemoryError(), "Memory ran out"),
        (ValueError("odd\x1b[2J\nline"), r"ValueError: odd\x1b[2J line"),
        (RuntimeError("x" * 10_000), "RuntimeError"),
    ],
)
def test_every_error_becomes_one_short_line(error: Exception, words: str) -> None:
    said = words_for(error)
    assert words in said and len(said) <= 500 and "\n" not in said


def test_a_process_ended_by_the_system_lacked_memory() -> None:
    assert "memory" in words_for_exit(-9)
    assert "code 3" in words_for_exit(3)


def test_a_sheet_takes_each_case_once_and_sums_up_after_an_interruption() -> None:
    run = ArmRun(
        arm=ArmName.FINE_TUNING,
        state="running",
        answers=(ArmAnswer(case="a", text="x", score=1.0),),
        usage=Usage(tokens_in=5, training_seconds=2, memory_mb=70),
        losses=(Loss(step=1, loss=3), Loss(step=2, loss=2)),
        details={"rank": 8},
    )
    sheet = RunSheet.of(run)
    assert sheet.whole == run
    sheet.add([ArmAnswer(case="a", text="y", score=0.0), ArmAnswer(case="b", text="z", score=0.0)])
    sheet.note(Usage(tokens_in=2, memory_mb=50), (Loss(step=2, loss=1.5),), {"base": "m"}, run)
    assert [one.case for one in sheet.answers] == ["a", "b"]
    assert [one.case for one in sheet.fresh] == ["b"]
    assert sheet.score == 0.5
    assert sheet.run.usage == Usage(tokens_in=7, training_seconds=2, memory_mb=70)
    assert [one.loss for one in sheet.run.losses] == [3, 1.5]
    assert sheet.run.details == {"rank": 8, "base": "m"}


@given(st.text(), st.text(min_size=1), st.floats(0, 1) | st.none())
def test_any_answer_crosses_the_line_between_processes(
    text: str, case: str, score: float | None
) -> None:
    sent = AnswersMessage(given=(ArmAnswer(case=case, text=text, score=score),))
    assert message_of(line_of(sent)) == sent
    assert line_of(sent).count(b"\n") == 1


@pytest.mark.parametrize("line", [b"", b"hello", b"{}", b'{"kind": "told"}', b'{"kind": "x"}'])
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        message_of(line)


def scored(given: Any) -> tuple[ArmAnswer, ...]:
    return tuple(one.model_copy(update={"score": 1.0}) for one in given)


def test_an_outbox_sends_everything_scored_with_what_was_noted() -> None:
    sent: list[ComputeMessage] = []
    with AnswerOutbox(sent.append, scored) as outbox:
        notes = outbox.notes()
        outbox.put(ArmAnswer(case="a", text="x"))
        notes.losses += [Loss(step=1, loss=1.0), Loss(step=2, loss=float("nan"))]
    assert sent == [
        NotesMessage(losses=(Loss(step=1, loss=1.0),)),
        AnswersMessage(given=(ArmAnswer(case="a", text="x", score=1.0),)),
    ]


def test_what_several_parts_of_a_run_took_is_put_together() -> None:
    sent: list[ComputeMessage] = []
    with AnswerOutbox(sent.append, scored) as outbox:
        for part in range(2):
            notes = outbox.notes()
            notes.usage = Usage(tokens_in=5, answering_seconds=2, training_tokens=90)
            notes.losses = [Loss(step=1, loss=3), Loss(step=2, loss=2)]
            notes.details[f"part {part}"] = part
    (noted,) = sent
    assert isinstance(noted, NotesMessage)
    assert noted.usage == Usage(tokens_in=10, answering_seconds=4, training_tokens=90)
    assert [one.step for one in noted.losses] == [1, 2]
    assert noted.details == {"part 0": 0, "part 1": 1}


def test_an_outbox_sends_while_the_next_answer_takes_long() -> None:
    sent: list[ComputeMessage] = []
    with AnswerOutbox(sent.append, scored) as outbox:
        outbox.put(ArmAnswer(case="a", text="x"))
        end = time.monotonic() + 10
        while not sent and time.monotonic() < end:
            time.sleep(0.05)
        assert isinstance(sent[0], AnswersMessage)


def test_a_judge_that_fails_ends_the_arm() -> None:
    def refuses(given: Any) -> tuple[ArmAnswer, ...]:
        raise ModelError("No judge.")

    with pytest.raises(ModelError, match="No judge"), AnswerOutbox(print, refuses) as outbox:
        outbox.put(ArmAnswer(case="a", text="x"))


def test_many_cases_are_answered_in_parts_that_stand_for_the_whole() -> None:
    pilot = frozen({"prompt": {}}, cases=MANY + 50)
    found = list(parts(pilot))
    assert [len(one.data.test) for one in found] == [PART, MANY + 50 - PART]
    together = [case for one in found for case in one.data.test]
    assert sorted(case.id for case in together) == sorted(case.id for case in pilot.data.test)
    assert tuple(together) == in_random_order(pilot.data.test, 0) != pilot.data.test
    assert len(list(parts(frozen({"prompt": {}}, cases=MANY)))) == 1


def test_cases_of_a_group_stay_together_in_random_order() -> None:
    cases = [
        one.model_copy(update={"group": f"g{place % 3}"})
        for place, one in enumerate(frozen({"prompt": {}}, cases=12).data.test)
    ]
    groups = [case.group for case in in_random_order(cases, 5)]
    assert sum(one != other for one, other in zip(groups, groups[1:], strict=False)) == 2


def test_told_is_light() -> None:
    assert len(line_of(ProgressMessage(stage="answering", done=1, total=2))) < 200
    assert {arm.name for arm in ARMS} >= {ArmName.PROMPT}
