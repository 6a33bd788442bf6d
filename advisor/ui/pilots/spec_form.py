"""The form of a new pilot: the task, the cases, what counts as better and what it may take."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from advisor.domain.pilot_spec import DEFAULT_METRIC, ArmName, Metric, Task
from advisor.pilot.arms.registry import ARMS
from advisor.pilot.data import Upload
from advisor.pilot.draft_spec import SpecDraft
from advisor.pilot.metrics import definition_of
from advisor.presentation.arm_titles import arm_title

TASKS = {
    Task.CLASSIFICATION: "Choose a label",
    Task.EXTRACTION: "Fill in fields (JSON)",
    Task.QUESTION_ANSWERING: "Answer a question",
    Task.GENERATION: "Write a text",
}
SAMPLE = "sample"
"""The word in a link that fills the form with the example that ships."""
DATA = """
A table or JSON lines with two columns: what is asked (`input`) and the answer that is wanted
(`expected`). More columns are understood: `id`, `group` (what must stay together, such as one
customer), `slice` (a part to report on its own). A third of it is kept for the test.
"""
"""What a file of cases holds."""


def upload(file: UploadedFile | None) -> Upload | None:
    """Return an uploaded file as the readers take it."""
    return Upload(file.name, file.getvalue()) if file else None


def ask_task(begun: SpecDraft) -> dict[str, Any]:
    """Ask what the task is."""
    title = st.text_input("Title", begun.title, key="title")
    kinds = list(TASKS)
    task = st.radio(
        "What does the model do?",
        kinds,
        kinds.index(begun.task),
        format_func=TASKS.__getitem__,
        horizontal=True,
        key="task",
    )
    instruction = st.text_area(
        "What is the model told?",
        begun.instruction,
        key="instruction",
        help="The instruction that stands before every case.",
    )
    return {"title": title, "task": task, "instruction": instruction}


def ask_data(begun: SpecDraft) -> dict[str, Any]:
    """Ask for the cases, the documents, and outputs of today's system."""
    use = begun.cases is not None and st.toggle(
        f"Use {begun.whose} as cases", value=SAMPLE in st.query_params, key="own"
    )
    given: dict[str, Any] = {}
    if use:
        given["cases"] = begun.cases
    else:
        given["cases"] = upload(
            st.file_uploader("Examples with the wanted answers", key="cases", help=DATA)
        )
        if not given["cases"]:
            st.markdown(DATA)
    with st.expander("Documents to look things up in, and outputs of the system of today"):
        documents = st.file_uploader("Documents", accept_multiple_files=True, key="documents")
        given["documents"] = [Upload(file.name, file.getvalue()) for file in documents or []]
        given["recorded"] = upload(
            st.file_uploader("Outputs of today (a column `id`, or in order)", key="recorded")
        )
    return given


def ask_limits(task: Task, nobody: str) -> dict[str, Any]:
    """Ask what counts as better, and what it may take; every field has a sensible value."""
    arms = {name: arm_title(name) for name in ARMS}
    with st.expander("What is compared, what counts as better, what it may take"):
        chosen = st.multiselect(
            "Ways to try", list(arms), format_func=arms.__getitem__, key="arms",
            placeholder="All that fit",
        )  # fmt: skip
        options: list[ArmName | None] = [None, *arms]
        recommended = st.selectbox(
            "Which is recommended?",
            options,
            format_func=lambda name: arms[name] if name else nobody,
            key="recommended",
        )
        metrics: list[Metric] = [
            name for name in Metric if name not in {Metric.REGEX, Metric.STYLE}
        ]
        metric = st.selectbox(
            "How are answers judged?",
            metrics,
            metrics.index(DEFAULT_METRIC[task]),
            format_func=lambda name: definition_of(name).title,
            key=f"metric-{task}",
        )
        points = st.number_input(
            "Smallest difference that matters, in points (0: by the number of cases)",
            0, 50, 0, key="margin",
        )  # fmt: skip
        minutes = st.number_input("Minutes it may take", 1, 1_440, 30, key="minutes")
    return {
        "arms": chosen,
        "recommended": recommended,
        "scoring": {"metric": metric},
        "margin": points / 100 or None,
        "budget": {"minutes": minutes},
    }


def written(given: dict[str, Any], data: dict[str, Any]) -> str:
    """Return a text that changes with everything in the form."""
    files = [
        (file.name, len(file.data))
        for file in (data["cases"], data["recorded"], *data["documents"])
        if file
    ]
    return repr((given, files))
