"""`advisor probe` against a real service: what it asks, concludes, keeps and prints."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from calling import Call, caller
from endpoints import Reply, Service, refused, said, service

pytestmark = pytest.mark.usefixtures("home")
FACT = "You may return shoes within 45 days at the Marlow Street shop."
PROPOSAL = {
    "title": "Desk",
    "description": "Answers questions.",
    "current": {"prompt": "You are a shop assistant."},
    "failures": [
        {"id": "shoes", "input": "How long may I return shoes?", "output": "Two weeks.",
         "expected": FACT},
        {"id": "greet", "input": "Say hello to the customer", "output": "YO!!!",
         "expected": "Good morning, how can I help you today?", "note": "be polite"},
        {"id": "bare", "output": "nothing was asked"},
    ],
}  # fmt: skip


def knows_what_it_is_shown(body: dict[str, Any]) -> Reply:
    """A model that lacks the fact, and is polite once somebody says so."""
    text = json.dumps(body["messages"])
    if "shoes?" in text.split("user")[-1]:
        return said(FACT if "45 days" in text.split("How long")[0] else "I cannot say that.")
    return said("Good morning, how can I help you today?" if "be polite" in text else "YO!!!")


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with service(knows_what_it_is_shown) as running:
        monkeypatch.setenv("ADVISOR_ENDPOINT_URL", running.url)
        monkeypatch.setenv("ADVISOR_ENDPOINT_MODEL", "their-model")
        yield running


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "proposal.json"
    path.write_text(json.dumps(PROPOSAL), encoding="utf-8")
    return path


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(monkeypatch, capsys)


def test_what_mends_a_failure_tells_its_cause(call: Call, file: Path, there: Service) -> None:
    code, out, err = call("probe", file, "--json", "--yes")
    assert code == 0, err
    found = json.loads(out)
    by_id = {one["id"]: one for one in found["probed"]}
    assert (by_id["shoes"]["finding"], by_id["shoes"]["cause"]) == ("fact", "knowledge")
    assert (by_id["greet"]["finding"], by_id["greet"]["remedy"]) == ("stated", "prompting")
    assert found["skipped"] == [{"id": "bare", "why": "what was asked is missing"}]
    assert found["own_model"] is True
    assert {one["change"] for one in found["counts"]} >= {"as_it_was", "stated", "fact"}
    assert all(one["judged_by"] == "closeness" for one in by_id["shoes"]["tries"])


def test_triage_counts_it_afterwards(call: Call, file: Path, there: Service) -> None:
    before = json.loads(call("triage", file, "--json")[1])
    call("probe", file, "--yes")
    after = json.loads(call("triage", file, "--json")[1])
    assert after["causes"]["knowledge"] != before["causes"]["knowledge"]
    probes = [one for one in after["evidence"] if one["topic"] == "probe"]
    assert {one["id"] for one in probes} == {"probe-prompting", "probe-retrieval"}


def test_the_answer_comes_first_and_every_doubt_is_said(
    call: Call, file: Path, there: Service
) -> None:
    code, out, _ = call("probe", file, "--yes")
    assert code == 0
    told = " ".join(out.split())
    assert told.index("1 points to knowledge") < told.index("Failure by failure")
    assert "closer than to the bad one" in told
    assert "No larger model was asked" in told
    assert "The judge model had no say on" in told and "it gave no clear score" in told
    assert "taken from the wanted answers" in told


def judges_too(body: dict[str, Any]) -> Reply:
    """A model that also judges: only the wanted words are right."""
    if "You judge answers" not in body["messages"][0]["content"]:
        return knows_what_it_is_shown(body)
    answer = body["messages"][1]["content"].split("⟦answer⟧")[1]
    good = "45 days" in answer or "Good morning" in answer
    return said(json.dumps({"because": "so", "score": 0.9 if good else 0.1}))


def test_a_model_that_judges_its_own_answers_is_said(
    call: Call, file: Path, there: Service
) -> None:
    there.play = judges_too
    code, out, err = call("probe", file, "--yes")
    told = " ".join(out.split())
    assert code == 0, err
    assert "and at most 15 questions to their-model, which judges the answers" in err
    assert "although they are its own" in told
    assert "Judge model: a model finds it as right" in told and "Closeness:" not in told
    kept = json.loads(call("probe", file, "--yes", "--json")[1])
    tries = [one for each in kept["probed"] for one in each["tries"]]
    assert {(one["judged_by"], one["judge"]) for one in tries} == {("judge", "their-model")}


def test_a_judge_that_refuses_is_said_and_the_probe_goes_on(
    call: Call, file: Path, there: Service
) -> None:
    there.play = lambda body: (
        refused(403) if "You judge" in body["messages"][0]["content"] else judges_too(body)
    )
    code, out, _ = call("probe", file, "--yes")
    told = " ".join(out.split())
    assert code == 0
    assert "closeness decided: it could not be asked" in told
    assert "does not allow this" in told and "1 points to knowledge" in told


def test_a_question_without_an_answer_is_said(call: Call, file: Path, there: Service) -> None:
    there.play = lambda body: (
        refused(422) if "shoes?" in json.dumps(body) else knows_what_it_is_shown(body)
    )
    code, out, _ = call("probe", file, "--yes")
    told = " ".join(out.split())
    assert code == 0
    assert "The model gave no answer to it." in told
    assert "2 failures got fewer answers" in told and "refused the question" in told


def test_nothing_is_sent_without_a_yes(call: Call, file: Path, there: Service) -> None:
    code, _, err = call("probe", file, answer="n\n")
    assert code == 1
    assert "are sent to 127.0.0.1" in err and not there.asked


def test_the_larger_model_is_asked_where_one_is_set(
    call: Call, file: Path, there: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_ENDPOINT_LARGER_MODEL", "their-larger-model")
    code, out, _ = call("probe", file, "--json", "--yes")
    assert code == 0
    assert {one["model"] for one in there.asked} == {"their-model", "their-larger-model"}
    assert json.loads(out)["larger"] == "their-larger-model"


def test_facts_are_taken_from_documents(
    call: Call, file: Path, there: Service, tmp_path: Path
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "returns.txt").write_text("Returns: 45 days, at the shop.", encoding="utf-8")
    call("probe", file, "--yes", "--documents", folder)
    shown = [json.dumps(one["messages"]) for one in there.asked]
    assert any("Returns: 45 days, at the shop." in text for text in shown)


def test_what_cannot_be_asked_is_said(call: Call, tmp_path: Path, there: Service) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps(PROPOSAL | {"failures": [{"note": "bad"}]}), encoding="utf-8")
    code, _, err = call("probe", path, "--yes")
    assert code == 2
    assert "holds no failure with both an input and a wanted answer" in err


def test_a_wrong_key_is_one_line(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with service(lambda body: refused(401)) as closed:
        monkeypatch.setenv("ADVISOR_ENDPOINT_URL", closed.url)
        monkeypatch.setenv("ADVISOR_ENDPOINT_MODEL", "their-model")
        code, _, err = call("probe", file, "--yes")
    assert code == 2
    assert "does not accept the key" in err and "Traceback" not in err
