"""Start a proposal, or open one."""

import secrets

import streamlit as st

from advisor.errors import InputError
from advisor.importing import read_document
from advisor.proposal import Draft
from advisor.samples import samples
from advisor.store import Saved
from advisor.web import author, page, plain, show_problems, store, tools
from advisor.wording import combination_words, moment

ROWS = 20


def open_problem(saved: Saved) -> None:
    """Go to the form of a proposal."""
    st.session_state.pop("create_key", None)
    st.switch_page(page("problem"), query_params={"p": saved.id})


def create(draft: Draft) -> None:
    """Create a proposal once, however often the button is pressed, and open it."""
    key = st.session_state.setdefault("create_key", secrets.token_hex(8))
    open_problem(store().create(draft, author(), key))


st.title("Should this be fine-tuned?")
st.markdown(
    "Answer a few questions and show what goes wrong. The advisor says whether you need a better "
    "prompt, retrieval, fine-tuning, a mix, or none of these, and why."
)
show_problems()

own, example, document = st.tabs(["In your own words", "From an example", "From a document"])

with own, st.form("own", border=False):
    title = st.text_input("What is it about? One line", max_chars=200)
    description = st.text_area(
        "What should the model do, for whom, and what goes wrong?",
        height=140,
        placeholder="Our shop assistant answers questions about returns. It quotes old rules …",
    )
    if st.form_submit_button("Start", type="primary"):
        if title.strip() and description.strip():
            try:
                create(Draft(title=title, description=description))
            except ValueError as error:
                st.error(str(error))
        else:
            st.error("Write one line, and a few sentences on what goes wrong.")

with example:
    chosen = st.selectbox(
        "An example problem to try or to start from",
        list(samples()),
        format_func=lambda name: samples()[name].title,
    )
    st.markdown(plain(samples()[chosen].description))
    if st.button("Open this example", type="primary"):
        create(samples()[chosen])

with document:
    upload = st.file_uploader(
        "A project document: Markdown, text, Word or PDF, at most 20 MB",
        type=["md", "txt", "docx", "pdf"],
    )
    pasted = st.text_area("Or paste it", height=120)
    if st.button("Read it", type="primary", disabled=not (upload or pasted.strip())):
        name, data = (upload.name, upload.getvalue()) if upload else ("pasted.txt", pasted.encode())
        try:
            create(tools().reader.read_document(read_document(name, data).text).draft)
        except InputError as error:
            for problem in error.problems:
                st.error(str(problem))

st.header("Proposals")
search, order = st.columns([3, 1])
wanted = search.text_input("Search titles", key="q", bind="query-params")
offset = (st.session_state.get("page_number", 1) - 1) * ROWS
found = store().list_proposals(search=wanted, offset=offset, limit=ROWS)
if not found.total:
    st.info("Nothing here yet. Start above." if not wanted else "No title holds these words.")
for row in found.rows:
    left, middle, right = st.columns([5, 3, 2], vertical_alignment="center")
    left.page_link(
        page("problem"), label=plain(row.title or "Untitled"), query_params={"p": row.id}
    )
    middle.markdown(combination_words(row.recommendation) if row.recommendation else "not assessed")
    right.markdown(moment(row.updated_at))
if found.total > ROWS:
    st.pagination(-(-found.total // ROWS), key="page_number")
