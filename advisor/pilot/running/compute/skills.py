"""Whether training cost the base model what it could do and what it refused to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.domain.pilot_finding import Finding
from advisor.domain.pilot_spec import Frozen
from advisor.models.base import load_base
from advisor.models.endpoint import Message
from advisor.pilot.checks import ANSWER_TOKENS, kept, probes

if TYPE_CHECKING:
    from advisor.models.base import LoadedModel


def skills_kept(frozen: Frozen, folder: Path, stop: Callable[[], bool]) -> tuple[Finding, ...]:
    """Ask the fixed questions of the base model and of the adapter in `folder`.

    Raises:
        ModelError: the base model or the adapter cannot be loaded.
    """
    from advisor.models.lora import load_adapter  # heavy: torch

    base = load_base(frozen.spec.base_model)
    before = _answers(base, stop)
    after = _answers(load_adapter(base, folder), stop)
    return () if stop() else tuple(kept(before, after))


def _answers(base: LoadedModel, stop: Callable[[], bool]) -> dict[str, str]:
    from advisor.models.generation import write  # heavy: torch

    asked = [[Message("user", probe.ask)] for probe in probes()]
    answers = write(base, asked, max_new_tokens=ANSWER_TOKENS, stop=stop)
    return {probes()[place].id: written.text for place, written in answers}
