"""One number, explained: the tree from a result back to the weights and the one-hot inputs."""

from collections.abc import Callable

from rnnwalk.trace.expression import Expr, Index
from rnnwalk.trace.record import Node
from rnnwalk.views.page import Block, Equation, Matrix, Page, Prose, Tree
from rnnwalk.views.sentences import sentence, title
from rnnwalk.walks.formulas import Formulas
from rnnwalk.walks.labels import Label
from rnnwalk.walks.walk import Walk

MOST_LINES = 400  # of a tree
MOST_LEVELS = 12  # of a tree whose depth was not asked for

GIVEN = {
    "weight": "weights",
    "input": "one-hot inputs",
    "target": "targets",
    "initial": "initial state",
    "setting": "settings",
    "backward": "from beyond the last letter",
}


Where = Callable[[Node, Index], str | None]
"""The cell of the workbook that holds a number, if one does."""


def explain(
    walk: Walk,
    quantity: str,
    *,
    digits: int = 6,
    depth: int | None = None,
    formulas: str = "numbers",
    where: Where = lambda node, at: None,  # noqa: ARG005
) -> Page:
    """How a quantity (``h_2``, ``h_2[3]``, ``loss``) was made.

    depth: how many levels back (None: to the weights, or as far as can be read); where: names the cell of
    the workbook that each number is printed with.

    Raises InputError for an unknown quantity, with the near names.
    """
    node, at = walk.names.find(quantity)
    write = Formulas(walk.names, digits)
    name = walk.names.labels[node]
    blocks: list[Block] = [Prose(_sentence(walk, node))]
    if at is None:
        blocks.append(
            Equation(
                [
                    Matrix(
                        name.symbol,
                        node.value,
                        walk.names.heads(node, 0),
                        walk.names.heads(node, 1),
                        write.digits_of(node),
                    )
                ]
            )
        )
        equation = write.equation(node)
        rows = [(r, 0) for r in range(node.shape[0])] if node.op != "input" else []
        if equation:
            blocks.append(Prose(equation))
            roots = [(node, place) for place in rows]
            blocks.append(Tree(_tree(write, roots, 1 if depth is None else depth, formulas, where)))
            blocks.append(
                Prose(f"Each number back to the weights: explain one element, such as {walk.names.key(node, (0, 0))}.")
            )
    else:
        blocks.append(Tree(_tree(write, [(node, at)], depth, formulas, where)))
    return Page(f"{walk.names.symbol(node, at)} · {title(walk, node)}", blocks, walk.names.key(node, at), name.letter)


def _sentence(walk: Walk, node: Node) -> str:
    name: Label = walk.names.labels[node]
    problem = walk.problem
    text = sentence(walk, node)
    if name.group == "weight":
        return f"{text[:1].upper()}{text[1:]}. {problem.model.origin}"
    if not name.letter:
        return text
    return f"At {problem.noun} {name.letter}, “{problem.inputs[name.letter - 1]}”. {text}"


def _tree(
    write: Formulas, roots: list[tuple[Node, Index]], depth: int | None, formulas: str, where: Where
) -> list[tuple[int, str]]:
    def cell(node: Node, at: Index, form: str) -> str:
        address = where(node, at)
        return form.format(address) if address else ""

    levels = MOST_LEVELS if depth is None else depth
    on: tuple[Node, Index] | None = None  # where the tree was cut
    lines: list[tuple[int, str]] = []
    told: set[tuple[Node, Index]] = set()
    stack: list[tuple[int, tuple[Node, Index] | str]] = [(0, root) for root in reversed(roots)]
    while stack:
        level, item = stack.pop()
        if isinstance(item, str):
            lines.append((level, item))
            continue
        node, at = item
        if item in told:
            lines.append((level, f"{write.names.symbol(node, at)} = {write.result(node, at)} (made above)"))
            continue
        told.add(item)
        lines.append((level, write.line(node, at, formulas) + cell(node, at, "   [{}]")))
        if len(lines) >= MOST_LINES:
            on = on or item
            break
        if node.op == "input":
            continue
        made, given = _parts(write.expr(node, at))
        if level >= levels:
            on = on or (item if made and depth is None else None)
            continue
        below: list[tuple[int, tuple[Node, Index] | str]] = [(level + 1, part) for part in made]
        for group, word in GIVEN.items():
            texts = [
                f"{write.names.symbol(n, i)} = {write.result(n, i)}{cell(n, i, ' [{}]')}"
                for n, i in given
                if write.names.labels[n].group == group
            ]
            if texts:
                below.append((level + 1, f"{word}: {', '.join(texts)}"))
        stack += reversed(below)
    if on is not None:
        lines.append((0, f"… and further back: rnnwalk explain {write.names.key(*on)}"))
    return lines


def _parts(expr: Expr) -> tuple[list[tuple[Node, Index]], list[tuple[Node, Index]]]:
    """The computed and the given elements that a expr is made of; those multiplied by a one-hot 0 are left out."""
    made: list[tuple[Node, Index]] = []
    given: list[tuple[Node, Index]] = []
    stack = [expr]
    while stack:
        expr = stack.pop()
        if expr.op == "leaf" and expr.node is not None and expr.node.op != "constant":
            part = (expr.node, expr.at or (0, 0))
            kind = given if expr.node.op == "input" else made
            if part not in kind:
                kind.append(part)
        if expr.op == "multiply" and any(
            a.node is not None and a.node.path[:1] == ("xs",) and a.value == 0 for a in expr.args
        ):
            continue
        stack += reversed(expr.args)
    return made, given
