"""A new pilot: what is tried, on which cases, and what counts as better, fixed before it runs."""

import secrets
from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from advisor.core.markdown import plain
from advisor.domain.pilot_spec import DEFAULT_METRIC, ArmName, Frozen, Metric, Task
from advisor.errors import AdvisorError, InputError
from advisor.pilot.arms.registry import ARMS
from advisor.pilot.data import Upload, freeze, parse_spec
from advisor.pilot.data.spec_file import spec_yaml
from advisor.pilot.draft_spec import Start, sample, starts
from advisor.pilot.metrics import measure
from advisor.pilot.running.queue.actions import queue
from advisor.pilot.running.queue.estimate import Estimate
from advisor.pilot.running.queue.estimating import estimate
from advisor.presentation.arm_titles import arm_title
from advisor.presentation.file_names import file_name
from advisor.presentation.wording import counted, roughly, start
from advisor.review.decisions.gate import check_start
from advisor.store import Stored
from advisor.ui.screens import go_to, page
from advisor.ui.session import author, store
from advisor.ui.widgets import bullets

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


def proposal() -> Stored | None:
    """Return the proposal that the pilot is for, if the link names one."""
    name = st.query_params.get("p")
    try:
        return store().get(name) if name else None
    except AdvisorError:
        return None


def upload(file: UploadedFile | None) -> Upload | None:
    """Return an uploaded file as the readers take it."""
    return Upload(file.name, file.getvalue()) if file else None


def ask_task(begun: Start) -> dict[str, Any]:
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


def ask_data(begun: Start) -> dict[str, Any]:
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
        given["documents"] = [Upload(one.name, one.getvalue()) for one in documents or []]
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
            format_func=lambda one: arms[one] if one else nobody,
            key="recommended",
        )
        metrics: list[Metric] = [one for one in Metric if one not in {Metric.REGEX, Metric.STYLE}]
        metric = st.selectbox(
            "How are answers judged?",
            metrics,
            metrics.index(DEFAULT_METRIC[task]),
            format_func=lambda one: measure(one).title,
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
        (one.name, len(one.data))
        for one in (data["cases"], data["recorded"], *data["documents"])
        if one
    ]
    return repr((given, files))


def frozen(given: dict[str, Any], data: dict[str, Any]) -> Frozen | None:
    """Check everything; say at once all that is wrong."""
    try:
        return freeze(parse_spec(given), **data)
    except InputError as error:
        for problem in error.problems:
            st.error(plain(str(problem)))
    return None


def _tell(bar: Any, done: int, total: int) -> None:
    """Draw how many ways are timed."""
    bar.progress(done / max(1, total), f"Timing each way on a few cases: {done} of {total} done")


def timed(pilot: Frozen) -> Estimate:
    """Return what a pilot will take; it is worked out once, not with every click."""
    known = st.session_state.get("guess")
    if known is None or known[0] != pilot.hash:
        bar = st.progress(0.0, "Timing each way on a few cases …")
        tell = partial(_tell, bar)
        known = st.session_state["guess"] = (pilot.hash, estimate(pilot, tell))
        bar.empty()
    found: Estimate = known[1]
    return found


def show_plan(pilot: Frozen) -> None:
    """Show what will be done and what it takes, then offer to start."""
    guess = timed(pilot)
    if guess.hopeless:
        st.error(plain(f"Nothing can be tried. {start(guess.hopeless)}"))
        return
    st.header(f"It takes {roughly(guess.seconds)} on this machine")
    train, test = len(pilot.data.train), len(pilot.data.test)
    st.markdown(
        f"{counted(train, 'example')} to learn from, {counted(test, 'case')} kept for the test. "
        f"Differences under {100 * pilot.margin:.0f} points will not matter. "
        "With the start all of this is fixed."
    )
    bullets(
        f"{plain(arm_title(one.step.arm))}"
        + (f" with {one.step.share:.0%} of the examples" if one.step.share < 1 else "")
        + (f" cannot run. {plain(one.why)}" if one.why else f": {roughly(one.seconds)}")
        for one in guess.steps
    )
    if not guess.fits(pilot):
        st.warning("That is more than the minutes allowed; what does not fit is left out.")
    for finding in pilot.findings:
        st.warning(plain(finding.what))
    left, right = st.columns(2)
    with left:
        if st.button("Start the pilot", type="primary", key="start"):
            key = st.session_state.setdefault("pilot_key", secrets.token_hex(8))
            begin(pilot, key, guess)
    right.download_button(
        "The specification as YAML",
        spec_yaml(pilot.spec),
        file_name("pilot", pilot.spec.title, "yaml"),
        "application/yaml",
        on_click="ignore",
    )


def begin(pilot: Frozen, key: str, guess: Estimate) -> None:
    """Queue the pilot once, however often the button is pressed, and open it."""
    try:
        id = queue(store(), pilot, author(), key, check_start, guess)
    except AdvisorError as error:
        st.error(plain(str(error)))
        return
    st.session_state.pop("pilot_key", None)
    st.session_state.pop("plan", None)
    st.session_state.pop("guess", None)
    st.switch_page(page("pilot"), query_params={"pilot": id})


go_to("pilots", "All pilots", ":material/arrow_back:")
st.title("New pilot")
about = proposal()
begun = sample() if SAMPLE in st.query_params else starts(about.draft if about else None)
if about:
    st.markdown(f"For the proposal **{plain(about.draft.title)}**.")
given = ask_task(begun) | {"proposal": about.id if about else None}
data = ask_data(begun)
nobody = "What the advisor recommends there" if about else "None"
given |= ask_limits(given["task"], nobody)
form = written(given, data)
if st.button("Check, and show what it takes", key="check", disabled=not data["cases"]):
    st.session_state["plan"] = form, frozen(given, data)
checked, plan = st.session_state.get("plan", ("", None))
if plan and checked == form:
    show_plan(plan)
elif plan:
    st.info("The form has changed since it was checked. Check it again.")
