"""The flow of gradients of every task: numbers, word vectors, an answer at the end alone, dense layers."""

from typing import Any

import numpy as np
import pytest

from rnnwalk.engine.network import forward
from rnnwalk.engine.notes import as_dict
from rnnwalk.errors import InputError
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import beside, pose
from rnnwalk.model.problem import Problem
from rnnwalk.tasks.gradient_flow import Together, flow
from rnnwalk.tasks.stretching import stretched
from tests.engine.test_tasks import TASKS, problems

NUDGE = 1e-6
CASES = {name: problems(task)[0] for name, task in TASKS.items()}


def last_loss(problem: Problem, weights: Any, before: Any, xs: list[Any]) -> float:
    """The loss at the last step of the inputs xs, which end the problem."""
    network, known = problem.model.network, problem.aims([problem.length])
    aims = known * len(xs) if network.at == "every" else known  # that of the last counts alone
    output = forward(network, weights, xs, aims, before).letters[-1].output
    assert output is not None
    assert output.loss is not None
    return float(output.loss[0, 0])


def slopes(function: Any, array: Any) -> Any:
    """Central differences of a function of an array."""
    found = np.zeros_like(array)
    for at in np.ndindex(*array.shape):
        ends = []
        for by in (NUDGE, -NUDGE):
            moved = array.copy()
            moved[at] += by
            ends.append(function(moved))
        found[at] = (ends[0] - ends[1]) / (2 * NUDGE)
    return found


@pytest.mark.parametrize("name", CASES)
def test_what_arrives_at_each_step_and_weight_is_a_central_difference(name: str) -> None:
    problem = CASES[name]
    model, xs = problem.model, problem.columns(problem.inputs)
    found, w = flow(problem), model.weights
    assert [arrival.symbol for arrival in found.arrivals] == list(problem.inputs)
    assert found.loss == pytest.approx(last_loss(problem, w, model.before, xs), rel=1e-12)
    letters = forward(model.network, w, xs, [], model.before).letters
    for k, arrival in enumerate(found.arrivals, start=1):
        state = type(model.before)(*[getattr(letters[k - 1].step, part) for part in model.before._fields])
        for part in state._fields if k < len(xs) else ():
            errors = slopes(
                lambda h, k=k, part=part, state=state: last_loss(problem, w, state._replace(**{part: h}), xs[k:]),
                getattr(state, part),
            )
            assert arrival.error[part].value == pytest.approx(np.linalg.norm(errors), rel=1e-6, abs=1e-9)
        errors = slopes(
            lambda x, k=k: last_loss(problem, w, model.before, [*xs[: k - 1], x, *xs[k:]]), xs[k - 1]
        )  # of the one-hot column where word vectors are read: that in the word's own row is E's column times theirs
        assert arrival.along.value == pytest.approx((errors * xs[k - 1]).sum(), rel=1e-6, abs=1e-9)
        if not model.network.embedded:
            assert arrival.input.value == pytest.approx(np.linalg.norm(errors), rel=1e-6, abs=1e-9)
    learned = {name: part for name, part in as_dict(w).items() if name not in model.task.frozen}
    assert set(found.gradient.lengths) == set(learned)
    for weight, part in learned.items():
        errors = slopes(lambda a, weight=weight: last_loss(problem, w._replace(**{weight: a}), model.before, xs), part)
        assert found.gradient.lengths[weight].value == pytest.approx(np.linalg.norm(errors), rel=1e-6, abs=1e-9), weight


def side_by_side() -> list[Problem]:
    """Words of one length as a mini-batch: the article's, and of each task with an embedding or numbers two alike in length."""
    found = [pose(["hello", "holle", "hoell"], ModelOptions())]
    for task in TASKS.values():
        one, *others = problems(task)
        alike = [other for other in others if other.length == one.length]
        found += [beside([one, *alike])] if alike else []
    return found


@pytest.mark.parametrize("problem", side_by_side(), ids=lambda problem: problem.title[:30])
def test_words_side_by_side_are_a_mini_batch_whose_gradient_and_errors_are_central_differences(
    problem: Problem,
) -> None:
    together = Together([flow(one) for one in problem.sequences])
    model, last = problem.model, problem.length
    aims = problem.aims([last]) * (last if model.network.at == "every" else 1)
    xs = problem.reads(range(1, last + 1))

    def loss(weights: Any, before: Any, read: list[Any]) -> float:
        output = forward(model.network, weights, read, aims[-len(read) :], before).letters[-1].output
        assert output is not None
        assert output.loss is not None
        return float(output.loss.sum())

    for name, length in together.gradient.lengths.items():
        errors = slopes(
            lambda a, name=name: loss(model.weights._replace(**{name: a}), problem.start, xs),
            getattr(model.weights, name),
        )
        assert length.value == pytest.approx(np.linalg.norm(errors), rel=1e-6, abs=1e-8), name
    if last > 1:
        step = forward(model.network, model.weights, xs, [], problem.start).letters[0].step
        state = problem.start._replace(**{part: getattr(step, part) for part in problem.start._fields})
        errors = slopes(lambda h: loss(model.weights, state._replace(h=h), xs[1:]), state.h)
        assert together.errors[0]["h"].value == pytest.approx(np.linalg.norm(errors), rel=1e-6, abs=1e-8)


def test_a_text_is_repeated_with_what_is_true_of_its_steps_and_never_drawn_without_it() -> None:
    every, last = CASES["task-every-gru-numbers"], CASES["task-sum-rnn-linear"]
    longer = stretched(every, 7, 0)
    assert every.given is not None
    assert (len(longer.symbols), longer.given) == (7, (every.given * 7)[:7])
    assert stretched(last, 9, 0).given == last.given


def test_without_what_is_true_no_error_comes_back() -> None:
    with pytest.raises(InputError, match="--target"):
        flow(CASES["task-sum-rnn-linear"]._replace(given=()))
