"""Show what goes wrong: type, paste or upload failures, and correct how they are read."""

import streamlit as st

from advisor.errors import InputError
from advisor.importing import ENDINGS, FIELDS, Import, distinct, read_failures, read_pasted
from advisor.proposal import Failure
from advisor.vocabulary import Mode
from advisor.web import UPLOAD_LIMIT_MB, current, page, plain, save, steps, tools
from advisor.wording import MODES, percent

TEXTS = ("input", "output", "expected", "note", "context")
SHOWN = 200
LABELS = {
    "input": "What was asked",
    "output": "What the model answered",
    "expected": "What was wanted",
    "note": "Your comment",
    "context": "What retrieval showed it",
    "id": "Number or id",
}

stored = current()
failures = stored.draft.failures
steps(stored, "failures")


def joined(new: tuple[Failure, ...]) -> tuple[Failure, ...]:
    """Return the failures that are there with `new` behind them, every id once."""
    return (*failures, *distinct(new, [failure.id or "" for failure in failures])[0])


def add(found: Import) -> None:
    """Add what was read to the failures that are there."""
    save(stored, {"failures": joined(found.failures)})
    st.session_state["added"] = st.session_state.get("added", 0) + 1


def show(found: Import, key: str) -> None:
    """Show what was read and refused, and offer to add it."""
    st.markdown(f"Read as **{plain(found.recognised)}**: {len(found.failures)} failures.")
    for note in found.notes:
        st.markdown(plain(note))
    if found.rejected:
        with st.expander(f"{len(found.rejected)} rows could not be read", expanded=True):
            st.dataframe(
                [{"Line": row.line, "Why": row.reason} for row in found.rejected[:500]],
                hide_index=True,
                alt="Rows that could not be read, with the reason",
            )
    if found.preview:
        st.dataframe(found.preview, alt="The first rows of the file")
    st.button(
        f"Add {len(found.failures)} failures",
        type="primary",
        key=key,
        disabled=not found.failures,
        on_click=add,
        args=(found,),
    )


def mapped(name: str, data: bytes) -> Import:
    """Read a file; where its columns are not certain, let the person choose them."""
    found = read_failures(name, data)
    if not found.needs_mapping:
        return found
    st.warning("Check which column is which.")
    names = [None, *(column.name for column in found.columns)]
    chosen = {}
    for place, field in zip(st.columns(len(FIELDS)), FIELDS, strict=True):
        proposed = found.mapping.get(field)
        chosen[field] = place.selectbox(
            LABELS[field], names, index=names.index(proposed), format_func=lambda n: n or "none"
        )
    mapping = {field: column for field, column in chosen.items() if column}
    return read_failures(name, data, mapping)


added = st.session_state.get("added", 0)
upload_tab, paste_tab, type_tab = st.tabs(["Upload a file", "Paste", "Type"])
with upload_tab:
    upload = st.file_uploader(
        f"CSV, TSV, JSONL, JSON or Excel; exports of promptfoo, Langfuse, LangSmith or chats; "
        f"at most {UPLOAD_LIMIT_MB} MB",
        type=[ending.lstrip(".") for ending in ENDINGS],
        key=f"upload-{added}",
    )
    if upload:
        try:
            show(mapped(upload.name, upload.getvalue()), "add-upload")
        except InputError as error:
            for problem in error.problems:
                st.error(plain(str(problem)))
with paste_tab:
    pasted = st.text_area(
        "Paste rows of a table, JSON, or one complaint a line", height=160, key=f"paste-{added}"
    )
    if pasted.strip():
        try:
            show(read_pasted(pasted), "add-paste")
        except InputError as error:
            for problem in error.problems:
                st.error(plain(str(problem)))
with type_tab:
    rows = st.data_editor(
        [dict.fromkeys(TEXTS, "")],
        num_rows="dynamic",
        column_config={name: st.column_config.TextColumn(LABELS[name]) for name in TEXTS},
        key=f"typed-{added}",
        alt="A table to type failures into",
    )
    if st.button("Add these", type="primary"):
        typed = [row for row in rows if any((row.get(name) or "").strip() for name in TEXTS)]
        try:
            new = tuple(Failure.model_validate(row) for row in typed)
        except ValueError:
            st.error("Each row needs an answer, a wanted answer or a comment.")
        else:
            save(stored, {"failures": joined(new)})
            st.session_state["added"] = added + 1
            st.rerun()

st.header(f"{len(failures)} failures")
if not failures:
    st.info("None yet. Five to twenty real ones make the answer much surer.")
else:
    st.markdown(
        "How the advisor reads each one. Where it is wrong, say what it is; your word counts."
    )
    readings = tools().classifier.read(failures, stored.draft.corrections)
    names = {MODES[mode]: mode for mode in Mode}
    table = [
        {
            "Case": failure.id,
            "What went wrong": failure.note or failure.output or failure.expected,
            "Reads as": MODES[reading.mode],
            "Sure": "you said so"
            if reading.corrected
            else percent(reading.probabilities[reading.mode]),
            "Why": reading.why,
            "You say": MODES[reading.mode] if reading.corrected else None,
        }
        for failure, reading in list(zip(failures, readings, strict=True))[:SHOWN]
    ]
    editor = f"readings-{stored.id}-{stored.version}"

    def correct() -> None:
        """Keep what the person said about the rows that changed."""
        edited = st.session_state[editor]["edited_rows"]
        save(
            stored,
            {
                f"corrections.{failures[int(row)].id}": names.get(change.get("You say"))
                for row, change in edited.items()
            },
        )

    st.data_editor(
        table,
        disabled=["Case", "What went wrong", "Reads as", "Sure", "Why"],
        column_config={"You say": st.column_config.SelectboxColumn(options=list(names))},
        hide_index=True,
        key=editor,
        on_change=correct,
        alt="How each failure is read, with a column to correct it",
    )
    if len(failures) > SHOWN:
        st.markdown(f"The first {SHOWN} are shown; all {len(failures)} count.")
    if st.button("Remove all failures"):
        save(stored, {"failures": (), "corrections": {}})
        st.rerun()

st.page_link(
    page("questions"),
    label="Next: a few questions",
    icon=":material/arrow_forward:",
    query_params={"p": stored.id},
)
