"""Every option of every command, alone and in pairs, read off the commands themselves: a new option joins by itself.

A run ends with a documented exit code; what is refused is refused in one sentence, with nothing on standard output and
no file; and an option that is accepted does something. All pairs take minutes: python -m pytest -m long
"""

import inspect
import json
import random
from importlib import import_module
from itertools import combinations
from pathlib import Path
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin

import pytest
from typer.main import get_command

from rnnwalk.cli.app import app
from rnnwalk.model.examples import names
from tests.examples import sampled

from .conftest import Result, Run
from .test_tasks import CLASSES, put

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
# Networks of other tasks: a file, what it reads, what else, and what is true of the first.
FILES = {
    "sum.json": ("1 2 3", "1 3", "6"),
    "say.json": ("bad good", "good bad", "positive"),
    "tag.json": ("bad good bad", "bad bad good", "no yes no"),
}
TAGS = CLASSES | {"output": {"names": ["no", "yes"]}}
DRAWN = [
    ["--inputs", "x,y", "--linear", "sum", "--word", "1,2 3,4", "--target", "10"],
    ["--classes", "no,yes", "--by", "word", "--word", "not bad", "--target", "yes", "--embedding", "2"],
]
LEARNED = [
    ["--data", "rows.csv", "--by", "word", "--classes", "no,yes"],
    ["--data", "sums.csv", "--inputs", "x", "--linear", "sum"],
    ["--text", "lines.txt"],
]
VALUES: dict[str, list[str]] = {  # others by their type
    "--weights": ["w.json"],
    "--vocab": ["abn"],
    "--cell": ["gru", "lstm"],
    "--form": ["logistic", "all"],
    "--by": ["letter", "word"],
    "--save": ["saved.md"],
    "--text": ["lines.txt"],
    "--output": ["other.npz"],
    "--start": ["n"],
    "--word": ["nab"],
    "--lr": ["0.5"],
    "--validation": ["0.5"],
    "--batch": ["1"],
    "--length": ["7"],
    "--temperature": ["9"],
    "--formulas": ["symbols"],
    "--example": [*names(), "sentimnt"],
    "--data": ["rows.csv", "lines.txt", "none.csv"],
    "--target": ["positive", "no yes no", "5", "n"],
    "--inputs": ["x", "x,x"],
    "--classes": ["yes,no", "=1+1,</b>", ","],
    "--linear": ["sum"],
    "--at": ["last"],
    "--embedding": ["2", "0"],
    "--dense": ["2", "2:relu,3:sigmoid", "2:rleu"],
}
# Options that may change nothing, and why.
IDLE = {
    **{(name, f"--by {by}"): "what it is without" for name in BASE for by in ("letter", "word")},
    ("train", "--precision double"): "what it is without",
    ("train", "--notation course"): "where no symbol is printed",
    ("train", "--example banana"): "its letters are those of the word",
    ("explain", "--example banana"): "its letters are those of the word",
    ("generate", "--weights w.json"): "what it is without",
    ("train", "--patience 2"): "the three epochs all get better",
    ("train", "--clip 0.5"): "may be longer than the gradient",
    ("train", "--clip-value 0.5"): "may be larger than each number",
    ("export", "--force"): "there is no file to replace",
    ("weights new", "--force"): "there is no file to replace",
    ("walk", "--all"): "two letters are shown in full without",
    ("train", "--lr 0.5"): "what makes no error learns nothing",
    ("train", "--optimizer adam"): "what it is without, with a text",
    ("train", "--at last"): "what it is without, with answers",
    ("weights new", "--at last"): "what it is without, with answers",
    ("generate", "--seed 2"): "a network may be sure",
    ("gradcheck", "--target positive"): "what is true of the example",
    ("explain", "--target positive"): "what is true of the example",
    ("gradients", "--target positive"): "what is true of the example",
    ("export", "--target positive"): "what is true of the example",
    ("walk", "--target positive"): "what is true of the example",
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


def others(name: str) -> list[list[str]]:
    """Runs of a command with networks of other kinds: from a file, drawn, learned, and of each example."""
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    needs = {
        "explain": ["loss"],
        "export": BASE["export"][1:],
        "train": ["--epochs", "3"],
        "generate": ["--length", "5"],
    }
    own, found = needs.get(name, []), list[list[str]]()
    if name == "train":
        found += [[*learned, *own] for learned in LEARNED]
    if name == "weights new":
        found += [[*BASE[name], *drawn] for drawn in DRAWN]
    for file, (word, other, target) in FILES.items():
        if name == "compare":
            found.append([word, other, "--weights", file])
        elif {"--weights", "--target"} <= options:
            found.append([*own, word, "--weights", file, "--target", target])
    if "--example" in options and name != "compare":
        found += [[*own, "--example", example] for example in names()]
    return found


class Case(NamedTuple):
    """A command, what it is run with in any case, and the options that are tried."""

    command: str
    base: list[str]
    tried: tuple[list[str], ...]


def told(case: Case) -> str:
    return " ".join([case.command, *case.base, *[" ".join(use) for use in case.tried]])


USES = {name: uses(name, command) for name, command in COMMANDS.items()}
ALONE = [
    Case(name, base, (use,))
    for name in COMMANDS
    for base in [BASE[name], *others(name)]
    for use in USES[name]
    if base == BASE[name] or use[0] not in base
]
PLAIN = [case for case in ALONE if case.base == BASE[case.command]]
ONCE = {(case.command, case.tried[0][0]): case for case in PLAIN}.values()  # each option of each command
PAIRS = [
    Case(name, BASE[name], pair)
    for name in COMMANDS
    for pair in combinations(USES[name], 2)
    if pair[0][0] != pair[1][0]
]
SOME, SOME_ALONE = random.Random(20).sample(PAIRS, 12), random.Random(20).sample(ALONE, 12)


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    run("weights", "new", "--word", "banana", "--seed", "5", "--output", "w.json")
    put()
    (tmp_path / "tag.json").write_text(json.dumps(TAGS), "utf-8")
    (tmp_path / "lines.txt").write_text("banana\nnab\nab\n", "utf-8")
    (tmp_path / "rows.csv").write_text("text,target\nnot bad,yes\nbad,no\nbad,no\nnot bad,yes\n", "utf-8")
    (tmp_path / "sums.csv").write_text("text,target\n1 2,3\n4,4\n", "utf-8")
    return tmp_path


def ran(run: Run, folder: Path, case: Case) -> tuple[Result, dict[str, bytes]]:
    """A run, and the files that it wrote."""
    before = {path.name for path in folder.iterdir()}
    result = run(*case.command.split(" "), *case.base, *[part for use in case.tried for part in use])
    written = {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in before}
    for path in folder.iterdir():
        if path.name not in before:
            path.unlink()
    return result, written


USUAL: dict[str, tuple[Result, dict[str, bytes]]] = {}


def usual(run: Run, folder: Path, case: Case) -> tuple[Result, dict[str, bytes]]:
    """The run of a command without the option, once for all its options."""
    without = case._replace(tried=())
    if told(without) not in USUAL:
        USUAL[told(without)] = ran(run, folder, without)
    return USUAL[told(without)]


def check(result: Result, written: dict[str, bytes]) -> None:
    assert result.code in CODES, result.err
    assert "Traceback" not in result.err
    assert "Warning" not in result.err
    assert "our own fault" not in result.err
    if result.code == 2:
        assert result.out == ""
        assert written == {}
        assert result.err.count("\n") == 1
        assert len(result.err) < 400


def test_every_command_has_a_run_to_begin_with() -> None:
    assert sorted(COMMANDS) == sorted(BASE)


@pytest.mark.parametrize("case", sampled(ALONE, *ONCE, *SOME_ALONE), ids=told)
def test_an_option_is_refused_in_one_sentence_or_does_something(case: Case, run: Run, folder: Path) -> None:
    bare, with_it = usual(run, folder, case), ran(run, folder, case)
    assert bare[0].code == 0 or "--example" in case.base, bare[0].err
    assert str(folder) not in bare[0].out + bare[0].err, "or each folder would make a difference"
    check(*bare)
    check(*with_it)
    if bare[0].code == with_it[0].code == 0 and (case.command, " ".join(case.tried[0])) not in IDLE:
        assert with_it != bare


WHOLE = [
    Case(name, BASE[name], ([option.opts[0], "9" * 5000],))
    for name, command in COMMANDS.items()
    for option in command.params
    if not getattr(option, "is_flag", False) and kind(name, option) is int
]


@pytest.mark.parametrize("case", sampled(WHOLE, *WHOLE[::9]), ids=lambda case: f"{case.command} {case.tried[0][0]}")
def test_a_number_of_thousands_of_digits_is_refused_in_our_words_for_every_option(case: Case, run: Run) -> None:
    result = run(*case.command.split(), *case.base, *case.tried[0])
    assert (result.code, result.out) == (2, "")
    assert "it has 5,000 digits, expected a smaller number" in result.err
    assert len(result.err) < 300


@pytest.mark.parametrize("case", SOME, ids=told)
def test_two_options_go_together_or_are_refused_in_one_sentence(case: Case, run: Run, folder: Path) -> None:
    check(*ran(run, folder, case))


@pytest.mark.long
@pytest.mark.parametrize("case", PAIRS, ids=told)
def test_all_pairs_of_options_go_together_or_are_refused_in_one_sentence(case: Case, run: Run, folder: Path) -> None:
    check(*ran(run, folder, case))
