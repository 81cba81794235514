"""The unrolled network against PyTorch and the article; its two forms against each other."""

import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnwalk.engine.cells import rnn
from rnnwalk.engine.fast.batch import Batch, forward_batch
from rnnwalk.engine.fast.cell import fast_form
from rnnwalk.engine.network import Network, Output, forward, output
from rnnwalk.model.model import Model
from rnnwalk.model.problem import Problem
from tests.examples import column, problems, reference

CASES = ["hello-article", "hello-rnn-matrix"]


def run(problem: Problem) -> Any:
    model = problem.model
    xs, targets = problem.columns(problem.inputs), problem.columns(problem.targets)
    return forward(model.network, model.weights, xs, targets, model.before)


def batch_run(model: Model, batch: Batch, before: Any) -> Any:
    fast = fast_form(model.network.cell, model.weights)
    return forward_batch(fast, model.network, fast.stack(model.weights), batch, before)


def together(problem: Problem) -> Any:
    model = problem.model
    X, targets = (np.hstack(problem.columns(symbols)) for symbols in (problem.inputs, problem.targets))
    spans = [(t, t + 1) for t in range(X.shape[1])]
    return batch_run(model, Batch(X, targets, spans), model.before)


def close(value: np.ndarray, expected: Any, rtol: float = 1e-12) -> None:
    np.testing.assert_allclose(value, expected, rtol=rtol, atol=1e-15)


@pytest.mark.parametrize("case", CASES)
def test_all_letters_together_give_pytorchs_numbers(case: str) -> None:
    problem, expected = reference(case)
    result = together(problem)

    def side_by_side(name: str) -> np.ndarray:
        return np.array([step[name] for step in expected["steps"]]).T

    close(result.cache.h, side_by_side("h"))
    close(result.output.y, side_by_side("y"))
    close(result.output.p, side_by_side("p"))
    close(result.output.loss[0], side_by_side("loss"))


@pytest.mark.parametrize("case", CASES)
def test_the_loss_of_the_word_is_pytorchs_sum_over_its_letters(case: str) -> None:
    problem, expected = reference(case)
    close(run(problem).loss, [[expected["loss"]]])
    close(together(problem).output.loss.sum(), expected["loss"])


def test_the_article_publishes_0_936534_for_the_first_unit_after_e() -> None:
    problem, _ = reference("hello-article")
    assert f"{run(problem).letters[1].step.h[0, 0]:.6f}" == "0.936534"


@given(problems())
def test_together_and_letter_by_letter_are_the_same(problem: Problem) -> None:
    one, all_ = run(problem), together(problem)
    close(np.hstack([letter.step.h for letter in one.letters]), all_.cache.h)
    for name in Output._fields:
        close(np.hstack([getattr(letter.output, name) for letter in one.letters]), getattr(all_.output, name))


@given(problems(), st.data())
def test_each_column_of_a_batch_is_a_run_of_its_own(problem: Problem, pick: st.DataObject) -> None:
    model = problem.model
    symbols = st.sampled_from(model.vocabulary)
    words = [pick.draw(st.lists(symbols, min_size=4, max_size=4)) for _ in range(3)]
    single = [Problem(model, tuple(word)) for word in words]
    columns = [[problem.model.one_hot(word[t]) for word in words] for t in range(4)]
    X, targets = (np.hstack([np.hstack(letter) for letter in part]) for part in (columns[:-1], columns[1:]))
    before = type(model.before)(*[np.repeat(part, 3, axis=1) for part in model.before])
    spans = [(0, 3), (3, 6), (6, 9)]
    batch = batch_run(model, Batch(X, targets, spans), before)
    for i, one in enumerate(map(run, single)):
        close(batch.cache.h[:, i::3], np.hstack([letter.step.h for letter in one.letters]))
        close(batch.output.p[:, i::3], np.hstack([letter.output.p for letter in one.letters]))
        close(batch.output.loss[:, i::3].sum(), one.loss[0, 0])


def softmax(scores: np.ndarray) -> np.ndarray:
    """p for a network whose scores are these: Why holds them, and the only hidden unit is 1."""
    w = SimpleNamespace(Why=scores, by=None)
    return output(Network(rnn, "tanh"), w, np.eye(1), np.eye(len(scores))[:, :1]).p


@given(st.lists(st.floats(-8e307, 8e307) | st.floats(-800, 800), min_size=1, max_size=6))
def test_softmax_is_a_distribution_for_scores_of_any_size(scores: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        p = softmax(column(scores))
    assert np.all((p >= 0) & (p <= 1))
    assert p.sum() == pytest.approx(1, abs=1e-15 * len(scores))


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6), st.floats(-3, 3))
def test_softmax_is_the_textbooks_quotient_and_a_shift_of_all_scores_changes_nothing(
    scores: list[float], shift: float
) -> None:
    powers = np.exp(column(scores))
    np.testing.assert_allclose(softmax(column(scores)), powers / powers.sum(), rtol=1e-13)
    np.testing.assert_allclose(softmax(column(scores) + shift), powers / powers.sum(), rtol=1e-13)
