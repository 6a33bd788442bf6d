"""What could make a verdict doubtful: in the data, and in what training cost the base model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import Finding
from advisor.models.base import load_base
from advisor.models.endpoint import Message, Stop
from advisor.pilot.checks import ANSWER_TOKENS, check_data, skill_findings, skill_probes

if TYPE_CHECKING:
    from advisor.models.base import LoadedModel


def findings(frozen: Frozen, adapter: Path | None, stop: Stop) -> Iterator[tuple[Finding, ...]]:
    """Yield what the checks on the data find, then what the adapter forgot, if there is one.

    Raises:
        ModelError: the base model or the adapter cannot be loaded.
    """
    yield check_data(frozen, stop)
    if adapter is not None and not stop():
        yield _skills_kept(frozen, adapter, stop)


def _skills_kept(frozen: Frozen, adapter: Path, stop: Stop) -> tuple[Finding, ...]:
    """Ask the fixed questions of the base model and of the adapter."""
    from advisor.models.lora import load_adapter  # heavy: torch

    base = load_base(frozen.spec.base_model)
    before = _answers(base, stop)
    after = _answers(load_adapter(base, adapter), stop)
    return () if stop() else tuple(skill_findings(before, after))


def _answers(base: LoadedModel, stop: Stop) -> dict[str, str]:
    from advisor.models.generation import write  # heavy: torch

    asked = [[Message("user", probe.ask)] for probe in skill_probes()]
    answers = write(base, asked, max_new_tokens=ANSWER_TOKENS, stop=stop)
    return {skill_probes()[place].id: written.text for place, written in answers}
