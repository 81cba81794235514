"""Any input with any output, any head and any cell: the way back, the files and the explanations of each combination."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.engine.fast.packing import pack_pairs
from rnnwalk.engine.functions import ACTIVATIONS
from rnnwalk.engine.layers import HEIGHTS, weights_record
from rnnwalk.engine.network import forward
from rnnwalk.engine.notes import as_dict, notes
from rnnwalk.model.model import build
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
from rnnwalk.model.problem import Problem
from rnnwalk.model.task import Task, typed_answers
from rnnwalk.model.weight_record import to_record
from rnnwalk.model.weightfile import read, write
from rnnwalk.render import json as as_json
from rnnwalk.tasks.gradient_flow import flow
from rnnwalk.trace.differentiate import differentiate
from rnnwalk.views.explain import explain
from rnnwalk.walks.walk import Walk

FORMS = [
    *[("rnn", form) for form in ("tanh", "logistic", "relu", "linear")],
    ("lstm", "lstm"),
    *[("gru", form) for form in ("chung2014", "cho2014", "pytorch")],
    ("mgu", "mgu"),
]
READ = {"letter": list("ab é"), "character": ["প", "ি", "a"], "word": ["so", "not", "good"]}
NUDGE = 1e-6


@pytest.fixture(autouse=True, scope="module")
def stranger() -> Iterator[None]:
    """The cell of tests/mgu.py can be asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CELLS, "mgu", "tests.mgu")
        yield


@st.composite
def combinations(draw: st.DrawFn) -> Problem:
    """A problem of any kind, with what is true of it."""
    cell, form = draw(st.sampled_from(FORMS))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    by, count = draw(
        st.sampled_from([("letter", 0), ("character", 0), ("word", 0), *[("letter", n) for n in (1, 2, 3)]])
    )
    vocabulary = () if count else tuple(READ[by])
    embedded = not count and draw(st.booleans())
    linear = draw(st.booleans())
    named = count > 0 or linear or draw(st.booleans())
    head = tuple(draw(st.lists(st.sampled_from(sorted(ACTIVATIONS)), max_size=2)))
    task = Task(
        inputs=tuple(f"x{i}" for i in range(count)) or None,
        at=draw(st.sampled_from(["every", "last"])),
        kind="linear" if linear else "softmax",
        names=("no", "yes", "not yet")[: draw(st.integers(1, 3))] if named else None,
        head=head,
        frozen=frozenset({"E"}) if embedded and draw(st.booleans()) else frozenset(),
    )
    sizes = {
        "n": draw(st.integers(1, 3)),
        "k": 2 if embedded else count or len(vocabulary),
        "v": len(vocabulary),
        "1": 1,
    }
    sizes |= {"o": len(task.names or vocabulary)} | {axis: 2 + i for i, axis in enumerate(HEIGHTS[: len(head)])}
    module = cell_named(cell)
    matrices = {
        name: rng.normal(size=[sizes[axis] for axis in note.axes])
        for name, note in notes(weights_record(module.Weights, embedded, len(head))).items()
        if module.FORM_ONLY_WEIGHTS.get(name, form) == form
    }
    model = build(cell, vocabulary, matrices, "a test", form=form, task=task, by=by, origin="The weights of a test.")
    steps = draw(st.integers(1, 3))

    def typed(width: int) -> str:
        return ",".join(map(repr, rng.normal(size=width).round(2).tolist()))

    def symbols(number: int) -> str:
        return model.joint.join(rng.choice(vocabulary, size=number).tolist())

    if not named:
        return pose(symbols(steps + 1), ModelOptions(weights=model))
    answers = steps if task.at == "every" else 1
    if linear:
        true = " ".join(typed(len(model.answers)) for _ in range(answers))
    else:
        said = rng.choice(model.answers, size=answers).tolist()
        true = typed_answers(said) if task.at == "every" else said[0]
    text = " ".join(typed(count) for _ in range(steps)) if count else symbols(steps)
    return pose(text, ModelOptions(weights=model), true)


@settings(max_examples=25)
@given(combinations())
def test_the_way_back_is_the_differentiated_trace_central_differences_the_fast_form_and_the_flow(
    problem: Problem,
) -> None:
    model, walk = problem.model, Walk(problem, backward=True)
    xs, aims = problem.columns(problem.inputs), problem.aims(range(1, problem.length + 1))
    errors = differentiate(walk.names.node["loss"])
    assert set(walk.gradients) == {name for name in as_dict(model.weights) if name not in model.task.frozen}
    smooth = "relu" not in (model.form, *model.task.head)
    for name, node in walk.gradients.items():
        weight = walk.names.node[name]
        expected = errors.get(weight, np.zeros(weight.shape))
        np.testing.assert_allclose(node.value, expected, rtol=1e-9, atol=1e-12)
        if not smooth:
            continue
        at = np.unravel_index(int(np.abs(node.value).argmax()), node.shape)
        ends = []
        for by in (NUDGE, -NUDGE):
            moved = weight.value.copy()
            moved[at] += by
            loss = forward(model.network, model.weights._replace(**{name: moved}), xs, aims, model.before).loss
            assert loss is not None
            ends.append(loss.item())
        assert node.value[at] == pytest.approx((ends[0] - ends[1]) / (2 * NUDGE), rel=1e-5, abs=1e-6)
    learner = Learner(model.network, model.weights, model.before, "sgd", 0.1)
    pair = np.hstack(xs) if model.task.inputs else problem.rows(problem.inputs), np.hstack(aims)
    loss = learner.step(pack_pairs([pair], len(model.vocabulary), len(model.answers), model.task.at == "every"))
    assert loss == pytest.approx(walk.loss, rel=1e-10)
    for name, node in walk.updated.items():
        np.testing.assert_allclose(getattr(learner.weights, name), node.value, rtol=1e-9, atol=1e-12)
    if model.task.at == "last":
        for name, size in flow(problem).gradient.lengths.items():
            assert size.value == pytest.approx(np.linalg.norm(walk.gradients[name].value), rel=1e-9, abs=1e-12)


@settings(max_examples=15)
@given(combinations())
def test_weight_files_of_both_kinds_bring_back_the_model_and_json_everything_that_was_computed(
    problem: Problem,
) -> None:
    spoken = problem.word if problem.joint or problem.model.by == "character" else "".join(problem.symbols)
    model = replace(problem.model, word=spoken, target=problem.spoken)
    with TemporaryDirectory() as folder:
        for name in ("w.json", "w.npz"):
            write(model, Path(folder, name), force=False)
            found = read(str(Path(folder, name)))
            assert to_record(found) == to_record(model), name
            assert pose(None, ModelOptions(weights=found))[1:] == problem[1:]
    told = json.loads("".join(as_json.chunks(Walk(problem, backward=True))))
    assert told["loss"] == pytest.approx(Walk(problem).loss, rel=1e-15)
    assert [step["input"] for step in told["steps"]] == (
        [list(map(float, text.split(","))) for text in problem.inputs]
        if problem.model.task.inputs
        else [*problem.inputs]
    )
    assert [("loss" in step) for step in told["steps"]] == [problem.says(t) for t in range(1, problem.length + 1)]


@settings(max_examples=10)
@given(combinations(), st.integers(0, 30))
def test_explain_reaches_every_number(problem: Problem, first: int) -> None:
    walk = Walk(problem, backward=True)
    for quantity in [*walk][first::31]:
        at = tuple(int(side) - 1 for side in quantity.value.shape)
        key = walk.names.key(quantity.node, at)
        found = walk[key]
        assert found.value.item() == quantity.value[at]
        assert quantity.numbers
        assert explain(walk, key).blocks
