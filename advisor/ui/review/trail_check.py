"""Whether the trail is intact: its head, a check on demand, and the whole of it to take away."""

from __future__ import annotations

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.trail import TrailHead, head_of
from advisor.errors import AdvisorError, InputError
from advisor.presentation.wording import counted
from advisor.review.audit.trail_proof import Proof, prove
from advisor.ui.review import audit_exports
from advisor.ui.session import store


def check(reader: str) -> None:
    """Prove the whole trail when somebody asks, with progress."""
    st.header("Is the trail intact?")
    head = store().trail.head()
    st.markdown(
        f"{counted(head.seq, 'row')}. Keep the head below elsewhere, in mail or on paper: only "
        "with it can anybody see that rows were cut off the end."
    )
    st.code(str(head), language=None, wrap_lines=True)
    anchor = st.text_input(
        "A head that you kept (may stay empty)", key="anchor", placeholder="1000:ab12…"
    )
    with st.container(horizontal=True):
        asked = st.button("Check the whole trail", type="primary", icon=":material/verified:")
        audit_exports.trail_download(reader)
    if asked:
        verify(anchor, head)


def verify(anchor: str, head: TrailHead) -> None:
    """Follow the trail from its first row and say what was found."""
    try:
        known = head_of(anchor, "The head that you kept") if anchor.strip() else None
        bar = st.progress(0.0, "Following the trail …")
        rows = max(1, head.seq)

        def tell(count: int) -> None:
            bar.progress(min(1.0, count / rows), f"{count:,} of {rows:,} rows")

        proof = prove(store(), known, tell)
        bar.empty()
    except InputError as error:
        st.error(plain(str(error)))
    except AdvisorError as error:
        st.error(plain(f"It could not be checked. {error}"))
    else:
        verdict(proof, known is not None)


def verdict(proof: Proof, anchored: bool) -> None:
    """Say whether it is intact, and what was looked at."""
    chain = proof.chain
    if proof.intact:
        kept = " It goes on from the head that you kept." if anchored else ""
        st.success(f"Intact: {counted(chain.head.seq, 'row')}.{kept}")
    else:
        faults = [str(chain.fault)] if chain.fault else []
        faults += [fault for part in proof.parts for fault in part.faults]
        st.error("**It is not intact.**\n\n" + "\n".join(f"- {plain(fault)}" for fault in faults))
    whole = [part.found for part in proof.parts if not part.faults]
    st.markdown("  \n".join(f":material/check: {plain(words)}" for words in whole))
