"""The app as people start it answers programs below /api, and screens everywhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx2
import pytest
from client import problem
from running import running_app

from advisor.ui.middleware import HEADERS


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_one_server_has_the_screens_and_the_api(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "advisor", "app")
    home = {"ADVISOR_HOME": str(tmp_path / "home")}
    with running_app(command, tmp_path, home) as url, httpx2.Client(base_url=url) as web:
        assert web.get("/api/ready").json() == {"ready": True}
        assert web.get("/api/openapi.json").json()["openapi"] == "3.1.0"
        assert "<html" in web.get("/").text
        for path in ("/api/v1/proposals", "/api/v1/proposals/%00", "/api/v1/gate/C:%5Cx"):
            problem(web.get(path), 401, "token")
        refused = web.post("/api/v1/proposals", content=b"x" * 1_000, headers={"Cookie": "a=b"})
        problem(refused, 401, "token")
        assert "set-cookie" not in refused.headers
        for name, value in HEADERS.items():
            assert refused.headers[name.decode()] == value.decode()
        problem(web.get("/api/docs"), 404, "missing")
    assert "Traceback" not in (tmp_path / "app.log").read_text(encoding="utf-8")
