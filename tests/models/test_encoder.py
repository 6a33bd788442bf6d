from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import ModelError
from advisor.models import encoder as module
from advisor.models.encoder import default_folder, load_encoder
from advisor.models.hub import offline
from advisor.models.minilm import MAX_TOKENS, MiniLM, checked

TEXTS = [
    "The invoice is wrong.",
    "Der Termin wurde abgesagt, bitte melden Sie sich.",
    "注文した商品がまだ届きません",
    "🙂",
    "word " * 60,
    "",
]


def test_rows_are_unit_length_and_in_order() -> None:
    rows = load_encoder().encode(TEXTS)
    assert rows.shape == (len(TEXTS), 384)
    assert rows.dtype == np.float32
    assert np.allclose((rows**2).sum(1), 1, atol=1e-5)
    assert (load_encoder().encode(TEXTS[::-1]) == rows[::-1]).all()


def test_no_texts_give_no_rows() -> None:
    assert load_encoder().encode([]).shape == (0, 384)


def test_a_row_does_not_depend_on_the_texts_beside_it() -> None:
    backend = MiniLM(default_folder())
    together = backend.rows(backend.tokens(TEXTS))
    alone = np.concatenate([backend.rows(backend.tokens([text])) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-6


def test_rows_equal_those_of_sentence_transformers() -> None:
    offline()
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(default_folder()), device="cpu", local_files_only=True)
    backend = MiniLM(default_folder(), torch.float32)
    ours = backend.rows(backend.tokens(TEXTS))
    wanted = theirs.encode(TEXTS, show_progress_bar=False)
    assert np.abs(ours - wanted).max() < 1e-5


def test_the_fast_number_type_stays_close() -> None:
    exact, fast = MiniLM(default_folder(), torch.float32), load_encoder()
    cosines = (exact.rows(exact.tokens(TEXTS)) * fast.encode(TEXTS)).sum(1)
    assert cosines.min() > 0.999


def test_any_sentence_transformers_folder_may_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_ENCODER", str(default_folder()))
    other = load_encoder()
    assert not other.is_default
    assert (other.encode(TEXTS[:2]) * load_encoder(module.DEFAULT).encode(TEXTS[:2])).sum(
        1
    ).min() > 0.999
    assert len(other.fingerprint) == 64


def test_a_missing_encoder_is_named_with_its_setting() -> None:
    with pytest.raises(ModelError, match="ADVISOR_ENCODER"):
        load_encoder("/no/such/folder")


def test_long_texts_keep_head_and_tail() -> None:
    backend = MiniLM(default_folder())
    head, tail = "alpha " * 5_000, "omega " * 5_000
    tokens = backend.tokens([head + tail, head])
    assert [len(one) for one in tokens] == [MAX_TOKENS, MAX_TOKENS]
    assert tokens[0] != tokens[1]


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    published = (default_folder() / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(published[:-1] + b"\x00")
    with pytest.raises(ModelError, match="not the published one.*Install it again"):
        checked(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing.*Install it again"):
        checked(tmp_path)


def test_many_threads_share_one_encoder() -> None:
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_encoder().encode(TEXTS)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all((rows == found[0]).all() for rows in found)


def test_the_cache_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHE_SIZE", 3)
    small = module.Encoder(MiniLM(default_folder()))
    rows = small.encode(TEXTS)
    assert len(small._kept) == 3
    assert (small.encode(TEXTS) == rows).all()


@pytest.mark.slow
def test_a_fresh_process_imports_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "from advisor.models.encoder import load_encoder\n"
        "assert 'torch' not in sys.modules\n"
        "load_encoder().encode(['a text'])\n"
        "found = {'sklearn', 'scipy', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
        "assert not found, found"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_text_gets_a_row(texts: list[str]) -> None:
    rows = load_encoder().encode(texts)
    assert rows.shape == (len(texts), 384)
    assert np.isfinite(rows).all()
