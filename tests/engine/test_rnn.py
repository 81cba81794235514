"""The plain cell against worked examples that others published."""

import numpy as np
import pytest

from rnnwalk.engine.cells import rnn
from rnnwalk.engine.network import Network, forward
from tests.examples import column, data


@pytest.mark.parametrize("case", ["onnx_simple_rnn_defaults", "onnx_simple_rnn_with_initial_bias"])
def test_the_cell_gives_the_published_states_of_onnx(case: str) -> None:
    record = data(case)
    inputs = {name: np.array(entry["values"])[0] for name, entry in record["inputs"].items()}
    x = inputs["X"].T  # one step, a batch of three sequences: three columns
    hidden = len(inputs["R"])
    bias = inputs["B"].reshape(2, hidden).sum(axis=0).reshape(-1, 1) if "B" in inputs else None
    w = rnn.Weights(Wxh=inputs["W"], Whh=inputs["R"], bh=bias, Why=np.zeros((0, hidden)), by=None)
    step = rnn.step(w, rnn.project_input(w, x), rnn.State(np.zeros((hidden, 3))), "tanh")
    published = np.array(record["expected_published"]["Y_h"]["values"])[0].T
    np.testing.assert_allclose(step.h, published, rtol=0, atol=1e-7)  # float32 numbers
    np.testing.assert_allclose(step.h, np.array(record["recomputed"]["Y_h"])[0].T, rtol=1e-12)


def quiz(question: str) -> tuple[dict[str, float], list[np.ndarray], list[np.ndarray]]:
    """Hinton's numbers: weights by name, inputs and targets (0 where the question has none)."""
    given = data("rnn_hinton_quiz7")["inputs"][question]
    return given, [column([x]) for x in given["x"]], [column([t]) for t in given.get("targets", [0, 0, 0])]


def weights(given: dict[str, float], hbias: float) -> rnn.Weights:
    Wxh, Whh, Why = (column([given[name]]) for name in ("Wxh", "Whh", "Why"))
    return rnn.Weights(Wxh, Whh, column([hbias]), Why, column([given["ybias"]]))


LINEAR = Network(rnn, "logistic", "linear")
START = rnn.State(np.zeros((1, 1)))


@pytest.mark.parametrize("question", ["Q3", "Q4"])
def test_a_logistic_cell_with_a_linear_output_answers_hintons_quiz(question: str) -> None:
    expected = data("rnn_hinton_quiz7")["recomputed"]
    given, xs, targets = quiz(question)
    run = forward(LINEAR, weights(given, given["hbias"]), xs, targets, START)
    np.testing.assert_allclose([letter.step.h[0, 0] for letter in run.letters], expected[f"{question}_h"], rtol=1e-12)
    np.testing.assert_allclose([letter.output.y[0, 0] for letter in run.letters], expected[f"{question}_y"], rtol=1e-12)


def test_hintons_rounded_activities_are_those_of_the_quiz() -> None:
    given, xs, targets = quiz("Q4")
    run = forward(LINEAR, weights(given, given["hbias"]), xs, targets, START)
    assert [round(letter.step.h[0, 0], 1) for letter in run.letters] == given["given_rounded_h"]
    ys = [letter.output.y[0, 0] for letter in run.letters]
    np.testing.assert_allclose(ys, given["given_rounded_y"], atol=6e-4)
    squares = [(y - t) ** 2 / 2 for y, t in zip(ys, given["targets"], strict=True)]
    assert run.loss[0, 0] == pytest.approx(sum(squares), rel=1e-12)


def test_the_published_answer_to_question_3_belongs_to_a_bias_of_minus_a_tenth() -> None:
    given, xs, targets = quiz("Q3")
    run = forward(LINEAR, weights(given, -0.1), xs, targets, START)
    published = data("rnn_hinton_quiz7")["expected_published"]["Q3_y_T1_gerdm"]
    assert run.letters[1].output.y[0, 0] == pytest.approx(published, rel=1e-12)
