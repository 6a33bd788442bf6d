"""What every page shares."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from advisor.server import HEADERS
from advisor.web import pages_folder, plain


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


def test_what_users_typed_is_shown_as_typed() -> None:
    assert plain("**x** [a](b) $y$ <b>") == r"\*\*x\*\* \[a\]\(b\) \$y\$ \<b\>"


def test_no_other_site_may_frame_the_app() -> None:
    assert HEADERS[b"x-frame-options"] == b"DENY"
    assert b"frame-ancestors 'none'" in HEADERS[b"content-security-policy"]


def test_the_screens_are_found() -> None:
    assert (pages_folder() / "proposals.py").is_file()
