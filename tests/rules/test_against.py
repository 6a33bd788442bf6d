from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.errors import InputError, RuleError
from advisor.rules import RuleBook, against, book_at, load


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose rules were committed once; returns the rule folder."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)  # set when the tests run inside a git hook
    folder = write(tmp_path / "deep" / "rules")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "rules")
    return folder


def recommend(book: RuleBook, examples: int) -> str:
    (rule,) = book.evidence
    fires = rule.fires({"labelled_examples": examples, "retrieval_tried": True})
    return "fine_tuning" if fires else "prompting"


def raise_limit(folder: Path) -> None:
    path = folder / "evidence" / "data.yaml"
    path.write_text(path.read_text("utf-8").replace(">= 200", ">= 300"), "utf-8")


def test_each_example_shows_the_recommendation_before_and_after(repository: Path) -> None:
    raise_limit(repository)
    changes = against(repository, "HEAD", {"few": 10, "some": 250, "many": 900}, recommend)
    assert [str(change) for change in changes] == [
        "few: prompting, as before",
        "some: fine_tuning -> prompting",
        "many: fine_tuning, as before",
    ]
    assert [change.changed for change in changes] == [False, True, False]


def test_unchanged_rules_have_the_fingerprint_of_their_commit(repository: Path) -> None:
    assert book_at(repository, "main").fingerprint == load(repository).fingerprint


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("nowhere", "unknown to git"),
        ("HEAD~9", "unknown to git"),
        ("--output=x", "not a git revision"),
        ("HEAD; rm x", "not a git revision"),
        ("HEAD:rules", "not a git revision"),
        ("HEAD\n", "not a git revision"),
        ("", "not a git revision"),
    ],
)
def test_a_revision_that_is_none_is_refused(repository: Path, revision: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        book_at(repository, revision)


def test_inside_a_hook_of_another_repository_the_right_one_is_read(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert book_at(repository, "HEAD").fingerprint == load(repository).fingerprint


def test_a_folder_outside_git_is_refused(tmp_path: Path, write: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="not a git repository"):
        book_at(write(tmp_path), "HEAD")


def test_a_revision_without_rules_is_refused(repository: Path) -> None:
    git(repository, "rm", "-rq", "--cached", ".")
    git(repository, "commit", "-q", "-m", "none")
    with pytest.raises(InputError, match="has no rule files"):
        book_at(repository, "HEAD")


def test_rules_that_were_broken_then_say_so(repository: Path) -> None:
    (repository / "vetoes.yaml").write_text("- id: x", "utf-8")
    git(repository, "commit", "-aqm", "broken")
    with pytest.raises(RuleError, match="vetoes.yaml"):
        book_at(repository, "HEAD")


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="git is not installed"):
        book_at(repository, "HEAD")
