"""The opening of a walk: the unrolled network, the letters as columns, the weights and their shapes."""

from functools import partial

from rnnwalk.text import count, size, with_article
from rnnwalk.trace.record import Node
from rnnwalk.views import questions
from rnnwalk.views.cell import equations
from rnnwalk.views.in_part import matters
from rnnwalk.views.inputs import letters
from rnnwalk.views.live import recorded, sentence
from rnnwalk.views.network import network
from rnnwalk.views.page import Block, LazyPage, Matrices, Matrix, Page, Prose, Table
from rnnwalk.views.sentences import sentence as what
from rnnwalk.views.sentences import title
from rnnwalk.views.weights import frozen
from rnnwalk.walks.long_sums import LONG
from rnnwalk.walks.numbers import decimals
from rnnwalk.walks.walk import Walk


def opening(walk: Walk, digits: int) -> list[LazyPage]:
    """The pages before the first letter; the article's own steps need no page of equations."""
    stepwise = walk.problem.model.network.cell.ARTICLE_STEPS
    equations_page = [] if stepwise else [LazyPage("The cell", partial(equations, walk, digits))]
    return [
        LazyPage("The network, unrolled", partial(network, walk, digits)),
        LazyPage(
            f"The {walk.problem.noun}s as numbers" if walk.problem.model.task.inputs is None else "The numbers",
            partial(letters, walk),
        ),
        *equations_page,
        LazyPage("The weights and their shapes", partial(shapes, walk)),
        LazyPage("The weights", partial(weights, walk, digits)),
    ]


def shapes(walk: Walk) -> Page:
    """Each weight with its shape, why it has that shape, and its number of parameters."""
    model = walk.problem.model
    rows = []
    for node in _weights(walk):
        note = walk.names.labels[node].note
        why = f"{title(walk.names, node)}: {what(walk.names, node)}"
        rows.append([note.symbol, size(node.shape), str(node.value.size), why])
    rows.append(
        ["", "", str(model.parameters), f"numbers to be learned, whatever the length of the text{frozen(model)}"]
    )
    first = _weights(walk)[0]
    height, width = first.shape
    blocks: list[Block] = [
        Prose(
            f"A matrix turns one column of numbers into another: {with_article(size(first.shape))} matrix ({count(height, 'row')}, "
            f"{count(width, 'column')}) makes {count(height, 'number')} out of {width}."
        ),
        Table(
            ["weight", "shape", "numbers", "why that shape"],
            rows,
            frozenset({1, 2}),
            roles=("weight", "", "", ""),
            name="The weights and their shapes",
        ),
        *questions.shapes(model),
    ]
    return Page("The weights and their shapes", blocks)


def weights(walk: Walk, digits: int) -> Page:
    """The weights themselves: columns headed by letters, rows by hidden unit."""
    names, model = walk.names, walk.problem.model
    long = f" Of each matrix product, or other sum, of more than {LONG} terms the largest are written out, and the others counted."
    blocks: list[Block] = [
        Prose(
            sentence(
                recorded(model.origin),
                " Above each column stands what it is multiplied by, before each row what it gives.",
            )
        ),
        Prose(
            f"Numbers are shown with at most {count(digits, 'decimal')}, but computed in full: where the rounding shows, ≈ stands for =, "
            f"and in a matrix the last decimal may seem off by one.{long if any(max(node.shape) > LONG for node in _weights(walk)) else ''}"
        ),
    ]
    drawn = [
        Matrix(
            names.labels[node].symbol,
            node.value,
            names.heads(node, 0),
            names.heads(node, 1),
            decimals(node, digits),
            names.labels[node].role,
            key=names.labels[node].key,
            picked=matters(walk, node),
        )
        for node in _weights(walk)
    ]
    blocks.append(Matrices(drawn))
    return Page("The weights", blocks)


def _weights(walk: Walk) -> list[Node]:
    """The weights that the model has, in the order of its cell."""
    return [walk.names.node[name] for name, w in walk.problem.model.weights._asdict().items() if w is not None]
