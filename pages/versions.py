"""Every saved change, what differs between two, and going back."""

import secrets

import streamlit as st

from advisor.web import author, current, plain, steps, store
from advisor.wording import moment

stored = current()
steps(stored, "versions")
versions = store().versions(stored.id)
st.dataframe(
    [
        {
            "Version": item.version,
            "Saved": moment(item.at),
            "By": item.author,
            "Changed": item.summary,
        }
        for item in versions
    ],
    hide_index=True,
    alt="All versions, newest first",
)
numbers = [item.version for item in versions]
if len(numbers) < 2:
    st.info("There is one version so far. Every change you make adds one.")
    st.stop()
before, after = st.columns(2)
old = before.selectbox("Compare version", numbers[1:], key="before")
new = after.selectbox("with version", numbers, key="after")
changes = store().compare(stored.id, old, new)
if not changes:
    st.markdown("These two are the same.")
for path, (was, now) in changes.items():
    st.markdown(f"- **{plain(path)}**: {plain(str(was))} → {plain(str(now))}")
if st.button(f"Go back to version {old}"):
    store().restore(stored.id, old, author(), secrets.token_hex(8))
    st.rerun()
