"""The recorded way back: what its values are called, and that every formula gives its value."""

import json

import numpy as np
import pytest

from rnnwalk.engine.optimisers import OPTIMISERS
from rnnwalk.errors import InputError
from rnnwalk.model.limits import check_size
from rnnwalk.model.model import build, in_form
from rnnwalk.model.random_weights import draw
from rnnwalk.model.weight_record import parse, to_record
from rnnwalk.trace.record import replay
from rnnwalk.views.sentences import sentence
from rnnwalk.walks.walk import Walk
from tests.examples import pose

HELLO = Walk(pose("hello"), backward=True)


@pytest.mark.parametrize(
    ("typed", "key", "formula"),
    [
        ("dy_2", "dy_2", "∂L/∂y₂ = p₂ − target₂"),
        ("dh_own_2", "dh_own_2", "∂L/∂h₂ᵒʷⁿ = Whyᵀ·∂L/∂y₂"),
        ("dh_time_2", "dh_time_2", "∂L/∂h₂ᵗⁱᵐᵉ = Whh·∂L/∂z₃"),
        ("∂L/∂h₂", "dh_2", "∂L/∂h₂ = ∂L/∂h₂ᵒʷⁿ + ∂L/∂h₂ᵗⁱᵐᵉ"),
        ("slope_2", "slope_2", "slope₂ = 1 − h₂²"),
        ("dz2", "dz_2", "∂L/∂z₂ = ∂L/∂h₂⊙slope₂"),
        ("dWhh_2", "dWhh_2", "∂L/∂Whh₂ = Σ ∂L/∂z₂⊙h₁"),
        ("dbh_2", "dbh_2", "∂L/∂b₂ = Σ ∂L/∂z₂"),
        ("dWxh_2", "dWxh_2", "∂L/∂Wxh₂ = ∂L/∂z₂·x₂ᵀ"),
        ("dWhy", "dWhy", "∂L/∂Why = ∂L/∂Why₄ + ∂L/∂Why₃ + ∂L/∂Why₂ + ∂L/∂Why₁"),
        ("Wxh_new", "Wxh_new", "Wxh′ = Wxh − η·∂L/∂Wxh"),
    ],
)
def test_a_value_of_the_way_back_is_found_by_name_and_has_its_textbook_formula(typed, key, formula):
    assert HELLO[typed].name.key == key
    assert HELLO[typed].formula == formula


def test_nothing_arrives_at_the_last_letter_and_that_is_an_input_not_a_literal():
    last = HELLO["dh_time_4"]
    assert not last.value.any()
    assert last.node.op == "input"
    assert HELLO["dh_4"].formula == "∂L/∂h₄ = ∂L/∂h₄ᵒʷⁿ + ∂L/∂h₄ᵗⁱᵐᵉ"


def test_a_number_for_all_units_says_that_its_gradient_is_one_sum():
    for name in ("dWhh", "dWhh_3", "dbh", "dbh_1"):
        assert "one sum over all" in sentence(HELLO.names, HELLO[name].node)
    matrix = Walk(pose("hello", hidden=3), backward=True)
    assert "one sum over all" not in sentence(matrix.names, matrix["dWhh"].node)


def test_the_walk_back_visits_the_last_letter_first():
    order = [quantity.key for quantity in HELLO if quantity.key.startswith("dz_")]
    assert order == ["dz_4", "dz_3", "dz_2", "dz_1"]


CASES = [("rnn", None), ("lstm", None), ("gru", "chung2014"), ("gru", "cho2014"), ("gru", "pytorch")]


@pytest.mark.parametrize(("cell", "form"), CASES)
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_the_new_weights_follow_when_rate_and_limit_are_edited_in_the_record(cell, form, optimiser):
    problem = pose("hello", hidden=2, seed=1, cell=cell, form=form)
    walk = Walk(problem, backward=True, rate=0.1, optimiser=optimiser, clip=0.5)
    edited = Walk(problem, backward=True, rate=0.03, optimiser=optimiser, clip=0.2)
    values = replay(walk.trace, {("rate",): np.array([[0.03]]), ("limit",): np.array([[0.2]])})
    for name, node in walk.updated.items():
        np.testing.assert_allclose(values[node], edited.updated[name].value, rtol=1e-13)
        assert not np.array_equal(values[node], node.value)


@pytest.mark.parametrize(("cell", "form"), CASES)
def test_every_value_has_a_name_of_its_own_and_an_equation(cell, form):
    walk = Walk(pose("hello", hidden=2, cell=cell, form=form), backward=True, optimiser="adam", clip=1.0)
    keys = [quantity.key for quantity in walk]
    assert len(keys) == len(set(keys)) == len(walk.trace.named)
    for quantity in walk:
        assert walk[quantity.key].node is quantity.node
        assert quantity.name.note.title
        assert bool(quantity.formula) == (quantity.node.op != "input")
    for letter in (1, 2, 3, 4):
        fields = [walk.names.labels[node].field for node in walk.fields_back(letter)]
        assert fields[:4] == ["dy", "dh_own", "dh_time", "dh"]


def test_the_memory_of_an_lstm_passes_its_error_by_the_forget_gate_alone():
    walk = Walk(pose("hello", hidden=2, cell="lstm"), backward=True)
    assert walk["c_2"].formula == "c₂ = f₂⊙c₁ + i₂⊙g₂"
    assert walk["dc_time_2"].formula == "∂L/∂c₂ᵗⁱᵐᵉ = ∂L/∂c₃⊙f₃"


@pytest.mark.parametrize(
    ("form", "candidate", "mixture"),
    [
        ("chung2014", "zn₂ = Wxn·x₂ + Whn·(r₂⊙h₁) + bn", "h₂ = z₂⊙n₂ + (1 − z₂)⊙h₁"),
        ("cho2014", "zn₂ = Wxn·x₂ + Whn·(r₂⊙h₁) + bn", "h₂ = (1 − z₂)⊙n₂ + z₂⊙h₁"),
        ("pytorch", "zn₂ = Wxn·x₂ + r₂⊙u₂ + bn", "h₂ = (1 − z₂)⊙n₂ + z₂⊙h₁"),
    ],
)
def test_the_forms_of_a_gru_differ_as_their_papers_say(form, candidate, mixture):
    walk = Walk(pose("hello", hidden=2, cell="gru", form=form))
    assert walk["zn_2"].formula == candidate
    assert walk["h_2"].formula == mixture


def test_the_same_gru_weights_can_be_read_in_another_form():
    model = draw("gru", tuple("helo"), 2, 0, form="cho2014")
    other = pose("hello", weights=in_form(model, "chung2014"))
    assert other.model.form == "chung2014"
    assert Walk(other).loss != Walk(pose("hello", weights=model)).loss
    assert in_form(draw("gru", tuple("helo"), 2, 0, form="pytorch"), "cho2014").weights.bhn is None
    with pytest.raises(InputError, match=r"bhn belongs to the form 'pytorch'"):
        build("gru", ("a",), {"bhn": np.zeros((1, 1)), "Wxr": np.zeros((1, 1))}, "here", origin="")


def test_initial_states_of_both_kinds_survive_a_weight_file():
    model = draw("lstm", tuple("helo"), 2, 0)
    text = to_record(model) | {"h0": [0.5, -0.5], "c0": [0.25, 1.5]}
    again = parse(json.loads(json.dumps(text)), "here", "")
    np.testing.assert_array_equal(again.before.c, [[0.25], [1.5]])
    assert to_record(again)["c0"] == [0.25, 1.5]
    assert Walk(pose("hello", weights=again))["c_0[2]"].value.item() == 1.5


def test_a_walk_back_that_would_not_fit_is_refused_though_the_walk_forward_fits():
    check_size(3000, 60, 300, "rnn")
    with pytest.raises(InputError, match="GiB"):
        check_size(3000, 60, 300, "rnn", learned=300 * 300 + 2 * 60 * 300)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gates_of_which_only_some_have_a_bias_learn_as_the_walk_says(cell):
    from rnnwalk.engine.fast.learner import Learner
    from rnnwalk.engine.fast.packing import pack

    full = draw(cell, tuple("helo"), 2, 3)
    given = {name: w for name, w in full.weights._asdict().items() if w is not None}
    given.pop("bf" if cell == "lstm" else "bz")
    model = build(cell, full.vocabulary, given, "here", origin="")
    walk = Walk(pose("hello", weights=model), backward=True, rate=0.5)
    learner = Learner(model.network, model.weights, model.before, rate=0.5)
    batch = pack([[0, 1, 2, 2, 3]], 4, 4)
    start = learner.vector.copy()
    for _ in range(2):
        learner.vector[:] = start
        assert learner.step(batch) == pytest.approx(walk.loss, rel=1e-12)
    for name, node in walk.updated.items():
        np.testing.assert_allclose(getattr(learner.weights, name), node.value, rtol=0, atol=1e-12)


def test_the_forget_gates_bias_may_be_set_and_nothing_else_changes():
    drawn, kept = draw("lstm", tuple("helo"), 3, 5), draw("lstm", tuple("helo"), 3, 5, forget=1)
    assert (kept.weights.bf == 1).all()
    for name, w in kept.weights._replace(bf=drawn.weights.bf)._asdict().items():
        np.testing.assert_array_equal(w, getattr(drawn.weights, name))
    with pytest.raises(InputError, match="forget gate"):
        draw("gru", tuple("helo"), 3, 5, forget=1)
