"""Whatever befalls a run while it writes: the old file or the new one, whole; nothing else is left; the code tells why.

Every command that writes, read off the commands themselves, meets every fault in a process of its own, each at another
moment; every moment, with and without a file to replace, on systems with and without nameless files takes minutes:
python -m pytest -m long
"""

import os
import signal
import time
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from rnnwalk.files import STALE
from rnnwalk.model.weightfile import read
from rnnwalk.render.terminal.save import ENDINGS
from tests.examples import sampled

from . import ready
from .ready import UNMEASURED
from .test_matrix import COMMANDS, kind

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals and permissions")

WRITERS = {  # what each is told besides its option, and the endings that this may have
    ("walk", "--save"): (["ab"], ENDINGS),
    ("export", "--output"): (
        ["ab", "--cell", "gru", "--hidden", "1", "--train", "2", "--gradients", "--form", "all"],
        (".xlsx",),
    ),
    ("weights new", "--output"): ([], (".json", ".npz")),
    ("train", "--output"): (["--epochs", "3"], (".json", ".npz")),
}
READ = {"--text", "--data"}  # files that are only read
CASES = [(*writer, ending) for writer, (_, endings) in WRITERS.items() for ending in endings]
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]
FAULTS = ["killed", "full", "vanished", "read-only", "no memory", *[number.name for number in SIGNALS]]
MOMENTS = ["open 1", "write 1", "write 3", "fsync 1", "link 1", "replace 1", "unlink 1"]

# What befalls the run, when it does something for the n-th time in the folder where its file is to be.
BEFALL = """
import os, shutil, signal, sys
from pathlib import Path

MADE = os.O_CREAT | getattr(os, "O_TMPFILE", 0)
folder, calls, broken, here = os.path.abspath("out"), [], [], False
if NAMED:
    os.__dict__.pop("O_TMPFILE", None)

def fail(number):
    broken.append(number)
    raise OSError(number, os.strerror(number))

def read_only():
    os.chmod(folder, 0o555)
    broken.append(30 if os.geteuid() == 0 else 0)  # root may write all the same

def no_memory():
    raise MemoryError

ACTS = {"killed": lambda: os.kill(os.getpid(), signal.SIGKILL), "full": lambda: fail(28), "no memory": no_memory,
    "vanished": lambda: shutil.rmtree(folder), "read-only": read_only}
act = ACTS.get(FAULT) or (lambda: os.kill(os.getpid(), getattr(signal, FAULT)))

def moment(name):
    calls.append(name)
    if f"{name} {calls.count(name)}" == MOMENT:
        act()
    if broken and (broken[0] == 28) == (name in ("write", "fsync")):
        fail(broken[0])  # from now on

def told_of(owner, name):
    real = getattr(owner, name)
    def called(first, *given, **options):
        global here
        if name == "open":
            here = given[0] & MADE and os.fspath(first).startswith(folder)
        if here and (name != "unlink" or os.fspath(first).startswith(folder)):
            moment(name)
        return real(first, *given, **options)
    setattr(owner, name, called)

class File:
    def __init__(self, real):
        self.real = real
    def __getattr__(self, name):
        return getattr(self.real, name)
    def __enter__(self):
        self.real.__enter__()
        return self
    def __exit__(self, *error):
        return self.real.__exit__(*error)
    def write(self, part):
        if here:
            moment("write")
        return self.real.write(part)

fdopen = os.fdopen
os.fdopen = lambda *given, **options: File(fdopen(*given, **options))
for owner, name in ((os, "open"), (os, "fsync"), (os, "link"), (Path, "replace"), (Path, "unlink")):
    told_of(owner, name)
"""


class Case(NamedTuple):
    """existed: a file was there; named: unfinished files have a name, as on systems without any others."""

    command: str
    option: str
    ending: str
    fault: str
    moment: str
    existed: bool
    named: bool

    def __str__(self) -> str:
        kinds = " replacing" * self.existed + " named" * self.named
        return f"{self.command} {self.ending} {self.fault} at {self.moment}{kinds}"


ALL = [Case(*case, *rest) for case, *rest in product(CASES, FAULTS, MOMENTS, (True, False), (True, False))]
SOME = [  # each writer with each fault; each fault, and each writer, at each moment
    Case(*CASES[i], FAULTS[j], MOMENTS[(i + j) % len(MOMENTS)], (i + j) % 3 != 0, (i + j // 2) % 2 == 0)
    for i, j in product(range(len(CASES)), range(len(FAULTS)))
]


def test_every_option_that_names_a_file_to_write_is_tried() -> None:
    found = {
        (name, max(option.opts, key=len))
        for name, command in COMMANDS.items()
        for option in command.params
        if max(option.opts, key=len) not in ("--help", *READ) and kind(name, option) is Path
    }
    assert found == set(WRITERS)


def run(case: Case, code: str, folder: Path) -> tuple[int, str, str]:
    line = [*case.command.split(), *WRITERS[case.command, case.option][0], case.option, f"out/w{case.ending}"]
    done = ready.completed(
        code, *line, *["--force"] * case.existed, cwd=folder, env=UNMEASURED | {"TMPDIR": str(folder / "tmp")}
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@cache
def whole(command: str, option: str, ending: str) -> bytes:
    """What is written where nothing befalls the run."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "out").mkdir()
        case = Case(command, option, ending, "", "", False, False)
        assert run(case, "", Path(name))[0] == 0
        return (Path(name) / "out" / f"w{ending}").read_bytes()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def check(case: Case, folder: Path) -> None:
    out, new = folder / "out", whole(case.command, case.option, case.ending)
    target = out / f"w{case.ending}"
    for name in ("out", "tmp"):
        (folder / name).mkdir()
    if case.existed:
        target.write_bytes(b"old")
    names = {"FAULT": case.fault, "MOMENT": case.moment, "NAMED": case.named}
    code, said, err = run(case, "".join(f"{name} = {value!r}\n" for name, value in names.items()) + BEFALL, folder)
    if out.exists():
        out.chmod(0o755)

    now = target.read_bytes() if target.exists() else None
    assert now in (new, b"old" if case.existed else None) or (case.fault == "vanished" and now is None), "it is torn"
    came = {"killed": -signal.SIGKILL}.get(case.fault) or (128 + getattr(signal, case.fault, -128))
    assert code == (came or (0 if now == new else 2)) or (code == 0 and now == new), err  # 0: the moment never came
    assert ("Traceback" in err, "our own fault" in err) == (False, False)
    if code >= 0:
        assert err.count("\n") == (1 if err else 0), err
        assert len(err) < 300 + 2 * len(str(folder))
        assert err.startswith(("wrote out/w", "saved out/w")) == (now == new) or (err == "" and code > 2), err
        assert code != 2 or err.startswith("rnnwalk: ")
        assert code != 2 or said == "" or case.command == "train"

    expected = {f"out/{target.name}"}
    if case.command == "train" and code >= 0 and now != new:
        (kept,) = (name for name in files(folder) - expected if not name.endswith(".tmp"))
        assert read(str(folder / kept)).parameters == 26
        assert (folder / kept).read_bytes() == new
        assert f"wrote {folder / kept} instead" in err
        expected.add(kept)
    left = files(folder) - expected
    if left and (code == -signal.SIGKILL or case.fault == "read-only"):  # it could not, but a later run does
        for name in left:
            assert ".rnnwalk-" in name
            os.utime(folder / name, (time.time() - STALE - 1,) * 2)
        assert run(case._replace(existed=True), "", folder)[0] == 0
        assert target.read_bytes() == new
        left = files(folder) - expected
    assert left == set()


@pytest.mark.parametrize("case", sampled(SOME, *SOME[::3]), ids=str)
def test_a_file_is_whole_whatever_befalls_its_writer(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("ending", CASES, ids=" ".join)
def test_a_file_is_whole_whatever_befalls_its_writer_at_any_moment(
    ending: tuple[str, str, str], tmp_path: Path
) -> None:
    wrong = []
    for number, case in enumerate(case for case in ALL if case[:3] == ending):
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            check(case, folder)
        except (AssertionError, ValueError) as error:
            wrong.append(f"{case}: {error}")
    assert wrong == []
