"""The golden machinery itself: it compares byte for byte, and writes only when it is told to."""

from pathlib import Path

import pytest

from tests.conftest import Golden


def test_an_equal_text_passes_and_a_changed_one_fails(tmp_path: Path) -> None:
    (tmp_path / "walk.txt").write_bytes("h₂ = 0.9\n".encode())
    compare = Golden(tmp_path, accept=False)
    compare("walk.txt", "h₂ = 0.9\n")
    for changed in ("h₂ = 0.8\n", "h₂ = 0.9", "h₂ = 0.9\r\n"):
        with pytest.raises(AssertionError, match="--accept"):
            compare("walk.txt", changed)
    assert (tmp_path / "walk.txt").read_bytes() == "h₂ = 0.9\n".encode()


def test_a_missing_file_fails_and_accept_writes_it(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="no golden file"):
        Golden(tmp_path, accept=False)("new/walk.txt", "text")
    Golden(tmp_path, accept=True)("new/walk.txt", "text\n")
    assert (tmp_path / "new/walk.txt").read_bytes() == b"text\n"
