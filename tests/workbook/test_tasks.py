"""Workbooks of every task: numbers or word vectors in, an answer at the end or after every step, dense layers between."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.engine.fast.packing import pack_pairs
from rnnwalk.engine.layers import weights_record
from rnnwalk.engine.notes import as_dict, notes
from rnnwalk.layout.addresses import FIRST, NEXT, TRAINING
from rnnwalk.layout.gradient_flow import FLOW, SUMMARY
from rnnwalk.layout.sheets import Layout, addresses
from rnnwalk.layout.training import LOSS, TOP, Epochs
from rnnwalk.model.model import Model
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import beside, pose
from rnnwalk.model.problem import Problem
from rnnwalk.model.weight_record import parse
from rnnwalk.render import workbook
from rnnwalk.render.workbook import package, write_workbook
from rnnwalk.tasks.gradient_flow import flow
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.walk import Walk
from tests.cli.conftest import Run
from tests.cli.conftest import run as run
from tests.engine.test_tasks import TASKS, problems
from tests.examples import sampled

from .support import Calculator, Written, near, places, read, split

EPOCHS = 2
STATE, FINE, EDITED = "Start!C7", "✓ all checks hold", "✎ inputs edited; all other checks hold"


def drawn(cell: str, sizes: dict[str, int], **record: Any) -> Model:
    """A model with random weights, of the sizes of its axes."""
    random = np.random.default_rng(8)
    head = record.get("head", [])
    shapes = {
        name: note.axes
        for name, note in notes(weights_record(cell_named(cell).Weights, "v" in sizes, len(head))).items()
    }
    alone = cell_named(cell).FORM_ONLY_WEIGHTS
    form = next(iter(cell_named(cell).FORMS))
    weights = {
        name: random.normal(size=[1 if axis == "1" else sizes[axis] for axis in axes]).tolist()
        for name, axes in shapes.items()
        if alone.get(name, form) == form
    }
    return parse({"cell": cell, "weights": weights, **record}, "a test", "Drawn by a test.")


LETTERS = {"vocabulary": list("helo")}
MORE = {  # beside the reference's: what the vocabulary holds is the answer
    "next letter, last only": lambda: pose(
        "hello", ModelOptions(weights=drawn("rnn", {"n": 3, "k": 4, "o": 4}, output={"at": "last"}, **LETTERS))
    ),
    "next letter, vectors, dense": lambda: pose(
        "hello",
        ModelOptions(weights=drawn("lstm", {"n": 2, "v": 4, "k": 2, "o": 4, "A": 3}, head=["linear"], **LETTERS)),
    ),
    "label after every step": lambda: pose(
        "hell",
        ModelOptions(
            weights=drawn(
                "gru", {"n": 2, "k": 4, "o": 3}, output={"names": ["vowel", "other", "?"]}, **LETTERS
            )
        ),
        "other vowel ? other",
    ),
    "numbers, label": lambda: pose(
        "0.5,-1 2,3",
        ModelOptions(
            weights=drawn(
                "rnn", {"n": 2, "k": 2, "o": 2}, inputs={"names": ["a", "b"]}, output={"at": "last", "names": ["low", "high"]}
            )
        ),
        "high",
    ),
}  # fmt: skip
MORE["ranks, label, dense"] = lambda: pose(
    "so good so bad",
    ModelOptions(
        weights=drawn(
            "lstm",
            {"n": 2, "k": 1, "o": 2, "A": 3},
            inputs="ranks",
            symbols="word",
            vocabulary=["<pad>", "so", "good", "bad", "Good"],
            head=["sigmoid"],
            output={"at": "last", "names": ["negative", "positive"]},
        )
    ),
    "positive",
)
MORE["ranks, next letter"] = lambda: pose(
    "hello", ModelOptions(weights=drawn("rnn", {"n": 3, "k": 1, "o": 4}, inputs="ranks", **LETTERS))
)
MORE["a stranger's cell, numbers, dense"] = lambda: pose(
    "1,2 -0.5,0.25 0,3",
    ModelOptions(
        weights=drawn(
            "mgu",
            {"n": 2, "k": 2, "o": 1, "A": 3},
            inputs={"names": ["a", "b"]},
            head=["relu"],
            output={"kind": "linear", "names": ["c"]},
        )
    ),
    "1 2 -1",
)
BESIDE = {  # several of one length at once
    "side by side": lambda: pose(["hello", "holle", "hoell"], ModelOptions()),
    "side by side, a gated cell": lambda: pose(["anna", "nana"], ModelOptions(cell="lstm", hidden=2)),
    "side by side, vectors, dense, label": lambda: beside(
        problems(TASKS["task-last-rnn-relu-frozen-embedding-dense"])[:2]
    ),
    "side by side, numbers": lambda: beside(problems(TASKS["task-sum-rnn-linear"])),
    "side by side, a stranger's cell, numbers, dense": lambda: beside(
        [MORE["a stranger's cell, numbers, dense"](), MORE["a stranger's cell, numbers, dense"]()]
    ),
}
CASES = {**{name: lambda name=name: problems(TASKS[name])[0] for name in TASKS}, **MORE, **BESIDE}  # type: ignore[misc]


@pytest.fixture(autouse=True)
def stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cell of tests/mgu.py can be asked for."""
    monkeypatch.setitem(CELLS, "mgu", "tests.mgu")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Written]:
    """``exported(case)``: with the way back, the gradient flow and two epochs, drawn once."""

    @cache
    def write(case: str) -> Written:
        walk, path = Walk(CASES[case](), backward=True), tmp_path_factory.mktemp("tasks") / "w.xlsx"
        write_workbook(walk, path, epochs=EPOCHS, gradients=True)
        return Written(walk, path, read(path))

    return write


def close(found: object, expected: float) -> bool:
    """As near as a central difference is, which rounding moves."""
    return near(found, expected) or (isinstance(found, float) and abs(found - expected) <= 1e-9)


@pytest.mark.parametrize("case", sampled(CASES, *TASKS))
def test_every_cell_recalculates_to_numpys_value(case: str, exported: Callable[[str], Written]) -> None:
    walk, path, book = exported(case)
    calculator = Calculator(path).evaluate()
    assert calculator.value(STATE) == FINE
    for address, value in places(walk):
        assert near(calculator.value(address), value), address
    for sheet, cells in book.items():
        for (row, column), cell in cells.items():
            found = calculator.model.get_cell_value(calculator.sheets.index(sheet), row, column)
            if cell.formula is not None and cell.type == "n":
                assert close(found, float(str(cell.text))), f"{sheet} {row},{column} ={cell.formula}"
            elif cell.formula is not None and not cell.counts:
                assert found == (cell.value or ""), f"{sheet} {row},{column} ={cell.formula}"


def edits(layout: Layout, new: Walk) -> Iterator[tuple[str, float | str]]:
    """What a person types to get another problem: where, and what."""
    for nodes in layout.given[:-1]:  # the last is the learning rate
        for node in nodes:
            value = new.names.node[layout.names.labels[node].key].value
            for at in np.ndindex(*node.shape):
                yield str(layout.home[node].to(at)), float(value[at])
    for choice in layout.choices:
        for place in choice.places:
            step, column = layout.stands(place)
            one = new.problem.sequences[column]
            text = one.truth(step) if choice.row == NEXT else one.symbols[step - 1]
            yield str(layout.letter(place)._replace(row=choice.row)), str(text)


def edited(problem: Problem) -> Problem:
    """Other weights, inputs and targets."""
    random, model = np.random.default_rng(3), problem.model
    weights = {name: w + 0.3 * random.normal(size=w.shape) for name, w in as_dict(model.weights).items()}
    moved = replace(model, weights=model.weights._replace(**weights))
    return beside([other(one, moved, random) for one in problem.sequences])


def other(problem: Problem, model: Model, random: np.random.Generator) -> Problem:
    """Other inputs and targets, for another model."""
    task = model.task

    def typed(count: int) -> str:
        return ",".join(map(repr, np.round(random.normal(size=count), 3).tolist()))

    symbols, given = problem.symbols, problem.given
    if task.inputs is not None:
        symbols = tuple(typed(len(task.inputs)) for _ in symbols)
    else:
        symbols = tuple(random.choice(model.vocabulary, size=len(symbols)).tolist())
    if given and task.linear:
        given = tuple(typed(len(model.answers)) for _ in given)
    elif given:
        given = tuple(model.answers[(model.answers.index(text) + 1) % len(model.answers)] for text in given)
    return Problem(model, symbols, given)


def taught(problem: Problem) -> Iterator[tuple[Any, float]]:
    """The weights that each epoch begins with, and its loss, as the fast learner has them."""
    model = problem.model
    learner = Learner(model.network, model.weights, model.before, "sgd", 0.1)
    steps = range(1, problem.length + 1)
    pairs = [(np.hstack(one.columns(one.inputs)), np.hstack(one.aims(steps))) for one in problem.sequences]
    batch = pack_pairs(pairs, len(model.vocabulary), len(model.answers), model.task.at == "every")
    for _ in range(EPOCHS):
        weights = learner.weights_of(learner.vector.copy())
        yield weights, learner.step(batch)


EDITED_CASES = sampled(
    CASES,
    *("task-sum-rnn-linear", "task-last-lstm-embedding", "task-last-rnn-relu-frozen-embedding-dense"),
    *("next letter, last only", "label after every step", "a stranger's cell, numbers, dense"),
)


@pytest.mark.parametrize("case", EDITED_CASES)
def test_after_edits_of_weights_inputs_and_targets_every_cell_is_that_of_the_edited_problem(
    case: str, exported: Callable[[str], Written]
) -> None:
    walk, path, book = exported(case)
    calculator, layout, new = Calculator(path), Layout(walk), Walk(edited(walk.problem), backward=True)
    for address, value in edits(layout, new):
        calculator.edit(address, value)
    calculator.evaluate()
    assert calculator.value(STATE) == EDITED
    for address, value in places(new):
        assert near(calculator.value(address), value), address
    flow_sheet, flowed = calculator.sheets.index(FLOW), flow(new.problem)
    for step, arrival in enumerate(flowed.arrivals):
        found = calculator.model.get_cell_value(flow_sheet, SUMMARY, FIRST + step * layout.wide)
        assert near(found, arrival.error["state"].value), f"the error at step {step + 1}"
    training, epochs = calculator.sheets.index(TRAINING), Epochs(walk, EPOCHS)
    learned = {node: column for node, column in epochs.column.items() if node.path[0] == "weight"}
    assert {str(node.path[-1]) for node in learned} == set(walk.gradients)  # and no frozen one
    for row, (weights, loss) in enumerate(taught(new.problem), start=TOP):
        assert near(calculator.model.get_cell_value(training, row, LOSS), loss), f"the loss of epoch {row - TOP + 1}"
        for node, column in learned.items():
            for i, value in enumerate(np.ravel(getattr(weights, str(node.path[-1]))).tolist()):
                assert near(calculator.model.get_cell_value(training, row, column + i), value), (row, node.path)
    texts = {
        calculator.model.get_cell_value(calculator.sheets.index("Walk"), row, column)
        for (row, column), cell in book["Walk"].items()
        if cell.formula is not None and cell.type == "str"
    }
    if not walk.problem.model.task.linear:
        assert {*np.ravel(new.predictions)} <= texts


@pytest.mark.parametrize(
    "case",
    sampled(
        ["task-every-gru-numbers", "task-last-lstm-embedding", "side by side, a gated cell"],
        "side by side, a gated cell",
    ),
)
def test_libreoffice_recalculates_the_edited_problem(
    case: str, libreoffice: Callable[..., Path], tmp_path: Path
) -> None:
    walk, path = Walk(CASES[case](), backward=True), tmp_path / "w.xlsx"
    new, file = Walk(edited(walk.problem), backward=True), workbook.draw(walk)
    for address, value in edits(Layout(walk), new):
        sheet, row, column = split(address)
        file[sheet].cell(row, column)._value = value
    with path.open("wb") as out:
        package.save(file, out)
    found = read(libreoffice(path))
    for address, number in places(new):
        sheet, row, column = split(address)
        assert near(found[sheet][row, column].value, number), address
    assert found["Start"][7, 3].value == EDITED


@pytest.mark.parametrize("case", ["task-last-rnn-onehot", "numbers, label"])
def test_a_label_that_is_no_answer_gives_no_loss(case: str, exported: Callable[[str], Written]) -> None:
    walk, path, _ = exported(case)
    calculator, layout = Calculator(path), Layout(walk)
    calculator.edit(str(layout.truth(walk.length)), walk.problem.targets[0].upper())
    calculator.evaluate()
    assert calculator.value(str(addresses(walk)(walk.names.node["loss"], (0, 0)))) == "#N/A"
    assert str(calculator.value(STATE)).endswith("a target is not in its list: see the cells marked ✗ on Inputs")


@pytest.mark.parametrize("case", sampled(CASES, "task-sum-rnn-linear", "task-last-rnn-onehot"))
def test_without_a_target_the_answers_are_live_and_there_is_no_loss(case: str, tmp_path: Path) -> None:
    problem = CASES[case]()
    if problem.given is None:
        pytest.skip("the word holds what is true")
    walk, path = Walk(beside([one._replace(given=()) for one in problem.sequences])), tmp_path / "w.xlsx"
    write_workbook(walk, path)
    calculator = Calculator(path).evaluate()
    assert calculator.value(STATE) == FINE
    assert "Backprop" not in calculator.sheets
    for address, value in places(walk):
        assert near(calculator.value(address), value), address
    if walk.problem.model.network.at == "last" and not walk.problem.model.task.linear:
        texts = [cell.value for cell in read(path)["Walk"].values() if cell.formula]
        assert {*np.ravel(walk.predictions)} <= set(texts)


def test_sheets_about_one_word_are_refused_for_several(run: Run) -> None:
    refused = run("export", "hello", "holle", "--form", "all", "--cell", "gru", "-o", "w.xlsx")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "--form all adds sheets about one word to the workbook; give one" in refused.err


def test_export_takes_a_target_and_adds_every_sheet(run: Run, tmp_path: Path) -> None:
    task = TASKS["task-sum-rnn-linear"]
    record = {key: task[key] for key in ("cell", "form", "output", "inputs", "weights")}
    (tmp_path / "sum.json").write_text(json.dumps(record))
    call = ("export", "3 1 4 1 5", "--weights", "sum.json", "--target", "14", "-o", "sum.xlsx", "--backward")
    assert run(*call, "--train", "2", "--optimizer", "adam", "--gradients").code == 0
    assert Calculator(tmp_path / "sum.xlsx").evaluate().value(STATE) == FINE


@pytest.mark.parametrize("example", ["sentiment", "sum"])
def test_backprop_says_which_error_the_last_step_begins_with_where_only_that_one_answers(example: str) -> None:
    """Its equations of the last steps, with the marks of their time taken off, are those that the walk itself writes."""
    walk = Walk(pose(None, ModelOptions(example=example)), backward=True)
    texts = {text.value for row in workbook.draw(walk)["Backprop"].iter_rows(1) for text in row if text.value}
    told = Derivations(walk.names)[walk.names.node[f"dz_{walk.length}"]].equation
    (block,) = [text for text in map(str, texts) if text.startswith(told.partition(" = ")[0][:-1])]
    usual, ending = block.split(f";   at the last {walk.problem.noun}: ")
    assert ending.replace("ₜ", told.partition(" = ")[0][-1]) == told
    assert "ᵗⁱᵐᵉ" in usual and "ᵗⁱᵐᵉ" not in ending
