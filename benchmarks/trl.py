"""TRL's SFTTrainer as its documentation sets it up: LoRA through PEFT, the loss on completions."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from advisor.models.base import LoadedModel
from advisor.models.lora import Training, TrainingExample

os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")


class Clock:
    """Seconds of each step, taken by the trainer's own callbacks."""

    def __init__(self) -> None:
        """Begin without any."""
        self.seconds: list[float] = []
        self._since = 0.0

    def callback(self) -> Any:
        """Return what the trainer calls."""
        from transformers import TrainerCallback

        clock = self

        class Timing(TrainerCallback):  # type: ignore[misc, unused-ignore]
            """Looks at the clock around each step."""

            def on_step_begin(self, *_: Any, **__: Any) -> None:
                """Begin a step."""
                clock._since = time.perf_counter()

            def on_step_end(self, *_: Any, **__: Any) -> None:
                """End it."""
                clock.seconds.append(time.perf_counter() - clock._since)

        return Timing()


def trainer(
    base: LoadedModel,
    examples: Sequence[TrainingExample],
    settings: Training,
    out: Path,
    **options: Any,
) -> tuple[Any, Clock]:
    """Return a trainer with its clock; `options` go to `SFTConfig` as they are.

    Rank, alpha, batch, epochs, seed and learning rate are ours; the linear maps are all, as in its
    guide "LoRA Without Regret"; everything else is its own choice.
    """
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import PrinterCallback
    from trl import SFTConfig, SFTTrainer  # type: ignore[attr-defined, unused-ignore]

    rows = [
        {
            "prompt": [one._asdict() for one in example.messages],
            "completion": [{"role": "assistant", "content": example.completion}],
        }
        for example in examples
    ]
    config = SFTConfig(
        output_dir=str(out),
        per_device_train_batch_size=settings.batch,
        num_train_epochs=settings.epochs,
        learning_rate=settings.rate(base.model.num_parameters()),
        seed=settings.seed,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        logging_strategy="no",
        use_cpu=base.device.type == "cpu",  # without it, it refuses to start there
        **options,
    )
    lora = LoraConfig(
        r=settings.rank,
        lora_alpha=int(settings.alpha),
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    clock = Clock()
    made = SFTTrainer(
        model=str(base.model.config._name_or_path),
        args=config,
        train_dataset=Dataset.from_list(rows),
        peft_config=lora,
        callbacks=[clock.callback()],
    )
    made.remove_callback(PrinterCallback)
    return made, clock


def precision(made: Any) -> str:
    """Return in which numbers a trainer computes, and whether it computes layers twice."""
    weights = str(made.model.dtype).removeprefix("torch.")
    cast = ", bfloat16 by autocast" if made.args.bf16 else ""
    again = ", layers computed again for the backward pass" if _again(made) else ""
    return f"{weights} weights{cast}{again}"


def _again(made: Any) -> bool:
    return bool(made.args.gradient_checkpointing)


def float32() -> dict[str, Any]:
    """Return the options that force 32 bits."""
    return {"bf16": False, "model_init_kwargs": {"dtype": torch.float32}}
