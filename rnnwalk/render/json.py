"""A walk as JSON, for programs: every quantity with its name, shape, formula and exact value."""

import json
import math
from collections.abc import Iterator
from typing import Any

from rnnwalk.engine.notes import Array
from rnnwalk.model.weightfile import to_record
from rnnwalk.trace.record import Node
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.walk import Walk

FORMAT = 1


def chunks(walk: Walk) -> Iterator[str]:
    """The JSON text piece by piece, a letter at a time; numbers are exact doubles, an infinite one is null."""
    model, problem = walk.problem.model, walk.problem
    head = to_record(model) | {
        "format": FORMAT,
        "word": problem.word,
        "symbols": problem.noun,
        "origin": model.origin,
        "hidden": model.hidden,
    }
    yield "{\n" + "".join(f"  {_line(key)}: {_line(value)},\n" for key, value in head.items()) + '  "steps": [\n'
    derivations = walk.derivations
    for letter in range(1, walk.length + 1):
        read = problem.inputs[letter - 1]
        step: dict[str, Any] = {
            "letter": letter,
            "input": read if model.task.inputs is None else _column(model.column(read)),
        }
        if problem.says(letter):
            step |= _answer(walk, letter)
        step["quantities"] = [_quantity(derivations, node) for node in walk.fields(letter)]
        if walk.backward:
            back = [*walk.fields_back(letter), *walk.weight_grads(letter).values()]
            step["backward"] = [_quantity(derivations, node) for node in back]
        yield "    " + _line(step) + (",\n" if letter < walk.length else "\n")
    yield "  ],\n"
    if walk.backward:
        yield f'  "learning_rate": {_line(float(walk.names.node["rate"].value[0, 0]))},\n'
        for key, nodes in (("gradients", walk.gradients), ("updated", walk.updated)):
            yield f'  "{key}": ' + _line([_quantity(derivations, node) for node in nodes.values()]) + ",\n"
    yield f'  "loss": {_line(_finite(walk.loss))}\n}}\n'


def _answer(walk: Walk, letter: int) -> dict[str, Any]:
    """What is true and what is said after a letter, each a name or numbers; without a target there is no loss."""
    model, truth = walk.problem.model, walk.problem.truth(letter)
    linear = model.task.linear
    said = {"prediction": _column(walk.at("y", letter).value) if linear else walk.prediction(letter)}
    if truth is None:
        return said
    loss = _finite(float(walk.at("loss", letter).value[0, 0]))
    return {"target": _column(model.aim(truth)) if linear else truth, **said, "loss": loss}


def _column(values: Array) -> list[float | None]:
    return [_finite(value) for value in values[:, 0].tolist()]


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


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
