"""The dossier: what exactly is decided, the case against first, the evidence, and the decision."""

from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.lifecycle import Role
from advisor.errors import AdvisorError
from advisor.models.encoder import load_encoder
from advisor.review.dossier import Dossier, dossier
from advisor.review.dossier.access import note_view
from advisor.rules import load
from advisor.ui.assessing import assessment_of
from advisor.ui.dossier import background_view, blind_view, decide_view, evidence_view, head
from advisor.ui.identity import require
from advisor.ui.session import current, store
from advisor.ui.widgets import show_problems


def opened(person: str) -> Dossier:
    """Return the dossier of the proposal in the URL, and record that it was opened."""
    id = current().id
    try:
        judged = partial(assessment_of, handed_in=True)
        read = dossier(store(), load(), id, person, judged, load_encoder())
        note_view(store(), read, person)
    except AdvisorError as error:
        st.error(plain(str(error)))
        st.stop()
    return read


reader = require(Role.REVIEWER, Role.RISK, Role.AUDITOR, Role.OWNER)
read = opened(reader.id)
show_problems()
head.header(read)
left, right = st.columns([3, 2], gap="large")
with left:
    head.against(read)
with right:
    head.advice(read)
    head.since(read)
evidence_view.evidence(read)
blind_view.blind(read, reader.id)
background_view.answers(read)
background_view.similar(read)
background_view.comments(read, reader.id)
background_view.history(read, reader.id)
decide_view.decide(read, reader.id)
