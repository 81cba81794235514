"""What each recorded value is called: ``h₂`` to read, ``h_2`` to type, and what its rows and columns are.

A value is labelled by its path: where it stands among the inputs, whose names the walk chose, or in the result.
"""

from rnnwalk.engine.layers import Fed
from rnnwalk.engine.network import Forward, Network
from rnnwalk.engine.notes import Note, notes
from rnnwalk.trace.record import Path
from rnnwalk.walks.label import Label, dense_label, output_of, timed

SYMBOL = Note("xₜ", "k1", "The {letter}", "One-hot: a column of zeros with a single 1 at the {letter}'s row.")
INPUTS = {
    "symbols": SYMBOL,
    "vectors": SYMBOL._replace(axes="v1"),
    "ranks": Note(
        "xₜ", "k1", "The rank", "The {letter}'s row in the vocabulary, counted from 0, read as if it were a size."
    ),
    "numbers": Note("xₜ", "k1", "The input", "What is read at this time step."),
}
TARGET = Note("targetₜ", "o1", "The true next {letter}", "One-hot, as the inputs are.")
RANKED = TARGET._replace(text="One-hot: a single 1 at the {letter}'s row.")
ANSWER = Note("targetₜ", "o1", "The target", "What the output should be.")


def label_of(path: Path, network: Network, letters: int = 0, first: int = 1) -> Label:
    """The label of a value that stands at a path of a recorded pass over so many letters, from the first one on.

    The inputs are called "weight", "initial", "input" and "target", and what learning has besides as in
    ``backward_labels``.
    """
    head, field, cell = str(path[0]), str(path[-1]), network.cell
    if head == "weight":
        note = notes(network.Weights)[field]
        return Label(field, note.symbol, field, None, "weight", note)
    if head == "initial":
        return timed(field, first - 1, "initial", notes(cell.State)[field])
    if head == "input":
        return timed("x", int(path[1]) + first, head, INPUTS[network.reads])
    if head == "target":  # of one letter, or a list of them
        letter = int(path[1]) + first if len(path) > 1 and network.at == "every" else letters + first - 1
        return timed("target", letter, head, TARGET if network.reads != "ranks" else RANKED)
    if head == "letters":
        letter = int(path[1]) + first
        if path[2] == "head":
            return dense_label(path, network, letter)
        record = {"fed": Fed, "step": cell.Step}.get(str(path[2])) or output_of(network)
        return timed(field, letter, "forward", notes(record)[field])
    if path == ("loss",):
        return Label(field, field, field, None, "forward", notes(Forward)[field])
    from rnnwalk.walks import backward_labels  # a walk without a way back does not need it

    return backward_labels.label_of(path, network, letters)
