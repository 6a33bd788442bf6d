"""The rules of approval are loaded and checked like every other rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import RuleError
from advisor.rules import check, load, outcome
from advisor.rules.book import ApprovalRules
from advisor.rules.schema.approval import TIERS, Tier, reaches

APPROVAL = """
tiers:
  - {id: low, name: Low, meaning: Little., pilot_people: 1, adoption_people: 1, one_from_risk: no,
     months: 12, because: So., source: our-judgement,
     examples: [{approved: 2026-01-31, expires: 2027-01-31}]}
  - {id: medium, name: M, meaning: Some., pilot_people: 1, adoption_people: 1, one_from_risk: no,
     months: 6, because: So., source: our-judgement,
     examples: [{approved: 2026-08-31, expires: 2027-02-28}]}
  - {id: high, name: High, meaning: Much., pilot_people: 2, adoption_people: 2, one_from_risk: yes,
     months: 3, because: So., source: our-judgement,
     examples: [{approved: 2026-12-01, expires: 2027-03-01}]}
fields:
  - {id: rollback, ask: "How back?", why: So., example: A day., section: success, type: text,
     needed_from: low, source: our-judgement}
  - {id: reach, ask: "Who sees it?", why: So., example: We., section: problem, type: choice,
     options: [team, public], needed_from: low, source: our-judgement}
checklist:
  - {id: way_back, ask: "Is there a way?", why: So., stages: [adoption], source: our-judgement}
raises:
  - id: tier-public
    title: Public
    when: [reach == 'public']
    tier: high
    because: So.
    source: our-judgement
    examples:
      - {given: {reach: public}, expect: fires}
      - {given: {reach: team}, expect: does not fire}
vetoes:
  - id: no-way-back
    title: No way back
    when: [not rollback, retrieval_tried, pilot_says == 'confirmed']
    stops: [adoption]
    override: yes
    instead: Write it down.
    because: So.
    source: our-judgement
    examples:
      - {given: {rollback: no, retrieval_tried: yes, pilot_says: confirmed}, expect: fires}
      - {given: {rollback: yes}, expect: does not fire}
      - {given: {rollback: no}, expect: 'needs pilot_says, retrieval_tried'}
"""
SOME = Tier.model_validate(yaml.safe_load(APPROVAL)["tiers"][0])
Write = Callable[..., Path]


def loaded() -> ApprovalRules:
    approval = load().approval
    assert approval
    return approval


def test_a_sound_file_has_no_findings_and_loads(tmp_path: Path, write: Write) -> None:
    folder = write(tmp_path, {"approval.yaml": APPROVAL})
    assert check(folder) == []
    approval = load(folder).approval
    assert (
        approval
        and [*approval.tiers] == [*TIERS]
        and [*approval.fields]
        == [
            "rollback",
            "reach",
        ]
    )
    assert outcome(approval.raises[0], {"reach": "public"}).state == "fires"
    assert load(folder).clauses == load(write(tmp_path / "without")).clauses, "triage sees no more"


def test_a_folder_without_it_still_serves_triage(tmp_path: Path, write: Write) -> None:
    assert load(write(tmp_path)).approval is None


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("reach == 'public'", "reech == 'public'", "there is no question 'reech'. Did you mean 'r"),
        ("pilot_says == 'c", "pilot_say == 'c", "no question 'pilot_say'. Did you mean 'pilot_say"),
        ("pilot_says == 'confirmed'", "pilot_says == 'won'", "'won' is not an answer to"),
        ("reach == 'public'", "reach == 'publik'", "'publik' is not an answer to 'reach'"),
        ("{reach: team}, expect: does not", "{reach: public}, expect: does not", "the rule fires"),
        ("{rollback: yes}", "{rolback: yes}", "Did you mean 'rollback'?"),
        ("{reach: team}", "{reach: 7}", "example: 7 is not an answer to 'reach'"),
        ("expect: does not fire}\nv", "expect: needs reach}\nv", "'expect: does not fire'. Add"),
        ("when: [reach == 'public']", "when: [reach == 'public', reach == 'team']", "never fire"),
        ("expires: 2027-02-28", "expires: 2027-02-27", "expects 2027-02-27, but it ends on 2027"),
        ("expires: 2027-02-28", "expires: soon", "0.expires' Input should be a valid date"),
        ("months: 12", "months: 3", "holds longer than low"),
        ("pilot_people: 2", "pilot_people: 3", "'pilot_people' Input should be less than"),
        ("id: medium", "id: high", "describes the tier 'medium' 0 times"),
        ("tier: high", "tier: hihg", "'tier' Input should be 'medium' or 'high'"),
        ("stops: [adoption]", "stops: [submit]", "nobody overrides at submission"),
        ("stages: [adoption]", "stagse: [adoption]", "'stagse' is not a field here. Did you mean"),
        ("id: rollback", "id: retrieval_tried", "has the same id as the entry at"),
        ("id: rollback", "id: pilot_says", "has the name of a fact"),
        ("options: [team, public]", "options: [team, public], labels: {teem: T}", "not an option"),
        ("type: text", "type: choice", "every choice needs them"),
        ("source: our-judgement}\n  - {id: reach", "source: nobody}\n  - {id: reach",
         "approval.yaml:14 rollback: there is no source 'nobody'"),
        ("checklist:", "checklists:", "'checklists' is not a part of it. Did you mean 'checklist'"),
        ("checklist:", "checklists:", "has no part 'checklist'"),
        ("raises:\n  - id", "raises:\n    id", "is not"),
    ],
)  # fmt: skip
def test_a_fault_is_found_with_its_place_and_mend(
    tmp_path: Path, write: Write, old: str, new: str, finding: str
) -> None:
    assert old in APPROVAL
    folder = write(tmp_path, {"approval.yaml": APPROVAL.replace(old, new, 1)})
    texts = [str(item) for item in check(folder)]
    assert any(finding in text for text in texts), texts
    assert all(text.startswith("approval.yaml") for text in texts)


def test_what_triage_rules_may_not_speak_about(
    tmp_path: Path, write: Write, tiny: dict[str, str]
) -> None:
    wrong = tiny["evidence/data.yaml"].replace("    - retrieval_tried\n", "    - not rollback\n")
    folder = write(tmp_path, {"approval.yaml": APPROVAL, "evidence/data.yaml": wrong})
    with pytest.raises(RuleError, match="there is no question 'rollback'"):
        load(folder)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(1, 24))
def test_a_lease_ends_on_the_same_day_of_a_later_month_or_on_its_last(
    approved: date, months: int
) -> None:
    ends = SOME.model_copy(update={"months": months}).ends(approved)
    assert (ends.year - approved.year) * 12 + ends.month - approved.month == months
    assert ends.day == approved.day or (ends.day < approved.day and ends.day >= 28)


def test_the_shipped_rules_hold_what_the_brief_of_reviewers_asks() -> None:
    approval = loaded()
    assert [tier.months for tier in approval.tiers.values()] == [12, 6, 3]
    assert [tier.adoption_people for tier in approval.tiers.values()] == [1, 1, 2]
    assert approval.tiers["high"].one_from_risk
    assert len(approval.checklist) == 13
    needed = {name for name, one in approval.fields.items() if reaches("low", one.needed_from)}
    assert {"kill_criteria", "rollback", "success", "data_rights", "base_model"} <= needed
    assert {"security"} == {
        name for name, one in approval.fields.items()
        if reaches("high", one.needed_from) and not reaches("medium", one.needed_from)
    }  # fmt: skip
