"""The real training run, ready to start in TRL, Axolotl or LLaMA-Factory.

Options as documented for TRL 1.16 (`trl sft --config`), Axolotl 0.13 and LLaMA-Factory 0.9.
"""

from __future__ import annotations

from typing import Any

import yaml

from advisor.pilot.exporting.export_material import ExportMaterial, lines

LENGTH = 2_048
"""Tokens of the longest row; a longer one is cut by the trainer."""
_FALLBACK = {"r": 16, "lora_alpha": 32, "target_modules": ["gate_proj", "up_proj", "down_proj"]}


def chat_rows(material: ExportMaterial, place: str) -> bytes:
    """Return one side of the data as conversations, the wanted answer as the last turn."""
    cases = getattr(material.frozen.data, place)
    return lines(
        {
            "messages": [
                *(message._asdict() for message in prompt),
                {"role": "assistant", "content": case.expected},
            ]
        }
        for prompt, case in zip(material.messages(place), cases, strict=True)
    )


def trl(material: ExportMaterial) -> bytes:
    """Return the configuration for `trl sft --config trl.yaml`."""
    lora = _lora(material)
    return _yaml({
        "model_name_or_path": _base(material),
        "datasets": [{"path": "json", "data_files": {"train": "train.jsonl"}}],
        "assistant_only_loss": True,
        "max_length": LENGTH,
        "use_peft": True,
        "lora_r": lora["r"],
        "lora_alpha": lora["lora_alpha"],
        "lora_target_modules": list(lora["target_modules"]),
        **_common(material),
        "gradient_accumulation_steps": 1,
        "output_dir": "adapter",
    })


def axolotl(material: ExportMaterial) -> bytes:
    """Return the configuration for `axolotl train axolotl.yaml`."""
    lora, common = _lora(material), _common(material)
    return _yaml(
        {
            "base_model": _base(material),
            "datasets": [{"path": "train.jsonl", "ds_type": "json", "type": "chat_template",
                          "field_messages": "messages"}],
            "test_datasets": [{"path": "test.jsonl", "ds_type": "json", "type": "chat_template",
                               "split": "train", "field_messages": "messages"}],
            "train_on_inputs": False,
            "sequence_len": LENGTH,
            "adapter": "lora",
            "lora_r": lora["r"],
            "lora_alpha": lora["lora_alpha"],
            "lora_target_modules": list(lora["target_modules"]),
            "micro_batch_size": common["per_device_train_batch_size"],
            "gradient_accumulation_steps": 1,
            "num_epochs": common["num_train_epochs"],
            "learning_rate": common["learning_rate"],
            "lr_scheduler": common["lr_scheduler_type"],
            "optimizer": "adamw_torch",
            "seed": common["seed"],
            "output_dir": "adapter",
        }
    )  # fmt: skip


def llama_factory(material: ExportMaterial) -> bytes:
    """Return the configuration for `llamafactory-cli train llamafactory.yaml`."""
    lora = _lora(material)
    return _yaml({
        "model_name_or_path": _base(material),
        "stage": "sft",
        "do_train": True,
        "finetuning_type": "lora",
        "lora_rank": lora["r"],
        "lora_alpha": lora["lora_alpha"],
        "lora_target": ",".join(lora["target_modules"]),
        "dataset_dir": ".",
        "dataset": "pilot",
        "template": "default",
        "cutoff_len": LENGTH,
        **_common(material),
        "gradient_accumulation_steps": 1,
        "output_dir": "adapter",
    })


def dataset_info(_: ExportMaterial) -> dict[str, Any]:
    """Return what LLaMA-Factory wants to know about the data."""
    tags = {"role_tag": "role", "content_tag": "content", "user_tag": "user",
            "assistant_tag": "assistant", "system_tag": "system"}  # fmt: skip
    return {
        "pilot": {
            "file_name": "train.jsonl",
            "formatting": "sharegpt",
            "columns": {"messages": "messages"},
            "tags": tags,
        }
    }


def _base(material: ExportMaterial) -> str:
    named = material.lora.get("base_model_name_or_path")
    return str(named or material.frozen.spec.base_model or "HuggingFaceTB/SmolLM2-135M-Instruct")


def _lora(material: ExportMaterial) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: material.lora.get(name) or value for name, value in _FALLBACK.items()
    }
    return found | {"target_modules": sorted(found["target_modules"])}


def _common(material: ExportMaterial) -> dict[str, Any]:
    """Return what all three call by the same name; from the pilot's run where one was trained."""
    run = material.trained
    given = dict(run.details.get("training") or {}) if run else {}
    return {
        "per_device_train_batch_size": given.get("batch", 8),
        "num_train_epochs": given.get("epochs", 3),
        "learning_rate": given.get("learning_rate", 2e-4),
        "lr_scheduler_type": "cosine",
        "seed": run.seed if run else material.frozen.spec.seeds[0],
    }


def _yaml(content: dict[str, Any]) -> bytes:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode()
