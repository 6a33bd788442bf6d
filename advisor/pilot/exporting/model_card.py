"""The model card of an adapter, in the form that the Hugging Face hub reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from advisor.documents.record import tidy
from advisor.documents.render import escape_markdown
from advisor.pilot.comparing.comparison_words import verdict_title
from advisor.pilot.exporting.export_material import ExportMaterial
from advisor.pilot.metrics import definition_of
from advisor.presentation.arm_titles import arm_title
from advisor.presentation.wording import percent


@dataclass(frozen=True)
class Adopted:
    """What a review decided about an adapter."""

    proposal: str
    version: int
    by: str
    """Names and roles of those who approved."""
    at: str
    until: str
    override: bool
    terms: tuple[tuple[str, str], ...]
    """What it may be used for and what not, when it is switched off, how one goes back."""
    conditions: tuple[str, ...]
    sha256: str
    """Of the decision record."""
    head: str


LICENCE = "base model licence"
"""What the environment of a pilot calls the licence of its base model."""


def model_card(material: ExportMaterial, adopted: Adopted | None = None) -> bytes:
    """Return the filled card of the adapter; texts of users stay plain text."""
    content = _content(material) | {"adopted": adopted}
    return _environment().get_template("model_card.md.jinja").render(content).encode()


def _content(material: ExportMaterial) -> dict[str, Any]:
    result, run, verdict = material.result, material.trained, material.result.comparison.verdict
    assert run is not None  # a card is written for a trained adapter only
    return {
        "base": material.lora.get("base_model_name_or_path") or result.spec.base_model or "",
        "licence": result.environment.get(LICENCE, ""),
        "title": tidy(result.spec.title),
        "verdict": f"{verdict_title(verdict)}.",
        "because": tidy(verdict.because),
        "lora": material.lora,
        "task": result.spec.task.replace("_", " "),
        "instruction": tidy(result.spec.instruction),
        "examples": f"{len(material.frozen.data.train):,}",
        "usage": run.usage,
        "seed": run.seed,
        "environment": sorted(result.environment.items()),
        "cases": f"{len(material.frozen.data.test):,}",
        "metric": definition_of(result.spec.judged_by.metric).title,
        "hash": result.hash,
        "arms": [
            {
                "name": arm_title(arm.name),
                "score": percent(arm.score),
                "range": f"{percent(arm.low or 0)} to {percent(arm.high or 0)}",
            }
            for arm in result.comparison.arms
            if arm.score is not None
        ],
        "findings": [
            tidy(finding.what) for finding in result.findings if finding.severity != "note"
        ],
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown; every text of a user goes through `md`
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = escape_markdown
    return environment
