"""Every option of every command, alone and in pairs, read off the commands themselves: a new option joins by itself.

A run ends with a documented exit code; what is refused is refused in one sentence, with nothing on standard output and
no file; and an option that is accepted does something. All pairs take minutes: python -m pytest -m long
"""

import inspect
import random
from importlib import import_module
from itertools import combinations
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import pytest
from typer.main import get_command

from rnnwalk.cli.app import app

from .conftest import Result, Run

# What a command needs, and where its run is small.
BASE: dict[str, list[str]] = {
    "walk": ["banana"],
    "explain": ["dWhh", "banana"],
    "compare": ["banana", "nab"],
    "examples": [],
    "train": ["banana", "nab", "--epochs", "3"],
    "generate": ["--weights", "w.json", "--length", "5"],
    "gradcheck": ["ab"],
    "gradients": ["banana"],
    "export": ["ab", "--output", "out.xlsx"],
    "weights new": ["--output", "out.json"],
    "weights show": ["w.json"],
}
VALUES: dict[str, list[str]] = {  # others by their type
    "--weights": ["w.json"],
    "--vocab": ["abn"],
    "--cell": ["gru", "lstm"],
    "--form": ["logistic", "all"],
    "--by": ["letter"],
    "--save": ["saved.md"],
    "--text": ["lines.txt"],
    "--output": ["other.npz"],
    "--start": ["n"],
    "--word": ["nab"],
    "--lr": ["0.5"],
    "--validation": ["0.5"],
    "--batch": ["1"],
    "--temperature": ["9"],
    "--formulas": ["symbols"],
}
# Options that may change nothing, and why.
IDLE = {
    ("walk", "--by letter"): "what it is without",
    ("explain", "--by letter"): "what it is without",
    ("compare", "--by letter"): "what it is without",
    ("train", "--by letter"): "what it is without",
    ("gradcheck", "--by letter"): "what it is without",
    ("gradients", "--by letter"): "what it is without",
    ("export", "--by letter"): "what it is without",
    ("weights new", "--by letter"): "what it is without",
    ("generate", "--weights w.json"): "what it is without",
    ("train", "--patience 2"): "the three epochs all get better",
    ("train", "--clip 0.5"): "may be longer than the gradient",
    ("train", "--clip-value 0.5"): "may be larger than each number",
    ("export", "--force"): "there is no file to replace",
    ("weights new", "--force"): "there is no file to replace",
    ("explain", "--lr 0.5"): "a gradient does not follow from it",
}
CODES = (0, 1, 2)  # 1: gradcheck, where gradients differ


def commands() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, command in get_command(app()).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {part}": each for part, each in inner.items()} if inner else {name: command}
    return found


def kind(command: str, option: Any) -> Any:
    """The type of an option, as its command is written: each typer keeps it elsewhere."""
    module, _, function = command.partition(" ")
    written = getattr(import_module(f"rnnwalk.cli.{module}"), function or module)
    found = get_args(inspect.signature(written).parameters[option.name].annotation)[0]
    parts = [part for part in get_args(found) if part is not NoneType]
    return parts[0] if NoneType in get_args(found) else found


def uses(name: str, command: Any) -> list[list[str]]:
    """The options of a command, each with the values to try."""
    found = []
    for option in command.params:
        typed = max(option.opts, key=len)
        if not typed.startswith("--") or typed == "--help":
            continue
        if getattr(option, "is_flag", False):
            found.append([typed])
        elif typed in VALUES:
            found += [[typed, value] for value in VALUES[typed]]
        elif get_origin(kind(name, option)) is Literal:
            found.append([typed, get_args(kind(name, option))[-1]])
        else:
            found.append([typed, {int: "2", float: "0.5"}.get(kind(name, option), "2")])
    return found


COMMANDS = commands()
ALONE = [(name, (use,)) for name, command in COMMANDS.items() for use in uses(name, command)]
PAIRS = [
    (name, pair)
    for name, command in COMMANDS.items()
    for pair in combinations(uses(name, command), 2)
    if pair[0][0] != pair[1][0]
]
SOME = random.Random(20).sample(PAIRS, 150)


def told(case: tuple[str, tuple[list[str], ...]]) -> str:
    return " ".join([case[0], *[" ".join(use) for use in case[1]]])


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    run("weights", "new", "--word", "banana", "--seed", "5", "--output", "w.json")
    (tmp_path / "lines.txt").write_text("banana\nnab\nab\n", "utf-8")
    return tmp_path


def ran(run: Run, folder: Path, name: str, given: tuple[list[str], ...]) -> tuple[Result, dict[str, bytes]]:
    """A run, and the files that it wrote."""
    before = {path.name for path in folder.iterdir()}
    result = run(*name.split(" "), *BASE[name], *[part for use in given for part in use])
    written = {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in before}
    for path in folder.iterdir():
        if path.name not in before:
            path.unlink()
    return result, written


USUAL: dict[str, tuple[Result, dict[str, bytes]]] = {}


def usual(run: Run, folder: Path, name: str) -> tuple[Result, dict[str, bytes]]:
    """The run of a command without the option, once for all its options."""
    if name not in USUAL:
        USUAL[name] = ran(run, folder, name, ())
    return USUAL[name]


def check(result: Result, written: dict[str, bytes]) -> None:
    assert result.code in CODES, result.err
    assert "Traceback" not in result.err
    assert "our own fault" not in result.err
    if result.code == 2:
        assert result.out == ""
        assert written == {}
        assert result.err.count("\n") == 1
        assert len(result.err) < 400


def test_every_command_has_a_run_to_begin_with() -> None:
    assert sorted(COMMANDS) == sorted(BASE)


@pytest.mark.parametrize("case", ALONE, ids=told)
def test_an_option_is_refused_in_one_sentence_or_does_something(
    case: tuple[str, tuple[list[str], ...]], run: Run, folder: Path
) -> None:
    name, (use,) = case
    bare, with_it = usual(run, folder, name), ran(run, folder, name, (use,))
    assert bare[0].code == 0, bare[0].err
    assert str(folder) not in bare[0].out + bare[0].err, "or each folder would make a difference"
    check(*with_it)
    if with_it[0].code == 0 and (name, " ".join(use)) not in IDLE:
        assert with_it != bare


@pytest.mark.parametrize("case", SOME, ids=told)
def test_two_options_go_together_or_are_refused_in_one_sentence(
    case: tuple[str, tuple[list[str], ...]], run: Run, folder: Path
) -> None:
    check(*ran(run, folder, *case))


@pytest.mark.long
@pytest.mark.parametrize("case", PAIRS, ids=told)
def test_all_pairs_of_options_go_together_or_are_refused_in_one_sentence(
    case: tuple[str, tuple[list[str], ...]], run: Run, folder: Path
) -> None:
    check(*ran(run, folder, *case))
