"""Everything that a pilot leaves behind, as one archive."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

from advisor.documents.render import html_of, markdown_of, pdf_of
from advisor.pilot.exporting import evaluation_configs, training_configs
from advisor.pilot.exporting.export_material import ExportMaterial
from advisor.pilot.exporting.model_card import model_card

_EPOCH = (1980, 1, 1, 0, 0, 0)
_HOW = b"""What a pilot leaves behind.

report.*      what was found, for people
result.json   the same for programs
training/     the real run: trl sft --config trl.yaml, axolotl train axolotl.yaml,
              llamafactory-cli train llamafactory.yaml; each in that folder. Look at the base
              model first: a pilot's is small.
evaluation/   the held-out cases for promptfoo (fill in a provider) and Inspect
adapter/      the trained adapter, for peft.PeftModel.from_pretrained, with its model card
"""


class Export(NamedTuple):
    """One file of the archive."""

    path: str
    write: Callable[[ExportMaterial], bytes]


EXPORTS: tuple[Export, ...] = (
    Export("README.txt", lambda _: _HOW),
    Export("report.html", lambda one: report(one, "html")),
    Export("report.md", lambda one: report(one, "md")),
    Export("report.pdf", lambda one: report(one, "pdf")),
    Export("result.json", lambda one: result_json(one)),
    Export("training/train.jsonl", lambda one: training_configs.chat_rows(one, "train")),
    Export("training/test.jsonl", lambda one: training_configs.chat_rows(one, "test")),
    Export("training/trl.yaml", training_configs.trl),
    Export("training/axolotl.yaml", training_configs.axolotl),
    Export("training/llamafactory.yaml", training_configs.llama_factory),
    Export(
        "training/dataset_info.json",
        lambda one: json.dumps(training_configs.dataset_info(one), indent=2).encode(),
    ),
    Export("evaluation/promptfooconfig.yaml", evaluation_configs.promptfoo),
    Export("evaluation/inspect_samples.jsonl", evaluation_configs.inspect_samples),
    Export("evaluation/inspect_task.py", lambda _: evaluation_configs.INSPECT_TASK),
)


def report(material: ExportMaterial, ending: str) -> bytes:
    """Return the report as `html`, `md` or `pdf`."""
    record = material.record
    if ending == "pdf":
        return pdf_of(record, material.result.finished)
    return {"html": html_of, "md": markdown_of}[ending](record).encode()


def result_json(material: ExportMaterial) -> bytes:
    """Return the whole result for programs."""
    data = material.result.model_dump(mode="json", by_alias=True)
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def bundle(material: ExportMaterial) -> bytes:
    """Return the archive; the same pilot gives the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files(material):
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def files(material: ExportMaterial) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of every file; an adapter only where one was trained."""
    for export in EXPORTS:
        yield export.path, export.write(material)
    if material.adapter and material.trained:
        yield "adapter/README.md", model_card(material)
        for name in sorted(material.adapter):
            yield f"adapter/{name}", material.adapter[name]
