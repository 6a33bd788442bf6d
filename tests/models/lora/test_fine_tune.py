import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

from advisor.errors import InputError, ModelError
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message
from advisor.models.lora import (
    Halted,
    Trained,
    Training,
    TrainingExample,
    TrainingProgress,
    estimate,
    load_adapter,
    train,
    training_run,
)
from advisor.models.lora.adapter import CONFIG, WEIGHTS
from advisor.models.lora.llama_layers import LlamaEngine
from advisor.models.lora.packing import Pack
from advisor.models.lora.training_state import NAME

LABELS = ("card", "payment", "refund", "transfer")
EXAMPLES = [
    TrainingExample(
        (Message("system", "Answer with one label."), Message("user", f"{label} {number}")), label
    )
    for number in range(8)
    for label in LABELS
]
SETTINGS = Training(rank=4, epochs=2, learning_rate=0.01, held_out=0.2, batch=8)
STEPS = 2 * 4


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """A process that is split off has no other threads; results must not depend on how many."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def trained(tiny: LoadedModel, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A run that nothing disturbed."""
    return train(tiny, EXAMPLES, SETTINGS, tmp_path_factory.mktemp("whole"))


def _weights(folder: Path) -> bytes:
    return (folder / WEIGHTS).read_bytes()


def test_it_learns(tiny: LoadedModel, tmp_path: Path) -> None:
    told: list[TrainingProgress] = []
    settings = SETTINGS.model_copy(update={"epochs": 6, "held_out": 0.0, "modules": "all"})
    always = [one._replace(completion="refund") for one in EXAMPLES]
    done = train(tiny, always, settings, tmp_path, told.append)
    assert done.losses[-1].loss < done.losses[0].loss / 3
    assert [one.step for one in told] == list(range(1, 25)) and told[0].steps == 24
    assert told[-1].tokens == done.tokens and told[-1].seconds_left == 0
    assert all(one.seconds_left > 0 for one in told[:-1])
    assert not done.stopped_early and done.steps == 24 and done.cut == 0
    assert 50 < done.peak_memory < 20_000
    tuned = load_adapter(tiny, tmp_path)
    assert _unlikely(tuned, always[5]) < _unlikely(tiny, always[5]) / 3


@torch.no_grad()
def _unlikely(base: LoadedModel, example: TrainingExample) -> float:
    """Loss of the completion, by transformers alone."""
    turns = [one._asdict() for one in example.messages]
    text = base.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    prompt, answer = base.tokenizer([text, example.completion], add_special_tokens=False)[
        "input_ids"
    ]
    scores = base.model(torch.tensor([[*prompt, *answer]])).logits[0, len(prompt) - 1 : -1]
    return float(torch.nn.functional.cross_entropy(scores, torch.tensor(answer)))


def test_the_same_seed_gives_the_same_adapter_and_another_one_another(
    tiny: LoadedModel, trained: Trained, tmp_path: Path
) -> None:
    train(tiny, EXAMPLES, SETTINGS, tmp_path / "same")
    train(tiny, EXAMPLES, SETTINGS.model_copy(update={"seed": 1}), tmp_path / "other")
    assert _weights(tmp_path / "same") == _weights(trained.adapter)
    assert _weights(tmp_path / "other") != _weights(trained.adapter)


def test_tokens_count_every_row_whole(tiny: LoadedModel, trained: Trained) -> None:
    held_out = [one.held_out for one in trained.losses]
    assert [place for place, one in enumerate(held_out, 1) if one is not None] == [4, 8]
    words = tiny.tokenizer
    each = [
        len(
            words.apply_chat_template(
                [one._asdict() for one in example.messages],
                add_generation_prompt=True,
                return_dict=True,
            )["input_ids"]
        )
        + len(words(example.completion, add_special_tokens=False)["input_ids"])
        + 1
        for example in EXAMPLES
    ]
    fit = training_run.hold_out(len(EXAMPLES), SETTINGS).fit
    assert len(fit) == 26 and trained.tokens == 2 * sum(each[place] for place in fit)


@pytest.mark.parametrize("after", [1, 4, 7])
def test_killed_in_the_middle_it_goes_on_to_the_same_adapter(
    tiny: LoadedModel, trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(training_run, "KEEP_EVERY", 0.0)
    seen: list[int] = []

    def kill(progress: TrainingProgress) -> None:
        if progress.step == after:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        train(tiny, EXAMPLES, SETTINGS, tmp_path, kill)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert not (tmp_path / WEIGHTS).exists()
    done = train(tiny, EXAMPLES, SETTINGS, tmp_path, lambda one: seen.append(one.step))
    assert seen == list(range(after + 1, STEPS + 1))
    assert _weights(tmp_path) == _weights(trained.adapter)
    assert done.losses == trained.losses and done.tokens == trained.tokens
    assert not (tmp_path / NAME).exists()


def test_asked_to_stop_it_stops_at_once_and_goes_on_to_the_same_adapter(
    tiny: LoadedModel, trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.models.lora.fine_tune.BREATH", 0.0)
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked == 100  # in the middle of a step

    seen: list[int] = []
    with pytest.raises(Halted):
        train(tiny, EXAMPLES, SETTINGS, tmp_path, lambda one: seen.append(one.step), stop)
    assert asked == 100 and 0 < len(seen) < STEPS
    assert not (tmp_path / WEIGHTS).exists()
    train(tiny, EXAMPLES, SETTINGS, tmp_path, lambda one: seen.append(one.step))
    assert seen == list(range(1, STEPS + 1))
    assert _weights(tmp_path) == _weights(trained.adapter)


def test_what_is_done_is_not_done_again(tiny: LoadedModel, trained: Trained) -> None:
    told: list[TrainingProgress] = []
    assert train(tiny, EXAMPLES, SETTINGS, trained.adapter, told.append) == trained
    assert not told


def test_another_run_or_a_damaged_checkpoint_is_not_gone_on_with(
    tiny: LoadedModel, trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.models.lora.fine_tune.BREATH", 0.0)
    asked = iter([False] * 60)
    with pytest.raises(Halted):
        train(tiny, EXAMPLES[:-1], SETTINGS, tmp_path, stop=lambda: next(asked, True))
    whole = (tmp_path / NAME).read_bytes()
    seen: list[int] = []
    train(tiny, EXAMPLES, SETTINGS, tmp_path, lambda one: seen.append(one.step))
    assert seen[0] == 1 and _weights(tmp_path) == _weights(trained.adapter)
    (tmp_path / "trained.json").unlink()
    (tmp_path / NAME).write_bytes(whole[: len(whole) // 2])
    seen.clear()
    train(tiny, EXAMPLES, SETTINGS, tmp_path, lambda one: seen.append(one.step))
    assert seen[0] == 1 and _weights(tmp_path) == _weights(trained.adapter)


def test_it_stops_when_the_examples_held_out_get_worse_and_keeps_the_best(
    tiny: LoadedModel, tmp_path: Path
) -> None:
    noise = [
        example._replace(completion=LABELS[place * 7 // 3 % 4])
        for place, example in enumerate(EXAMPLES)
    ]
    settings = SETTINGS.model_copy(
        update={"epochs": 20, "batch": 26, "rank": 16, "modules": "all", "learning_rate": 0.03}
    )
    done = train(tiny, noise, settings, tmp_path)
    held_out = [one.held_out for one in done.losses if one.held_out is not None]
    assert done.stopped_early and done.steps == len(held_out) < 20
    assert held_out[-1] > held_out[-2] == min(held_out)


def test_it_stops_when_an_epoch_gains_next_to_nothing(tiny: LoadedModel, tmp_path: Path) -> None:
    slow = SETTINGS.model_copy(update={"epochs": 20, "learning_rate": 1e-6})
    done = train(tiny, EXAMPLES, slow, tmp_path)
    held_out = [one.held_out for one in done.losses if one.held_out is not None]
    assert done.stopped_early and len(held_out) == 2
    assert abs(held_out[1] - held_out[0]) < 0.01


@pytest.mark.parametrize("depth", ["whole", "upper"])
def test_a_model_of_another_kind_learns_too(tiny: LoadedModel, tmp_path: Path, depth: str) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(8)
        model = GPTNeoXForCausalLM(
            GPTNeoXConfig(
                vocab_size=len(tiny.tokenizer),
                hidden_size=32,
                intermediate_size=64,
                num_hidden_layers=2,
                num_attention_heads=4,
            )
        ).eval()
    base = replace(tiny, model=model, identity="neox")
    settings = SETTINGS.model_copy(update={"depth": depth, "modules": "all"})
    done = train(base, EXAMPLES, settings, tmp_path)
    assert done.losses[-1].loss < done.losses[0].loss
    layers = json.loads((tmp_path / CONFIG).read_text("utf-8")).get("layers_to_transform")
    assert layers == ([1] if depth == "upper" else None)
    assert len(load_file(tmp_path / WEIGHTS)) == (8 if depth == "upper" else 16)
    with torch.no_grad():
        ids = torch.tensor([[3, 4, 5]])
        assert not torch.equal(model(ids).logits, load_adapter(base, tmp_path).model(ids).logits)


def test_a_loss_that_is_no_number_breaks_off_and_keeps_what_was_learned(
    tiny: LoadedModel, tmp_path: Path
) -> None:
    wild = SETTINGS.model_copy(update={"learning_rate": 0.99, "alpha": 1024.0, "epochs": 100})
    base = replace(tiny, model=_sixteen_bits(tiny), dtype=torch.float16)
    with pytest.raises(ModelError, match="loss is not a number") as raised:
        train(base, EXAMPLES, wild, tmp_path)
    assert "Set a lower learning rate, such as 0.2" in str(raised.value)
    kept = load_file(tmp_path / NAME)
    assert bool(kept["values"].isfinite().all()) and not (tmp_path / WEIGHTS).exists()


def _sixteen_bits(tiny: LoadedModel) -> torch.nn.Module:
    model = type(tiny.model)(tiny.model.config)
    model.load_state_dict(tiny.model.state_dict())
    return model.to(torch.float16).eval()


def test_a_folder_that_cannot_be_written_is_named(tiny: LoadedModel, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(InputError, match="cannot be made"):
        train(tiny, EXAMPLES, SETTINGS, tmp_path / "file" / "adapter")


def test_the_estimate_is_near_what_training_takes(
    tiny: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a clock that each token moves by a second, and nothing else."""
    clock = 0.0

    def loss(engine: LlamaEngine, pack: Pack) -> torch.Tensor:
        nonlocal clock
        clock += pack.size
        return plainly(engine, pack)

    plainly = LlamaEngine.loss
    monkeypatch.setattr(LlamaEngine, "loss", loss)
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    settings = SETTINGS.model_copy(update={"epochs": 4})
    guessed = estimate(tiny, EXAMPLES, settings)
    clock = 0.0
    assert not train(tiny, EXAMPLES, settings, tmp_path).stopped_early
    assert 0 < clock == pytest.approx(guessed)
