"""Taking proof away: the record of a decision, the trail, and the list of overrides."""

import io
import logging
import threading
import zipfile
from datetime import UTC, date, datetime

import streamlit as st

from advisor.errors import AdvisorError
from advisor.markdown import plain
from advisor.pilot.exporting import mlflow
from advisor.records.naming import FORMATS, file_name
from advisor.review.audit_export import begin, pieces
from advisor.review.leases import day_words
from advisor.review.overrides import Overridden, overrides, overrides_csv
from advisor.review.recording.files import WRITERS, files, told_registry
from advisor.review.recording.model import Sealed
from advisor.review.recording.sealing import seal
from advisor.review.view import View
from advisor.rules import load
from advisor.web import assess, local_time, page, store, tools
from advisor.wording import MONTHS, counted

_LOG = logging.getLogger("advisor")
MONTHS_BACK = 12


def record_downloads(view: View, actor: str) -> None:
    """Offer the record of a decision; it is written, and its export recorded, when asked for."""
    if not view.history:
        return
    st.markdown(
        "**The decision record** says who decided what on which version, on what evidence. It "
        "opens without the advisor; the archive holds every format and the file that proves it."
    )
    id, title = view.about.proposal, view.about.title
    with st.container(horizontal=True):
        for ending in WRITERS:
            name, media = FORMATS[ending]
            st.download_button(
                f"Record as {name}",
                lambda ending=ending: WRITERS[ending](_sealed(id, actor)),
                file_name("decision", title, ending),
                media,
                key=f"record-{ending}",
                on_click="ignore",
            )
        st.download_button(
            "All, as an archive",
            lambda: _archive(_sealed(id, actor)),
            file_name("decision", title, "zip"),
            "application/zip",
            key="record-zip",
            on_click="ignore",
            help="With the model card of an adapter that was adopted",
        )


def _sealed(id: str, actor: str) -> Sealed:
    sealed = seal(store(), tools().book, id, actor, assess)
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


def trail_download(actor: str) -> None:
    """Offer the whole trail; that somebody took it stands in its last row."""
    st.download_button(
        "Export the trail",
        lambda: _trail(actor),
        "trail.jsonl",
        "application/jsonl",
        key="trail-export",
        on_click="ignore",
        icon=":material/download:",
        help="Prove it anywhere with: advisor audit verify trail.jsonl",
    )


def _trail(actor: str) -> bytes:
    head = begin(store(), actor)
    with pieces(store(), head) as lines:
        return b"".join(lines)


def overrides_list() -> None:
    """Draw what was set aside in a month, by whom, why and until when."""
    today = datetime.now(UTC).date()
    months = [_back(today, count) for count in range(MONTHS_BACK)]
    day = st.selectbox(
        "In force in", months, format_func=lambda one: f"{MONTHS[one.month - 1]} {one.year}",
        key="month",
    )  # fmt: skip
    found = overrides(store(), load(), day)
    if not found:
        st.markdown("None: nothing was approved against a rule in that month.")
        return
    st.markdown(f"{counted(len(found), 'override')}, the newest first.")
    for place, one in enumerate(found):
        _override(one, place)
    st.download_button(
        "This list as CSV",
        overrides_csv(found).encode(),
        f"overrides-{day:%Y-%m}.csv",
        "text/csv",
        key="overrides-csv",
        on_click="ignore",
    )


_FOR = {"pilot": "a pilot", "adoption": "adoption"}


def _back(today: date, count: int) -> date:
    years, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return date(years, month + 1, 1)


def _override(one: Overridden, place: int) -> None:
    with st.container(border=True):
        st.page_link(
            page("dossier"), label=f"**{plain(one.title)}**", query_params={"p": one.proposal}
        )
        ended = (
            f"; ended {local_time(one.ended_at)}: {plain(one.ended_why)}" if one.ended_at else ""
        )
        st.markdown(
            f"**{plain(one.name)}** for {_FOR[one.kind]}, version {one.version}, "
            f"{local_time(one.at)}, until **{day_words(one.last_day)}**{ended}"
        )
        aside = "; ".join(map(plain, one.set_aside)) or "a no on the checklist"
        st.markdown(
            f"- Set aside: {aside}\n- Risk that is accepted: {plain(one.accepted_risk)}\n"
            f"- What holds it down: {plain(one.control)}\n- Why: {plain(one.reason)}"
        )
