"""One number, explained: the tree from a result back to the weights and the one-hot inputs."""

import re
from collections.abc import Callable

from rnnwalk.errors import InputError
from rnnwalk.marked import Marked, joined
from rnnwalk.model.problem import LONG_TEXT, Problem
from rnnwalk.model.symbols import shown
from rnnwalk.text import DIGITS
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.page import Block, Page, Prose, Tree
from rnnwalk.views.sentences import sentence, title
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.walk import Walk

MOST_LINES = 400  # of a tree
MOST_LEVELS = 12  # of a tree whose depth was not asked for

GIVEN = {
    "weight": "weights",
    "input": "one-hot inputs",
    "target": "targets",
    "initial": "initial state",
    "setting": "settings",
    "backward": "from beyond the last {noun}",
}


Where = Callable[[Node, Index], str | None]
"""The cell of the workbook that holds a number, if one does."""


def letters_needed(problem: Problem, quantity: str, depth: int | None) -> range | None:
    """The letters of a long text that a quantity's tree can reach; None for all of them."""
    name = quantity.partition("[")[0].strip().translate(DIGITS)
    if problem.length <= LONG_TEXT:
        return None
    if name in problem.model.weights._asdict():
        return range(1, 2)
    found = re.search(r"^(.*?)_?(\d{1,9})$", name)
    if found is None:
        return None
    letter = int(found[2])
    if letter > problem.length:
        raise InputError(
            f"no quantity '{quantity}': the text has {problem.length} steps, as in {found[1]}_{problem.length}"
        )
    return range(max(1, letter - (MOST_LEVELS if depth is None else depth)), max(1, letter) + 1)


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
    derivations = Derivations(walk.names, digits)
    label = walk.names.labels[node]
    blocks: list[Block] = [Prose(_sentence(walk, node))]
    if at is None:
        blocks.append(Blocks(walk, digits).given(node))
        equation = derivations[node].equation
        rows = [(r, 0) for r in range(node.shape[0])] if node.op != "input" else []
        if equation:
            blocks.append(Prose(equation))
            roots = [(node, place) for place in rows]
            blocks.append(Tree(_tree(derivations, roots, 1 if depth is None else depth, formulas, where)))
            blocks.append(
                Prose(f"Each number back to the weights: explain one element, such as {walk.names.key(node, (0, 0))}.")
            )
    else:
        blocks.append(Tree(_tree(derivations, [(node, at)], depth, formulas, where)))
    return Page(
        f"{walk.names.symbol(node, at)} · {title(walk.names, node)}", blocks, walk.names.key(node, at), label.letter
    )


def _sentence(walk: Walk, node: Node) -> str:
    label, problem = walk.names.labels[node], walk.problem
    text = sentence(walk.names, node)
    if label.group == "weight":
        return f"{text[:1].upper()}{text[1:]}. {problem.model.origin}"
    if not label.letter:
        return text
    return f"At {problem.noun} {label.letter}, “{shown(problem.symbols[label.letter - 1])}”. {text}"


def _tree(
    derivations: Derivations, roots: list[tuple[Node, Index]], depth: int | None, formulas: str, where: Where
) -> list[tuple[int, str]]:
    def cell(node: Node, at: Index, form: str) -> str:
        address = where(node, at)
        return form.format(address) if address else ""

    names, levels = derivations.names, MOST_LEVELS if depth is None else depth
    on: tuple[Node, Index] | None = None  # where the tree was cut
    lines: list[tuple[int, str]] = []
    followed: dict[tuple[Node, Index], bool] = {}  # those told so far: whether down to what they were made from
    stack: list[tuple[int, tuple[Node, Index] | str]] = [(0, root) for root in reversed(roots)]
    while stack:
        level, item = stack.pop()
        if isinstance(item, str):
            lines.append((level, item))
            continue
        node, at = item
        if item in followed and (followed[item] or level >= levels):
            lines.append((level, derivations[node].given(at) + " (made above)"))
            continue
        followed[item] = level < levels
        lines.append((level, derivations[node].line(at, formulas) + cell(node, at, "   [{}]")))
        if len(lines) >= MOST_LINES:
            on = on or item
            break
        if node.op == "input":
            continue
        sources = derivations[node].sources(at)
        computed = [part for part in sources if part[0].op != "input"]
        if level >= levels:
            on = on or (item if computed and depth is None else None)
            continue
        below: list[tuple[int, tuple[Node, Index] | str]] = [(level + 1, part) for part in computed]
        for group, word in GIVEN.items():
            texts = [
                derivations[n].given(i) + cell(n, i, " [{}]")
                for n, i in sources
                if n.op == "input" and names.labels[n].group == group
            ]
            if texts:
                below.append(
                    (level + 1, Marked([(f"{word.format(noun=names.problem.noun)}: ", "")]) + joined(", ", texts))
                )
        stack += reversed(below)
    if on is not None:
        lines.append((0, f"… and further back: rnnwalk explain {names.key(*on)}"))
    return lines
