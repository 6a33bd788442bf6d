"""The label chosen is the likeliest under the list, however labels begin and are batched."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message
from advisor.models.generation import AnswerForm, Chosen, choose, write
from advisor.models.generation.label_choice import Branch, label_tree
from advisor.models.generation.token_rows import TokenRows
from advisor.models.generation.tokenizing import tokenized

LABELS = ("card", "card_payment", "card payment", "refund", "transfer", "transfer_fee", "é")
ASKED = [[Message("user", f"{word} please")] for word in ("card", "a refund", "my money", "x")]
END = 2


def chosen(base: LoadedModel, labels: Sequence[str], prompts: Any = ASKED) -> list[Chosen]:
    found = dict(choose(base, prompts, labels))
    return [found[place] for place in range(len(prompts))]


def slowly(base: LoadedModel, messages: Sequence[Message], labels: Sequence[str]) -> list[float]:
    """The same by definition: a forward pass for every beginning of every label."""
    prompt = list(tokenized(base, messages, 32).tokens)
    words = [[*base.tokenizer(label, add_special_tokens=False).input_ids, END] for label in labels]
    scores = []
    for own in words:
        score = 0.0
        for n, token in enumerate(own):
            open_ones = sorted({other[n] for other in words if other[:n] == own[:n]})
            with torch.inference_mode():
                logits = base.model(torch.tensor([prompt + own[:n]])).logits[0, -1]
            shares = torch.log_softmax(logits[open_ones].double(), -1)
            score += float(shares[open_ones.index(token)])
        scores.append(score)
    return scores


def test_scores_are_those_of_the_definition(tiny: LoadedModel) -> None:
    for found, messages in zip(chosen(tiny, LABELS), ASKED, strict=True):
        wanted = slowly(tiny, messages, LABELS)
        assert found.label == LABELS[max(range(len(LABELS)), key=wanted.__getitem__)]
        for got, want in zip(found.scores, wanted, strict=True):
            assert got == pytest.approx(want, abs=1e-3) or max(got, want) < math.log(1e-3)


@settings(max_examples=20)
@given(st.lists(st.text("abc_ ", min_size=1, max_size=6), min_size=2, max_size=12, unique=True))
def test_shares_sum_to_one_and_the_best_is_at_least_an_even_share(
    tiny: LoadedModel, labels: list[str]
) -> None:
    for found in chosen(tiny, labels):
        assert sum(map(math.exp, found.scores)) == pytest.approx(1)
        assert max(found.scores) >= math.log(1 / len(labels)) - 1e-9
        assert found.scores[labels.index(found.label)] == max(found.scores)


def test_choices_do_not_depend_on_neighbours(tiny: LoadedModel) -> None:
    together = chosen(tiny, LABELS, [*ASKED, *ASKED[:2]])
    assert together[4:] == [one._replace(seconds=together[n + 4].seconds)
                            for n, one in enumerate(together[:2])]  # fmt: skip
    alone = [chosen(tiny, LABELS, [one])[0] for one in ASKED]
    assert [one.label for one in alone] == [one.label for one in together[:4]]
    assert [one.tokens_in for one in alone] == [one.tokens_in for one in together[:4]]
    assert all(one.seconds > 0 for one in together)


def test_where_the_first_token_decides_only_the_prompt_is_read(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[int] = []
    feed = TokenRows.feed

    def counted(self: TokenRows, tokens: Any) -> torch.Tensor:
        fed.append(len(tokens))
        return feed(self, tokens)

    monkeypatch.setattr(TokenRows, "feed", counted)
    chosen(tiny, ["alpha", "beta", "gamma"])
    assert fed == [len(ASKED)]


def test_the_real_model_chooses_what_it_would_write_under_the_list(smol: LoadedModel) -> None:
    prompts = [[Message("user", f"Is {city} the capital of France? Answer yes or no.")]
               for city in ("Paris", "Rome")]  # fmt: skip
    labels = ["yes, it is", "no, it is not"]
    held = dict(write(smol, prompts, max_new_tokens=9, form=AnswerForm.labels(labels)))
    assert [one.label for one in chosen(smol, labels, prompts)] == [held[0].text, held[1].text]


def test_what_labels_begin_with_stands_once(tiny: LoadedModel) -> None:
    def spelt(branch: Branch) -> Any:
        return [tiny.tokenizer.decode(branch.tokens), *map(spelt, branch.below)]

    assert spelt(label_tree(tiny, ["xyz", "xq", "xy"], END)) == [
        "x", ["q<|im_end|>"], ["y", ["<|im_end|>"], ["z<|im_end|>"]]
    ]  # fmt: skip


@pytest.mark.parametrize("labels", [[], ["one"], ["a", ""], ["a", "b", "a"]])
def test_labels_that_leave_no_choice_are_refused(tiny: LoadedModel, labels: list[str]) -> None:
    with pytest.raises(InputError, match="labels: "):
        chosen(tiny, labels)


def test_it_stops_between_readings(tiny: LoadedModel) -> None:
    assert list(choose(tiny, ASKED, LABELS, stop=lambda: True)) == []


def test_progress_is_told(tiny: LoadedModel) -> None:
    told: list[int] = []
    list(choose(tiny, ASKED, LABELS, tell=told.append))
    assert told == [1, 2, 3, 4]
