"""Running commands: in this process for what they say, in one of their own for what a system does to them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from rnnwalk.cli.app import main


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """``run("walk", "banana")`` as a pipe would see it: no terminal, 80 columns, in an empty folder."""
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["rnnwalk", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return Result(stop.value.code, captured.out, captured.err)

    return call


def command(*arguments: str, **options: object) -> "subprocess.CompletedProcess[bytes]":
    """rnnwalk in a process of its own."""
    call = [sys.executable, "-m", "rnnwalk", *arguments]
    return subprocess.run(call, capture_output=True, check=False, timeout=60, **options)  # type: ignore[call-overload, no-any-return]
