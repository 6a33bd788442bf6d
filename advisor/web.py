"""The server that runs the screens and the HTTP API."""

from __future__ import annotations

import logging
import secrets
import sys
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit import net_util

from advisor.core.settings import UPLOAD_LIMIT_MB, settings
from advisor.pilot.running.queue.local_worker import keep_taking_up
from advisor.store import open_store
from advisor.triage.assessing.warmup import expect_readers
from advisor.ui.middleware import Beside, Returning, SecurityHeaders
from advisor.ui.screens import screen_files

_LOG = logging.getLogger("advisor")
SWITCH = 0.0005
"""Seconds after which a thread makes room for another. A page is hundreds of small messages, and at
Python's usual 5 ms each of them waits for every other page that is being drawn."""
CONFIG: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.disableWidgetStateDuplicationWarning": True,  # the address sets widgets on purpose
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # with a classifier in memory it takes half a second, each time
    "server.fileWatcherType": "none",
    "server.maxUploadSize": UPLOAD_LIMIT_MB,
    "theme.base": "light",
    "theme.primaryColor": "#0b5cad",
    "theme.textColor": "#1a1f29",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f2f5f9",
    "theme.linkColor": "#0b5cad",
    "theme.baseRadius": "medium",
    "theme.headingFontSizes": ["2.1rem", "1.6rem", "1.25rem", "1.1rem", "1rem", "1rem"],
}


def say_fault(error: Exception) -> bool:
    """Show a fault of the advisor in plain words with a number to find it by in the log."""
    number = secrets.token_hex(4)
    _LOG.error("Fault %s", number, exc_info=error)
    st.error(
        f"Something went wrong here (fault {number}). What you saved is safe. "
        "Reload the page; if it happens again, tell whoever runs the advisor this number."
    )
    return True


def serve(port: int, address: str, browser: bool) -> None:
    """Open the database, see that pilots go on, and run the server until it is stopped."""
    from advisor.api import api  # heavy: rule_engine
    from advisor.review.queue.schedule import keep_up  # heavy: scipy

    sys.setswitchinterval(SWITCH)
    keep_taking_up(open_store())
    keep_up(open_store())
    expect_readers()
    around = [Middleware(SecurityHeaders), Middleware(Beside, under="/api", other=api())]
    if auth := settings().auth:
        screens = set(screen_files())
        around.append(Middleware(Returning, screens=screens))
    app = st.App(
        Path(__file__).with_name("app.py"),
        secrets={"auth": {**auth}} if auth else None,
        middleware=around,
        on_script_error=say_fault,
    )
    here = {"server.port": port, "server.address": address, "server.headless": not browser}
    net_util.get_external_ip = lambda: None  # it would ask a server outside for our address
    app.run(config=CONFIG | here)
