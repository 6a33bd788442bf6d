from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from advisor.vocabulary import CAUSE_NAMES, CAUSE_OF, MODE_NAMES, Cause, Mode, Remedy

QUESTION = """
- id: {id}
  ask: Is it so?
  why: It decides.
  example: Yes.
  section: need
  type: {type}
"""
EVIDENCE = """
- id: many-examples
  topic: data
  title: There are many examples
  when:
    - labelled_examples >= 200
    - retrieval_tried
  then: {for: behaviour, weight: strong}
  because: Many examples teach.
  source: our-judgement
  examples:
    - {given: {labelled_examples: 200, retrieval_tried: yes}, expect: fires}
    - {given: {labelled_examples: 199}, expect: does not fire}
    - {given: {}, expect: 'needs labelled_examples, retrieval_tried'}
"""
VETOES = """
- id: fresh-facts
  title: Facts change daily
  when: ["facts_change_often in ['daily', 'weekly']"]
  forbids: fine_tuning
  unless_with: [retrieval]
  instead: Look facts up.
  because: A tuned model is stale at once.
  source: our-judgement
  examples:
    - {given: {facts_change_often: daily}, expect: fires}
    - {given: {facts_change_often: never}, expect: does not fire}
"""
SOURCES = """
- {id: our-judgement, title: Ours, finding: It seems so., basis: judgement}
"""


def _questions() -> str:
    return (
        QUESTION.format(id="labelled_examples", type="number")
        + "  maximum: 1000000\n"
        + QUESTION.format(id="retrieval_tried", type="yes_no")
        + QUESTION.format(id="facts_change_often", type="choice")
        + "  options: [daily, weekly, never]\n"
    )


def _remedies() -> str:
    spread = {"low": 0.1, "mid": 0.2, "high": 0.3}
    fixes = [{"mode": str(mode), "share": spread, "source": "our-judgement"} for mode in Mode]
    cards = [
        {
            "id": str(remedy),
            "name": str(remedy),
            "meaning": "It helps.",
            "overhead": 0.1,
            "build_days": spread,
            "keep_days_per_month": spread,
            "fixes": fixes,
            "first": ["Begin."],
            "stop": "Stop.",
        }
        for remedy in Remedy
    ]
    dumper = yaml.SafeDumper
    return "\n".join(yaml.dump([_fresh(card)], Dumper=dumper, sort_keys=False) for card in cards)


def _fresh(value: object) -> object:
    """Copy, so that YAML writes no aliases."""
    if isinstance(value, dict):
        return {key: _fresh(item) for key, item in value.items()}
    return [_fresh(item) for item in value] if isinstance(value, list) else value


def _taxonomy() -> str:
    sizes = {cause: sum(CAUSE_OF[mode] == cause for mode in Mode) for cause in Cause}
    words = {"meaning": "Meaning.", "example": "Example."}
    causes = [
        {"id": str(cause), "name": name.capitalize(), **words, "prior": 0.2}
        for cause, name in CAUSE_NAMES.items()
    ]
    modes = [
        {"id": str(mode), "name": name, **words, "prior": 1 / sizes[CAUSE_OF[mode]]}
        for mode, name in MODE_NAMES.items()
    ]
    return yaml.safe_dump({"causes": causes, "modes": modes}, sort_keys=False)


@pytest.fixture(scope="session")
def tiny() -> dict[str, str]:
    """The texts of a small rule folder without faults."""
    return {
        "questions.yaml": _questions(),
        "evidence/data.yaml": EVIDENCE,
        "vetoes.yaml": VETOES,
        "remedies.yaml": _remedies(),
        "taxonomy.yaml": _taxonomy(),
        "sources.yaml": SOURCES,
    }


@pytest.fixture(scope="session")
def write(tiny: dict[str, str]) -> Callable[..., Path]:
    """Write the small rule folder, with some files changed or (`None`) left out."""

    def _write(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
        for name, text in {**tiny, **(changes or {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return _write


@pytest.fixture
def change(
    tmp_path: Path, tiny: dict[str, str], write: Callable[..., Path]
) -> Callable[[str, str, str], Path]:
    """Write the small rule folder with one piece of one file replaced."""

    def _change(file: str, old: str, new: str) -> Path:
        assert old in tiny[file]
        return write(tmp_path, {file: tiny[file].replace(old, new, 1)})

    return _change
