"""Worked examples that others published; where a published answer is wrong, its file says who is right and why."""

from typing import Any

import numpy as np
import pytest

from rnnwalk.engine.backward import Learning, learning_step, nothing_after
from rnnwalk.engine.cells import cell_named
from rnnwalk.engine.network import Network, forward
from rnnwalk.engine.optimisers import OPTIMISERS
from tests.engine.cases import published


def column(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=float).reshape(-1, 1)


def learn(network: Network, w: Any, xs: Any, targets: Any, before: Any, rate: float) -> Learning:
    return learning_step(
        network, OPTIMISERS["sgd"], w, xs, targets, before, nothing_after(before), (), np.array([[rate]])
    )


# ONNX: the operators' own tests, float32. Rows of W, R and B are stacked gates, B holds Wb and then Rb.
ONNX = {
    "simple_rnn": ("rnn", "tanh", [""]),
    "lstm": ("lstm", "lstm", ["i", "o", "f", "g"]),
    "gru": ("gru", "cho2014", ["z", "r", "n"]),  # linear_before_reset=0, H = (1 − z)⊙h + z⊙H₋
}


@pytest.mark.parametrize("variant", ["defaults", "with_initial_bias"])
@pytest.mark.parametrize("operator", ONNX)
def test_onnx_operators_give_the_same_hidden_states(operator, variant):
    cell, form, gates = ONNX[operator]
    record = published(f"onnx_{operator}_{variant}")
    given = {name: np.array(part["values"]) for name, part in record["inputs"].items()}
    W, R = given["W"][0], given["R"][0]
    n = R.shape[1]
    matrices: dict[str, Any] = {"Why": np.zeros((1, n)), "by": None, "bhn": None}
    b = given["B"][0].reshape(2, -1).sum(axis=0)[:, None] if "B" in given else None
    for at, gate in enumerate(gates):
        rows = slice(at * n, at * n + n)
        bias = None if b is None else b[rows]
        if cell == "rnn":
            matrices |= {"Wxh": W[rows], "Whh": R[rows], "bh": bias}
        else:
            matrices |= {f"Wx{gate}": W[rows], f"Wh{gate}": R[rows], f"b{gate}": bias}
    module = cell_named(cell)
    w = module.Weights(**{name: matrices[name] for name in module.Weights._fields})
    xs = [x.T for x in given["X"]]  # (batch, in) at each time step to columns
    before = module.State(*[np.zeros((n, xs[0].shape[1]))] * len(module.State._fields))
    run = forward(Network(module, form, "linear"), w, xs, [np.zeros((1, x.shape[1])) for x in xs], before)
    np.testing.assert_allclose(
        run.letters[-1].step.h.T, record["expected_published"]["Y_h"]["values"][0], rtol=0, atol=1e-7
    )
    for found, expected in zip(run.letters, record["recomputed"]["Y"], strict=True):
        np.testing.assert_allclose(found.step.h.T, expected[0], rtol=1e-12)


def hinton(question: str) -> tuple[Any, list[np.ndarray]]:
    given = published("rnn_hinton_quiz7")["inputs"][question]
    numbers = [given["Wxh"], given["Whh"], given["hbias"], given["Why"], given["ybias"]]
    return cell_named("rnn").Weights(*map(column, numbers)), [column(x) for x in given["x"]]


LOGISTIC = Network(cell_named("rnn"), "logistic", "linear")


def test_hintons_quiz_7_question_3_for_its_own_bias():
    # The answer published in one notebook, −0.4994…, is for a bias copied as −0.1; the quiz says −1.
    record = published("rnn_hinton_quiz7")
    w, xs = hinton("Q3")
    before = cell_named("rnn").State(column(0))
    scores = [letter.output.y.item() for letter in forward(LOGISTIC, w, xs, [column(0)] * 3, before).letters]
    np.testing.assert_allclose(scores, record["recomputed"]["Q3_y"], rtol=1e-12)
    copied = w._replace(bh=column(-0.1))
    wrong = forward(LOGISTIC, copied, xs, [column(0)] * 3, before).letters[1].output.y.item()
    assert wrong == pytest.approx(record["expected_published"]["Q3_y_T1_gerdm"], rel=1e-12)


def test_hintons_quiz_7_question_4_the_error_before_the_logistic_function():
    # Of the two published answers 0.0159 is right; 0.020053 does not follow from the stated targets.
    record = published("rnn_hinton_quiz7")
    w, xs = hinton("Q4")
    targets = [column(t) for t in record["inputs"]["Q4"]["targets"]]
    run = learn(LOGISTIC, w, xs, targets, cell_named("rnn").State(column(0)), 0.1)
    found = [letter.gate_grads.dz.item() for letter in run.backward]
    np.testing.assert_allclose(found, record["recomputed"]["Q4_dE_dz_exact"], rtol=1e-12)
    assert round(found[2], 4) == record["expected_published"]["Q4_dE_dz1"]


def scalar_lstm(record: dict[str, Any]) -> tuple[Any, list[np.ndarray]]:
    given = record["inputs"]
    w = {f"W{side}{gate}": None for side in "xh" for gate in "ifgo"}
    for gate, theirs in zip("ifgo", "ifco", strict=True):
        w |= {
            f"Wx{gate}": column(given[f"W{theirs}"]),
            f"Wh{gate}": column(given[f"Wh{theirs}"]),
            f"b{gate}": column(given[f"b{theirs}"]),
        }
    return cell_named("lstm").Weights(**w, Why=column(given["Wy"]), by=column(given["by"])), [
        column(x) for x in given["x"]
    ]


def test_the_scalar_lstm_prints_the_same_four_decimals():
    record = published("lstm_scalar_123")
    w, xs = scalar_lstm(record)
    before = cell_named("lstm").State(column(0), column(0))
    run = forward(Network(cell_named("lstm"), "lstm", "linear"), w, xs, [column(0)] * 3, before)
    for letter, printed in zip(run.letters, record["expected_published"]["steps"], strict=True):
        for name, value in printed.items():
            assert getattr(letter.step, name.lower()).item() == pytest.approx(value, abs=0.51e-4), name
    assert run.letters[-1].output.y.item() == pytest.approx(record["expected_published"]["y"], abs=0.51e-4)


def test_gomez_lstm_forward_backward_and_update():
    record = published("lstm_gomez_numerical_example")
    given = record["inputs"]
    gates = "gifo"  # theirs: a, i, f, o
    w = dict.fromkeys(cell_named("lstm").Weights._fields)
    for at, gate in enumerate(gates):
        w |= {f"Wx{gate}": np.array([given["W"][at]]), f"Wh{gate}": column(given["U"][at])}
        w |= {f"b{gate}": column(given["b"][at])}
    w["Why"] = column(1)  # their loss is on the hidden state itself
    before = cell_named("lstm").State(column(given["out_init"]), column(given["state_init"]))
    run = learn(
        Network(cell_named("lstm"), "lstm", "linear"),
        cell_named("lstm").Weights(**w),
        [column(*x) for x in given["x"]],
        [column(y) for y in given["labels"]],
        before,
        given["lr"],
    )
    fields = {"a": "g", "i": "i", "f": "f", "o": "o", "state": "c", "out": "h"}
    for letter, step in zip(run.letters, ("t0", "t1"), strict=True):
        for theirs, value in record["expected_published"][step].items():
            assert getattr(letter.step, fields[theirs]).item() == pytest.approx(value, rel=1e-14), theirs
    for back in record["recomputed"]["backward"]:
        ours = run.backward[back["t"]]
        assert ours.error.dh.item() == pytest.approx(back["d_out"], rel=1e-12)
        assert ours.gate_grads.dc.item() == pytest.approx(back["d_state"], rel=1e-12)
        for gate, value in zip(gates, back["d_gates"], strict=True):
            assert getattr(ours.gate_grads, f"dz{gate}").item() == pytest.approx(value, rel=1e-12, abs=1e-18)
    for at, gate in enumerate(gates):
        new = record["expected_published"]
        np.testing.assert_allclose(getattr(run.updated, f"Wx{gate}")[0], new["new_W"][at], rtol=0, atol=5.1e-9)
        assert getattr(run.updated, f"Wh{gate}").item() == pytest.approx(new["new_U"][at], abs=5.1e-9)
        assert getattr(run.updated, f"b{gate}").item() == pytest.approx(new["new_b"][at], abs=5.1e-9)
