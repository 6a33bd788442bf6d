"""The OpenAPI document says what is there, and nothing in it comes from elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from client import GOOD, Client
from jsonschema import Draft202012Validator

from advisor.api.document import _EXAMPLES
from advisor.api.operations import OPERATIONS
from advisor.api.problems import KINDS, METHOD
from advisor.proposal import Current, Failure, Proposal, parse_proposal
from advisor.rules import load


@pytest.fixture(scope="module")
def told(client: Client) -> dict[str, Any]:
    answer = client.ask("GET", "/openapi.json", None)
    assert answer.status_code == 200
    return dict(answer.json())


def _problems(told: dict[str, Any], name: str, value: Any) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}", "components": told["components"]}
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def test_every_operation_is_told_with_who_may_and_all_refusals(told: dict[str, Any]) -> None:
    assert told["openapi"] == "3.1.0" and told["servers"] == [{"url": "/api"}]
    for one in OPERATIONS:
        here = told["paths"][one.path][one.method.lower()]
        assert here["operationId"] == one.name and here["security"] == [{"token": []}]
        assert "Needs a token of the role" in here["description"]
        assert set(here["responses"]) == {str(one.status), *(str(k.status) for k in one.refusals)}
        for status, answer in here["responses"].items():
            kind = "application/json" if status[0] == "2" else "application/problem+json"
            assert list(answer["content"]) == [kind] and answer["description"]
        assert ("requestBody" in here) == (one.takes is not None)
        keys = [it for it in here["parameters"] if it["name"] == "Idempotency-Key"]
        assert [it["required"] for it in keys] == ([True] if one.method != "GET" else [])
    told_of = {kind for one in OPERATIONS for kind in one.refusals}
    assert told_of == set(KINDS) - {METHOD}


def test_examples_fit_and_are_understood(told: dict[str, Any], client: Client) -> None:
    for name, value in zip(("ProposalGiven", "ChangesGiven", "SubmissionGiven"),
                           _EXAMPLES.values(), strict=True):  # fmt: skip
        assert _problems(told, name, value) == []
    parse_proposal(_EXAMPLES["proposal"])
    id = client.made(**_EXAMPLES["proposal"])
    changed = client.ask("PATCH", f"/v1/proposals/{id}", body=_EXAMPLES["changes"])
    assert changed.status_code == 200


def test_bodies_have_the_fields_of_the_records_and_the_questions_of_the_rules(
    told: dict[str, Any],
) -> None:
    schemas, book = told["components"]["schemas"], load()
    for name, fields in (
        ("ProposalGiven", Proposal.model_fields), ("FailureGiven", Failure.model_fields),
        ("CurrentGiven", Current.model_fields), ("AnswersGiven", book.questions),
        ("ReviewGiven", book.approval.fields if book.approval else {}),
    ):  # fmt: skip
        assert set(schemas[name]["properties"]) == set(fields)
        assert schemas[name]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ({}, True), ({"title": " "}, False), ({"titel": "x"}, False), ({"requested": None}, True),
        ({"requested": "retrieval+magic"}, False), ({"answers": {"regulated": "yes"}}, False),
        ({"answers": {"n_labels": None, "regulated": True}}, True),
        ({"answers": {"facts_change_often": "hourly"}}, False), ({"failures": [{}]}, False),
        ({"failures": [{"note": " ", "input": "x"}]}, False), ({"review": {"rollback": 1}}, False),
        ({"failures": [{"note": "x", "id": None}]}, True),
        ({"corrections": {"f1": "magic"}}, False),
        ({"description": "x" * 20_001}, False), ({"description": "a\x00b"}, False),
    ],
)  # fmt: skip
def test_schema_and_service_agree(
    told: dict[str, Any], client: Client, more: dict[str, Any], fits: bool
) -> None:
    body = GOOD | more
    assert (not _problems(told, "ProposalGiven", body)) is fits
    answer = client.ask("POST", "/v1/proposals", body=body)
    assert answer.status_code == (201 if fits else 422)


def test_nothing_is_loaded_from_elsewhere(told: dict[str, Any]) -> None:
    text = json.dumps(told)
    assert "http://" not in text.replace("https://json-schema", "") and "cdn" not in text
