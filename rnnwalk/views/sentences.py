"""What is said of a quantity: the note of its cell, made true for the model at hand."""

from rnnwalk.trace.expression import parts
from rnnwalk.trace.record import Node
from rnnwalk.walks.walk import Walk

BIAS = ", with the bias"


def title(walk: Walk, node: Node) -> str:
    """The heading of a quantity, such as "What the letter brings"."""
    return _called(walk, walk.names.labels[node].note.title)


def sentence(walk: Walk, node: Node) -> str:
    """What a quantity is, in one sentence (for a weight: why it has its shape)."""
    name, model = walk.names.labels[node], walk.problem.model
    if name.group == "weight" and node.shape == (1, 1) and "n" in name.note.axes and model.hidden > 1:
        return "one number that serves every unit (the article's way)"
    if name.group == "initial" and node.value.any():
        return "The memory to begin with, given together with the weights."
    if model.cell == "rnn" and name.field == "Whh_h":
        before = "The initial hidden state" if name.letter == 1 else "The hidden state of the letter before"
        bias = "" if model.weights.bh is None else ", plus the bias b"
        return _called(walk, f"{before}, weighed by Whh{bias}.")
    if model.form == "logistic" and name.field == "h" and name.group == "forward":
        return _called(walk, "Letter and memory are added, and the logistic function σ squeezes each sum into 0 … 1.")
    if model.form == "logistic" and name.field == "slope":
        return "Where h is near 0 or 1 the curve is flat, and little of the error passes."
    text = name.note.text
    return _called(walk, text if _biased(walk, node) else text.replace(BIAS, ""))


def _biased(walk: Walk, node: Node) -> bool:
    """True if a bias is one of the things that a value is made of."""
    names = [walk.names.labels[part] for part in parts(node, walk.names.labels)]
    return any(name.group == "weight" and name.note.axes == "n1" for name in names)


def _called(walk: Walk, text: str) -> str:
    """The text with its symbols called as the model's are: the letters of a word, or the words of a text."""
    problem = walk.problem
    text = text.replace("the word", f"the {problem.whole}")
    return text.replace("letter", problem.noun).replace("Letter", problem.noun.capitalize())
