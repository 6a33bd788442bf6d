from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.errors import RuleError
from advisor.rules import load, rules_folder
from advisor.rules.book import load_files
from advisor.rules.loading import rule_files
from advisor.rules.loading.rule_files import SIZE, RuleFiles
from advisor.vocabulary import Remedy

Write = Callable[..., Path]


def test_a_sound_folder_becomes_a_book(tmp_path: Path, write: Write) -> None:
    book = load(write(tmp_path))
    assert list(book.questions) == ["labelled_examples", "retrieval_tried", "facts_change_often"]
    assert [rule.id for rule in book.evidence] == ["many-examples"]
    assert book.evidence[0].needs == {"labelled_examples", "retrieval_tried"}
    assert book.vetoes[0].record.forbids is Remedy.FINE_TUNING
    assert set(book.remedies) == set(Remedy)
    assert list(book.sources) == ["our-judgement"]


def test_a_rule_fires_only_when_every_condition_holds(tmp_path: Path, write: Write) -> None:
    (rule,) = load(write(tmp_path)).evidence
    assert rule.fires({"labelled_examples": 200, "retrieval_tried": True})
    assert not rule.fires({"labelled_examples": 200})
    assert not rule.fires({"labelled_examples": 199, "retrieval_tried": True})


def test_unchanged_files_load_once_and_an_edited_file_loads_again(
    tmp_path: Path, write: Write
) -> None:
    book = load(write(tmp_path))
    assert load(tmp_path) is book
    path = tmp_path / "vetoes.yaml"
    path.write_text(path.read_text("utf-8").replace("stale at once", "soon stale"), "utf-8")
    edited = load(tmp_path)
    assert edited.vetoes[0].record.because == "A tuned model is soon stale."
    assert edited.fingerprint != book.fingerprint


def test_files_that_rest_are_not_read_again_and_an_edit_of_the_same_length_is_seen(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path)
    file = folder / "questions.yaml"
    text = file.read_bytes()
    monkeypatch.setattr(rule_files, "SETTLED", 0)
    first = load(folder)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "read_bytes", lambda self: pytest.fail(f"{self.name} was read"))
        assert load(folder) is first
    time.sleep(0.02)  # longer than a tick of the file system
    file.write_bytes(text.replace(b"Is it so?", b"Is it so!"))
    assert load(folder).fingerprint != first.fingerprint


def test_two_edits_in_the_same_tick_are_both_seen(tmp_path: Path, write: Write) -> None:
    folder = write(tmp_path)
    file = folder / "questions.yaml"
    text = file.read_bytes()
    seen = set()
    for place in range(20):
        file.write_bytes(text.replace(b"Is it so?", b"Is it %02d?" % place))
        seen.add(load(folder).fingerprint)
    assert len(seen) == 20


def test_the_fingerprint_does_not_depend_on_line_endings_or_place(
    tmp_path: Path, write: Write, tiny: dict[str, str]
) -> None:
    windows = {name: text.replace("\n", "\r\n") for name, text in tiny.items()}
    one, other = load(write(tmp_path / "a")), load(write(tmp_path / "b", windows))
    assert one.fingerprint == other.fingerprint
    assert len(one.fingerprint) == 64


def test_the_fingerprint_depends_on_names(tiny: dict[str, str]) -> None:
    contents = {name: text.encode() for name, text in tiny.items()}
    renamed = {name.replace("data", "more"): text for name, text in contents.items()}
    assert RuleFiles.of(contents).fingerprint != RuleFiles.of(renamed).fingerprint


def test_all_problems_come_at_once_with_file_line_and_rule(tmp_path: Path, write: Write) -> None:
    evidence = """
- id: one
  topic: data
  title: One
  when: [labeled_examples > 3]
  then: {for: behaviour, weight: huge}
  because: So.
  source: our-judgement
  examples: [{given: {}, expect: fires}]
- id: two
  topic: data
  title: Two
  when:
    - retrieval_tried
    - labeled_examples > 3
  then: {for: behaviour, weight: weak}
  because: So.
  source: our-judgment
  examples: [{given: {}, expect: fires}]
"""
    with pytest.raises(RuleError) as caught:
        load(write(tmp_path, {"evidence/data.yaml": evidence, "vetoes.yaml": "- id: 3"}))
    lines = str(caught.value).splitlines()
    assert any(line.startswith("evidence/data.yaml:6 one: 'then.weight' ") for line in lines)
    assert any(
        line.startswith("evidence/data.yaml:15 two: `labeled_examples > 3` there is no question")
        for line in lines
    )
    assert any("Did you mean 'our-judgement'?" in line for line in lines)
    assert any(line.startswith("vetoes.yaml:1 3: 'title' is missing") for line in lines)


def test_a_broken_question_is_reported_once_and_not_through_its_rules(
    tmp_path: Path, write: Write, tiny: dict[str, str]
) -> None:
    broken = tiny["questions.yaml"].replace("type: yes_no", "type: maybe")
    with pytest.raises(RuleError) as caught:
        load(write(tmp_path, {"questions.yaml": broken}))
    assert len(caught.value.problems) == 1
    assert "retrieval_tried" in caught.value.problems[0].where


@pytest.mark.parametrize("file", ["questions.yaml", "sources.yaml"])
def test_an_unreadable_file_is_one_problem(tmp_path: Path, write: Write, file: str) -> None:
    with pytest.raises(RuleError) as caught:
        load(write(tmp_path, {file: "- ["}))
    assert len(caught.value.problems) == 1


def test_rules_about_no_questions_at_all_are_refused(tmp_path: Path, write: Write) -> None:
    with pytest.raises(RuleError, match="there is no question 'retrieval_tried'"):
        load(write(tmp_path, {"questions.yaml": "[]"}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sources.yaml": None}, "sources.yaml: is missing"),
        ({"vetos.yaml": "[]"}, "vetos.yaml: is read by nothing. Did you mean 'vetoes.yaml'?"),
        ({"vetoes.yaml": "a: 1"}, "vetoes.yaml:1: is not a list"),
        ({"vetoes.yaml": "[5]"}, "vetoes.yaml:1: is not an entry"),
        ({"vetoes.yaml": ""}, "vetoes.yaml: is empty"),
        ({"vetoes.yaml": b"\xff"}, "vetoes.yaml: is not UTF-8"),
        ({"taxonomy.yaml": "[]"}, "taxonomy.yaml:1: is not an entry"),
        ({"vetoes.yaml": "#" * (SIZE + 1)}, "is over 2,000,000 bytes"),
    ],
)
def test_a_folder_with_the_wrong_files_is_refused(
    tmp_path: Path, write: Write, changes: dict[str, str | None], message: str
) -> None:
    with pytest.raises(RuleError) as caught:
        load(write(tmp_path, changes))
    assert message in str(caught.value)


def test_no_vetoes_is_an_empty_list(tmp_path: Path, write: Write) -> None:
    assert load(write(tmp_path, {"vetoes.yaml": "[]"})).vetoes == ()


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RuleError, match="holds no rule files"):
            load(folder)


def test_the_shipped_rules_load() -> None:
    book = load()
    assert book is load(rules_folder())
    assert book.evidence


def test_answers_that_do_not_fit_are_named(tmp_path: Path, write: Write) -> None:
    book = load(write(tmp_path))
    given = {
        "labeled_examples": 3,
        "labelled_examples": -1,
        "retrieval_tried": 1,
        "facts_change_often": "weakly",
    }
    texts = [str(problem) for problem in book.answer_problems(given, "p.json.answers")]
    assert texts == [
        "p.json.answers.labeled_examples: there is no question 'labeled_examples'. "
        "Did you mean 'labelled_examples'?",
        "p.json.answers.labelled_examples: -1 is not an answer to 'labelled_examples'. "
        "Use a number from 0 to 1,000,000.",
        "p.json.answers.retrieval_tried: 1 is not an answer to 'retrieval_tried'. Use yes or no.",
        "p.json.answers.facts_change_often: 'weakly' is not an answer to 'facts_change_often'. "
        "Use one of daily, weekly, never. Did you mean 'weekly'?",
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "5", 10**400])
def test_odd_numbers_are_not_answers(tmp_path: Path, write: Write, value: object) -> None:
    book = load(write(tmp_path))
    assert book.answer_problems({"labelled_examples": value}, "x")  # type: ignore[dict-item]


def test_unknown_and_fitting_answers_pass(tmp_path: Path, write: Write) -> None:
    book = load(write(tmp_path))
    given = {"labelled_examples": 5, "retrieval_tried": None, "facts_change_often": "daily"}
    assert book.answer_problems(given, "x") == []


words = st.text("abz:-#'\"[]{}!&*%@`|>,? \n\t0é=<", max_size=30)
values = st.one_of(
    words, st.sampled_from(["yes", "null", "1e999", "[]", "{}", ".nan", "2020-13-45"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.data(), values)
def test_any_text_in_any_field_loads_or_is_a_rule_error(
    tiny: dict[str, str], data: st.DataObject, value: str
) -> None:
    name = data.draw(st.sampled_from(sorted(tiny)))
    lines = tiny[name].splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    key, colon, _ = lines[place].partition(":")
    lines[place] = f"{key}{colon} {value}"
    contents = {**tiny, name: "\n".join(lines)}
    try:
        load_files(RuleFiles.of({name: text.encode() for name, text in contents.items()}))
    except RuleError as error:
        assert error.problems
        assert "\n" not in str(error.problems[0])
