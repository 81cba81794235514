"""Processes of rnnwalk that start at once: copies of one that has loaded all of it already.

A process of its own is what shows what a signal, a closed stream or a full disk does; to load Python and all packages
anew for each takes half a second. Here one process loads them and then makes a copy of itself for each run, with the
streams, the folder and the environment that are asked for; the copy ends as any process of Python does. Only on Linux,
and not while coverage is measured: elsewhere each run is started as usual.
"""

import array
import gc
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Timer
from typing import IO, Any

CLOSED = -1  # a stream that is
PATIENCE = 60  # seconds until a run is killed
WARM = ("walk", "walk --backward", "train --epochs 1", "export -o -", "weights new -o -")  # and so loads what they need
COPIES = sys.platform == "linux" and not any(name.startswith("COVERAGE_") for name in os.environ)

# For a child that is interrupted at work: coverage.py can hang for ever when that meets its tracer.
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def heed_interrupts() -> None:
    """For a child, before it runs a program: Ctrl-C and the like mean what they mean in a terminal, wherever the tests run."""
    for name in ("SIGINT", "SIGQUIT", "SIGHUP"):  # which a shell ignores for what runs in the background
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


class Process:
    """A copy that runs."""

    def __init__(
        self, code: str, arguments: tuple[str, ...], cwd: Path | None, env: Mapping[str, str] | None,
        streams: list[int], *, terminal: bool,
    ) -> None:  # fmt: skip
        wanted = {
            "code": code, "arguments": arguments, "cwd": str(cwd or Path.cwd()), "env": dict(os.environ if env is None else env),
            "closed": [n for n, handle in enumerate(streams) if handle == CLOSED], "terminal": terminal,
        }  # fmt: skip
        self._news, theirs = os.pipe()
        handles = [theirs, *[handle for handle in streams if handle != CLOSED]]
        whole = json.dumps(wanted).encode()
        server = _server()
        server.sendmsg(
            [len(whole).to_bytes(8, "little")],
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", handles))],
        )
        server.sendall(whole)
        os.close(theirs)
        self.pid = int(self._line() or 0)
        self.returncode: int | None = None

    def _line(self) -> bytes:
        found = b""
        while not found.endswith(b"\n") and (more := os.read(self._news, 1)):
            found += more
        return found

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code as subprocess has it; None where it still runs after so many seconds."""
        if self.returncode is None and select.select([self._news], [], [], timeout)[0]:
            self.returncode = int(self._line())
            os.close(self._news)
        return self.returncode

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)


def completed(
    code: str, *arguments: str | bytes, cwd: Path | None = None, env: Mapping[str, str] | None = None, input: bytes = b"",
    stdin: int | IO[Any] | None = None, stdout: int | IO[Any] | None = None, stderr: int | IO[Any] | None = None,
    anew: bool = False,
) -> "subprocess.CompletedProcess[bytes]":  # fmt: skip
    """Run ``code`` and then rnnwalk to its end; what is written to a stream that is not given is returned.

    A stream may be a file, its number, or CLOSED. anew: not as a copy, for what happens while it is being loaded.
    """
    words = tuple(os.fsdecode(word) for word in arguments)
    out, err = os.pipe(), os.pipe()
    with tempfile.TemporaryFile() as given:
        given.write(input)
        given.seek(0)
        asked = [
            given if stdin is None else stdin,
            out[1] if stdout is None else stdout,
            err[1] if stderr is None else stderr,
        ]
        streams = [each if isinstance(each, int) else each.fileno() for each in asked]
        process = start(code, *words, cwd=cwd, env=env, streams=streams, anew=anew)
    os.close(out[1])
    os.close(err[1])
    with ThreadPoolExecutor(1) as pool, open(out[0], "rb") as first, open(err[0], "rb") as second:  # noqa: PTH123
        end = Timer(PATIENCE, process.kill)
        end.start()
        try:
            complaint = pool.submit(second.read)
            return subprocess.CompletedProcess(list(words), process.wait(), first.read(), complaint.result())
        finally:
            end.cancel()


class Fresh:
    """The same, started as usual; ``call`` may be any program."""

    def __init__(
        self, call: list[str], cwd: Path | None, env: Mapping[str, str] | None, streams: list[int], *, terminal: bool
    ) -> None:
        def prepare() -> None:
            heed_interrupts()
            for number, handle in enumerate(streams):
                if handle == CLOSED:
                    os.close(number)
            if terminal:
                own_terminal()

        stdin, stdout, stderr = (None if handle == CLOSED else handle for handle in streams)
        before = {} if sys.platform == "win32" else {"preexec_fn": prepare}
        self.process = subprocess.Popen(call, cwd=cwd, env=env, stdin=stdin, stdout=stdout, stderr=stderr, **before)  # type: ignore[call-overload]
        self.pid, self.kill = self.process.pid, self.process.kill

    def wait(self, timeout: float | None = None) -> int | None:
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None


def start(
    code: str, *arguments: str, streams: list[int], cwd: Path | None = None, env: Mapping[str, str] | None = None,
    terminal: bool = False, anew: bool = False,
) -> Process | Fresh:  # fmt: skip
    """Start ``code`` and then rnnwalk. terminal: its streams are one, from now on its own; anew: not as a copy."""
    if COPIES and not anew:
        return Process(code, arguments, cwd, env, streams, terminal=terminal)
    call = [sys.executable, "-c", f"{code}\nfrom rnnwalk.__main__ import main; main()", *arguments]
    return Fresh(call, cwd, env, streams, terminal=terminal)


def own_terminal() -> None:
    """Make the terminal that standard input is the process's own, from which signals come."""
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@cache
def _server() -> socket.socket:
    """The process that makes the copies: it ends with the tests, which hold the other end of its socket."""
    ours, theirs = socket.socketpair()
    with theirs:
        subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            start_new_session=True, env=UNMEASURED, preexec_fn=heed_interrupts,
        )  # fmt: skip
    return ours


# In that process


def serve(server: socket.socket) -> dict[str, Any]:
    """Make a copy for each that is asked for; returns only in a copy, with what it is to do."""
    while True:
        message, handles, *_ = socket.recv_fds(server, 8, 4)
        if not message:
            os._exit(0)
        size, whole = int.from_bytes(message, "little"), b""
        while len(whole) < size:
            whole += server.recv(size - len(whole))
        if os.fork() == 0:
            server.close()
            news, *streams = handles
            copy = os.fork()
            if copy == 0:
                os.close(news)
                wanted: dict[str, Any] = json.loads(whole)
                become(wanted, streams)
                return wanted
            os.write(news, b"%d\n" % copy)
            for handle in (0, 1, 2, *streams):
                os.close(handle)
            status = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
            os.write(news, b"%d\n" % status)
            os._exit(0)
        for handle in handles:
            os.close(handle)
        while True:  # those that have ended
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                break


def become(wanted: dict[str, Any], streams: list[int]) -> None:
    """What a new process is: its streams, folder, environment and arguments."""
    for number in range(3):
        if number in wanted["closed"]:
            os.close(number)
        else:
            os.dup2(streams[0], number)
            os.close(streams.pop(0))
    os.chdir(wanted["cwd"])
    os.environ.clear()
    os.environ.update(wanted["env"])
    os.umask(0o022)
    time.tzset()
    if wanted["terminal"]:
        own_terminal()
    coding, _, errors = os.environ.get("PYTHONIOENCODING", "").partition(":")
    for number, (name, mode) in enumerate([("stdin", "r"), ("stdout", "w"), ("stderr", "w")]):
        stream = None
        if number not in wanted["closed"]:
            kept = "backslashreplace" if name == "stderr" else errors or getattr(sys, f"__{name}__").errors
            binary = os.fdopen(number, f"{mode}b", closefd=False)
            buffered = (mode == "w" and name == "stderr") or binary.isatty()
            stream = io.TextIOWrapper(binary, coding or "utf-8", kept, line_buffering=buffered)
            stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv = ["rnnwalk", *wanted["arguments"]]


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])
    import rnnwalk.__main__
    from rnnwalk.cli.app import COMMANDS, app

    sys.stdout = io.TextIOWrapper(io.BytesIO())
    for line in WARM:
        app(COMMANDS)(line.split(), standalone_mode=False)
    sys.stdout = sys.__stdout__
    gc.freeze()  # or to collect would touch, and so copy, all that the copies share
    todo = serve(socket.socket(fileno=int(sys.argv[1])))
    exec(compile(todo["code"], "<before rnnwalk>", "exec"), {"__name__": "__main__"})
    rnnwalk.__main__.main()
