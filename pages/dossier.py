"""The dossier: what exactly is decided, the case against first, the evidence, and the decision."""

from functools import partial

import streamlit as st

from advisor.errors import AdvisorError
from advisor.markdown import plain
from advisor.models.encoder import load_encoder
from advisor.parts import part
from advisor.review.dossier import Dossier, dossier
from advisor.review.dossier.access import note_view
from advisor.review.lifecycle import Role
from advisor.rules import load
from advisor.web import assess, current, require, show_problems, store


def opened() -> Dossier:
    """Return the dossier of the proposal in the URL, and record that it was opened."""
    id = current().id
    try:
        judged = partial(assess, handed_in=True)
        found = dossier(store(), load(), id, reader.id, judged, load_encoder())
        note_view(store(), found, reader.id)
    except AdvisorError as error:
        st.error(plain(str(error)))
        st.stop()
    return found


reader = require(Role.REVIEWER, Role.RISK, Role.AUDITOR, Role.OWNER)
read = opened()
head, evidence, rest = part("dossier_head"), part("dossier_evidence"), part("dossier_rest")
show_problems()
head.header(read)
left, right = st.columns([3, 2], gap="large")
with left:
    head.against(read)
with right:
    head.advice(read)
    head.since(read)
evidence.evidence(read)
part("dossier_blind").blind(read, reader.id)
rest.answers(read)
rest.similar(read)
rest.comments(read, reader.id)
rest.history(read, reader.id)
part("dossier_decide").decide(read, reader.id)
