"""BPTT by hand against the definition of a gradient: central differences, and the recorded trace differentiated."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.engine.fast.packing import pack
from rnnwalk.errors import InputError
from rnnwalk.model.model import Model, build
from rnnwalk.model.random_weights import draw
from rnnwalk.tasks.gradcheck import central_differences, gradcheck
from rnnwalk.trace.differentiate import differentiate
from rnnwalk.walks.walk import Walk
from tests.engine.cases import REFERENCE, model_of, problem_of, reference
from tests.examples import pose

MADE = [name for name in REFERENCE if reference(name)["cell"] in CELLS]
CASES = [(cell, form) for cell in CELLS for form in cell_named(cell).FORMS]


@st.composite
def problems(draw_one):
    """Any cell and form, 1-4 units, 1-4 symbols, words with repeated letters, with and without biases."""
    cell, form = draw_one(st.sampled_from(CASES))
    vocabulary = tuple("abcd"[: draw_one(st.integers(1, 4))])
    word = draw_one(st.text(st.sampled_from(vocabulary), min_size=2, max_size=7))
    model = draw(cell, vocabulary, draw_one(st.integers(1, 4)), draw_one(st.integers(0, 10**6)), form=form)
    return pose(word, weights=changed(model, draw_one(st.booleans()), draw_one(st.booleans())))


def changed(model: Model, biased: bool, one_number: bool) -> Model:
    """Without biases; or, for the plain cell, with one number for all units, as in the article."""
    given = {name: w for name, w in model.weights._asdict().items() if w is not None}
    matrices = {name: w for name, w in given.items() if biased or not name.startswith("b")}
    if one_number and model.cell == "rnn":
        matrices |= {name: matrices[name][:1, :1] for name in ("Whh", "bh") if name in matrices}
    initial = {name: np.full(part.shape, 0.25) for name, part in model.before._asdict().items()}
    return build(model.cell, model.vocabulary, matrices, "test", form=model.form, initial=initial, origin="")


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_way_back_agrees_with_central_differences_and_the_differentiated_trace(problem):
    for check in gradcheck(problem):
        assert check.taken == check.backward.size
        assert check.numeric_difference < 1e-7, check.weight
        assert check.trace_difference < 1e-12, check.weight


@settings(max_examples=60, deadline=None)
@given(problems())
def test_all_letters_together_give_the_gradients_of_the_walk(problem):
    walk = Walk(problem, backward=True, rate=0.25)
    model = problem.model
    batch = pack([[model.vocabulary.index(s) for s in problem.symbols]], *[len(model.vocabulary)] * 2)
    learner = Learner(model.network, model.weights, model.before, rate=0.25)
    start = learner.vector.copy()
    for _ in range(3):  # as it is, then twice by a plan
        assert learner.step(batch) == pytest.approx(walk.loss, rel=1e-12)
        for name, node in walk.updated.items():
            np.testing.assert_allclose(getattr(learner.weights, name), node.value, rtol=0, atol=1e-12)
        learner.vector[:] = start
    assert learner._plans


def steps(learner: Learner, lines: list[list[int]]) -> np.ndarray:
    """The gradient times the rate of a batch, from where the learner stands; it is put back there."""
    start = learner.vector.copy()
    learner.step(pack(lines, 4, 4))
    moved = start - learner.vector
    learner.vector[:] = start
    return moved


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(CASES),
    st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=6), min_size=1, max_size=5),
    st.booleans(),
)
def test_a_batch_equals_the_sum_of_its_lines_of_any_lengths(case, lines, biased):
    cell, form = case
    model = changed(draw(cell, tuple("abcd"), 3, 1, form=form), biased, False)
    learner = Learner(model.network, model.weights, model.before, rate=1.0)
    alone = [learner.loss(pack([line], 4, 4)) for line in lines]
    assert learner.loss(pack(lines, 4, 4)) == pytest.approx(sum(alone), rel=1e-12)
    parts = [steps(learner, [line]) for line in lines]
    for _ in range(3):  # as it is, then planned where all lines are equally long
        np.testing.assert_allclose(steps(learner, lines), sum(parts), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", MADE)
def test_the_differentiated_trace_gives_pytorchs_gradients(name):
    record = reference(name)
    walk = Walk(problem_of(record))
    found = differentiate(walk.names.node["loss"])
    for weight, expected in record["expected"]["gradient"].items():
        node = walk.names.node[weight]
        np.testing.assert_allclose(found[node].reshape(np.shape(expected)), expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("name", MADE)
def test_central_differences_of_the_loss_give_pytorchs_gradients(name):
    record = reference(name)
    for weight, expected in record["expected"]["gradient"].items():
        found = central_differences(problem_of(record), weight, range(np.size(expected)))
        np.testing.assert_allclose(found.reshape(np.shape(expected)), expected, rtol=0, atol=1e-8)


def test_a_wrong_gradient_does_not_pass_the_check():
    check = gradcheck(problem_of(reference(MADE[0])))[0]
    assert check.agrees
    assert not check._replace(backward=check.backward * 1.001 + 1e-4).agrees


def test_gradcheck_of_a_large_network_takes_every_so_many_th_number():
    model = draw("rnn", tuple(map(chr, range(97, 123))), 40, 0)
    checks = gradcheck(pose("abc", weights=model))
    assert all(0 < check.taken <= check.backward.size for check in checks)
    assert sum(check.taken for check in checks) <= 2100 < model.parameters
    assert all(check.agrees for check in checks)


def test_models_of_the_reference_keep_their_form():
    assert {model_of(reference(name)).form for name in MADE} <= {form for _, form in CASES}


@pytest.mark.parametrize("size", [1e9, 1e99])
def test_where_a_nudge_is_lost_in_the_rounding_of_large_numbers_gradcheck_says_so(size: float):
    weights = {"Wxh": [[1, 2]], "Whh": [[0.5]], "Why": [[1], [-size]]}  # dL/dWhy[a] is h, but L + 6e-6 is L
    with pytest.raises(InputError, match=re.escape(f"grow to {0.76 * size:.0e}")):
        gradcheck(pose("ab", weights={"vocabulary": ["a", "b"], "weights": weights}))
