"""Handing in a pilot's result for review, by whoever runs pilots."""

import secrets

import streamlit as st

from advisor.domain.lifecycle import Action
from advisor.domain.pilot_state import PilotInfo
from advisor.review.decisions.decide import ReviewService
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.review.decisions.review_view import ReviewView, view
from advisor.rules import load
from advisor.ui.identity import person
from advisor.ui.screens import go_to
from advisor.ui.session import store
from advisor.ui.widgets import attempt, press


def hand_in(info: PilotInfo) -> None:
    """Offer to hand in a result where its proposal waits for one, or say that it was."""
    at_work = person()
    if info.proposal_id is None or at_work is None:
        return
    seen = view(store(), info.proposal_id, load(), at_work.id)
    if seen.where.pilot == info.id:
        st.markdown(":material/task_alt: This result is handed in; reviewers decide on it.")
        go_to("dossier", "The dossier", ":material/folder_open:", p=info.proposal_id)
    elif Action.RECORD_PILOT in {one.move.action for one in seen.buttons}:
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
