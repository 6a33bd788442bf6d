"""The logs that were classified: what was found in each, and how to add another."""

import streamlit as st

from advisor.core.markdown import plain
from advisor.errors import InputError
from advisor.logs.summary import summary_files as files
from advisor.logs.summary.summary_files import LIMIT_MB, ListedSummary
from advisor.presentation.wording import counted
from advisor.ui.screens import go_to, page
from advisor.ui.session import local_time
from advisor.ui.widgets import attempt, press, show_errors, show_problems, some_of

ROWS = 20
COMMAND = "advisor classify FILE --out results.jsonl"
WHERE = "in the folder `logs` of the advisor on that machine (see its ADVISOR_HOME)"


def open_log(id: str) -> None:
    """Show one summary."""
    st.switch_page(page("log"), query_params={"log": id})


def empty() -> None:
    """Say how to get the first summary."""
    st.info("No log yet. Run this where the log is; its summary then stands here:")
    st.code(COMMAND, language=None)
    st.markdown(
        "FILE is JSONL, CSV or Parquet with one failure a row, of any size. Was it run on another "
        f"machine? Then upload its summary below. It is the newest file {WHERE}."
    )


def take_in(expanded: bool) -> None:
    """Take in a summary that was made elsewhere."""
    with st.expander("Upload a summary from another machine", expanded=expanded):
        upload = st.file_uploader(
            f"The newest file {WHERE}, at most {LIMIT_MB} MB",
            type=["json"],
            key="log_upload",
        )
        if not upload:
            return
        try:
            summary = files.load_summary(upload.getvalue())
            files.save_summary(summary)
        except InputError as error:
            show_errors(error)
        else:
            open_log(summary.id)


def show_deleted() -> None:
    """Offer to bring back what was deleted last."""
    if "log_deleted" in st.session_state:
        id, name = st.session_state["log_deleted"]
        st.info(f"The summary of “{plain(name)}” is deleted. For a day it can be brought back.")
        press("Undo", bring_back, id, key="undo-delete-log")


def delete(row: ListedSummary) -> None:
    """Take a summary away and remember it for taking back."""
    attempt(files.delete_summary, row.id)
    st.session_state["log_deleted"] = (row.id, row.about.file)


def bring_back(id: str) -> None:
    """Put a deleted summary back."""
    attempt(files.restore_summary, id)
    st.session_state.pop("log_deleted", None)


def show_row(row: ListedSummary) -> None:
    """Draw one summary of the list."""
    with st.container(border=True):
        left, middle, right = st.columns([5, 5, 2], vertical_alignment="center")
        name = plain(row.about.file)
        with left:
            go_to("log", f"**{name}**", log=row.id)
            st.markdown(
                f"{counted(row.about.rows, 'row')}, classified {local_time(row.about.finished)}"
            )
        middle.markdown(plain(row.headline))
        with right:
            press("Delete", delete, row, key=f"delete-{row.id}", help=f"Delete {name}")


st.title("Logs")
st.markdown(
    "A log of failures is too long to read by hand. Classify it with the command line; here you "
    "see what goes wrong in it, why, and what would help."
)
show_problems()
show_deleted()
summaries = files.saved_summaries()
if not summaries:
    empty()
take_in(expanded=not summaries)
for row in some_of(summaries, ROWS, "logs_page"):
    show_row(row)
