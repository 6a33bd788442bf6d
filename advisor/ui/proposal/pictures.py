"""Pictures of an assessment, built once for everybody who looks at it."""

from typing import Any

import streamlit as st

from advisor.domain.assessment import Assessment
from advisor.ui.widgets import figure


def draw(name: str, result: Assessment) -> None:
    """Draw one picture of an assessment, with its words; nothing if there is nothing to see."""
    prints = result.fingerprints
    if drawn := built(name, (prints.proposal, prints.rules, prints.classifier), result):
        figure(drawn[0], drawn[1])
        st.markdown(drawn[2])


@st.cache_resource(show_spinner=False, max_entries=64)
def built(
    name: str, prints: tuple[str, ...], _result: Assessment
) -> tuple[dict[str, Any], str, str] | None:
    """Build a chart once; building takes longer than sending it."""
    from advisor.presentation.chart_parts import spec  # heavy: altair
    from advisor.presentation.charts import ALL  # heavy: altair

    picture = next(picture for picture in ALL if picture.id == name)
    if not picture.shown(_result):
        return None
    return spec(picture.draw(_result)), picture.alt(_result), picture.caption
