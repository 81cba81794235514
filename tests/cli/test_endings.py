"""Whatever ends a run early: what was learned is kept, no file is torn, and the exit code tells the cause."""

import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rnnwalk.ending import Ending
from rnnwalk.engine.fast.batch import Batch
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.errors import InputError
from rnnwalk.model import weightfile
from rnnwalk.model.weightfile import article, read
from rnnwalk.tasks.training import Training
from tests.examples import sampled

from . import ready
from .conftest import Run, started
from .ready import UNMEASURED, heed_interrupts

resource = pytest.importorskip("resource", reason="limits and signals need Unix")

INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
FOREVER = ["train", "hello", "--epochs", "100000000", "-o", "w.json"]

# Before a child runs rnnwalk: what is to happen to it, and when. Its signals are real ones.
PRELUDE = """
import os, resource, signal, sys, time
from signal import SIGHUP, SIGINT, SIGTERM
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.model import weightfile

def tell(*numbers):
    for number in numbers:
        os.kill(os.getpid(), number)

def before(owner, name, act, time=1):
    '''Let something happen before a function is called for the n-th time.'''
    calls, real = [], getattr(owner, name)
    def called(*given, **options):
        calls.append(name)
        if len(calls) == time:
            act()
        return real(*given, **options)
    setattr(owner, name, called)

def step(act):
    '''In the 20th epoch.'''
    before(Learner, "step", act, 20)
"""


def befallen(act: str, *arguments: str, cwd: Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    """rnnwalk in a process of its own, to which something happens."""
    done = ready.completed(PRELUDE + act, *arguments, cwd=cwd, env=UNMEASURED, **options)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def learned(path: Path | str) -> bool:
    """Whether the weights in a file are better at hello than the article's, with which training begins."""
    return next(Training(read(str(path)), ["hello"]).epochs(1)).loss < 6


@pytest.mark.parametrize(
    "number", sampled([INT, TERM, HUP, signal.SIGQUIT, signal.SIGXCPU, signal.SIGUSR1], INT, HUP, signal.SIGXCPU)
)
def test_a_signal_in_a_long_epoch_ends_training_at_once_and_keeps_the_best_weights(
    tmp_path: Path, number: signal.Signals
) -> None:
    done = befallen(f"step(lambda: (tell({number:d}), time.sleep(50)))", *FOREVER, cwd=tmp_path)
    assert done.returncode == 128 + number, done.stderr
    assert done.stderr == "wrote w.json: 26 numbers, the best of 19 epochs\n"
    assert "It was interrupted." in done.stdout
    assert learned(tmp_path / "w.json")
    assert names(tmp_path) == ["w.json"]


def test_several_signals_at_once_are_one(tmp_path: Path) -> None:
    done = befallen("step(lambda: tell(SIGTERM, SIGHUP, SIGINT, SIGTERM))", *FOREVER, cwd=tmp_path)
    assert done.returncode in (128 + INT, 128 + TERM, 128 + HUP), done.stderr
    assert done.stderr == "wrote w.json: 26 numbers, the best of 19 epochs\n"
    assert learned(tmp_path / "w.json")


@pytest.mark.parametrize(
    "place", ["before(Learner, 'step', act, 20)", "import rnnwalk.cli.train; before(Learner, '__init__', act)"]
)
def test_of_two_signals_in_one_long_operation_the_first_gives_the_code(tmp_path: Path, place: str) -> None:
    """Python hands them on afterwards, the lowest number first."""
    act = "import subprocess\ndef act():\n"
    act += "    line = f'sleep 0.1; kill -TERM {os.getpid()}; sleep 0.02; kill -HUP {os.getpid()}'\n"
    act += "    sender = subprocess.Popen(['/bin/sh', '-c', line])\n"
    act += "    sum(range(20_000_000)), sender.wait()\n"
    done = befallen(f"{act}{place}", *FOREVER, cwd=tmp_path)
    assert done.returncode == 128 + TERM, done.stderr


@pytest.mark.parametrize(("first", "second"), [(INT, INT), (TERM, HUP)])
def test_a_second_signal_waits_until_the_weights_are_written_and_then_ends_it(
    tmp_path: Path, first: signal.Signals, second: signal.Signals
) -> None:
    act = f"step(lambda: tell({first:d})); before(weightfile, 'to_json', lambda: tell({second:d}))"
    done = befallen(act, *FOREVER, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (128 + first, ""), done.stderr
    assert done.stderr == "wrote w.json: 26 numbers, the best of 19 epochs\n"
    assert learned(tmp_path / "w.json")


def test_a_signal_after_the_last_epoch_waits_until_the_weights_are_written(tmp_path: Path) -> None:
    act = "before(weightfile, 'to_json', lambda: tell(SIGTERM))"
    done = befallen(act, "train", "--epochs", "20", "-o", "w.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (143, "wrote w.json: 26 numbers, the best of 20 epochs\n")
    assert learned(tmp_path / "w.json")


def test_a_signal_whose_exception_got_lost_ends_training_after_the_epoch(tmp_path: Path) -> None:
    act = "Loser = type('Loser', (), {'__del__': lambda _: tell(SIGTERM)}); step(lambda: Loser())"
    done = befallen(act, *FOREVER, cwd=tmp_path)
    assert (done.returncode, "best of 20 epochs" in done.stderr) == (143, True), done.stderr


@pytest.mark.parametrize("number", [INT, HUP])
def test_a_signal_that_was_to_be_ignored_stays_ignored(tmp_path: Path, number: signal.Signals) -> None:
    done = befallen(
        f"signal.signal({number:d}, signal.SIG_IGN); step(lambda: tell({number:d}))",
        "train", "--epochs", "30", "-o", "w.json", cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "wrote w.json: 26 numbers, the best of 30 epochs\n")


def test_a_signal_without_a_file_to_write_says_that_it_was_interrupted(tmp_path: Path) -> None:
    done = befallen("step(lambda: tell(SIGTERM))", *FOREVER[:-2], cwd=tmp_path)
    assert (done.returncode, done.stderr) == (143, "")
    assert "It was interrupted." in done.stdout
    assert "-o trained.json" in done.stdout
    assert names(tmp_path) == []


def test_signals_at_any_moment_leave_a_whole_file_and_say_so(tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("hello\nx\nhell\n")
    moments = random.Random(1)
    learn = ["train", "--text", "lines.txt", "--epochs", "100000000", "-o", "w.json", "--force"]
    for number in (INT, TERM, HUP):
        with started(*learn, cwd=tmp_path, env=UNMEASURED) as process:
            assert process.stderr is not None
            assert process.stderr.readline() == b"lines.txt: left out 1 of its lines, with fewer than two letters\n"
            time.sleep(0.1 + moments.random() / 10)
            for _ in range(3):
                process.send_signal(number)
                time.sleep(moments.random() / 200)
            _, err = process.communicate(timeout=60)
        # A signal that comes when all is done ends the process as it ends any other; a shell sees the same code.
        assert process.returncode in (128 + number, -number), err
        wrote = names(tmp_path) == ["lines.txt", "w.json"]
        assert (err[:14], err.count(b"\n")) == ((b"wrote w.json: ", 1) if wrote else (b"", 0)), err
        if wrote:  # and not on a machine so busy that training had not begun
            read(str(tmp_path / "w.json"))
            (tmp_path / "w.json").unlink()


@pytest.mark.parametrize("number", [INT, TERM])
def test_a_signal_while_the_program_is_being_loaded_ends_it_quietly(tmp_path: Path, number: signal.Signals) -> None:
    act = f"find = lambda name, *_: tell({number:d}) if name == 'typer' else None\n"
    act += "sys.meta_path.insert(0, type('Finder', (), {'find_spec': find}))"
    done = befallen(act, "train", cwd=tmp_path, anew=True)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "")


def test_training_that_diverges_keeps_the_best_weights_until_then(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    happens(monkeypatch, lambda learner: learner.vector.fill(math.nan))
    result = run("train", "-o", "w.json")
    assert (result.code, result.out) == (2, "")
    wrote, complaint = result.err.splitlines()
    assert wrote == "wrote w.json: 26 numbers, the best of 19 epochs"
    assert complaint.startswith("rnnwalk: training diverged: the loss is no longer a number in epoch 20; ")
    assert learned("w.json")


@pytest.mark.parametrize("rate", ["1e6", "1e99"])
def test_a_wild_rate_does_not_stop_training_where_a_probability_underflows(run: Run, rate: str) -> None:
    """The loss ln S + m − y[target] stays a number where −ln p was infinite."""
    result = run("train", "hello", "hell", "--batch", "1", "--lr", rate, "-o", "w.json")
    assert (result.code, result.err.count("\n")) == (0, 1)
    assert read("w.json").vocabulary == tuple("helo")


def test_training_that_diverges_from_the_first_keeps_the_weights_that_it_began_with(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    happens(monkeypatch, lambda learner: learner.vector.fill(math.nan), epoch=1)
    result = run("train", "-o", "w.json")
    assert (result.code, result.err.count("\n")) == (2, 2)
    assert read("w.json").vocabulary == tuple("helo")


def test_a_failure_of_our_own_keeps_the_best_weights_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    happens(monkeypatch, lambda learner: learner.nothing)  # type: ignore[attr-defined]
    result = run("train", "-o", "w.json")
    assert (result.code, result.err.count("\n"), "our own fault, sorry: AttributeError" in result.err) == (1, 2, True)
    assert learned("w.json")


def happens(monkeypatch: pytest.MonkeyPatch, act: Callable[[Learner], object], epoch: int = 20) -> None:
    """Let something happen in an epoch."""
    real, calls = Learner.step, []

    def step(learner: Learner, batch: Batch) -> float:
        calls.append(batch)
        if len(calls) == epoch:
            act(learner)
        return real(learner, batch)

    monkeypatch.setattr(Learner, "step", step)


def test_where_the_folder_vanished_the_weights_are_in_the_current_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("out").mkdir()
    happens(monkeypatch, lambda _: shutil.rmtree("out"))
    result = run("train", "-o", "out/w.json")
    here = Path.cwd() / "w.json"
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert result.err.startswith("rnnwalk: out/w.json: ")
    assert result.err.endswith(f"; wrote {here} instead: 26 numbers, the best of 100 epochs\n")
    assert f"walk--weights{here}" in "".join(result.out.replace("\\\n", "").split())  # however it is wrapped
    assert learned(here)


def test_where_a_file_appeared_meanwhile_the_weights_are_beside_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out").mkdir()
    Path("w-2.json").symlink_to("nowhere")
    happens(monkeypatch, lambda _: Path("w.json").write_text("theirs"))
    result = run("train", "-o", "w.json")
    assert (result.code, f"wrote {Path.cwd() / 'w-3.json'} instead" in result.err) == (2, True)
    assert Path("w.json").read_text() == "theirs"
    assert learned("w-3.json")


def test_where_the_current_folder_vanished_the_weights_are_in_the_temporary_one(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    (tmp_path / "tmp").mkdir()
    act = f"import shutil; os.environ['TMPDIR'] = {str(tmp_path / 'tmp')!r}; step(lambda: shutil.rmtree(os.getcwd()))"
    done = befallen(act, "train", "-o", "w.json", cwd=tmp_path / "gone")
    (found,) = (tmp_path / "tmp").glob("rnnwalk-*/w.json")
    assert (done.returncode, f"; wrote {found} instead" in done.stderr) == (2, True), done.stderr
    assert learned(found)


def test_where_the_disk_is_full_the_weights_are_on_another_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real, disk = weightfile.write, tempfile.mkdtemp(dir=Path.cwd())

    def write(model: object, path: Path, *, force: bool) -> None:
        if str(path).startswith(disk):
            raise InputError(f"{path}: cannot be written (No space left on device)")
        real(model, path, force=force)  # type: ignore[arg-type]

    monkeypatch.setattr(weightfile, "write", write)
    result = run("train", "-o", f"{disk}/w.json")
    assert (result.code, f"left on device); wrote {Path.cwd() / 'w.json'} instead" in result.err) == (2, True)
    assert learned("w.json")


@pytest.mark.parametrize(("act", "code"), [("", 2), ("step(lambda: tell(SIGTERM));", 143)])
def test_where_every_disk_is_full_the_sentence_says_so_and_the_old_file_stays(
    tmp_path: Path, act: str, code: int
) -> None:
    (tmp_path / "w.json").write_text("old")
    (tmp_path / "tmp").mkdir()
    full = f"os.environ['TMPDIR'] = {str(tmp_path / 'tmp')!r}; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100));"
    done = befallen(full + act, "train", "-o", "w.json", "--force", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert done.stderr.startswith("rnnwalk: w.json: cannot be written (File too large); nor do ")
    assert (tmp_path / "w.json").read_text() == "old"
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == ["tmp", "w.json"]


def test_where_standard_output_takes_nothing_the_weights_are_in_a_file_and_one_sentence_says_so(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w") as full:
        done = befallen("", "train", "-o", "-", cwd=tmp_path, stdout=full)
    assert done.returncode == 2
    said, *report = done.stderr.splitlines()
    assert said.startswith("rnnwalk: stdout: cannot be written (No space left on device); wrote ")
    assert report[0] == "The loss, epoch by epoch"
    assert "rnnwalk:" not in "".join(report)
    assert learned(tmp_path / "weights.json")


def test_where_nobody_reads_standard_output_the_weights_are_in_a_file_and_all_is_well(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = befallen("", "train", "-o", "-", cwd=tmp_path, stdout=writing)
    finally:
        os.close(writing)
    assert done.returncode == 0
    assert done.stderr.startswith("rnnwalk: stdout: nobody reads it any more; wrote ")
    assert learned(tmp_path / "weights.json")


def test_a_word_that_is_not_utf8_is_learned_and_kept(tmp_path: Path) -> None:
    done = befallen("", "train", "h\udce9llo", "--epochs", "5", "-o", "w.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    model = read(str(tmp_path / "w.json"))
    assert (model.word, model.vocabulary) == ("h\udce9llo", ("h", "\udce9", "l", "o"))
    json.loads((tmp_path / "w.json").read_bytes())


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 0), (["--lr", "1e6"], 2), (["--text", "lines.txt", "--epochs", "2"], 0)]
)
@pytest.mark.parametrize("closed", [True, False], ids=["closed", "nobody reads"])
def test_without_a_standard_error_the_weights_are_written(
    tmp_path: Path, arguments: list[str], code: int, closed: bool
) -> None:
    (tmp_path / "lines.txt").write_text("hello\nx\nhell\n")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = befallen(
            "", "train", *arguments, "-o", "w.json", cwd=tmp_path, stderr=ready.CLOSED if closed else writing
        )
    finally:
        os.close(writing)
    assert (done.returncode, "wrote" in done.stdout) == (code, False)
    read(str(tmp_path / "w.json"))


def test_a_terminal_that_closes_leaves_the_weights(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(tmp_path)
        heed_interrupts()
        os.execve(sys.executable, [sys.executable, "-m", "rnnwalk", *FOREVER], {**UNMEASURED, "TERM": "xterm"})
    shown = b""
    while b"says ello" not in shown:
        shown += os.read(terminal, 4096)
    os.close(terminal)
    end = time.monotonic() + 20
    while not (found := os.waitpid(process, os.WNOHANG))[0]:
        assert time.monotonic() < end or os.kill(process, signal.SIGKILL)
        time.sleep(0.01)
    assert os.waitstatus_to_exitcode(found[1]) == 129
    assert learned(tmp_path / "w.json")


@pytest.mark.parametrize(
    ("number", "arguments", "moment"),
    [
        (
            TERM,
            "walk --save out.txt",
            "from rnnwalk.render.terminal.paper import Paper; before(Paper, 'page', act, 5)",
        ),
        (INT, "walk --save out.md", "import rnnwalk.render.markdown as m; before(m, 'chunks', act)"),
        (HUP, "export -o out.xlsx", "import rnnwalk.render.workbook as book; before(book, 'save', act)"),
        (TERM, "weights new -o w.json", "before(weightfile, 'to_json', act)"),
        (HUP, "generate -w in.json", "import rnnwalk.tasks.generate as g; before(g, 'distribution', act, 3)"),
    ],
)
def test_any_command_ends_at_a_signal_with_its_code_and_leaves_no_file(
    tmp_path: Path, number: signal.Signals, arguments: str, moment: str
) -> None:
    weightfile.write(article(), tmp_path / "in.json", force=False)
    done = befallen(f"act = lambda: (tell({number:d}), time.sleep(50))\n{moment}", *arguments.split(), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "")
    assert names(tmp_path) == ["in.json"]


@pytest.mark.parametrize(
    "moment", ["import rnnwalk.render.workbook as m; before(m, 'save', act)", "before(os, 'fsync', act)"]
)
@pytest.mark.parametrize(
    "act",
    [
        "def act(): type('Loser', (), {'__del__': lambda _: tell(SIGTERM)})()",
        "def act():\n    try: tell(SIGTERM)\n    except BaseException: pass",
        "def act():\n    try: tell(SIGTERM)\n    except BaseException: raise ValueError('of a library')",
        "def act(): tell(SIGTERM, SIGINT, SIGHUP)",
        """def act():
    def half():
        try: yield
        finally: raise OSError('on a file that is closed')
    rest = half(); next(rest); tell(SIGTERM)""",
    ],
    ids=["in a destructor", "swallowed", "made another", "one of many", "left half done"],
)
def test_a_signal_that_a_library_swallows_still_ends_the_run(tmp_path: Path, act: str, moment: str) -> None:
    done = befallen(f"{act}\n{moment}", "export", "ab", "--hidden", "1", "-o", "out.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (143, "")
    written = names(tmp_path)  # a file only if it lacks nothing, and then it is told of
    assert (written, done.stderr[:14]) in (([], ""), ([] if "save" in moment else ["out.xlsx"], "wrote out.xlsx"))


def test_a_second_signal_while_it_leaves_changes_nothing(tmp_path: Path) -> None:
    act = "import rnnwalk.cli.streams as m; before(m, 'settle', lambda: tell(SIGINT, SIGTERM))\n"
    act += "import rnnwalk.model.pose as p; before(p, 'pose', lambda: tell(SIGHUP))"
    done = befallen(act, "walk", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (129, "", "")


@pytest.mark.parametrize("number", sampled([TERM, HUP], TERM))
def test_a_demand_to_end_waits_for_no_reader(number: signal.Signals) -> None:
    with started("walk", "abcdefgh" * 20, "--all", env=UNMEASURED) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        time.sleep(0.3)  # until the pipe is full
        process.send_signal(number)
        assert process.wait(timeout=20) == 128 + number


def test_handlers_are_what_they_were_afterwards_and_a_thread_has_none() -> None:
    before = [signal.getsignal(number) for number in (INT, TERM, HUP)]
    inside = []

    def work() -> None:
        with Ending() as ending, ending.heeded():
            inside.append([signal.getsignal(number) for number in (INT, TERM, HUP)])
            ending.check()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(timeout=20)
    work()
    assert inside[0] == before == [signal.getsignal(number) for number in (INT, TERM, HUP)]
    assert inside[1] != before


def test_training_needs_no_more_memory_for_more_epochs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Learner, "step", lambda *_: 1.0)
    run("train", "--epochs", "100")  # what is loaded once

    def peak(epochs: int) -> int:
        tracemalloc.start()
        try:
            assert run("train", "--epochs", str(epochs)).code == 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(20_000) < peak(2000) + 100_000
