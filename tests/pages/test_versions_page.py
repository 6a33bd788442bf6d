from __future__ import annotations

import pytest
from screens import HOSTILE, field, made, press, stored, texts, window

from advisor.store import open_store

pytestmark = pytest.mark.usefixtures("home")


def changed(id: str, **changes: object) -> None:
    version = stored(id).version
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    open_store().edit(id, paths, "local", f"k{version}")


def test_one_version_has_nothing_to_compare() -> None:
    assert "There is one version so far" in texts(window("versions", made()))


def test_versions_are_listed_newest_first_with_what_changed() -> None:
    id = made()
    changed(id, title="New")
    app = window("versions", id)
    shown = app.table[0].value
    assert list(shown["Version"]) == ["2", "1"]
    assert list(shown["What changed"]) == ["Title", "Created"]
    assert "UTC" in shown["Saved"][0]


def test_many_versions_come_in_pages() -> None:
    id = made()
    for place in range(20):
        changed(id, title=f"Title {place}")
    app = window("versions", id)
    assert len(app.table[0].value) == 15


def test_differences_are_told_in_words() -> None:
    id = made(failures=[{"id": "a.b", "note": "old"}])
    changed(
        id,
        answers__style_or_tone=True,
        requested="fine_tuning",
        failures=[{"id": "a.b", "note": "new"}, {"id": "c", "output": "added"}],
    )
    shown = texts(window("versions", id))
    assert "What was asked for" in shown
    assert "fine-tuning" in shown
    assert "no answer" in shown
    assert "Failure a\\.b" in shown
    assert "Your comment: old" in shown
    assert "Your comment: new" in shown
    assert "What the model answered: added" in shown


def test_corrections_and_set_aside_suggestions_are_told_in_words() -> None:
    id = made(failures=[{"id": "a", "note": "x"}])
    changed(id, corrections__a="style", dismissed=["regulated"])
    shown = texts(window("versions", id))
    assert "What failure a is" in shown
    assert "wrong style" in shown
    assert "Suggestions you set aside" in shown


def test_going_back_is_a_new_version_and_can_be_undone() -> None:
    id = made()
    changed(id, title="New")
    app = press(window("versions", id), "Go back to version 1")
    assert (stored(id).version, stored(id).draft.title) == (3, "A problem")
    press(app, "Undo")
    assert (stored(id).version, stored(id).draft.title) == (4, "New")


def test_any_two_versions_are_compared() -> None:
    id = made()
    changed(id, title="Two")
    changed(id, title="Three")
    app = window("versions", id)
    field(app, "From version").set_value(1).run()
    assert "A problem" in texts(app)
    assert "Three" in texts(app)


def test_thousands_of_changes_do_not_flood_the_screen() -> None:
    id = made()
    changed(id, failures=[{"id": f"f{n}", "note": "n"} for n in range(3000)])
    shown = texts(window("versions", id))
    assert "3,000 changes; the first 50 are shown" in shown


def test_hostile_texts_are_plain_text() -> None:
    id = made()
    changed(id, title=HOSTILE)
    app = window("versions", id)
    assert all("<script>" not in item.value for item in [*app.title, *app.markdown])
    assert HOSTILE in [item.value for item in app.text]


def test_a_difference_deep_inside_a_long_text_is_shown() -> None:
    long = "word " * 40_000
    id = made(failures=[{"id": "a", "output": f"{long}old ending"}])
    changed(id, failures=[{"id": "a", "output": f"{long}new ending"}])
    shown = texts(window("versions", id))
    assert "old ending" in shown and "new ending" in shown
    assert len(shown) < 10_000
