"""A walk as JSON, for programs: every quantity with its name, shape, formula and exact value."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from rnnwalk.engine.notes import Array
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import json_text
from rnnwalk.model.weight_record import to_record
from rnnwalk.trace.record import Node
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.walk import Walk

FORMAT = 1


def chunks(walk: Walk) -> Iterator[str]:
    """The JSON text piece by piece, a letter at a time; numbers are exact doubles, an infinite one is null."""
    model, problem = walk.problem.model, walk.problem
    own = to_record(model)
    head = {key: value for key, value in own.items() if key not in ("symbols", "target")} | {
        "format": FORMAT,
        "word": _each(problem, lambda one, _: one.word),
    }
    if problem.spoken is not None:
        head["target"] = _each(problem, lambda one, _: one.spoken)
    if model.task.inputs is None:  # numbers are no symbols
        head["symbols"] = model.by
    head |= {"origin": model.origin, "hidden": model.hidden}
    lines = "".join(f"  {json_text(key)}: {json_text(value)},\n" for key, value in head.items())
    yield "{\n" + lines + '  "steps": [\n'
    derivations = walk.derivations
    for letter in range(1, walk.length + 1):
        step = {"letter": letter, **_read(problem, letter)}
        if problem.says(letter):
            step |= _answer(walk, letter)
        step["quantities"] = [_quantity(derivations, node) for node in walk.fields(letter)]
        if walk.backward:
            back = [*walk.fields_back(letter), *walk.weight_grads(letter).values()]
            step["backward"] = [_quantity(derivations, node) for node in back]
        yield "    " + json_text(step) + (",\n" if letter < walk.length else "\n")
    yield "  ],\n"
    if walk.answers_once:
        yield f'  "influence": {json_text(_influence(walk))},\n'
    if walk.backward:
        yield f'  "learning_rate": {json_text(float(walk.names.node["rate"].value[0, 0]))},\n'
        for key, nodes in (("gradients", walk.gradients), ("updated", walk.updated)):
            yield f'  "{key}": ' + json_text([_quantity(derivations, node) for node in nodes.values()]) + ",\n"
    yield f'  "loss": {json_text(_finite(walk.loss))}\n}}\n'


def _each(problem: Problem, tell: Callable[[Problem, int], Any]) -> Any:
    """What is told of the sequence that stands in a column; a list of several, side by side."""
    told = [tell(one, column) for column, one in enumerate(problem.sequences)]
    return told if problem.beside else told[0]


def _read(problem: Problem, letter: int) -> dict[str, Any]:
    """What is read at a letter, a symbol or numbers."""

    def told(one: Problem, _: int) -> Any:
        read = one.symbols[letter - 1]
        return read if one.model.task.inputs is None else _column(one.model.column(read))

    return {"input": _each(problem, told)}


def _answer(walk: Walk, letter: int) -> dict[str, Any]:
    """What is true and what is said after a letter, each a name or numbers; without a target there is no loss."""
    problem, linear = walk.problem, walk.problem.model.task.linear

    def said(_: Problem, column: int) -> Any:
        return _column(walk.at("y", letter).value, column) if linear else walk.prediction(letter, column)

    def true(one: Problem, _: int) -> Any:
        truth = one.truth(letter) or ""
        return _column(one.model.aim(truth)) if linear else truth

    def loss(_: Problem, column: int) -> Any:
        return _finite(float(walk.at("loss", letter).value[0, column]))

    if not problem.targets:
        return {"prediction": _each(problem, said)}
    return {"target": _each(problem, true), "prediction": _each(problem, said), "loss": _each(problem, loss)}


def _influence(walk: Walk) -> dict[str, Any]:
    """Which steps moved the answer: of each what it contributed to its score, and the gradient of that."""
    found = walk.influence
    steps = zip(walk.problem.inputs, found.contributions.tolist(), strict=True)
    return {
        "answer": found.answer,
        "score": _finite(found.score),
        "steps": [
            {"letter": t + 1, "read": read, "contribution": _finite(moved), "gradient": _column(found.gradient, t)}
            for t, (read, moved) in enumerate(steps)
        ],
    }


def _column(values: Array, column: int = 0) -> list[float | None]:
    return [_finite(value) for value in values[:, column].tolist()]


def _quantity(derivations: Derivations, node: Node) -> dict[str, Any]:
    label = derivations.names.labels[node]
    return {
        "name": label.key,
        "symbol": label.symbol,
        "formula": derivations[node].equation,
        "shape": list(node.shape),
        "value": [[_finite(v) for v in row] for row in node.value.tolist()],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
