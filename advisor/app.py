"""The entry of the app: the list of screens, nothing else. Runs on every interaction."""

import streamlit as st

from advisor.parts import page

SCREENS = (
    ("proposals", "Proposals", ":material/list:", "visible"),
    ("problem", "Problem", ":material/edit_note:", "hidden"),
    ("failures", "Failures", ":material/bug_report:", "hidden"),
    ("groups", "Groups", ":material/workspaces:", "hidden"),
    ("judge", "Second opinion", ":material/gavel:", "hidden"),
    ("probe", "Probe", ":material/science:", "hidden"),
    ("questions", "Questions", ":material/quiz:", "hidden"),
    ("recommendation", "Recommendation", ":material/balance:", "hidden"),
    ("versions", "Versions", ":material/history:", "hidden"),
    ("pilots", "Pilots", ":material/experiment:", "visible"),
    ("pilot_new", "New pilot", ":material/experiment:", "hidden"),
    ("pilot", "Pilot", ":material/experiment:", "hidden"),
    ("compare", "Compare", ":material/compare_arrows:", "hidden"),
    ("logs", "Logs", ":material/monitoring:", "visible"),
    ("log", "Log", ":material/monitoring:", "hidden"),
    ("learning", "Learning", ":material/school:", "visible"),
    ("rules", "Rules", ":material/rule:", "visible"),
)

STYLE = """
<style>
.stMainBlockContainer { padding-top: 4.5rem; }
@media (min-width: 640px) {
  .st-key-leaning { position: sticky; top: 4.5rem; }
  .st-key-leaning-short { display: none; }
}
</style>
"""

st.set_page_config(page_title="Advisor", page_icon="⚖️", layout="wide")
st.html(STYLE)
st.navigation(
    [
        st.Page(page(name), title=title, icon=icon, visibility=visibility, default=not place)  # type: ignore[arg-type]
        for place, (name, title, icon, visibility) in enumerate(SCREENS)
    ],
    position="top",
).run()
