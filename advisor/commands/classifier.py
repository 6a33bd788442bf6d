"""What `advisor classifier` does; each function returns its exit code."""

from __future__ import annotations

import secrets

from advisor.commands.exits import DONE, NO
from advisor.core.terminal import json_line, one_line, write_message, write_results
from advisor.failures.learning.learn import LearningFigures, Lesson
from advisor.failures.learning.opinions import opinions
from advisor.failures.learning.versions import figures_of, fits, learn_now, lessons
from advisor.presentation.wording import counted, moment, percent
from advisor.store import LearnedVersion, Store, open_store
from advisor.store.opening import existing_store
from advisor.store.versions.version_records import AUTHOR


def run_show(as_json: bool) -> int:
    """Print which version is in use, what could be learned, and all versions; make no database."""
    store = existing_store()
    if as_json:
        write_results(json_line(_as_json(store)))
        return DONE
    for line in _as_text(store) if store else ["In use: as shipped. Nothing is stored here yet."]:
        write_results(one_line(line))
    return DONE


def _as_json(store: Store | None) -> dict[str, object]:
    if store is None:
        return {"in_use": 0, "corrections": 0, "disagreements": 0, "versions": []}
    said, active = opinions(store.labels.all()), store.learned.active()
    return {
        "in_use": active.version if active and fits(active) else 0,
        "corrections": len(lessons(said)),
        "disagreements": len(said) - len(lessons(said)),
        "versions": [_version_json(version) for version in store.learned.all()],
    }


def _version_json(version: LearnedVersion) -> dict[str, object]:
    return {
        "version": version.version,
        "author": version.author,
        "at": version.at.isoformat(),
        "fits": fits(version),
        "figures": figures_of(version).model_dump(),
    }


def _as_text(store: Store) -> list[str]:
    said, active = opinions(store.labels.all()), store.learned.active()
    used = active if active and fits(active) else None
    open_ones = counted(len(said) - len(lessons(said)), "disagreement")
    lines = [
        f"In use: {used.name if used else 'as shipped'}",
        f"To learn from: {counted(len(lessons(said)), 'correction')}; {open_ones} to settle",
    ]
    if active and not used:
        lines.append(
            f"Version {active.version} belongs to another classifier and is not used. Learn again."
        )
    return lines + [_line(version) for version in store.learned.all()]


def _line(version: LearnedVersion) -> str:
    return (
        f"Version {version.version}, {moment(version.at)}, by {version.author}: "
        f"{_before_after(figures_of(version))}"
    )


def _before_after(figures: LearningFigures) -> str:
    return (
        f"of {counted(figures.corrections, 'correction')} {percent(figures.before.modes)} right "
        f"before, {percent(figures.after.modes)} after; of {figures.guard} shipped examples "
        f"{percent(figures.guard_before.modes)} before, {percent(figures.guard_after.modes)} after"
    )


def run_learn(as_json: bool) -> int:
    """Learn from all corrections that people agree on; exit 1 when it is refused."""
    learned = learn_now(open_store(), AUTHOR, secrets.token_hex(8))
    if as_json:
        write_results(json_line({"version": learned.version} | _lesson_json(learned.lesson)))
    elif learned.version is not None and learned.lesson.figures:
        write_results(
            f"Version {learned.version} is in use: {_before_after(learned.lesson.figures)}"
        )
    if learned.version is None:
        write_message(f"Not learned; nothing was changed. {learned.lesson.refused}")
    return NO if learned.version is None else DONE


def _lesson_json(lesson: Lesson) -> dict[str, object]:
    figures = lesson.figures.model_dump() if lesson.figures else None
    return {"refused": lesson.refused, "figures": figures}


def run_use(version: int) -> int:
    """Put a version to use; 0 is the classifier as it ships."""
    store = open_store()
    store.learned.use(version, AUTHOR, secrets.token_hex(8))
    active = store.learned.active()
    if active and not fits(active):
        write_message("It was learned on another classifier and is not used. Learn again.")
        return NO
    write_message(f"In use: {active.name if active else 'as shipped'}")
    return DONE
