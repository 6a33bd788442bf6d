"""Taking the record of a decision away, in every format."""

import io
import logging
import threading
import zipfile
from functools import partial

import streamlit as st

from advisor.domain.lifecycle import Action
from advisor.errors import AdvisorError
from advisor.pilot.exporting import mlflow
from advisor.presentation.file_names import FORMATS, file_name
from advisor.review.decisions.review_view import ReviewView
from advisor.review.recording.decision_record import Sealed
from advisor.review.recording.record_files import WRITERS, files, told_registry
from advisor.review.recording.sealing import seal
from advisor.triage.recommend import Tools, triage
from advisor.ui.assessing import tools
from advisor.ui.session import store
from advisor.ui.widgets import download

_LOG = logging.getLogger("advisor")


def record_downloads(view: ReviewView, actor: str) -> None:
    """Offer the record of a decision; it is written, and its export recorded, when asked for."""
    if all(made.action is Action.EDIT for made in view.history):
        return
    st.markdown(
        "**The decision record** says who decided what on which version, on what evidence. It "
        "opens without the advisor; the archive holds every format and the file that proves it."
    )
    id, title, kit = view.about.proposal, view.about.title, tools()
    with st.container(horizontal=True):
        for ending in WRITERS:
            file, make = (
                file_name("decision", title, ending),
                partial(_written, ending, kit, id, actor),
            )
            download(f"Record as {FORMATS[ending][0]}", make, file, key=f"record-{ending}")
        download(
            "All, as an archive",
            lambda: _archive(_sealed(kit, id, actor)),
            file_name("decision", title, "zip"),
            key="record-zip",
            help="With the model card of an adapter that was adopted",
        )


def _written(ending: str, kit: Tools, id: str, actor: str) -> bytes:
    return WRITERS[ending](_sealed(kit, id, actor))


def _sealed(kit: Tools, id: str, actor: str) -> Sealed:
    """Write the record; the page is drawn by now, so nothing is drawn on the way."""
    sealed = seal(store(), kit.book, id, actor, lambda stored: triage(stored.draft, kit))
    if mlflow.configured() and sealed.body.pilot:
        threading.Thread(target=_tag, args=(sealed,), daemon=True).start()
    return sealed


def _tag(sealed: Sealed) -> None:
    """Tell the team's MLflow; nobody waits for it."""
    try:
        told_registry(sealed)
    except AdvisorError as error:
        _LOG.warning("A decision could not be tagged in MLflow: %s", error)


def _archive(sealed: Sealed) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(store(), sealed):
            archive.writestr(name, content)
    return target.getvalue()
