"""Conversations become tokens in the model's own format, and fit what it can read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.errors import InputError
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message
from advisor.models.generation.tokenizing import GAP, tokenized

RULE = Message("system", "Be brief.")


def text(base: LoadedModel, *messages: Message, room: int = 10) -> str:
    return str(base.tokenizer.decode(tokenized(base, messages, room).tokens))


def test_it_ends_where_the_answer_begins(tiny: LoadedModel) -> None:
    assert text(tiny, RULE, Message("user", "Hi 🙂")) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi 🙂<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


def test_a_model_that_knows_no_system_message_is_told_in_the_first_turn(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = (
        "{% if messages[0]['role'] == 'system' %}{{ raise_exception('none here') }}{% endif %}"
        + str(tiny.tokenizer.chat_template)
    )
    monkeypatch.setattr(tiny.tokenizer, "chat_template", strict)
    told = "<|im_start|>user\nBe brief.\n\nHi<|im_end|>\n<|im_start|>assistant\n"
    assert text(tiny, RULE, Message("user", "Hi")) == told
    assert "user\nBe brief.<|im_end|>" in text(tiny, RULE)


@pytest.mark.parametrize("length", [1_000, 5_000, 100_000])
def test_a_long_message_loses_its_middle(tiny: LoadedModel, length: int) -> None:
    long = Message("user", " ".join(f"w{n}" for n in range(length // 3)))
    read = tokenized(tiny, [RULE, long], 50)
    said = tiny.tokenizer.decode(read.tokens)
    assert read.shortened
    assert tiny.context - 50 - 40 < len(read.tokens) <= tiny.context - 50
    head, tail = said.split(GAP)
    assert head.startswith("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nw0 w1 w2 ")
    assert tail.endswith(f"w{length // 3 - 1}<|im_end|>\n<|im_start|>assistant\n")
    assert 1.5 < len(head) / len(tail) < 2.6


def test_what_just_fits_is_left_whole(tiny: LoadedModel) -> None:
    message = Message("user", "word " * 50)
    length = len(tokenized(tiny, [message], 10).tokens)
    just = replace(tiny, context=length + 10)
    assert not tokenized(just, [message], 10).shortened
    assert tokenized(replace(tiny, context=length + 9), [message], 10).shortened


def test_a_long_instruction_is_refused(tiny: LoadedModel) -> None:
    with pytest.raises(InputError, match=r"prompt: takes [\d,]+ tokens .* Shorten the instr"):
        tokenized(tiny, [Message("system", "abc " * 3_000), Message("user", "Hi")], 10)
