"""The record: it holds every value, replays to the same bits, and refuses what it could not show."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given

from rnnwalk.engine.functions import cross_entropy, sigmoid, squared_error
from rnnwalk.engine.network import forward
from rnnwalk.model.problem import Problem
from rnnwalk.trace.record import Node, Traced, TraceError, opened, record, replay
from rnnwalk.walks.walk import Walk
from tests.examples import problems, reference

A = np.array([[1.0, 2.0], [3.0, 4.0]])


def leaves(value: Any) -> list[Any]:
    """Every array of nested records, in order."""
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in leaves(part)]
    return [] if value is None else [value]


@given(problems())
def test_a_recorded_run_has_the_bits_of_the_plain_run(problem: Problem) -> None:
    model = problem.model
    xs, targets = problem.columns(problem.inputs), problem.columns(problem.targets)
    plain = forward(model.network, model.weights, xs, targets, model.before)
    recorded = leaves(Walk(problem).trace.result)
    assert [node.value.tobytes() for node in recorded] == [array.tobytes() for array in leaves(plain)]


@given(problems())
def test_a_trace_replays_to_the_same_bits(problem: Problem) -> None:
    trace = Walk(problem).trace
    values = replay(trace)
    assert len(values) == len(trace.nodes) > 10
    assert all(values[node].tobytes() == node.value.tobytes() for node in trace.nodes)


def test_a_replay_with_another_weight_is_a_run_with_that_weight() -> None:
    problem, _ = reference("hello-article")
    model = problem.model
    xs, targets = problem.columns(problem.inputs), problem.columns(problem.targets)
    trace = record(partial(forward, model.network), w=model.weights, xs=xs, targets=targets, before=model.before)
    Whh = np.array([[-0.9]])
    run = forward(model.network, model.weights._replace(Whh=Whh), xs, targets, model.before)
    assert replay(trace, {("w", "Whh"): Whh})[trace.result.loss].tobytes() == run.loss.tobytes()
    assert run.loss[0, 0] != trace.result.loss.value[0, 0]


def test_nodes_stand_in_the_order_of_execution_and_operands_come_first() -> None:
    problem, _ = reference("hello-rnn-matrix")
    nodes = Walk(problem).trace.nodes
    position = {node: i for i, node in enumerate(nodes)}
    for node in nodes:
        assert all(position[operand] < position[node] for operand in node.operands if operand.op != "constant")


class Pair(NamedTuple):
    first: Any
    second: Any


def test_a_value_is_labelled_by_where_it_stands_and_its_first_place_wins() -> None:
    def twice(a: Any, rest: dict[str, Any]) -> Pair:
        doubled = a + a
        return Pair([doubled, doubled], (a, rest["note"], rest["b"] * doubled))

    trace = record(twice, a=A, rest={"b": A, "note": "a text is passed on"})
    paths = [("a",), ("rest", "b"), ("first", 0), ("second", 2)]
    assert [node.path for node in trace.nodes] == paths
    assert set(trace.named) == set(paths)
    assert trace.result.second[1] == "a text is passed on"
    assert trace.result.first[0] is trace.result.first[1] is trace.named["first", 0]


def test_a_python_number_is_a_constant_and_transpose_is_recorded() -> None:
    node = record(lambda a: 2 * a.T, a=A).result
    assert (node.op, node.operands[0].op, node.operands[0].value) == ("multiply", "constant", 2.0)
    assert (node.operands[1].op, node.value.tolist()) == ("transpose", [[2, 6], [4, 8]])


@pytest.mark.parametrize("composite", [cross_entropy, squared_error])
def test_a_composite_is_one_operation_that_opens_to_the_same_value(composite: Callable[..., Any]) -> None:
    y, target = np.array([[0.25], [0.75]]), np.array([[0.0], [1.0]])
    given = {"S": np.array([[1.6]]), "m": y.max(keepdims=True)} if composite is cross_entropy else {}
    node = record(lambda *arrays: composite(*arrays), **given, y=y, target=target).result
    assert node.op == composite.__name__
    inside = opened(node)
    assert inside.op != node.op
    assert inside.value.tobytes() == node.value.tobytes()


def test_an_opened_sigmoid_is_written_with_exp() -> None:
    node = record(lambda z: sigmoid(z), z=A).result
    ops, stack = set(), [opened(node)]
    while stack:
        found = stack.pop()
        ops.add(found.op)
        stack += found.operands
    assert ops == {"divide", "add", "exp", "negative", "constant", "input"}


def in_place(a: Any) -> Any:
    a += 1
    return a


REFUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a plain array": (np.asarray, "plain array"),
    "a list of it": (list, "looped over"),
    "a branch": (lambda a: a if a else 2 * a, "branch"),
    "a comparison": (lambda a: a > 0, "np.greater"),
    "in place": (in_place, "write a = a \\+ b"),
    "out=": (lambda a: np.add(a, a, out=np.empty((2, 2))), "out"),
    "where=": (lambda a: np.add(a, a, where=True), "where"),
    "a ufunc's method": (lambda a: np.add.reduce(a), "np.add.reduce"),
    "an unknown ufunc": (np.sin, "np.sin"),
    "an unknown function": (lambda a: np.concatenate([a, a]), "concatenate"),
    "a plain operand on the right": (lambda a: a + np.ones((2, 2)), "plain ndarray"),
    "a plain operand on the left": (lambda a: np.ones((2, 2)) @ a, "plain ndarray"),
    "a text operand": (lambda a: np.add(a, "1"), "plain str"),
    "a sum that loses a dimension": (lambda a: np.sum(a, axis=0), "keep its dimensions"),
    "a sum that is told to lose it": (lambda a: np.sum(a, axis=0, keepdims=False), "keep its dimensions"),
    "a maximum that loses a dimension": (np.max, "keep its dimensions"),
    "a sum from a start": (lambda a: np.sum(a, keepdims=True, initial=1), "keep its dimensions"),
    "an axis counted from the end": (lambda a: np.sum(a, axis=-1, keepdims=True), "axis"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_not_be_shown_is_refused(case: str) -> None:
    function, because = REFUSED[case]
    with pytest.raises(TraceError, match=because):
        record(lambda a: function(a), a=A)


def test_an_input_that_is_not_2d_is_refused_by_name() -> None:
    with pytest.raises(TraceError, match=r"w\.0 has shape \(3,\)"):
        record(lambda w: w, w=[np.zeros(3)])


def test_recording_leaves_the_inputs_as_they_were() -> None:
    before = A.copy()
    record(lambda a: np.exp(a) / np.sum(a, axis=0, keepdims=True), a=A)
    assert A.tobytes() == before.tobytes()


def test_a_given_value_cannot_be_computed_again() -> None:
    with pytest.raises(TraceError, match="given, not computed"):
        Node("input", A, path=("a",)).compute()
    assert isinstance(Traced(Node("input", A), []).T, Traced)
