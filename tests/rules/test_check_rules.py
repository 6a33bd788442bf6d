from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.errors import RuleError
from advisor.rules import check, load, rules_folder

Change = Callable[[str, str, str], Path]
DATA, ASKED = "evidence/data.yaml", "questions.yaml"


def test_a_sound_folder_has_no_findings(tmp_path: Path, write: Callable[..., Path]) -> None:
    assert check(write(tmp_path)) == []


def test_the_shipped_rules_have_no_findings() -> None:
    assert [str(finding) for finding in check(rules_folder())] == []


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError):
        check(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        (DATA, "topic: data", "topic: Data", f"{DATA}:3 many-examples: 'topic' String should"),
        (DATA, "weight: strong", "weigth: strong", "'then.weigth' is not a field here. Did you"),
        (DATA, "for: behaviour", "for: behavior", "'behavior' is not a cause, a mode or a remedy"),
        (DATA, "  because: Many examples teach.\n", "", "'because' is missing. Add it"),
        (DATA, "labelled_examples >= 200", "labelled >= 200", f"{DATA}:6 many-examples: `labelled"),
        (DATA, "{labelled_examples: 199}", "{labeled_examples: 1}", "'labelled_examples'?"),
        (DATA, "{labelled_examples: 199}", "{labelled_examples: -1}", "example: -1 is not an"),
        (DATA, "examples: 199}", "examples: 2020-01-01}", "is not an answer. Write yes"),
        (DATA, "retrieval_tried: yes}", "retrieval_tried: 'yes'}", "'yes' is not an answer"),
        (DATA, "{labelled_examples: 199}", "{labelled_examples: 300}", "still needs retrieval_tr"),
        (DATA, "expect: fires", "expect: does not fire", "but the rule fires"),
        (DATA, "'needs labelled_examples, r", "'needs r", "but the rule still needs labelled_ex"),
        (DATA, "expect: fires", "expect: needs retrieval_tried", "'expect: fires'. Add one"),
        (DATA, "    - retrieval_tried\n", "    - labelled_examples < 9\n", "can never fire"),
        (DATA, "    - retrieval_tried\n", "    - not retrieval_tried\n    - retrieval_tried\n",
         "can never fire"),
        (DATA, "source: our-judgement", "source: our", "there is no source 'our'"),
        (ASKED, "id: retrieval_tried", "id: labelled_examples", "has the same id as the entry at"),
        (ASKED, "  maximum: 1000000\n", "  maximum: -1\n", "are not numbers in this order"),
        (ASKED, "  maximum: 1000000\n", "  likely: {many: 1}\n", "'many' is not an answer"),
        (ASKED, "  maximum: 1000000\n", "  likely: {5: 2}\n", "chance 2.0 is not a share"),
        (ASKED, "  maximum: 1000000\n", "  options: [a]\n", "options belong to choices"),
        (ASKED, "never]\n", "never]\n  labels: {nevr: Never}\n", "'nevr' is not an option. Did"),
        ("remedies.yaml", "mode: format", "mode: style", "has 0 figures for the mode format"),
        ("remedies.yaml", "mode: format", "mode: style", "has 2 figures for the mode style"),
        ("remedies.yaml", "source: our-judgement", "source: x", "there is no source 'x'"),
        ("remedies.yaml", "high: 0.3\n    source", "high: 1.3\n    source", "not from 0 to 1"),
        ("remedies.yaml", "days:\n    low: 0.1", "days:\n    low: -1", "build_days is not"),
        ("remedies.yaml", "id: other", "id: retrieval", "this remedy is missing"),
        ("remedies.yaml", "low: 0.1", "low: 9", "low, mid and high must be in this order"),
        ("taxonomy.yaml", "prior: 0.2", "prior: 0.3", "priors of all causes sum to 1.1"),
        ("taxonomy.yaml", "name: wrong style", "name: Odd style", "'style' is named 'Odd style'"),
        ("taxonomy.yaml", "id: format", "id: formats", "'formats' is not one of the modes"),
        ("taxonomy.yaml", "id: format", "id: style", "modes describe 'format' 0 times"),
        ("taxonomy.yaml", "id: format", "id: style", "modes describe 'style' 2 times"),
        ("sources.yaml", "basis: judgement", "basis: guess", "'basis' Input should be 'read'"),
    ],
)  # fmt: skip
def test_each_mistake_is_found(change: Change, file: str, old: str, new: str, finding: str) -> None:
    texts = [str(item) for item in check(change(file, old, new))]
    assert any(finding in text for text in texts), texts


def test_a_rule_that_never_fires_over_two_questions_is_found(
    tmp_path: Path, write: Callable[..., Path], tiny: dict[str, str]
) -> None:
    asked = tiny[ASKED] + tiny[ASKED].split("- id: retrieval")[0].replace("labelled_ex", "good_ex")
    rule = tiny[DATA].replace(
        "    - retrieval_tried\n", "    - good_examples > labelled_examples\n"
    )
    never = rule.replace("    - good_", "    - good_examples < 1\n    - good_")
    texts = [str(item) for item in check(write(tmp_path, {ASKED: asked, DATA: never}))]
    assert any("can never fire" in text for text in texts)
    fine = [str(item) for item in check(write(tmp_path, {DATA: rule}))]
    assert not any("can never fire" in text for text in fine)


def test_two_rules_that_say_the_opposite_are_found(
    tmp_path: Path, write: Callable[..., Path], tiny: dict[str, str]
) -> None:
    other = tiny[DATA].replace("many-examples", "few").replace("{for: b", "{against: b")
    texts = [str(item) for item in check(write(tmp_path, {"evidence/few.yaml": other}))]
    assert texts == [
        "evidence/few.yaml:8 few: says the opposite of many-examples (evidence/data.yaml:2) "
        "under the same conditions. Keep one of the two, or tell them apart"
    ]


def test_a_question_nothing_uses_is_found_unless_it_is_for_the_record(
    tmp_path: Path, write: Callable[..., Path], tiny: dict[str, str]
) -> None:
    spare = (
        tiny[ASKED]
        + "\n- {id: spare, ask: Is it?, why: So., example: Yes., section: need, type: yes_no"
    )
    texts = [str(item) for item in check(write(tmp_path, {ASKED: spare + "}\n"}))]
    assert len(texts) == 1
    assert "spare: no rule uses this question" in texts[0]
    assert check(write(tmp_path, {ASKED: spare + ", for_record: The audit asks.}\n"})) == []


def test_everything_is_reported_at_once_in_the_same_order(
    tmp_path: Path, write: Callable[..., Path], tiny: dict[str, str]
) -> None:
    folder = write(
        tmp_path,
        {
            DATA: tiny[DATA].replace("expect: fires", "expect: does not fire"),
            "vetoes.yaml": tiny["vetoes.yaml"].replace("'daily', 'w", "'dayly', 'w"),
            "taxonomy.yaml": tiny["taxonomy.yaml"].replace("prior: 0.2", "prior: 0.3", 1),
        },
    )
    findings = check(folder)
    assert {finding.file for finding in findings} == {DATA, "vetoes.yaml", "taxonomy.yaml"}
    assert findings == check(folder) == sorted(findings)


def test_what_load_refuses_check_finds(change: Change) -> None:
    folder = change(DATA, "source: our-judgement", "source: nowhere")
    with pytest.raises(RuleError) as caught:
        load(folder)
    assert {str(problem) for problem in caught.value.problems} <= {
        str(item) for item in check(folder)
    }
