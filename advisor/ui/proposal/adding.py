"""Add failures: type, paste or upload them."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.core.settings import UPLOAD_LIMIT_MB
from advisor.errors import InputError
from advisor.importing import ENDINGS, FIELDS, Import, read_failures, read_pasted
from advisor.intake.failure_edits import FailureEdits
from advisor.intake.failure_lists import columns_used, rejected_csv, typed
from advisor.presentation.differences import TEXTS
from advisor.presentation.wording import counted
from advisor.proposal import Failure
from advisor.ui.widgets import attempt, download, press, show_errors, tabs

REFUSED = 500
LABELS = {**TEXTS, "id": "Number or id"}


def turn() -> str:
    """Return what changes whenever something was added, so that the fields start empty."""
    return str(st.session_state.setdefault("adding", secrets.token_hex(8)))


def add(edits: FailureEdits, new: Sequence[Failure], key: str) -> None:
    """Add failures once to those that are there now, and clear what they came from."""
    if attempt(edits.add, new, key):
        st.session_state["adding"] = secrets.token_hex(8)
        st.session_state["added"] = f"{counted(len(new), 'failure')} added."


def show_found(edits: FailureEdits, read: Import, place: str) -> None:
    """Show what was read and refused, and offer to add it."""
    st.markdown(f"Read as **{plain(read.recognised)}**: {counted(len(read.failures), 'failure')}.")
    for note in read.notes:
        st.markdown(plain(note))
    if read.left_out:
        st.markdown(f"{counted(read.left_out, 'row')} left out: they passed their test.")
    if read.rejected:
        show_rejected(read, place)
    if read.preview:
        st.markdown(plain(columns_used(read, LABELS)) or "The first rows of it:")
        st.dataframe(read.preview, hide_index=True, alt="The first rows of what was read")
    if read.failures:
        press(
            f"Add {counted(len(read.failures), 'failure')}",
            add,
            edits,
            read.failures,
            f"{place}-{turn()}",
            key=f"add-{place}-{turn()}",
            type="primary",
        )
    else:
        st.warning("Nothing to add yet.")


def show_rejected(read: Import, place: str) -> None:
    """List the rows that could not be read, with line and reason."""
    with st.expander(f"{counted(len(read.rejected), 'row')} could not be read", expanded=True):
        st.dataframe(
            [{"Line": row.line, "Why": row.reason} for row in read.rejected[:REFUSED]],
            hide_index=True,
            alt="Rows that could not be read, with the reason",
        )
        rows = rejected_csv(read.rejected)
        download("Download this list (CSV)", rows, "rows-not-read.csv", key=f"rejected-{place}")


def read_once(name: str, content: str, read: Callable[[], Import]) -> Import:
    """Read what was given once, not at every click."""
    kept: tuple[str, Import] | None = st.session_state.get(f"found-{name}")
    if kept and kept[0] == content:
        return kept[1]
    with st.spinner("Reading …", show_time=True):
        taken = read()
    st.session_state[f"found-{name}"] = (content, taken)
    return taken


def choose_columns(table: Import, content: str) -> Mapping[str, str] | None:
    """Let the person say which column is which; nothing when the proposal is right."""
    if not table.columns:
        return None
    if table.needs_mapping:
        st.warning("Check which column is which.")
    key = f"{content[:16]}-{turn()}"
    if not st.toggle("Choose the columns", value=table.needs_mapping, key=f"choose-{key}"):
        return None
    names = [column.name for column in table.columns]
    chosen = {}
    for place, field in enumerate(FIELDS):
        if place % 3 == 0:
            cells = st.columns(3)
        proposed = table.mapping.get(field)
        chosen[field] = cells[place % 3].selectbox(
            LABELS[field],
            names,
            index=names.index(proposed) if proposed in names else None,
            placeholder="No column",
            key=f"column-{field}-{key}",
        )
    return {field: column for field, column in chosen.items() if column}


def offer(
    edits: FailureEdits,
    place: str,
    data: bytes,
    read: Callable[[Mapping[str, str] | None], Import],
) -> None:
    """Read what was given, let the person map its columns, and show the result."""
    content = hashlib.sha256(data).hexdigest()
    try:
        taken = read_once(place, content, lambda: read(None))
        mapping = choose_columns(taken, content)
        if mapping is not None and mapping != dict(taken.mapping):
            said = f"{content}{sorted(mapping.items())}"
            taken = read_once(f"{place}-mapped", said, lambda: read(mapping))
        show_found(edits, taken, place)
    except InputError as error:
        show_errors(error)


def upload_file(edits: FailureEdits) -> None:
    """Add failures from a file."""
    st.markdown(
        "CSV, TSV, JSON, JSONL, Excel or Parquet; also exports of promptfoo, Langfuse, LangSmith, "
        "Phoenix, OpenTelemetry, Label Studio and Argilla, and chats as JSONL. "
        f"At most {UPLOAD_LIMIT_MB} MB and 50,000 rows."
    )
    upload = st.file_uploader(
        "A file with failures",
        type=[ending.lstrip(".") for ending in ENDINGS],
        key=f"upload-{turn()}",
    )
    if upload:
        data = upload.getvalue()
        offer(edits, "upload", data, lambda mapping: read_failures(upload.name, data, mapping))


def paste(edits: FailureEdits) -> None:
    """Add failures from pasted text."""
    pasted = st.text_area(
        "Paste rows of a table, JSON, or one complaint a line",
        height=160,
        key=f"paste-{turn()}",
        persist_state="session",
    )
    if pasted.strip():
        data = pasted.encode("utf-8", "replace")
        offer(edits, "paste", data, lambda mapping: read_pasted(pasted, mapping))
    else:
        st.markdown("Press Ctrl and Enter, or click outside the field, to have it read.")


def type_in(edits: FailureEdits) -> None:
    """Add failures typed into a table."""
    st.markdown("One row a failure. A comment alone is enough; the more you fill, the better.")
    rows = st.data_editor(
        [dict.fromkeys(TEXTS, "") for _ in range(3)],
        num_rows="dynamic",
        column_config={name: st.column_config.TextColumn(TEXTS[name]) for name in TEXTS},
        hide_index=True,
        key=f"typed-{turn()}",
        alt="A table to type failures into",
    )
    if st.button("Add these", type="primary"):
        try:
            new = typed(rows)
        except InputError as error:
            show_errors(error)
        else:
            if new:
                add(edits, new, f"typed-{turn()}")
                st.rerun()
            st.error("The table is empty. Type into at least one row.")


WAYS = {"Upload a file": upload_file, "Paste": paste, "Type": type_in}


def ways(edits: FailureEdits) -> None:
    """Draw every way to add failures."""
    tabs({name: partial(draw, edits) for name, draw in WAYS.items()})
