"""What is said of a quantity: the note of its cell, in words that are true of the problem at hand."""

from rnnwalk.engine.notes import Context
from rnnwalk.model.problem import Problem
from rnnwalk.trace.record import Node
from rnnwalk.walks.names import Names


def about(problem: Problem) -> Context:
    """What is true of everything in a problem."""
    model = problem.model
    scored = "number" if model.task.linear else "symbol" if model.task.names is None else "class"
    below = "last dense layer" if model.task.head else "hidden state"
    return Context(
        problem.noun,
        problem.together,
        model.form,
        reads=model.network.reads,
        scored=scored,
        below=below,
        at=model.task.at,
        its="their" if problem.beside else "its",
    )


def title(names: Names, node: Node) -> str:
    """The heading of a quantity, such as "What the letter brings"."""
    return names.labels[node].note.heading(about(names.problem))


def sentence(names: Names, node: Node) -> str:
    """What a quantity is, in plain sentences (for a weight: why it has its shape)."""
    label = names.labels[node]
    if label.group == "weight" and one_for_all(names, node):
        return "one number shared by all units (the article's way)"
    if label.group == "initial" and node.value.any():
        return "The memory at the start, given with the weights."
    return " ".join(filter(None, [label.note.sentence(context(names, node)), summed(names, node), aside(names, node)]))


def aside(names: Names, node: Node) -> str:
    """What is to be added for a gradient of one number that serves all units; else nothing."""
    label = names.labels[node]
    summed = label.weight and label.group in ("backward", "gradient")
    return (
        "All hidden units share this number, so its gradient is one sum over all of them."
        if summed and one_for_all(names, node)
        else ""
    )


def summed(names: Names, node: Node) -> str:
    """What is to be added for what several words beside each other have in common: it is a sum over their columns."""
    label, problem = names.labels[node], names.problem
    together = label.key == "loss" or (label.weight and label.group == "backward")
    return f"It is summed over the {problem.together}, a column each." if problem.beside and together else ""


def one_for_all(names: Names, node: Node) -> bool:
    """True for a single number that serves several hidden units."""
    return node.shape == (1, 1) and "n" in names.labels[node].note.axes and names.problem.model.hidden > 1


def context(names: Names, node: Node) -> Context:
    """What is true of a quantity: how its symbols are called, which form it is of, whether it has a bias."""
    problem, labels = names.problem, names.labels
    parts = [labels[part] for part in names.parts(node)]
    biased = any(part.group == "weight" and part.note.axes in ("n1", "o1") for part in parts)
    first = labels[node].letter == 1
    return about(problem)._replace(first=first, biased=biased)
