"""Every rule with its reason, source and examples; try answers on it; questions and remedies."""

from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.errors import RuleError
from advisor.presentation.wording import counted
from advisor.rules import RuleFinding, check, load, rules_folder
from advisor.ui.library.policy_view import approval, questions, remedies, sources
from advisor.ui.library.rules_view import rules
from advisor.ui.widgets import bullets, tabs


@st.cache_resource(max_entries=4, show_spinner="Checking the rules …")
def findings_of(fingerprint: str) -> list[RuleFinding]:
    """Check the rules once for each state of the files."""
    return check(rules_folder())


st.title("Rules")
try:
    book = load()
except RuleError as error:
    st.error("The rules cannot be used. Mend this:")
    bullets(plain(str(problem)) for problem in error.problems)
    st.stop()
st.markdown(
    f"{len(book.evidence)} evidence rules, {len(book.vetoes)} vetoes and {len(book.questions)} "
    f"questions. They stand in the folder `rules/` and are edited there. "
    f"Fingerprint: `{book.fingerprint[:12]}`"
)
findings = findings_of(book.fingerprint)
if findings:
    st.error(f"{counted(len(findings), 'thing')} to mend:")
    bullets(plain(str(finding)) for finding in findings)
else:
    st.success("Every rule holds on its examples.", icon=":material/check_circle:")
tabs({
    "Rules": partial(rules, book),
    "Questions": partial(questions, book),
    "Remedies": partial(remedies, book),
    "Approval": partial(approval, book),
    "Sources": partial(sources, book),
})
