"""The entry of the app: the list of screens, nothing else. Runs on every interaction."""

from typing import NamedTuple

import streamlit as st

from advisor.domain.lifecycle import Role
from advisor.ui.account import enter
from advisor.ui.identity import admitted, finds, person
from advisor.ui.screens import page

_JUDGES = (Role.REVIEWER, Role.RISK, Role.AUDITOR)
_WATCHERS = (Role.AUDITOR, Role.ADMINISTRATOR, Role.RISK)


class Screen(NamedTuple):
    """One screen: its file, what it is called, and who finds it in the menu."""

    name: str
    title: str
    icon: str
    shown: bool = False
    roles: tuple[Role, ...] = ()
    """Who finds it in the menu; everybody if empty. The screen itself looks again."""


SCREENS = (
    Screen("proposals", "Proposals", ":material/list:", True),
    Screen("queue", "Queue", ":material/inbox:", True, _JUDGES),
    Screen("mine", "My proposals", ":material/assignment_ind:", True, (Role.OWNER,)),
    Screen("problem", "Problem", ":material/edit_note:"),
    Screen("failures", "Failures", ":material/bug_report:"),
    Screen("groups", "Groups", ":material/workspaces:"),
    Screen("judge", "Second opinion", ":material/gavel:"),
    Screen("probe", "Probe", ":material/science:"),
    Screen("questions", "Questions", ":material/quiz:"),
    Screen("recommendation", "Recommendation", ":material/balance:"),
    Screen("versions", "Versions", ":material/history:"),
    Screen("review_form", "Review form", ":material/fact_check:"),
    Screen("dossier", "Dossier", ":material/folder_open:"),
    Screen("pilots", "Pilots", ":material/experiment:", True),
    Screen("pilot_new", "New pilot", ":material/experiment:"),
    Screen("pilot", "Pilot", ":material/experiment:"),
    Screen("compare", "Compare", ":material/compare_arrows:"),
    Screen("logs", "Logs", ":material/monitoring:", True),
    Screen("log", "Log", ":material/monitoring:"),
    Screen("learning", "Learning", ":material/school:", True),
    Screen("rules", "Rules", ":material/rule:", True),
    Screen("audit", "Audit", ":material/history_edu:", True, _WATCHERS),
    Screen("people", "People", ":material/group:", True, (Role.ADMINISTRATOR,)),
)

STYLE = """
<style>
.stMainBlockContainer { padding-top: 4.5rem; }
.st-key-account { position: fixed; top: 0.55rem; right: 1rem; width: auto; z-index: 999991; }
@media (min-width: 640px) {
  .st-key-leaning { position: sticky; top: 4.5rem; }
  .st-key-leaning-short { display: none; }
}
@media (max-width: 639px) {
  .st-key-account { position: absolute; top: 3.6rem; right: 0; }
}
</style>
"""

st.set_page_config(page_title="Advisor", page_icon="⚖️", layout="wide")
st.html(STYLE)
at_work = person()
chosen = st.navigation(
    [
        st.Page(
            page(screen.name),
            title=screen.title,
            icon=screen.icon,
            visibility="visible" if screen.shown and finds(at_work, screen.roles) else "hidden",
            default=not place,
        )
        for place, screen in enumerate(SCREENS)
    ],
    position="top" if admitted(at_work) else "hidden",
)
enter(at_work)
chosen.run()
