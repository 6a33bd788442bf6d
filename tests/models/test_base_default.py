"""The base model that ships speaks exactly as published, and is converted once."""

from __future__ import annotations

import errno
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerBase

from advisor.errors import ModelError
from advisor.models import base_default
from advisor.models.base import LoadedModel, load_base
from advisor.models.base_default import MARKER, default_base

GREETING = (
    "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
    "<|im_end|>\n"
)
ASKED = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"


def written(tokenizer: PreTrainedTokenizerBase, *turns: tuple[str, str]) -> str:
    messages = [{"role": role, "content": content} for role, content in turns]
    return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))


def test_the_chat_format_is_the_published_one(smol: LoadedModel) -> None:
    assert written(smol.tokenizer, ("user", "Hi")) == GREETING + ASKED
    own = written(smol.tokenizer, ("system", "Be brief."), ("user", "Hi"))
    assert own == "<|im_start|>system\nBe brief.<|im_end|>\n" + ASKED


def test_texts_become_tokens_as_published(smol: LoadedModel) -> None:
    def tokens(text: str) -> list[str]:
        return smol.tokenizer.convert_ids_to_tokens(smol.tokenizer(text).input_ids)

    assert tokens("a  12   345") == ["a", "ĠĠ", "1", "2", "ĠĠĠ", "3", "4", "5"]
    assert smol.tokenizer(GREETING + ASKED).input_ids == [
        *(1, 9690, 198, 2683, 359, 253, 5356, 5646, 11173, 3365, 3511, 308, 34519, 28, 7018),
        *(411, 407, 19712, 8182, 2, 198, 1, 4093, 198, 26843, 2, 198, 1, 520, 9531, 198),
    ]
    text = "Ünïcode 🙂 \t\n\n  x  <|im_end|>\r\n"
    assert smol.tokenizer.decode(smol.tokenizer(text).input_ids) == text


def test_it_knows_what_it_was_taught(smol: LoadedModel) -> None:
    asked = written(smol.tokenizer, ("user", "What is the capital of France?"))
    tokens = smol.tokenizer(asked, return_tensors="pt")
    answer = smol.model.generate(**tokens, max_new_tokens=12, do_sample=False)[0]
    said = smol.tokenizer.decode(answer[tokens["input_ids"].shape[1] :])
    assert said == "The capital of France is Paris.<|im_end|>"
    assert (smol.licence, smol.context, smol.tokenizer.eos_token_id) == ("apache-2.0", 8192, 2)


def test_a_folder_that_is_whole_is_used_as_it_is(
    smol_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_HOME", str(smol_folder.parents[1]))
    monkeypatch.setattr(base_default, "_convert", pytest.fail)
    assert default_base()[0] == smol_folder
    assert load_base().identity == load_base(str(smol_folder)).identity


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Conversion to a small file, which takes its time; the folders that it wrote."""
    wrote: list[Path] = []

    def convert(source: Path, folder: Path) -> None:
        wrote.append(folder)
        time.sleep(0.2)
        (folder / "config.json").write_text("{}", "utf-8")

    monkeypatch.setattr(base_default, "_convert", convert)
    return wrote


def test_who_comes_at_the_same_time_waits(small: list[Path], home: Path) -> None:
    with ThreadPoolExecutor(4) as many:
        found = set(many.map(lambda _: default_base(), range(4)))
    assert len(small) == len(found) == 1


def test_what_was_left_half_written_is_made_anew(small: list[Path], home: Path) -> None:
    folder, _ = default_base()
    (folder / MARKER).unlink()
    (folder / "left.txt").write_text("half", "utf-8")
    assert default_base()[0] == folder
    assert len(small) == 2
    assert sorted(path.name for path in folder.iterdir()) == [MARKER, "config.json"]


def test_a_full_disk_is_said_and_nothing_is_left(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(base_default, "_convert", full)
    with pytest.raises(ModelError, match="No space left.*300 MB"):
        default_base()
    assert [path.suffix for path in (home / "models").iterdir()] == [".lock"]


def test_an_altered_or_missing_package_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_default, "SHA256", "0" * 64)
    with pytest.raises(ModelError, match="is not the published one"):
        default_base()
    monkeypatch.setattr(base_default, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="not installed. Run: make app"):
        default_base()
