"""Sequence models (numbers in, word vectors, a last output alone, dense layers) against what PyTorch makes of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnwalk.engine.backward import backward, gradients, nothing_after
from rnnwalk.engine.fast.batch import Batch
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.engine.network import forward
from rnnwalk.model.model import Model
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
from rnnwalk.model.problem import Problem
from rnnwalk.model.weight_record import parse
from rnnwalk.trace.differentiate import differentiate
from rnnwalk.walks.walk import Walk

REFERENCE = Path(__file__).parents[1] / "data" / "tasks"
TASKS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(REFERENCE.glob("task-*.json"))}
TRAINED = [(name, run["optimizer"]) for name, task in TASKS.items() for run in task["training"]]


def column(value: Any) -> Any:
    """A matrix of the reference; a list of numbers is a column."""
    array = np.array(value, dtype=np.float64)
    return array if array.ndim == 2 else array.reshape(-1, 1)


def model(task: dict[str, Any]) -> Model:
    record = {key: task[key] for key in ("cell", "form", "output", "head", "inputs", "weights")}
    if task["vocabulary"]:
        record |= {"vocabulary": task["vocabulary"], "symbols": task["symbols"]}
    if task["embedding"] == "frozen":
        record["frozen"] = ["E"]
    return parse(record, "reference", "From the reference.")


def problems(task: dict[str, Any]) -> list[Problem]:
    """Each sequence as a person types it."""

    def typed(steps: list[list[float]]) -> str:
        return " ".join(",".join(map(repr, step)) for step in steps)

    found = []
    for sequence in task["sequences"]:
        words = " ".join(sequence["symbols"]) if "symbols" in sequence else typed(sequence["numbers"])
        true = sequence.get("target")
        target = true if isinstance(true, str) else typed(sequence.get("targets") or [true])
        found.append(pose(words, ModelOptions(weights=model(task)), target))
    return found


@pytest.mark.parametrize("name", TASKS)
def test_every_value_and_gradient_is_pytorchs(name: str) -> None:
    task = TASKS[name]
    for problem, expected in zip(problems(task), task["expected"]["sequences"], strict=True):
        m = problem.model
        xs, targets = problem.columns(problem.inputs), problem.aims(range(1, problem.length + 1))
        run = forward(m.network, m.weights, xs, targets, m.before)
        assert run.loss is not None
        np.testing.assert_allclose(run.loss[0, 0], expected["loss"], rtol=1e-12)
        for letter, step in zip(run.letters, expected["steps"], strict=True):
            made = letter.step._asdict() | {f"dense{i}": layer.a for i, layer in enumerate(letter.head, start=1)}
            made |= letter.output._asdict() if letter.output else {}
            made |= letter.fed._asdict() if letter.fed else {}
            for field in set(step) - {"prediction"}:
                np.testing.assert_allclose(made[field], column(step[field]), rtol=1e-12, atol=1e-15)
        walked = backward(m.network, m.weights, xs, targets, run.letters, m.before, nothing_after(m.before))
        found = {field: grad for field, grad in gradients(walked)._asdict().items() if grad is not None}
        assert set(found) == set(expected["gradient"])
        for field, grad in expected["gradient"].items():
            np.testing.assert_allclose(found[field], column(grad), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", TASKS)
def test_a_recorded_walk_agrees_with_its_own_trace_differentiated(name: str) -> None:
    for problem in problems(TASKS[name]):
        walk = Walk(problem, backward=True)
        errors = differentiate(walk.names.node["loss"])
        for field, node in walk.gradients.items():
            np.testing.assert_allclose(node.value, errors[walk.names.node[field]], rtol=1e-10, atol=1e-14)


def packed(sequences: list[Problem]) -> Batch:
    """Sequences of any lengths in one batch, longest first."""
    order = sorted(sequences, key=lambda problem: -problem.length)
    columns, spans, start = [], list[tuple[int, int]](), 0
    for step in range(order[0].length):
        running = [problem.model.column(problem.inputs[step]) for problem in order if problem.length > step]
        columns += running
        spans.append((start, start + len(running)))
        start += len(running)
    every = order[0].model.task.at == "every"
    letters = range(1, order[0].length + 1) if every else [None]
    aims = [problem.aims([letter or problem.length])[0] for letter in letters for problem in order]
    return Batch(np.hstack(columns), np.hstack(aims), spans)


@pytest.mark.parametrize(("name", "optimiser"), TRAINED)
def test_training_all_sequences_at_once_ends_with_pytorchs_weights(name: str, optimiser: str) -> None:
    (run,) = [run for run in TASKS[name]["training"] if run["optimizer"] == optimiser]
    sequences = problems(TASKS[name])
    m = sequences[0].model
    learner = Learner(m.network, m.weights, m.before, optimiser, run["learning_rate"])
    batch = packed(sequences)
    losses = [learner.step(batch) for _ in range(run["epochs"])]
    np.testing.assert_allclose(losses, run["losses"], rtol=1e-9)
    for field, rows in run["weights"].items():
        np.testing.assert_allclose(getattr(learner.weights, field), column(rows), rtol=1e-9, atol=1e-12)
