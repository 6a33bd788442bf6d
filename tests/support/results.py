"""A finished pilot of our own making, for reports and exports."""

from datetime import UTC, datetime

from advisor.domain.cases import Case, Dataset
from advisor.domain.comparison import (
    ArmScore,
    Best,
    Comparison,
    ComparisonOutcome,
    Contrast,
    Verdict,
    VerdictOutcome,
)
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import (
    ArmAnswer,
    ArmCost,
    ArmRun,
    CurvePoint,
    Finding,
    Loss,
    PilotResult,
    Usage,
)
from advisor.domain.pilot_spec import ArmName, Spec, Task

LABELS = ("refund", "delivery", "address")


def cases(side: str, many: int) -> tuple[Case, ...]:
    return tuple(
        Case(
            id=f"{side}{n}",
            input=f"Message {n}: where is {{{{my}}}} parcel?",
            expected=LABELS[n % 3],
        )
        for n in range(many)
    )


FROZEN = Frozen(
    Spec(
        title="Sorting <messages> | desk",
        task=Task.CLASSIFICATION,
        instruction="Say what the message is about.",
        arms=(ArmName.PROMPT, ArmName.CLASSIFIER, ArmName.FINE_TUNING),
        recommended=ArmName.FINE_TUNING,
    ),
    Dataset(cases("a", 60), cases("b", 40)),
)


def _run(arm: ArmName, right: int, **given: object) -> ArmRun:
    answers = tuple(
        ArmAnswer(
            case=case.id, text=case.expected if n < right else "other", score=float(n < right)
        )
        for n, case in enumerate(FROZEN.data.test)
    )
    return ArmRun(arm=arm, answers=answers, **given)


def _contrast(
    a: str, b: str, difference: float, low: float, high: float, out: ComparisonOutcome
) -> Contrast:
    open_ = out is ComparisonOutcome.INCONCLUSIVE
    return Contrast(
        a=a, b=b, n=40, difference=difference, low=low, high=high, p=0.01, p_adjusted=0.02,
        outcome=out, cases_needed=210 if open_ else None,
        chance_that_doubling_settles=0.34 if open_ else None,
    )  # fmt: skip


COMPARISON = Comparison(
    arms=(
        ArmScore(name="prompt", score=0.1, low=0.04, high=0.23, n=40),
        ArmScore(name="classifier", score=0.9, low=0.77, high=0.96, n=40),
        ArmScore(name="fine_tuning", score=0.8, low=0.65, high=0.9, n=40),
    ),
    comparisons=(
        _contrast("classifier", "fine_tuning", -0.1, -0.24, 0.03, ComparisonOutcome.INCONCLUSIVE),
        _contrast("prompt", "fine_tuning", 0.7, 0.52, 0.81, ComparisonOutcome.BETTER),
    ),
    verdict=Verdict(
        outcome=VerdictOutcome.CONTRADICTED,
        because="A plain classifier does as well as fine-tuning, and is simpler.",
        next="Build the classifier.",
        recommended="fine_tuning",
        named=True,
        primary=("classifier", "fine_tuning"),
        margin=0.1,
        best=Best(arm="classifier", score=0.9, expected=0.88),
        notes=("A small base model flatters fine-tuning, because it prompts badly.",),
    ),
)
RESULT = PilotResult(
    pilot="p1",
    hash=FROZEN.hash,
    spec=FROZEN.spec,
    margin=0.1,
    started=datetime(2026, 5, 4, 9, 0, tzinfo=UTC),
    finished=datetime(2026, 5, 4, 9, 3, tzinfo=UTC),
    runs=(
        _run(ArmName.PROMPT, 4, usage=Usage(answering_seconds=9, tokens_in=4_000, tokens_out=200)),
        _run(ArmName.CLASSIFIER, 36, usage=Usage(answering_seconds=0.2)),
        _run(
            ArmName.FINE_TUNING,
            32,
            usage=Usage(
                training_tokens=9_000,
                training_seconds=40,
                answering_seconds=6,
                training_flops=7.3e12,
                memory_mb=1_900,
            ),
            losses=tuple(Loss(step=n, loss=2 / n) for n in range(1, 9)),
            details={"training": {"batch": 8, "epochs": 4, "learning_rate": 1e-3}},
        ),
        ArmRun(arm=ArmName.ENDPOINT, state="failed", why="The service does not accept the key."),
    ),
    comparison=COMPARISON,
    aggregates={"prompt": {"macro_f1": 0.12}, "fine_tuning": {"macro_f1": 0.79}},
    slices={"seen facts": {"prompt": 0.2, "fine_tuning": 0.9}},
    curve=(
        CurvePoint(examples=15, score=0.5, low=0.35, high=0.65),
        CurvePoint(examples=30, score=0.7, low=0.55, high=0.82),
        CurvePoint(examples=60, score=0.8, low=0.65, high=0.9),
        CurvePoint(examples=120, score=0.84, low=0.66, high=0.95, projected=True),
    ),
    findings=(Finding(check="noise", severity="warning", what="Two labels may be wrong."),),
    costs=(
        ArmCost(arm=ArmName.PROMPT, per_thousand=0.006, once=0.0),
        ArmCost(arm=ArmName.CLASSIFIER, per_thousand=0.0001, once=0.0),
        ArmCost(arm=ArmName.FINE_TUNING, per_thousand=0.004, once=500.0),
    ),
    environment={"base model": "SmolLM2-135M-Instruct", "base model licence": "apache-2.0"},
)
ADAPTER = {
    "adapter_config.json": b'{"base_model_name_or_path": "HuggingFaceTB/SmolLM2-135M-Instruct", '
    b'"r": 8, "lora_alpha": 16, "target_modules": ["up_proj", "down_proj"], "peft_type": "LORA"}',
    "adapter_model.safetensors": b"weights",
}
