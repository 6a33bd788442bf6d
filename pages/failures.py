"""Show what goes wrong: type, paste or upload failures, and correct how they are read."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from advisor.assessment import FailureReading
from advisor.errors import InputError
from advisor.failure_edits import FailureEdits
from advisor.importing import ENDINGS, FIELDS, Import, read_failures, read_pasted
from advisor.intake import columns_used, holding, rejected_csv, typed
from advisor.proposal import Failure
from advisor.server import UPLOAD_LIMIT_MB
from advisor.telling import TEXTS
from advisor.vocabulary import Mode
from advisor.web import (
    attempt,
    author,
    current,
    live,
    page,
    plain,
    press,
    steps,
    store,
    tools,
    verbatim,
)
from advisor.wording import MODES, counted, percent, start

ROWS = 10
REFUSED = 500
AS_READ = "as the advisor reads it"
LONG = 600  # characters of one text on a card; the rest is behind "Change"
LABELS = {**TEXTS, "id": "Number or id"}

stored = current()
failures = stored.draft.failures
steps(stored, "failures")
drawn = st.session_state.setdefault("adding", secrets.token_hex(8))
edits = FailureEdits(store(), stored.id, author())


def show_errors(error: InputError) -> None:
    """Say what is wrong, one line a problem."""
    for problem in error.problems:
        st.error(plain(str(problem)))


def add(new: Sequence[Failure], key: str) -> None:
    """Add failures once to those that are there now, and clear what they came from."""
    if attempt(edits.add, new, key):
        st.session_state["adding"] = secrets.token_hex(8)
        st.session_state["added"] = f"{counted(len(new), 'failure')} added."


def show_found(found: Import, place: str) -> None:
    """Show what was read and refused, and offer to add it."""
    st.markdown(
        f"Read as **{plain(found.recognised)}**: {counted(len(found.failures), 'failure')}."
    )
    for note in found.notes:
        st.markdown(plain(note))
    if found.left_out:
        st.markdown(f"{counted(found.left_out, 'row')} left out: they passed their test.")
    if found.rejected:
        show_rejected(found, place)
    if found.preview:
        st.markdown(plain(columns_used(found, LABELS)) or "The first rows of it:")
        st.dataframe(found.preview, hide_index=True, alt="The first rows of what was read")
    if found.failures:
        press(
            f"Add {counted(len(found.failures), 'failure')}",
            add,
            found.failures,
            f"{place}-{drawn}",
            key=f"add-{place}-{drawn}",
            type="primary",
        )
    else:
        st.warning("Nothing to add yet.")


def show_rejected(found: Import, place: str) -> None:
    """List the rows that could not be read, with line and reason."""
    with st.expander(f"{counted(len(found.rejected), 'row')} could not be read", expanded=True):
        st.dataframe(
            [{"Line": row.line, "Why": row.reason} for row in found.rejected[:REFUSED]],
            hide_index=True,
            alt="Rows that could not be read, with the reason",
        )
        st.download_button(
            "Download this list (CSV)",
            rejected_csv(found.rejected),
            "rows-not-read.csv",
            "text/csv",
            key=f"rejected-{place}",
            on_click="ignore",
        )


def read_once(name: str, content: str, read: Callable[[], Import]) -> Import:
    """Read what was given once, not at every click."""
    kept = st.session_state.get(f"found-{name}")
    if kept and kept[0] == content:
        return kept[1]
    with st.spinner("Reading …", show_time=True):
        found = read()
    st.session_state[f"found-{name}"] = (content, found)
    return found


def choose_columns(found: Import, content: str) -> Mapping[str, str] | None:
    """Let the person say which column is which; nothing when the proposal is right."""
    if not found.columns:
        return None
    if found.needs_mapping:
        st.warning("Check which column is which.")
    key = f"{content[:16]}-{drawn}"
    if not st.toggle("Choose the columns", value=found.needs_mapping, key=f"choose-{key}"):
        return None
    names = [column.name for column in found.columns]
    chosen = {}
    for place, field in enumerate(FIELDS):
        if place % 3 == 0:
            cells = st.columns(3)
        proposed = found.mapping.get(field)
        chosen[field] = cells[place % 3].selectbox(
            LABELS[field],
            names,
            index=names.index(proposed) if proposed in names else None,
            placeholder="No column",
            key=f"column-{field}-{key}",
        )
    return {field: column for field, column in chosen.items() if column}


def offer(place: str, data: bytes, read: Callable[[Mapping[str, str] | None], Import]) -> None:
    """Read what was given, let the person map its columns, and show the result."""
    content = hashlib.sha256(data).hexdigest()
    try:
        found = read_once(place, content, lambda: read(None))
        mapping = choose_columns(found, content)
        if mapping is not None and mapping != dict(found.mapping):
            said = f"{content}{sorted(mapping.items())}"
            found = read_once(f"{place}-mapped", said, lambda: read(mapping))
        show_found(found, place)
    except InputError as error:
        show_errors(error)


def upload_file() -> None:
    """Add failures from a file."""
    st.markdown(
        "CSV, TSV, JSON, JSONL or Excel; also exports of promptfoo, Langfuse, LangSmith, and chats "
        f"as JSONL. At most {UPLOAD_LIMIT_MB} MB and 50,000 rows."
    )
    upload = st.file_uploader(
        "A file with failures",
        type=[ending.lstrip(".") for ending in ENDINGS],
        key=f"upload-{drawn}",
    )
    if upload:
        data = upload.getvalue()
        offer("upload", data, lambda mapping: read_failures(upload.name, data, mapping))


def paste() -> None:
    """Add failures from pasted text."""
    pasted = st.text_area(
        "Paste rows of a table, JSON, or one complaint a line",
        height=160,
        key=f"paste-{drawn}",
        persist_state="session",
    )
    if pasted.strip():
        data = pasted.encode("utf-8", "replace")
        offer("paste", data, lambda mapping: read_pasted(pasted, mapping))
    else:
        st.markdown("Press Ctrl and Enter, or click outside the field, to have it read.")


def type_in() -> None:
    """Add failures typed into a table."""
    st.markdown("One row a failure. A comment alone is enough; the more you fill, the better.")
    rows = st.data_editor(
        [dict.fromkeys(TEXTS, "") for _ in range(3)],
        num_rows="dynamic",
        column_config={name: st.column_config.TextColumn(TEXTS[name]) for name in TEXTS},
        hide_index=True,
        key=f"typed-{drawn}",
        alt="A table to type failures into",
    )
    if st.button("Add these", type="primary"):
        try:
            new = typed(rows)
        except InputError as error:
            show_errors(error)
        else:
            if new:
                add(new, f"typed-{drawn}")
                st.rerun()
            st.error("The table is empty. Type into at least one row.")


def remove(id: str | None) -> None:
    """Take one failure away, or all, and remember the version that still had them."""
    if attempt(edits.remove, id) if id else attempt(edits.remove_all):
        what = "One failure is" if id else "All failures are"
        st.session_state["removed"] = (stored.id, stored.version, f"{what} removed.")


def edit(id: str) -> None:
    """Show one failure as a form."""
    st.session_state["editing"] = id


def undo(version: int) -> None:
    """Put back what was removed after `version`."""
    attempt(edits.put_back, version)
    st.session_state.pop("removed", None)


def edit_card(failure: Failure) -> None:
    """Draw one failure as a form."""
    with st.form(f"edit-{failure.key}", enter_to_submit=False):
        texts = {
            name: st.text_area(label, getattr(failure, name) or "", height=90)
            for name, label in TEXTS.items()
        }
        if st.form_submit_button("Save", type="primary"):
            try:
                edits.change(failure, texts)
            except InputError as error:
                show_errors(error)
            else:
                st.session_state.pop("editing", None)
                st.rerun()
    press("Cancel", st.session_state.pop, "editing", None, key="cancel-edit")


def correction(reading: FailureReading) -> Callable[..., Any]:
    """Return what draws the choice of what a failure is."""
    modes = list(Mode)

    def draw(value: Mode | None, **wiring: Any) -> Any:
        return st.selectbox(
            f"What failure {plain(reading.id)[:80]} is",
            [AS_READ, *modes],
            index=modes.index(value) + 1 if value else 0,
            format_func=lambda mode: start(MODES.get(mode, AS_READ)),
            **wiring,
        )

    return draw


def show_reading(failure: Failure, reading: FailureReading) -> None:
    """Draw how one failure is read, why, and how to correct it."""
    name = start(MODES[reading.mode])
    if reading.corrected:
        st.markdown(f"**{name}**, because you said so.")
    else:
        sure = percent(reading.probabilities[reading.mode])
        doubt = ", too unsure to count on" if reading.abstained else ""
        st.markdown(f"Reads as **{name}** ({sure} sure{doubt}).")
        st.text(reading.why)
    live(
        stored,
        f"corrections.{failure.id}",
        correction(reading),
        given=lambda mode: None if mode == AS_READ else mode,
    )
    id = failure.id or ""
    named = f"failure {plain(id)[:200]}"
    with st.container(horizontal=True):
        press("Change", edit, id, key=f"edit-{id}", help=f"Change the texts of {named}")
        press("Remove", remove, id, key=f"remove-{id}", help=f"Remove {named}")


def show_texts(failure: Failure) -> None:
    """Draw the texts of one failure as they are, nothing in them interpreted."""
    shown = [f"**Failure {plain(failure.id or '')[:200]}**"]
    for name, label in TEXTS.items():
        if text := getattr(failure, name):
            cut = text if len(text) <= LONG else f"{text[:LONG]} …"
            shown.append(f"{label}:  \n{verbatim(cut)}")
    st.markdown("\n\n".join(shown))


def show_failures() -> None:
    """Draw the failures, some at a time; only these are read."""
    words = ""
    if len(failures) > ROWS:
        words = st.text_input("Search these failures", key="wanted_failures")
    found = holding(failures, words)
    number = f"failures_page/{words}"
    first = (min(st.session_state.get(number, 1), -(-len(found) // ROWS) or 1) - 1) * ROWS
    shown = found[first : first + ROWS]
    if not shown:
        st.info("No failure holds these words.")
        return
    readings = tools().classifier.read(shown, stored.draft.corrections)
    for failure, reading in zip(shown, readings, strict=True):
        with st.container(border=True):
            if st.session_state.get("editing") == failure.id:
                edit_card(failure)
                continue
            texts, reads = st.columns([3, 2], gap="large")
            with texts:
                show_texts(failure)
            with reads:
                show_reading(failure, reading)
    if len(found) > ROWS:
        st.markdown(
            f"{first + 1:,} to {first + len(shown):,} of {len(found):,}; all of them count."
        )
        st.pagination(-(-len(found) // ROWS), key=number)


WAYS = {"Upload a file": upload_file, "Paste": paste, "Type": type_in}
for tab, draw in zip(st.tabs(list(WAYS)), WAYS.values(), strict=True):
    with tab:
        draw()

st.header(counted(len(failures), "failure"))
if message := st.session_state.pop("added", ""):
    st.success(message)
if st.session_state.get("removed", ("",))[0] == stored.id:
    _, version, words = st.session_state["removed"]
    st.info(words)
    press("Undo", undo, version, key="undo-remove")
if failures:
    st.markdown(
        "How the advisor reads each one. Where it is wrong, say what it is; your word counts."
    )
    show_failures()
    press("Remove all failures", remove, None, key="remove-all")
else:
    st.info("None yet. Five to twenty real ones make the answer much surer.")

st.page_link(
    page("questions"),
    label="**Next: a few questions**",
    icon=":material/arrow_forward:",
    query_params={"p": stored.id},
)
