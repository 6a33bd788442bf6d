"""What the advisor learned from people's corrections: which version reads failures, and why."""

import streamlit as st

from advisor.failures.learning.learn import LEAST
from advisor.failures.learning.opinions import opinions
from advisor.failures.learning.versions import figures_of, fits, new_since
from advisor.presentation.wording import counted, listing, start
from advisor.store import LearnedVersion
from advisor.ui.library import opinions_view, versions_view
from advisor.ui.library.learning_acts import learn
from advisor.ui.screens import go_to
from advisor.ui.session import store
from advisor.ui.widgets import press, show_problems


def offer(corrections: int, disagreements: int, news: bool, active: LearnedVersion | None) -> None:
    """Offer to learn, and say from what."""
    parts = [f"{counted(corrections, 'correction')} to learn from"]
    if disagreements:
        parts.append(f"{counted(disagreements, 'disagreement')} to settle first, not learned from")
    st.markdown(f"{start(listing(parts))}.")
    if corrections < LEAST:
        st.markdown(f"Learning needs {LEAST}: correct {LEAST - corrections} more.")
    press(
        f"Learn from {counted(corrections, 'correction')}",
        learn,
        active,
        key="learn",
        type="primary" if news else "secondary",
        disabled=corrections < LEAST,
    )
    st.markdown(
        "It takes a few seconds. A version that reads corrections no better, or forgets too much, "
        "is refused. You can always go back."
    )


active = store().learned.active()
versions = store().learned.all()
said = opinions(store().labels.all())
agreed = [opinion for opinion in said if opinion.agreed]
disputed = [opinion for opinion in said if not opinion.agreed]
settled = [opinion for opinion in agreed if opinion.differs]
useful = fits(active) if active else True
st.title("What the advisor learned")
show_problems()
versions_view.answer(active, useful, bool(versions))
versions_view.outcome(active)
if active and useful:
    versions_view.show_figures(figures_of(active))
if said:
    news = not active or not useful or new_since(active, said)
    offer(len(agreed), len(disputed), news, active)
else:
    st.info("Nobody has corrected a failure yet. Open a proposal and go to its failures.")
    go_to("proposals", "All proposals", ":material/list:")
if disputed:
    st.header(f"{counted(len(disputed), 'disagreement')} to settle")
    st.markdown("People say different things about these. Your word settles it.")
    opinions_view.disagreements(disputed)
if agreed:
    st.header("What it learns from")
    opinions_view.corrections(agreed)
if settled:
    opinions_view.settled(settled)
if versions:
    st.header("Versions")
    versions_view.versions(versions, active, useful)
