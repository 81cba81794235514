"""The record of a walk as a program that a browser runs: its values, how each was made, and what it is called.

The browser knows operations and no cells, so the page works for whatever the engine records.
"""

import json
import math
from typing import Any

from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import split
from rnnwalk.model.text_rules import PADDING
from rnnwalk.model.weight_record import to_record
from rnnwalk.trace.notation import ATOM, MATHS
from rnnwalk.trace.record import Node
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.powers import with_powers
from rnnwalk.walks.walk import Walk

EDITED = ("weight", "initial", "setting")  # groups whose numbers are a person's to change


def program(walk: Walk, digits: int) -> dict[str, Any]:
    """nodes: in the order of the run, whose last is "made" (then the powers of softmax, which may be infinite), each with its shape, what it is called and, if it was made, the operation and the
    numbers of its operands; notation: how operations are written; and what a page asks about the model."""
    names, powers = with_powers(walk)
    derivations = Derivations(names, digits)
    places: dict[Node, int] = {}
    nodes: list[dict[str, Any]] = []
    heads: list[list[str]] = []

    def place(node: Node) -> int:
        if node not in places:  # a constant stands on no tape
            places[node] = len(nodes)
            nodes.append({"constant": True, "shape": [1, 1], "data": [node.value]})
        return places[node]

    def numbered(texts: list[str]) -> int:
        if texts not in heads:
            heads.append(texts)
        return heads.index(texts)

    for node in [*walk.trace.nodes, *powers]:
        made: dict[str, Any] = {"shape": list(node.shape), "data": [finite(v) for v in node.value.ravel().tolist()]}
        if node.op != "input":
            made |= {"op": node.op, "of": [place(operand) for operand in node.operands]}
            if node.settings and "axis" in node.settings:
                made["axis"] = node.settings["axis"]
        if node in names.labels:
            label = names.labels[node]
            made |= {"key": label.key, "symbol": label.symbol, "role": label.role, "binding": names.binding(node)}
            if names.binding(node) < ATOM:  # it is called by its formula
                made["marked"] = names.marked(node)
            made |= {"heads": [numbered(names.heads(node, axis)) for axis in (0, 1)], "group": label.group}
            made |= {"letter": label.letter, "digits": derivations[node].decimals, "field": label.field}
        places[node] = len(nodes)
        nodes.append(made)
    return {
        "nodes": nodes,
        "heads": heads,
        "digits": digits,
        "made": places[walk.trace.nodes[-1]],
        "notation": {op: [rule.binding, list(rule.operands), rule.text] for op, rule in MATHS.items()},
        "updated": {name: places[node] for name, node in walk.updated.items()} if walk.backward else {},
        "edited": list(EDITED),
        "model": about(walk),
    }


def about(walk: Walk) -> dict[str, Any]:
    """What the page asks of the model: symbols, answers, and the file of its weights but for their numbers."""
    problem = walk.problem
    model, file = problem.model, to_record(problem.model)
    shapes = {name: "column" if not isinstance(rows[0], list) else "rows" for name, rows in file["weights"].items()}
    return {
        "file": {key: value for key, value in file.items() if key != "weights"},
        "weights": shapes,
        "vocabulary": walk.names.letters,
        "unheld": [row for row, symbol in enumerate(model.vocabulary) if split(symbol, model.by) != [symbol]],
        "answers": walk.names.answers,
        "reads": model.network.reads,
        "as_typed": as_typed(problem),
        "names_next": problem.given is None and model.task.at == "every",
        "gives_numbers": model.task.linear,
        "noun": problem.noun,
        "words": [one.title for one in problem.sequences],
        "joint": problem.between,
        "between": problem.joint,
        "ends": problem.given is None,
        "every": model.task.at == "every",
        "classes": list(model.task.names) if model.task.names else None,
        "by": model.by if model.task.inputs is None else None,
        "padding": None if model.task.text is None else PADDING,
    }


def as_typed(problem: Problem) -> dict[str, list[str]]:
    """How numbers that are read, or true, were typed, for each word: "2e-3" is to be read as long as it is not changed."""
    task, letters = problem.model.task, range(1, problem.length + 1)
    found: dict[str, list[str]] = {}
    if task.inputs is not None:
        found |= {f"x_{t}": [one.named(one.symbols[t - 1]) for one in problem.sequences] for t in letters}
    if task.linear:
        for t in letters:
            truths = [one.named(text) for one in problem.sequences if (text := one.truth(t)) is not None]
            found |= {f"target_{t}": truths} if truths else {}
    return found


def finite(value: float) -> float | str:
    """A number for JSON, which has no infinity."""
    if math.isfinite(value):
        return int(value) if value == int(value) and abs(value) < 1e15 else value
    return str(value)


def script_json(value: Any) -> str:
    """JSON that may stand in a script: nothing in it ends one."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
