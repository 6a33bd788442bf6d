import pytest

from advisor.errors import InputError
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message
from advisor.models.lora import TrainingExample
from advisor.models.lora.packing import rows_of


def _example(text: str, completion: str = "card") -> TrainingExample:
    return TrainingExample((Message("system", "Answer."), Message("user", text)), completion)


def test_a_row_is_the_prompt_as_it_is_asked_and_the_answer_with_its_end(tiny: LoadedModel) -> None:
    words = tiny.tokenizer
    ((prompt, completion),) = rows_of(tiny, [_example("hello", "card é")], 500).rows
    asked = words.apply_chat_template(
        [{"role": "system", "content": "Answer."}, {"role": "user", "content": "hello"}],
        tokenize=False,
        add_generation_prompt=True,
    )
    assert words.decode(prompt) == asked
    assert words.decode(completion[:-1]) == "card é"
    assert completion[-1] == words.eos_token_id


def test_a_long_prompt_loses_its_middle_and_is_counted(tiny: LoadedModel) -> None:
    long = "start " + "x" * 4_000 + " end"
    found = rows_of(tiny, [_example(long), _example("short")], 100)
    assert found.cut == 1
    row, other = found.rows
    text = tiny.tokenizer.decode(row.prompt)
    assert 50 < row.tokens <= 100 and "start" in text and "[…]" in text and " end" in text
    assert tiny.tokenizer.decode(row.completion[:-1]) == "card"
    assert "short" in tiny.tokenizer.decode(other.prompt)


def test_a_long_answer_keeps_its_beginning_and_at_most_half_of_the_room(tiny: LoadedModel) -> None:
    found = rows_of(tiny, [_example("hello", "yes " + "z" * 4_000)], 100)
    (row,) = found.rows
    assert found.cut == 1 and row.tokens <= 100 and len(row.completion) == 50
    assert tiny.tokenizer.decode(row.completion).startswith("yes z")
    assert row.completion[-1] != tiny.tokenizer.eos_token_id


def test_no_row_is_longer_than_the_model_can_read(tiny: LoadedModel) -> None:
    (row,) = rows_of(tiny, [_example("x" * 200_000)], 100_000).rows
    assert tiny.context - 64 < row.tokens <= tiny.context


def test_examples_that_say_nothing_are_refused(tiny: LoadedModel) -> None:
    with pytest.raises(InputError, match="no examples"):
        rows_of(tiny, [], 100)
    with pytest.raises(InputError, match="example 2: has no wanted answer"):
        rows_of(tiny, [_example("a"), _example("b", " \n")], 100)


def test_an_instruction_that_does_not_fit_is_refused(tiny: LoadedModel) -> None:
    long = TrainingExample((Message("system", "so " * 200), Message("user", "hello")), "card")
    with pytest.raises(InputError, match="before the case itself"):
        rows_of(tiny, [long], 100)
