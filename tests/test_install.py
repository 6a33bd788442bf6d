"""The wheel works where there is no checkout: its own rules and screens, from any folder."""

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from running import running_app

CHECKOUT = Path(__file__).parent.parent
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder)
    run(*PIP, "wheel", *options, CHECKOUT, folder=folder)
    return next(folder.glob("advisor-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel and what it needs, but no checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", "--without-pip", folder, folder=folder)
    python = folder / "bin" / "python"
    run(*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel, folder=folder)
    site = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder
    )
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site.strip(), "needs.pth").write_text("\n".join(sorted(paths)), encoding="utf-8")
    return python.parent


def names(folder: Path, ending: str) -> set[str]:
    found = folder.rglob(f"*{ending}")
    return {path.relative_to(CHECKOUT).as_posix() for path in found if path.is_file()}


def test_the_wheel_holds_all_that_is_needed_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    shipped = {f"advisor/shipped/{name}" for name in names(CHECKOUT / "rules", ".yaml")}
    shipped |= {f"advisor/shipped/{name}" for name in names(CHECKOUT / "pages", ".py")}
    package = names(CHECKOUT / "advisor", "") - names(CHECKOUT / "advisor", ".pyc")
    assert len(shipped) > 20
    assert shipped | package <= held
    others = {name.split("/")[0] for name in held} - {"advisor"}
    assert others == {wheel.name.split("-py3")[0] + ".dist-info"}


def test_an_installed_advisor_uses_its_own_rules_and_screens(installed: Path) -> None:
    code = (
        "from advisor.rules import rules_folder; from advisor.ui.screens import pages_folder;"
        "print(rules_folder()); print(pages_folder())"
    )
    found = run(installed / "python", "-c", code, folder=installed).split()
    assert [Path(path).parent.name for path in found] == ["shipped", "shipped"]
    assert all(Path(path).is_relative_to(installed.parent) for path in found)


def test_an_installed_advisor_works_from_any_folder(installed: Path, tmp_path: Path) -> None:
    advisor = installed / "advisor"
    assert "triage" in run(advisor, "--help", folder=tmp_path)
    run(advisor, "rules", "check", folder=tmp_path)
    sample = next(installed.parent.rglob("samples/returns-desk.yaml"))
    found = json.loads(run(advisor, "triage", sample, "--json", folder=tmp_path))
    assert found["recommendation"] == "retrieval"


def test_an_installed_app_shows_its_first_page(
    installed: Path, tmp_path: Path, browser: Browser
) -> None:
    home = {"ADVISOR_HOME": str(tmp_path / "home")}
    with running_app([installed / "advisor", "app"], tmp_path, home) as address:
        page = browser.new_page()
        page.goto(address)
        page.get_by_role("heading", level=1).first.wait_for()
        page.get_by_role("tab").first.wait_for()
        page.close()
