"""A walk, or one of its values, at a glance: what a notebook shows of it."""

from rnnwalk.model.problem import LONG
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.explain import heading, told
from rnnwalk.views.letter import Letters, compact
from rnnwalk.views.notation import said
from rnnwalk.views.page import Block, Lines, Page, Prose
from rnnwalk.views.summary import summary
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

FEW = 10  # letters of a long text, and numbers of a large value, that are shown


def whole(walk: Walk) -> list[Page]:
    """The letters as a row each, the loss, and what one step of learning did, if there was one."""
    problem, letters = walk.problem, Letters(Blocks(walk))
    name = f"“{problem.title}” through {problem.model.network.cell.A_TITLE}"
    if walk.length > LONG:
        return [Page(name, _beginning(walk))]
    pages = [summary(letters)._replace(title=name)]
    if walk.backward:
        from rnnwalk.views.backward import BackwardPages

        pages.append(Page("One step of learning", BackwardPages(letters).effect()))
    return [said(page, walk.names.course) for page in pages]


def _beginning(walk: Walk) -> list[Block]:
    """The first letters of a long text, and its loss."""
    noun = walk.problem.noun
    loss = f" The loss of all of them is {number(walk.loss)}." if walk.problem.targets else ""
    return [
        compact(walk, range(1, FEW + 1), 6),
        Prose(f"These are the first {FEW} of {walk.length:,} {noun}s.{loss}"),
    ]


def one(walk: Walk, node: Node, at: Index | None = None) -> Page:
    """A value or an element of it: what it is, its equation, its matrices, and its numbers put in."""
    names, blocks = walk.names, Blocks(walk)
    found: list[Block] = [Prose(told(walk, node))]
    if node.op == "input":
        found.append(blocks.given(node))
    elif at is not None:
        found += blocks.derived(node, at)
    else:
        rows, columns = node.shape
        places = [(i // columns, i % columns) for i in range(min(rows * columns, FEW))]
        lines: list[str] = [blocks.derivations[node].line(place) for place in places]
        found += [blocks.formula(node), blocks.equation(node), Lines(lines)]
        if rows * columns > FEW:
            found.append(Prose(f"These are the first {FEW} of its {rows * columns:,} numbers."))
    return said(Page(heading(walk, node, at), found), names.course)
