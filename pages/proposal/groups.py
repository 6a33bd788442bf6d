"""The groups: failures that fail alike, on a map and as cards, each with its remedy."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.documents.record import excerpt
from advisor.domain.assessment import Assessment, FailureReading
from advisor.intake.failure_edits import GroupEdits, GroupWord
from advisor.intake.failure_lists import reading_words
from advisor.models.encoder import load_encoder
from advisor.presentation.charts import spec
from advisor.presentation.differences import TEXTS
from advisor.presentation.wording import MODES, REMEDIES, counted, listing, percent, start
from advisor.proposal import Failure
from advisor.triage.grouping.group_charts import in_words, legend, mix_bar, picked, spread
from advisor.triage.grouping.groups import FailureGroup, Grouping, group
from advisor.triage.recommend import facts_of, suggestions
from advisor.ui.assessing import SLOW, assessment_of, tools
from advisor.ui.navigation import link, steps
from advisor.ui.session import author, current, store
from advisor.ui.widgets import attempt, press
from advisor.vocabulary import Mode

ROWS = 10
EXCERPT = 300
MAPPED = 3
"""Failures from which a map says more than a list."""
FEW = "From three failures on, a map shows which of them fail alike."
KEPT = 16
ALL = "all"

stored = current()
kit = tools()
steps(stored, "groups")
edits = GroupEdits(store(), stored.id, author())
failures = {failure.id or "": failure for failure in stored.draft.failures}


@st.cache_resource
def kept() -> OrderedDict[tuple[str, ...], Grouping]:
    """Return the groupings made last, by what they were made from."""
    return OrderedDict()


def grouped(result: Assessment) -> Grouping:
    """Group the failures once for each version; many show how far it is."""
    name = tuple(result.fingerprints.model_dump().values())
    found = kept().get(name)
    if found is None:
        found = kept()[name] = group_now(result.failures)
        while len(kept()) > KEPT:
            kept().popitem(last=False)
    return found


def group_now(readings: Sequence[FailureReading]) -> Grouping:
    """Group the failures; more than a few hundred show progress and the time left."""
    draft, total, begun = stored.draft, len(readings), time.monotonic()
    bar = st.empty()

    def tell(done: int) -> None:
        if total > SLOW:
            words = reading_words(total, total - done, time.monotonic() - begun)
            bar.progress(done / total, words.replace("Reading", "Grouping"))

    facts = facts_of(draft, suggestions(draft, kit))
    found = group(draft.failures, readings, load_encoder(), tell, facts)
    bar.empty()
    return found


def answer_first(found: Grouping) -> None:
    """Say how many groups there are and which is the largest."""
    largest, all_ = found.groups[0], len(found.points)
    if len(found.groups) == 1:
        st.header("One failure so far" if all_ == 1 else f"Your {all_:,} failures fail alike")
        st.markdown(f"**{plain(largest.name)}.** {FEW if all_ < MAPPED else ''}")
        return
    st.header(f"Your {all_:,} failures fall into {len(found.groups)} groups")
    share = f"{len(largest.ids):,} of {all_:,}, {percent(largest.share)}"
    most = "Most are in" if largest.share > 0.5 else "The largest is"
    st.markdown(f"{most} **{plain(largest.name)}** ({share}).")


def the_map(found: Grouping) -> list[str]:
    """Draw the map and the choice of a group; return the ids of the failures that are picked."""
    names = {one.id: f"{place}. {one.name}" for place, one in enumerate(found.groups, 1)}
    shown = st.selectbox(
        "Show the failures of a group",
        [ALL, *names],
        format_func=lambda id: plain_choice(names, id),
        key="group_shown",
    )
    if len(found.points) < MAPPED:
        return members(found, shown)
    event = st.vega_lite_chart(
        spec(spread(found, failures, None if shown == ALL else shown)),
        theme=None,
        width="stretch",
        on_select="rerun",
        key="group_map",
        alt=in_words(found),
    )
    st.markdown(
        f"{legend(found.points)}. Near means failing alike; the numbers are the groups below. "
        "Point at a failure to read it; click it, or several with the shift key, to list them."
    )
    return picked(event.selection, found.points) or members(found, shown)


def plain_choice(names: dict[str, str], id: str) -> str:
    """Return how a group stands in the list of choices."""
    return names.get(id, "All groups")


def members(found: Grouping, shown: str) -> list[str]:
    """Return the ids of the failures of the group that is chosen in the list."""
    return [id for one in found.groups if one.id == shown for id in one.ids]


def list_failures(ids: Sequence[str], readings: dict[str, FailureReading]) -> None:
    """List the failures that were picked, some at a time."""
    st.subheader(f"{counted(len(ids), 'failure')} picked")
    pages = -(-len(ids) // ROWS)
    first = (min(st.session_state.get("picked_page", 1), pages) - 1) * ROWS
    for id in ids[first : first + ROWS]:
        one_failure(failures[id], readings[id])
    if pages > 1:
        st.pagination(pages, key="picked_page")


def one_failure(failure: Failure, reading: FailureReading) -> None:
    """Show one failure with its reading."""
    doubt = ", unsure" if reading.abstained else ""
    said = ", because you said so" if reading.corrected else doubt
    lines = [f"**{plain(reading.id)[:200]}**: {MODES[reading.mode]}{said}"]
    lines += [
        f"{label}: {plain(excerpt(text, EXCERPT))}"
        for name, label in TEXTS.items()
        if (text := getattr(failure, name))
    ]
    with st.container(border=True):
        st.markdown("  \n".join(lines))


def card(place: int, one: FailureGroup, readings: dict[str, FailureReading]) -> None:
    """Draw one group: what it is, how large, an example, the remedy, and the word for all."""
    with st.container(border=True):
        st.subheader(f"{place}\\. {plain(one.name)}")
        st.markdown(
            f"**{counted(len(one.ids), 'failure')}, {percent(one.share)}.** {plain(one.common)}"
        )
        st.html(mix_bar(one))
        mix = listing(f"{count:,} {MODES[mode]}" for mode, count in one.modes.items())
        st.markdown(f"Read as: {mix}.")
        st.markdown(f"**Best met by {REMEDIES[one.remedy]}.** {plain(one.why)}")
        with st.expander("The example nearest the middle"):
            one_failure(failures[one.example], readings[one.example])
        correction(one)


def correction(one: FailureGroup) -> None:
    """Let a person say what all failures of a group are."""
    chosen = st.selectbox(
        f"All {len(one.ids):,} of these are" if len(one.ids) > 1 else "This one is",
        list(Mode),
        index=None,
        format_func=lambda mode: start(MODES[mode]),
        placeholder="As the advisor reads them",
        key=f"said-{one.id}",
    )
    press(
        "Say so",
        say,
        one,
        key=f"say-{one.id}",
        disabled=chosen is None,
        help="Your word wins over the reading of each of them. You can undo it.",
    )


def say(one: FailureGroup) -> None:
    """Save what all failures of a group are, once, and remember how to take it back."""
    mode = st.session_state.get(f"said-{one.id}")
    if mode and (
        done := attempt(edits.say, one.ids, mode, f"say-{stored.version}-{one.id}-{mode}")
    ):
        st.session_state["group_said"] = (stored.id, done)
        st.session_state.pop(f"said-{one.id}", None)


def undo(said: GroupWord) -> None:
    """Take back what was said of a group."""
    attempt(edits.take_back, said, secrets.token_hex(8))
    st.session_state.pop("group_said", None)


def show_said() -> None:
    """Say what the last correction did, and offer to undo it."""
    id, said = st.session_state.get("group_said", ("", None))
    if id == stored.id and said:
        count = len(said.before)
        are = "is" if count == 1 else "are"
        st.success(f"{counted(count, 'failure')} {are} now {MODES[said.mode]}, as you said.")
        press("Undo", undo, said, key="undo-say")


def empty() -> None:
    """Say what is missing."""
    st.info("No failures yet, so there is nothing to group. Five to twenty real ones are enough.")
    link(stored, "failures", "Add failures", ":material/bug_report:")


def groups_page() -> None:
    """Draw the groups: the answer, the map, what is picked, the cards."""
    with st.spinner("Working out what fails alike …", show_time=True):
        result = assessment_of(stored)
        found = grouped(result)
    readings = {reading.id: reading for reading in result.failures}
    answer_first(found)
    show_said()
    if ids := the_map(found):
        list_failures(ids, readings)
    st.header("The groups, the largest first")
    for first in range(0, len(found.groups), 2):
        columns = st.columns(2, gap="medium")
        for offset, one in enumerate(found.groups[first : first + 2]):
            with columns[offset]:
                card(first + offset + 1, one, readings)
    link(stored, "failures", "See and correct every failure", ":material/bug_report:")
    link(stored, "recommendation", "Back to the recommendation", ":material/balance:")


if failures:
    groups_page()
else:
    empty()
