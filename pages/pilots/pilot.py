"""One pilot: how far it is while it runs, and what it found."""

import secrets
from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.lifecycle import Action
from advisor.domain.pilot_result import PilotResult
from advisor.domain.pilot_state import PilotInfo
from advisor.errors import AdvisorError, NotFoundError
from advisor.pilot.comparing.comparison_words import STATE_WORDS
from advisor.pilot.reporting.report import ReportSubject, build
from advisor.presentation.wording import counted
from advisor.review.decisions.decide import ReviewService
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.review.decisions.review_view import ReviewView, view
from advisor.rules import load
from advisor.ui.identity import person
from advisor.ui.pilots import result_parts as parts
from advisor.ui.pilots import verdict_view
from advisor.ui.pilots.progress_view import follow
from advisor.ui.screens import go_to
from advisor.ui.session import local_time, store
from advisor.ui.widgets import attempt, press, show_problems, tabs


def chosen() -> PilotInfo:
    """Return the pilot named in the URL (`?pilot=`); without one go to the list."""
    name = st.query_params.get("pilot")
    go_to("pilots", "All pilots", ":material/arrow_back:")
    try:
        if name:
            return store().pilots.info(name)
    except NotFoundError:
        st.error("There is no such pilot. The link may be incomplete.")
    st.info("Choose a pilot from the list.")
    st.stop()


def show_result(info: PilotInfo, result: PilotResult) -> None:
    """Draw what was found, the answer first."""
    cases = store().pilots.frozen(info.id).data.test
    verdict_view.answer_first(result.comparison)
    st.markdown(
        f"{counted(len(cases), 'held-out case')}, finished {local_time(result.finished)}. The "
        f"thresholds were fixed before the run (hash `{result.hash[:12]}`)."
    )
    record = build(ReportSubject.of(result, cases), result.finished)
    verdict_view.downloads(record, result.finished, result.spec.title)
    hand_in(info)
    tabs({
        "Scores": partial(parts.scores, result),
        "Checks": partial(parts.checks, result),
        "More examples": partial(parts.curve, result),
        "Cost": partial(parts.costs, result),
        "Outputs": partial(parts.outputs, result, info.id),
        "How it was done": partial(parts.how, result, info.id),
    })


def hand_in(info: PilotInfo) -> None:
    """Offer to hand in a result where its proposal waits for one, or say that it was."""
    at_work = person()
    if info.proposal_id is None or at_work is None:
        return
    seen = view(store(), info.proposal_id, load(), at_work.id)
    if seen.where.pilot == info.id:
        st.markdown(":material/task_alt: This result is handed in; reviewers decide on it.")
        go_to("dossier", "The dossier", ":material/folder_open:", p=info.proposal_id)
    elif Action.RECORD_PILOT in {button.move.action for button in seen.buttons}:
        situation = f"{info.id}/{len(seen.history)}"
        key = st.session_state.setdefault(f"key/{situation}", secrets.token_hex(8))
        press(
            "Hand in this result for review", record, info, seen, at_work.id, key,
            key=f"hand-in/{situation}", icon=":material/upload_file:",
        )  # fmt: skip


def record(info: PilotInfo, seen: ReviewView, runner: str, key: str) -> None:
    """Hand it in, once."""
    about = seen.about
    request = DecisionRequest(
        action=Action.RECORD_PILOT, version=about.version, content=about.content, pilot=info.id
    )
    attempt(ReviewService(store(), load()).decide, about.proposal, request, runner, key)


info = chosen()
st.title(plain(info.title))
show_problems()
try:
    result = store().pilots.result(info.id)
except AdvisorError as error:
    st.error(plain(str(error)))
    st.stop()
if result:
    show_result(info, result)
elif info.over:
    st.error(plain(info.why or f"This pilot {STATE_WORDS[info.state].lower()}; it left no result."))
else:
    follow(info.id)
