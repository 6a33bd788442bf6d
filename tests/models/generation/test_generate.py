"""Answers are those of a plain loop, however prompts are batched and whatever they share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message
from advisor.models.generation import Written, batching, write

RULES = "You are a helpful assistant. Answer with one label and nothing else. " * 4
WORDS = ("card", "payment", "refund", "7", "é", "{", "transfer?", "where is my")


def asks(text: str, rules: str = RULES) -> list[Message]:
    return [Message("system", rules), Message("user", text)]


def plain(base: LoadedModel, messages: Sequence[Message], most: int) -> tuple[str, int]:
    """The answer of `generate`, one prompt at a time, and its tokens."""
    tokens = base.tokenizer.apply_chat_template(
        [one._asdict() for one in messages], return_tensors="pt", add_generation_prompt=True
    )
    found = base.model.generate(**tokens, max_new_tokens=most, do_sample=False)[0]
    new = found[tokens["input_ids"].shape[1] :]
    return base.tokenizer.decode(new, skip_special_tokens=True), len(new)


def texts(base: LoadedModel, prompts: Sequence[Sequence[Message]], most: int = 16) -> list[str]:
    return [one.text for one in answers(base, prompts, most)]


def answers(
    base: LoadedModel, prompts: Sequence[Sequence[Message]], most: int = 16
) -> list[Written]:
    found = dict(write(base, prompts, max_new_tokens=most))
    assert sorted(found) == list(range(len(prompts)))
    return [found[place] for place in range(len(prompts))]


PROMPTS = st.lists(
    st.builds(
        lambda rules, words: asks(" ".join(words), RULES[: 70 * rules]),
        st.integers(0, 4),
        st.lists(st.sampled_from(WORDS), max_size=30),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=8)
@given(prompts=PROMPTS)
def test_answers_are_those_of_a_plain_loop(tiny: LoadedModel, prompts: list[list[Message]]) -> None:
    for found, messages in zip(answers(tiny, prompts), prompts, strict=True):
        assert (found.text, found.tokens_out) == plain(tiny, messages, 16)


def test_the_real_model_answers_as_in_a_plain_loop(smol: LoadedModel) -> None:
    prompts = [
        asks("What is the capital of France?", "Be brief."),
        asks("Name a colour.", "Be brief."),
        [Message("user", "Say hello.")],
    ]
    wanted = [plain(smol, messages, 8)[0] for messages in prompts]
    assert texts(smol, prompts, 8) == wanted


def test_answers_do_not_depend_on_neighbours_or_on_the_size_of_batches(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts = [asks(f"{word} " * (n % 5)) for n in range(4) for word in WORDS]
    together = texts(tiny, prompts)
    assert len(set(together)) > 20
    assert [texts(tiny, [one])[0] for one in prompts[:6]] == together[:6]
    monkeypatch.setattr(batching, "MOST", 3)
    monkeypatch.setattr(batching, "PART", 100)
    assert texts(tiny, prompts[::-1])[::-1] == together


def test_a_long_prompt_is_read_in_parts(tiny: LoadedModel) -> None:
    prompts = [asks(f"{n} " + "w " * 350) for n in range(3)]
    assert texts(tiny, prompts, 5) == [plain(tiny, one, 5)[0] for one in prompts]


def test_equal_prompts_are_answered_once(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[int] = []
    feed = batching.TokenRows.feed

    def counted(self: batching.TokenRows, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
        fed.append(len(tokens))
        return feed(self, tokens)

    monkeypatch.setattr(batching.TokenRows, "feed", counted)
    found = answers(tiny, [asks("card")] * 20, 4)
    assert len(set(found)) == 1
    assert set(fed) == {1}


def test_an_answer_says_what_it_took(tiny: LoadedModel) -> None:
    found = answers(tiny, [asks("card"), asks("refund " * 9)], 3)
    lengths = [
        len(tiny.tokenizer.apply_chat_template(
            [one._asdict() for one in asks(text)], add_generation_prompt=True
        )["input_ids"])
        for text in ("card", "refund " * 9)
    ]  # fmt: skip
    assert [one.tokens_in for one in found] == lengths
    assert [(one.tokens_out, one.cut, one.shortened) for one in found] == [(3, True, False)] * 2
    assert all(one.seconds > 0 for one in found)


def test_an_answer_that_ends_by_itself_is_not_cut(smol: LoadedModel) -> None:
    (found,) = answers(smol, [[Message("user", "What is the capital of France?")]], 12)
    assert (found.text, found.cut) == ("The capital of France is Paris.", False)
    assert found.tokens_out == 8


def test_an_answer_ends_before_given_texts(tiny: LoadedModel) -> None:
    whole = texts(tiny, [asks("card")], 12)[0]
    stop = whole[3:5]
    ((_, found),) = write(tiny, [asks("card")], max_new_tokens=12, ends=["never there", stop])
    assert found.text == whole[: whole.find(stop)]
    assert found.tokens_out < 12 and not found.cut


def test_a_case_that_is_too_long_is_shortened_and_its_neighbours_are_not(tiny: LoadedModel) -> None:
    found = answers(tiny, [asks("card"), asks("w " * 50_000), asks("refund")], 4)
    assert [one.shortened for one in found] == [False, True, False]
    assert found[0].text == plain(tiny, asks("card"), 4)[0]
    with pytest.raises(InputError, match="Shorten the instruction"):
        answers(tiny, [asks("card", "w " * 3_000)], 4)


def test_drawn_answers_differ_by_place_and_seed_alone(tiny: LoadedModel) -> None:
    def drawn(prompts: list[list[Message]], seed: int = 1, temperature: float = 1.0) -> list[str]:
        found = dict(write(tiny, prompts, max_new_tokens=6, temperature=temperature, seed=seed))
        return [found[place].text for place in range(len(prompts))]

    same = drawn([asks("card")] * 5)
    assert len(set(same)) == 5
    assert drawn([asks("card"), *(asks(word) for word in WORDS)])[0] == same[0]
    assert drawn([asks("card")] * 5, seed=2) != same
    assert set(drawn([asks("card")] * 3, temperature=1e-4)) == set(texts(tiny, [asks("card")], 6))


def test_each_prompt_may_have_its_own_limit_and_temperature(tiny: LoadedModel) -> None:
    prompts = [asks(word) for word in WORDS] * 2
    limits = [1 + place % 4 for place in range(len(prompts))]
    heat = [0.0] * len(WORDS) + [1.0] * len(WORDS)
    found = dict(write(tiny, prompts, max_new_tokens=limits, temperature=heat, seed=1))
    warm = dict(write(tiny, prompts, max_new_tokens=4, temperature=1.0, seed=1))
    for place, messages in enumerate(prompts):
        whole = warm[place].text if heat[place] else plain(tiny, messages, 4)[0]
        assert found[place].tokens_out <= limits[place]
        assert whole.startswith(found[place].text.rstrip("\ufffd"))
    assert any(found[place].text != found[place + len(WORDS)].text for place in range(len(WORDS)))


def test_a_prompt_that_is_drawn_several_times_is_read_once(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[int] = []
    feed = batching.TokenRows.feed

    def counted(self: batching.TokenRows, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
        fed.append(len(tokens))
        return feed(self, tokens)

    monkeypatch.setattr(batching.TokenRows, "feed", counted)
    heat = [0.0, 1.0, 1.0, 1.0]
    found = dict(write(tiny, [asks("card")] * 4, max_new_tokens=2, temperature=heat))
    assert found[0].text == plain(tiny, asks("card"), 2)[0]
    assert fed[:2] == [1, 4]


def test_progress_is_told(tiny: LoadedModel) -> None:
    told: list[int] = []
    list(write(tiny, [asks(word) for word in WORDS], max_new_tokens=3, tell=told.append))
    assert told == list(range(1, len(WORDS) + 1))


@pytest.mark.parametrize("steps", [0, 1, 5])
def test_it_stops_within_a_step(tiny: LoadedModel, steps: int) -> None:
    turn = count()
    found = write(
        tiny,
        [asks(word) for word in WORDS],
        max_new_tokens=500,
        stop=lambda: next(turn) >= steps,
    )
    assert len(list(found)) < len(WORDS)
    assert next(turn) == steps + 1


def test_closing_leaves_the_model_as_it_was(tiny: LoadedModel) -> None:
    before = tiny.model.config._attn_implementation
    found = write(tiny, [asks(word) for word in WORDS], max_new_tokens=3)
    next(found)
    assert plain(tiny, asks("card"), 6)[0] == texts(tiny, [asks("card")], 6)[0]
    found.close()
    assert tiny.model.config._attn_implementation == before


def test_nothing_asked_is_nothing_answered(tiny: LoadedModel) -> None:
    assert answers(tiny, []) == []
