"""Schemathesis against the real application: its default checks, good and bad data, links."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from client import Client

from advisor.domain.lifecycle import Role

HERE = Path(__file__).parents[1] / "support"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_whatever_is_sent_is_answered_as_the_document_says(client: Client, tmp_path: Path) -> None:
    id = client.made()
    assert client.ask("GET", f"/v1/proposals/{id}/assessment").is_success  # the reader is loaded
    # one worker: threads that parse Python at once can fail in CPython before 3.11.8 (gh-106905)
    command = (
        Path(sys.executable).with_name("st"), "run", f"{client.url}/api/openapi.json",
        "--header", f"Authorization: Bearer {client.token(Role.OWNER)}",
        "--seed", "1", "--max-examples", "2", "--workers", "1", "--no-shrink",
        "--request-timeout", "60",
    )  # fmt: skip
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in done.stdout
    found = re.search(r"([\d,]+) generated, ([\d,]+) passed", done.stdout)
    assert found and found[1] == found[2] and int(found[1].replace(",", "")) > 500
