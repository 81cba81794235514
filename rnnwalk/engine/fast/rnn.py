"""The plain cell for the learner: its bias does not recur, so it is added once for all letters."""

from rnnwalk.engine.cells import rnn
from rnnwalk.engine.cells.rnn import Weights
from rnnwalk.engine.fast.cell import by_columns
from rnnwalk.engine.functions import plus
from rnnwalk.engine.notes import Array

step, cache, local_grads = rnn.step, rnn.cache, rnn.local_grads
gate_grads, grad_previous_state = rnn.gate_grads, rnn.grad_previous_state
grad_input, weight_grads = rnn.grad_input, rnn.weight_grads


def fits(w: Weights) -> bool:
    """True: it serves all weights."""
    return True


def stack(w: Weights) -> Weights:
    """The weights as they are: a cell without gates has nothing to put on top of each other."""
    return w


def unstack(w: Weights) -> Weights:
    """The weights as they are."""
    return w


def prepare(w: Weights, x: Array) -> tuple[Array, Weights]:
    """What the inputs and the bias bring, (n, N), and the weights for the steps, without the bias."""
    return plus(rnn.project_input(w, x), w.bh), w._replace(bh=None, Whh=by_columns(w.Whh))
