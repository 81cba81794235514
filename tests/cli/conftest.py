"""Running commands: in this process for what they say, in one of their own for what a system does to them."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, NamedTuple

import pytest

from rnnwalk.cli.app import main

from . import ready
from .ready import heed_interrupts


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]

os.environ.pop("PYTHONUNBUFFERED", None)  # as the tests may have it, and no user has


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


@pytest.fixture
def background() -> Iterator[None]:
    """As when a script starts the tests in the background: an interrupt is ignored, and children inherit that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@contextmanager
def started(*arguments: str, **options: object) -> Iterator["subprocess.Popen[bytes]"]:
    """rnnwalk while it runs, and not for longer than the test, nor a minute."""
    call = [sys.executable, "-m", "rnnwalk", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    heed = {} if sys.platform == "win32" else {"preexec_fn": heed_interrupts}
    with subprocess.Popen(call, **pipes, **heed, **options) as process:  # type: ignore[call-overload]
        end = Timer(60, process.kill)
        end.start()
        try:
            yield process
        finally:
            end.cancel()
            process.kill()


def command(*arguments: str | bytes, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    """rnnwalk in a process of its own, run to its end."""
    return ready.completed("", *arguments, **options)
