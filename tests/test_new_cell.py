"""A cell that rnnwalk does not come with, in one file and one line of the registry: every command knows it.

The cell is tests/mgu.py; what it must give is written here once more, in plain NumPy, from the paper's equations.
"""

import itertools
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import openpyxl
import pytest
import typer
from rich.console import Console

import rnnwalk
from rnnwalk.cli.app import app
from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.fast.cell import AsWritten, fast_form
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.engine.fast.packing import pack
from rnnwalk.layout.addresses import FIRST
from rnnwalk.layout.gradient_flow import FLOW, SCALE, SUMMARY
from rnnwalk.layout.sheets import Layout, addresses
from rnnwalk.model.model import build
from rnnwalk.model.problem import Problem
from rnnwalk.model.weight_record import parse
from rnnwalk.model.weightfile import read
from rnnwalk.render.terminal.interactive import Pager
from rnnwalk.render.workbook import write_workbook
from rnnwalk.render.workbook.style import ROLES
from rnnwalk.tasks.generate import generate
from rnnwalk.tasks.gradcheck import gradcheck
from rnnwalk.tasks.gradient_flow import flow
from rnnwalk.text import in_words
from rnnwalk.views.explain import explain
from rnnwalk.views.walkthrough import Choice, walkthrough
from rnnwalk.walks.walk import Walk
from tests import mgu
from tests.cli.conftest import Run, run  # noqa: F401
from tests.examples import pose
from tests.workbook.support import Calculator, near, places, split
from tests.workbook.support import read as cells_of

ROOT = Path(__file__).parent.parent
FAST = [path.stem for path in sorted((ROOT / "rnnwalk" / "engine" / "fast").glob("[!_]*.py"))]
WORD, UNITS = "noon", 2


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one line."""
    monkeypatch.setitem(CELLS, "mgu", "tests.mgu")


class Plain(NamedTuple):
    """What plain NumPy makes of a word: f, n, h, p of each letter and the loss of all."""

    f: list[np.ndarray]
    n: list[np.ndarray]
    h: list[np.ndarray]
    p: list[np.ndarray]
    loss: float


def plain(w: Any, rows: list[int]) -> Plain:
    """The paper's equations; rows: of the symbols in the vocabulary."""
    found, h, loss = Plain([], [], [], [], 0.0), np.zeros(len(w.Whf)), 0.0
    bf, bn, by = (0 if bias is None else bias[:, 0] for bias in (w.bf, w.bn, w.by))
    for read_now, comes in itertools.pairwise(rows):
        f = 1 / (1 + np.exp(-(w.Wxf[:, read_now] + w.Whf @ h + bf)))
        n = np.tanh(w.Wxn[:, read_now] + w.Whn @ (f * h) + bn)
        h = (1 - f) * h + f * n
        y = w.Why @ h + by
        p = np.exp(y) / np.exp(y).sum()
        loss -= float(np.log(p[comes]))
        for values, value in zip(found, (f, n, h, p), strict=False):
            values.append(value)
    return found._replace(loss=loss)


def expected(problem: Problem) -> Plain:
    return plain(problem.model.weights, [problem.model.vocabulary.index(symbol) for symbol in problem.symbols])


def slopes(problem: Problem) -> dict[str, np.ndarray]:
    """The gradient of plain NumPy's loss by each weight: central differences."""
    model, found = problem.model, {}
    for name, w in model.weights._asdict().items():
        found[name] = np.zeros_like(w)
        for at in np.ndindex(*w.shape):
            ends = []
            for nudge in (1e-6, -1e-6):
                moved = w.copy()
                moved[at] += nudge
                ends.append(expected(in_place(problem, **{name: moved})).loss)
            found[name][at] = (ends[0] - ends[1]) / 2e-6
    return found


def in_place(problem: Problem, **weights: np.ndarray) -> Problem:
    """The problem with some other weights."""
    model = problem.model
    return Problem(replace(model, weights=model.weights._replace(**weights)), problem.symbols)


def problem() -> Problem:
    return pose(WORD, cell="mgu", hidden=UNITS)


MODEL = ("--cell", "mgu", "--hidden", str(UNITS))

# Every command, with what it is given here and a phrase that only this cell makes it say.
COMMANDS: dict[str, list[tuple[tuple[str, ...], str]]] = {
    "walk": [
        ((WORD, *MODEL), "h₁ = (1 − f₁)⊙h₀ + f₁⊙n₁"),
        ((WORD, *MODEL), "The cell is an MGU cell."),
        ((WORD, *MODEL, "--all", "--formulas", "numbers"), "Letter 3 “o” · Step 9 · The new hidden state"),
        ((WORD, *MODEL, "--letter", "2"), "The memory that the candidate is made from."),
        ((WORD, *MODEL, "--step", "2"), "How much of h is made anew."),
        ((WORD, *MODEL, "--backward"), "∂L/∂seen₂"),
        ((WORD, *MODEL, "--backward", "--json"), '"name": "dseen_2"'),
        ((WORD, *MODEL, "--interactive"), "The cell is an MGU cell."),
    ],
    "explain": [
        (("h_2[1]", WORD, *MODEL), "((1 − f₂)⊙h₁)[1]"),
        (("dWhf[1,2]", WORD, *MODEL, "--depth", "3"), "∂L/∂zf₃[1]"),
        (("Whn_new", WORD, *MODEL, "--depth", "1"), "hidden to candidate"),
    ],
    "compare": [((WORD, WORD[::-1], *MODEL), "An MGU cell with 2 hidden units reads both.")],
    "examples": [((), "Four types of sequence models")],
    "train": [((WORD, *MODEL, "--epochs", "3", "-o", "trained.json"), "rnnwalk walk --weights trained.json")],
    "generate": [(("--weights", "given.json", "--show", "--length", "3"), "1 o 0.444")],
    "gradcheck": [((WORD, *MODEL), "All three agree")],
    "gradients": [
        ((WORD, *MODEL), "What the gate leaves alone goes straight back: 1 − f is"),
        ((WORD, *MODEL), mgu.JACOBIANS["mgu"].split(", ")[0]),
        ((WORD, *MODEL, "--clip", "0.1"), "Clipped at 0.1"),
        ((WORD, *MODEL, "--scale", "2"), "Whf, Whn were multiplied by 2 (--scale)"),
        ((WORD, *MODEL, "--json"), '"cell": "mgu"'),
        ((WORD, "--compare"), f"How the error fares in {in_words(len({*CELLS, 'mgu'}))} cells"),
        ((WORD, "--compare", "--forget-bias", "5"), "mgu: Vanishing"),
        ((WORD, "--compare", "--json"), '"cell": "mgu"'),
    ],
    "export": [
        ((WORD, *MODEL, "-o", "a.xlsx"), ""),
        ((WORD, *MODEL, "--backward", "-o", "b.xlsx"), ""),
        ((WORD, *MODEL, "--train", "3", "--optimizer", "adam", "--gradients", "-o", "c.xlsx"), ""),
        (("--weights", "given.json", "--gradients", "-o", "d.xlsx"), ""),
    ],
    "weights new": [((*MODEL, "--word", WORD, "-o", "new.json"), "")],
    "weights show": [(("given.json",), "Cell mgu (mgu), 2 hidden units"), (("given.json",), "hidden to forget gate")],
}  # fmt: skip


def commands(group: Any, before: str = "") -> set[str]:
    """The commands of an app, with those of its groups."""
    found = set()
    for name, command in group.commands.items():
        found |= commands(command, f"{before}{name} ") if hasattr(command, "commands") else {f"{before}{name}"}
    return found


def test_every_command_is_run_here() -> None:
    assert commands(typer.main.get_command(app())) == set(COMMANDS)


@pytest.mark.parametrize(
    ("command", "arguments", "phrase"),
    [(command, *each) for command, given in COMMANDS.items() for each in given],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_command_knows_the_cell(run: Run, command: str, arguments: tuple[str, ...], phrase: str) -> None:  # noqa: F811
    if "given.json" in arguments:
        assert run("weights", "new", *MODEL, "--word", WORD, "-o", "given.json").code == 0
    result = run(*command.split(), *arguments)
    assert result.code == 0, result.err
    assert phrase in re.sub(r"\s+", " ", result.out) or phrase in result.out
    if "-o" in arguments:
        assert Path(arguments[-1]).stat().st_size > 0


def test_the_walk_gives_the_numbers_of_the_paper() -> None:
    walk = rnnwalk.walk("hello", cell="mgu", hidden=5, seed=4)
    found = expected(walk.problem)
    for t, (f, n, h, p) in enumerate(zip(found.f, found.n, found.h, found.p, strict=True), start=1):
        for field, values in {"f": f, "n": n, "h": h, "p": p}.items():
            np.testing.assert_allclose(walk[f"{field}_{t}"].value[:, 0], values, rtol=1e-13)
    assert walk.loss == pytest.approx(found.loss, rel=1e-13)
    assert walk["h_2"].formula == "h₂ = (1 − f₂)⊙h₁ + f₂⊙n₂"
    assert walk["h_2"].numbers.splitlines()[0] in re.sub("<[^>]*>", "", walk["h_2"]._repr_html_())


def test_a_walk_without_biases_says_nothing_of_them(run: Run) -> None:  # noqa: F811
    record = {name: w.tolist() for name, w in problem().model.weights._asdict().items() if not name.startswith("b")}
    given = {"cell": "mgu", "vocabulary": list(problem().model.vocabulary), "word": WORD, "weights": record}
    Path("w.json").write_text(json.dumps(given), "utf-8")
    assert "with the bias" not in run("walk", "--weights", "w.json").out
    walk = Walk(pose(weights=read("w.json")), backward=True)
    assert walk.loss == pytest.approx(expected(walk.problem).loss, rel=1e-13)
    assert set(walk.gradients) == set(record)


def test_the_gradients_are_those_of_the_paper() -> None:
    walk = Walk(pose("abca", cell="mgu", hidden=3, seed=2), backward=True, rate=0.5)
    for name, slope in slopes(walk.problem).items():
        np.testing.assert_allclose(walk.gradients[name].value, slope, rtol=0, atol=1e-8)
        moved = getattr(walk.problem.model.weights, name) - 0.5 * walk.gradients[name].value
        np.testing.assert_allclose(walk.updated[name].value, moved, rtol=1e-14)
    assert all(check.agrees for check in gradcheck(walk.problem))


def test_the_error_of_the_last_letter_is_the_papers() -> None:
    """Of the last loss by x₁, which reaches it through every step."""
    posed = pose("abcab", cell="mgu", hidden=3, seed=3)
    rows = [posed.model.vocabulary.index(symbol) for symbol in posed.symbols]

    def last(along: float) -> float:
        w = posed.model.weights
        grown = w._replace(
            Wxf=np.column_stack([w.Wxf, w.Wxf[:, rows[0]] * (1 + along)]),
            Wxn=np.column_stack([w.Wxn, w.Wxn[:, rows[0]] * (1 + along)]),
        )
        return -float(np.log(plain(grown, [3, *rows[1:]]).p[-1][rows[-1]]))

    arrival = flow(posed).arrivals[0]
    assert arrival.along.value == pytest.approx((last(1e-6) - last(-1e-6)) / 2e-6, rel=1e-6)


def test_the_learner_takes_the_steps_of_the_walk() -> None:
    posed = pose("hello", cell="mgu", hidden=3)
    model, rows = posed.model, [posed.model.vocabulary.index(symbol) for symbol in posed.symbols]
    learner = Learner(model.network, model.weights, model.before, rate=0.25)
    assert isinstance(learner.cell, AsWritten)
    for _ in range(4):  # as it is, then by a plan
        walk = Walk(posed, backward=True, rate=0.25)
        assert learner.step(pack([rows], 4, 4)) == pytest.approx(walk.loss, rel=1e-12)
        posed = in_place(posed, **{name: node.value for name, node in walk.updated.items()})
        for name, w in posed.model.weights._asdict().items():
            np.testing.assert_allclose(getattr(learner.weights, name), w, rtol=0, atol=1e-12)
    assert learner._plans


@pytest.mark.parametrize("name", FAST)
def test_only_a_cell_s_own_file_is_its_fast_form(name: str) -> None:
    """A cell that happens to be called batch, or plan, has none."""
    cell: Any = cell_named(name) if name in CELLS else SimpleNamespace(**{**vars(mgu), "NAME": name})
    weights = pose("ab", cell=name if name in CELLS else "mgu").model.weights
    assert isinstance(fast_form(cell, weights), AsWritten) == (name not in CELLS)


def test_lines_of_several_lengths_are_learned_as_one_by_one() -> None:
    model, lines = pose("abcd", cell="mgu", hidden=3).model, [[0, 1, 2, 3, 0], [3, 1], [2, 2, 1]]
    learner = Learner(model.network, model.weights, model.before)
    assert learner.loss(pack(lines, 4, 4)) == pytest.approx(sum(plain(model.weights, line).loss for line in lines))


def test_trained_weights_are_read_by_every_command_that_takes_a_file(run: Run) -> None:  # noqa: F811
    result = run("train", "anna", "--cell", "mgu", "--hidden", "4", "--epochs", "150", "-o", "w.json")
    assert (result.code, read("w.json").cell) == (0, "mgu")
    posed = pose(weights=read("w.json"))
    assert expected(posed).loss < 0.5 < expected(pose("anna", cell="mgu", hidden=4)).loss
    assert "says “nna”" in run("walk", "--weights", "w.json").out
    assert run("generate", "--weights", "w.json", "--temperature", "0", "--length", "3").out == "anna\n"
    assert run("export", "--weights", "w.json", "-o", "w.xlsx").code == 0
    walk = Walk(posed)
    sheet, row, column = split(str(addresses(walk)(walk.names.node["loss"], (0, 0))))
    loss = cells_of(Path("w.xlsx"))[sheet][row, column].value
    assert loss == pytest.approx(expected(posed).loss, rel=1e-12)


def test_what_is_generated_is_drawn_from_the_papers_probabilities() -> None:
    model = problem().model
    choices = list(generate(model, "n", 6, seed=3))
    rows = [model.vocabulary.index(symbol) for symbol in ["n", *[choice.symbol for choice in choices]]]
    for choice, p in zip(choices, plain(model.weights, rows).p, strict=True):
        np.testing.assert_allclose(choice.p, p, rtol=1e-13)


@pytest.mark.parametrize("ending", ["txt", "md", "html", "svg"])
def test_a_walk_is_saved_in_every_form(run: Run, ending: str) -> None:  # noqa: F811
    assert run("walk", WORD, *MODEL, "--save", f"w.{ending}").code == 0
    text = Path(f"w.{ending}").read_text("utf-8").replace("&#160;", " ")
    assert "MGU cell" in text
    assert "How much of h is made anew." in text


def test_json_holds_the_papers_numbers(run: Run) -> None:  # noqa: F811
    told, found = json.loads(run("walk", WORD, *MODEL, "--json").out), expected(problem())
    assert told["cell"] == "mgu"
    for t, step in enumerate(told["steps"]):
        values = {each["name"]: np.array(each["value"])[:, 0] for each in step["quantities"]}
        np.testing.assert_allclose(values[f"h_{t + 1}"], found.h[t], rtol=1e-13)
        np.testing.assert_allclose(values[f"f_{t + 1}"], found.f[t], rtol=1e-13)


def test_the_pager_steps_through_the_cell() -> None:
    walk, console = Walk(problem()), Console(width=80, height=24)
    parts = walkthrough(walk, Choice(6, "both", None, None, True, ()))
    pager = Pager(parts, console, lambda key: explain(walk, key, digits=6))
    pager.press("G")
    keys = [part.key for part in parts]
    for key in [*str(keys.index("f_2") + 1), "enter"]:
        pager.press(key)
    assert parts[pager.step].key == "f_2" and pager.footer(1).startswith("page 18/39 ")
    pager.press("h")
    shown = "".join(text for line in pager.screens()[0] for text, _ in [*line, ("\n", "")])
    assert f"f₂[1] = σ({walk['zf_2[1]'].value[0, 0]:.6f})" in shown


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every sheet: the way back, three epochs and the flow of gradients."""
    path = tmp_path_factory.mktemp("mgu") / "w.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CELLS, "mgu", "tests.mgu")
        write_workbook(Walk(problem(), backward=True), path, epochs=3, gradients=True)
    return path


def test_every_formula_of_the_workbook_recalculates_to_what_the_file_holds(workbook: Path) -> None:
    calculator, seen = Calculator(workbook).evaluate(), set()
    for sheet, cells in cells_of(workbook).items():
        for (row, column), cell in cells.items():
            if cell.formula is not None and not cell.counts:
                found = calculator.model.get_cell_value(calculator.sheets.index(sheet), row, column)
                same = near(found, float(str(cell.text))) if cell.type == "n" else found == (cell.value or "")
                assert same or "Nudge!" in cell.formula, f"{sheet} {row},{column} ={cell.formula}"
                seen.add(sheet)
    assert seen >= {"Walk", "Unrolled", "Backprop", "Training", "Nudge", "Gradient flow", "Checks", "Start"}
    assert calculator.value("Start!C7") == "✓ all checks hold"


def test_after_an_edit_the_workbook_gives_the_papers_numbers(workbook: Path) -> None:
    walk = Walk(problem(), backward=True)
    calculator, layout = Calculator(workbook), Layout(walk)
    Whf, bf = walk.problem.model.weights.Whf.copy(), walk.problem.model.weights.bf.copy()
    Whf[0, 1], bf[1, 0] = 1.75, -0.5
    calculator.edit(str(layout.home[walk.names.node["Whf"]].to((0, 1))), 1.75)
    calculator.edit(str(layout.home[walk.names.node["bf"]].to((1, 0))), -0.5)
    calculator.evaluate()
    edited = in_place(walk.problem, Whf=Whf, bf=bf)
    found = expected(edited)
    assert found.loss != pytest.approx(walk.loss, rel=1e-3)
    assert near(calculator.value(str(layout.home[walk.names.node["loss"]])), found.loss)
    for t, h in enumerate(found.h, start=1):
        home = layout.home[walk.at("h", t)]
        assert [calculator.value(str(home.to((r, 0)))) for r in range(UNITS)] == pytest.approx(h.tolist(), rel=1e-9)
    for name, slope in slopes(edited).items():
        home = layout.home[walk.gradients[name]]
        for at in np.ndindex(*slope.shape):
            assert calculator.value(str(home.to(at))) == pytest.approx(slope[at], abs=1e-8), (name, at)
    for place, value in places(Walk(edited, backward=True)):
        assert near(calculator.value(place), value), place
    assert calculator.value("Start!C7") == "✎ inputs edited; all other checks hold"


def test_a_chosen_weight_has_its_gradient_and_its_central_difference_live(workbook: Path) -> None:
    calculator, slope = Calculator(workbook), slopes(problem())
    calculator.edit("Checks!B7", "Whn[2,1]")
    calculator.evaluate()
    assert calculator.value("Checks!B8") == pytest.approx(slope["Whn"][1, 0], abs=1e-8)
    assert calculator.value("Checks!B9") == pytest.approx(slope["Whn"][1, 0], abs=1e-8)


def test_the_flow_of_gradients_follows_its_scale_in_the_workbook(workbook: Path) -> None:
    calculator = Calculator(workbook)
    sheet = calculator.sheets.index(FLOW)
    calculator.model.update_cell_with_number(sheet, SCALE.row, SCALE.column, -2.5)
    calculator.evaluate()
    lengths = [calculator.model.get_cell_value(sheet, SUMMARY, FIRST + t) for t in range(len(WORD) - 1)]
    assert lengths == pytest.approx([each.error["h"].value for each in flow(problem(), -2.5).arrivals], rel=1e-9)


def test_gate_and_candidate_have_their_colours_in_the_workbook(workbook: Path) -> None:
    file, walk = openpyxl.load_workbook(workbook), Walk(problem())
    address = addresses(walk)
    roles = {"zf": "forget gate", "f": "forget gate", "zn": "candidate", "n": "candidate", "h": "memory"}
    for field, role in roles.items():
        sheet, row, column = split(str(address(walk.at(field, 2), (0, 0))))
        assert file[sheet].cell(row, column).fill.fgColor.rgb == f"FF{ROLES[role].fill}", field
    legend = {str(cell.value) for cell in file["Start"]["B"]}
    assert {"forget gate", "candidate"} <= legend
    assert not {"input gate", "output gate", "reset gate", "update gate"} & legend
    assert str(file["Start"]["A2"].value).startswith("MGU cell · 2 hidden units")


@pytest.mark.parametrize("stacked", [False, True])
def test_the_layout_of_the_courses_is_read_by_what_the_cell_calls_its_gates(stacked: bool) -> None:
    """f = σ(Wf·[a₋, x] + bf), c̃ = tanh(Wc·[f⊙a₋, x] + bc)."""
    posed = problem()
    w, gate = posed.model.weights, "g" if stacked else "f"
    matrices = {f"W{gate}": [w.Whf, w.Wxf], "Wc": [w.Whn, w.Wxn], f"b{gate}": [w.bf], "bc": [w.bn]}
    weights = {name: np.hstack(parts).tolist() for name, parts in matrices.items()}
    weights |= {"Wy": w.Why.tolist(), "by": w.by.tolist()}
    record = {"cell": "mgu", "vocabulary": list(posed.model.vocabulary), "word": WORD, "weights": weights}
    model = parse(record, "w.json", "")
    for own, other in zip(model.weights, w, strict=True):
        assert np.array_equal(own, other)
    assert "Wc is [Whn Wxn]" in model.layout


def test_what_the_cell_has_not_is_refused_in_words_that_are_true_of_it(run: Run) -> None:  # noqa: F811
    for arguments, phrases in {
        ("walk", *MODEL, "--forget-bias", "1"): ["'mgu'", "--cell lstm"],
        ("walk", *MODEL, "--form", "pytorch"): ["unknown form 'pytorch' of mgu"],
        ("walk", *MODEL, "--form", "all"): ["--form all", "--cell gru"],
        ("walk", "--cell", "mgru"): ["unknown cell 'mgru'", "mgu"],
    }.items():
        result = run(*arguments)
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
        assert all(phrase in result.err for phrase in phrases), result.err
    matrices = {name: np.ones((1, 1)) for name in mgu.Weights._fields} | {"Wxf": np.ones((2, 1))}
    with pytest.raises(rnnwalk.InputError, match="Whf is 1×1, expected 2×2"):  # one for all is the plain cell's alone
        build("mgu", ("a",), matrices, "w.json")


def test_help_and_completion_of_the_command_line_list_the_cell() -> None:
    """As they are where the registry has it when the command line is imported."""
    code = (
        "from rnnwalk.engine.cells import CELLS; CELLS['mgu'] = 'tests.mgu'; from rnnwalk.cli.app import main; main()"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    asked = subprocess.run(
        [sys.executable, "-c", code, "walk", "--help"], env=env, capture_output=True, text=True, timeout=60
    )
    assert "|".join(CELLS) in asked.stdout, asked.stderr
    completing = {"_RNNWALK_COMPLETE": "complete_bash", "COMP_WORDS": "rnnwalk walk --cell m", "COMP_CWORD": "3"}
    told = subprocess.run(
        [sys.executable, "-c", code], env=env | completing, capture_output=True, text=True, timeout=60
    )
    assert told.stdout.split() == ["mgu"], told.stderr


LACKING = {
    "no_forget_bias": ('FORGET_BIAS = ""', "", "FORGET_BIAS"),
    "no_words": ("def flow_sentence(", "def _flow_sentence(", "flow_sentence"),
    "a_title_that_is_a_number": ('TITLE, A_TITLE = "MGU cell", ', "TITLE, A_TITLE = 1, ", 'TITLE: expected "str"'),
    "a_cache_without_h": ("step.rest, step.h, ", "step.rest, ", "def cache(Any, Any, str, /) -> Cache"),
    "a_step_without_form": ("before: State | Step, form: str) -> Step:", "before: State | Step) -> Step:", "def step("),
}


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What mypy says of all cells together, and of copies of the new one that lack something."""
    folder, source = tmp_path_factory.mktemp("cells"), Path(mgu.__file__).read_text("utf-8")
    modules = [*[CELLS[name] for name in CELLS if name != "mgu"], "tests.mgu"]
    head = ["from rnnwalk.engine.cells.cell import Cell", *[f"import {module}" for module in modules]]
    fast = [f"rnnwalk.engine.fast.{name}" for name in FAST if name in CELLS]
    good = [*head, f"cells: list[Cell] = [{', '.join(modules)}]"]
    good += ["from rnnwalk.engine.fast.cell import FastCell", *[f"import {module}" for module in fast]]
    good += [f"fast: list[FastCell] = [{', '.join(fast)}]"]
    (folder / "good.py").write_text("\n".join(good) + "\n", "utf-8")
    for name, (old, new, _) in LACKING.items():
        assert source.count(old) == 1, f"{name}: {old} is no longer in the cell"
        text = source.replace(old, new)
        if name == "a_cache_without_h":
            text = text.replace("    h: Array\n", "")
        (folder / f"{name}.py").write_text(text, "utf-8")
        (folder / f"uses_{name}.py").write_text(f"{head[0]}\nimport {name}\ncells: list[Cell] = [{name}]\n", "utf-8")
    same = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")]  # as all of it
    call = [sys.executable, "-m", "mypy", *same, "good.py"]
    env = {**os.environ, "MYPYPATH": str(ROOT)}
    asked = subprocess.run(
        [*call, *[f"uses_{name}.py" for name in LACKING]],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert asked.stdout, asked.stderr
    return asked.stdout


def test_every_cell_and_fast_form_is_all_that_mypy_asks_of_one(typed: str) -> None:
    assert "good.py" not in typed, typed


@pytest.mark.parametrize("name", LACKING)
def test_mypy_names_what_a_cell_lacks(typed: str, name: str) -> None:
    told = [line for line in typed.splitlines() if line.startswith(f"uses_{name}.py:3:")]
    assert 'expected "Cell"' in told[0]
    assert LACKING[name][2] in "\n".join(told), told


def test_the_cell_is_one_file() -> None:
    """It leans on what a cell leans on, and rnnwalk does not know of it."""
    assert cell_named("mgu") is mgu
    assert set(re.findall(r"^from (rnnwalk\S+)", Path(mgu.__file__).read_text("utf-8"), re.M)) == set(
        re.findall(r"^from (rnnwalk\S+)", Path(cell_named("gru").__file__ or "").read_text("utf-8"), re.M)
    )
    assert not any("mgu" in path.read_text("utf-8").lower() for path in (ROOT / "rnnwalk").rglob("*.py"))
