"""What every page shares."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.core.markdown import plain
from advisor.ui.middleware import HEADERS
from advisor.ui.screens import pages_folder


def test_a_fault_is_said_in_plain_words_with_its_number_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def page() -> None:
        from advisor.web import say_fault

        say_fault(ValueError("a secret of the inside"))

    with caplog.at_level(logging.ERROR, logger="advisor"):
        shown = AppTest.from_function(page).run().error[0].value
    number = next(record.args[0] for record in caplog.records if record.name == "advisor")
    assert str(number) in shown
    assert "secret" not in shown and "safe" in shown


@pytest.mark.slow
def test_the_first_page_does_not_load_what_reads_failures(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file(sys.argv[1], default_timeout=60).run()\n"
        "assert not app.exception and app.title\n"
        "loaded = {'torch', 'sklearn', 'transformers'} & sys.modules.keys()\n"
        "assert not loaded, loaded\n"
    )
    app = pages_folder().parent / "advisor" / "app.py"
    done = subprocess.run(
        [sys.executable, "-c", script, str(app)],
        env={**os.environ, "ADVISOR_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_users_typed_is_shown_as_typed() -> None:
    assert plain("**x** [a](b) $y$ <b>") == r"\*\*x\*\* \[a\]\(b\) \$y\$ \<b\>"


def test_no_other_site_may_frame_the_app() -> None:
    assert HEADERS[b"x-frame-options"] == b"DENY"
    assert b"frame-ancestors 'none'" in HEADERS[b"content-security-policy"]


def test_the_screens_are_found() -> None:
    assert (pages_folder() / "proposal" / "proposals.py").is_file()


@pytest.mark.parametrize(("many", "place", "shown"), [(45, 1, 20), (45, 3, 5), (20, 1, 20)])
def test_a_long_list_is_shown_in_parts(many: int, place: int, shown: int) -> None:
    def page(many: int) -> None:
        import streamlit as st

        from advisor.ui.widgets import some_of

        for row in some_of(range(many), 20, "place"):
            st.text(f"row {row}")

    app = AppTest.from_function(page, args=(many,))
    app.session_state["place"] = place
    app.run()
    first = (place - 1) * 20
    assert not app.exception
    assert [one.value for one in app.text] == [f"row {n}" for n in range(first, first + shown)]
    assert [one.value for one in app.markdown] == (["45 in all"] if many > 20 else [])
