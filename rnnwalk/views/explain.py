"""One number, explained: the tree from a result back to the weights and the inputs."""

import re
from collections.abc import Callable

import numpy as np

from rnnwalk.errors import InputError
from rnnwalk.marked import Marked, joined
from rnnwalk.model.problem import Problem
from rnnwalk.text import DIGITS, count, in_words
from rnnwalk.trace.expression import Index
from rnnwalk.trace.notation import ATOM
from rnnwalk.trace.record import Node
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.in_part import elements, matters
from rnnwalk.views.notation import said
from rnnwalk.views.page import Block, Page, Prose, Table, Tree
from rnnwalk.views.sentences import sentence, title
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

MOST_LINES = 400  # of a tree
MOST_READ = 40  # lines of a page whose depth was not asked for
MOST_LEVELS = 12  # of a tree whose depth was not asked for
GAPPED = " more)"  # where terms of a sum are counted
LARGEST = 10  # losses of a long text that are shown

GIVEN = {
    "weight": "weights",
    "input": "inputs",
    "target": "targets",
    "initial": "initial state",
    "setting": "settings",
    "backward": "from beyond the last {noun}",
}


Where = Callable[[Node, Index], str | None]
"""The cell of the workbook that holds a number, if one does."""


def letters_needed(problem: Problem, quantity: str, depth: int | None) -> range | None:
    """The letters of a long text that a quantity's tree can reach; None for all of them. Raises InputError."""
    name = _name(quantity)
    if not problem.long:
        return None
    if name in problem.model.weights._asdict():
        return range(1, 2)
    found = re.search(r"^(.*?)_?(\d{1,9})$", name)
    if found is None:  # what belongs to no letter: known, or refused, before the text is read
        Walk(problem.begun(2), backward=True).names.find(quantity)
        return range(1, 2)
    letter = int(found[2])
    if letter > problem.length:
        raise InputError(
            f"no quantity '{quantity}': the text has {problem.length} time steps, as in {found[1]}_{problem.length}"
        )
    return range(max(1, letter - (MOST_LEVELS if depth is None else depth)), max(1, letter) + 1)


def knows(walk: Walk, quantity: str) -> bool:
    """Whether this walk can explain a quantity, or the way back is needed."""
    return walk.names.knows(quantity) or sums_a_long_text(walk, quantity)


def explain(
    walk: Walk,
    quantity: str,
    *,
    digits: int = 6,
    depth: int | None = None,
    formulas: str = "numbers",
    where: Where = lambda node, at: None,  # noqa: ARG005
    fits: Callable[[Page], bool] = lambda page: True,  # noqa: ARG005
) -> Page:
    """How a quantity (``h_2``, ``h_2[3]``, ``loss``) was made.

    depth: how many levels back (None: as many as fit, at most to the weights); where: names the cell of
    the workbook that each number is printed with; fits: whether a page can be read at a glance.

    Raises InputError for an unknown quantity, with the near names.
    """
    if sums_a_long_text(walk, quantity):
        return _largest_losses(walk, digits)
    node, at = walk.names.find(quantity)
    derivations = Derivations(walk.names, digits)
    head: list[Block] = [Prose(told(walk, node))]
    if at is None:
        head.append(Blocks(walk, digits).given(node, matters(walk, node)))
        if derivations[node].equation:
            head.append(Prose(derivations[node].equation))
    roots = [(node, place) for place in (elements(walk, node) if at is None else [at])]
    if at is None and node.op == "input":
        roots = []
    if at is None and roots and node.shape[1] > 1:
        name = walk.names.heads(node, 1)[roots[0][1][1]]
        column = name if name.isdigit() else f"“{name}”"
        one = f"column {column}, one of {in_words(node.shape[1])}"
        head.append(Prose(f"This is how {one}, was made; the others were made in the same way."))

    def page(levels: int, most: int = MOST_LINES) -> tuple[Page, bool]:
        """The page with so many levels and lines of the tree, and whether these are all."""
        lines, left, cut = _tree(derivations, roots, levels, most, formulas, where)
        blocks = [*head, *([Tree(lines)] if lines else [])]
        if any(GAPPED in text for _, text in lines):
            blocks.append(Prose("Of a long sum the largest terms are written out, and the others counted."))
        if cut is not None and depth is None:
            rest = f"; {count(cut, 'part')} {'is' if cut == 1 else 'are'} left out" if cut else ""
            after = count(len(lines), "number")
            blocks.append(Prose(f"The tree is cut after {after}{rest}: --depth {max(levels, 1)} shows more."))
        elif left and depth is None and at is not None:
            shown = f"{in_words(levels)} level{'s' * (levels != 1)}".capitalize()
            more = f"--depth {levels + 1} goes further back, or explain a part of it, such as {_called(walk, *left)}."
            blocks.append(Prose(f"{shown} of the tree: {more}"))
        elif at is None and lines:
            example = _called(walk, *_with_symbol(walk, *roots[0]))
            blocks.append(Prose(f"Each number back to the weights: explain one element, such as {example}."))
        if place := next((place for place in (where(*root) for root in roots) if place), None):
            command = f"rnnwalk export{' --backward' if walk.backward else ''}"
            blocks.append(Prose(f"[{place}] is its cell in the workbook that {command} writes."))
        letter = walk.names.labels[node].letter
        made = Page(heading(walk, node, at), blocks, walk.names.key(node, at), letter)
        return said(made, walk.names.course), left is None and cut is None

    if depth is not None:
        return page(depth)[0]
    levels, most = 1, MOST_LINES
    found, whole = page(levels)
    if at is None and not fits(found):
        levels = 0
        found, whole = page(levels)
    while most > 1 and not fits(found):  # a broad one: the first of its lines
        most = (
            min(most, len([line for block in found.blocks if isinstance(block, Tree) for line in block.lines])) * 3 // 4
        )
        found, whole = page(levels, max(most, 1))
    while not whole and at is not None and levels < MOST_LEVELS and most == MOST_LINES:
        levels += 1
        deeper, whole = page(levels)
        if not fits(deeper):
            break
        found = deeper
    return found


def _name(quantity: str) -> str:
    return quantity.partition("[")[0].strip().translate(DIGITS)


def sums_a_long_text(walk: Walk, quantity: str) -> bool:
    """Whether a quantity is the loss of a text that was not recorded whole: it has no tree."""
    return not walk.complete and _name(quantity) == "loss"


def _largest_losses(walk: Walk, digits: int) -> Page:
    """The loss of a long text: not its thousands of terms, but those that matter most."""
    problem, losses = walk.problem, walk.outline.losses
    letters = np.argsort(-losses, kind="stable")[:LARGEST].tolist()
    rows = [
        [
            str(t + 1),
            problem.named(problem.inputs[t]),
            problem.named(problem.targets[t]),
            number(float(losses[t]), digits),
        ]
        for t in letters
    ]
    blocks: list[Block] = [
        Prose(f"The losses of all {walk.length} {problem.noun}s, added up: {number(walk.loss, digits)}. The largest:"),
        Table(["t", "reads", "truth", "loss"], rows, frozenset({0, 3})),
        Prose(f"One of them back to the weights: rnnwalk explain loss_{letters[0] + 1}."),
    ]
    return Page("loss · The loss", blocks, "loss")


def heading(walk: Walk, node: Node, at: Index | None) -> str:
    """h₂[1] · The new hidden state."""
    return f"{walk.names.symbol(node, at)} · {title(walk.names, node)}"


def told(walk: Walk, node: Node) -> str:
    """What a value is, and when it is read."""
    label, problem = walk.names.labels[node], walk.problem
    text = sentence(walk.names, node)
    if label.group == "weight":
        return f"{text[:1].upper()}{text[1:]}. {problem.model.origin}"
    if not label.letter:
        return text
    return f"At {problem.noun} {label.letter}, “{problem.seen(label.letter)}”. {text}"


def _tree(
    derivations: Derivations,
    roots: list[tuple[Node, Index]],
    levels: int,
    most: int,
    formulas: str,
    where: Where,
) -> tuple[list[tuple[int, str]], tuple[Node, Index] | None, int | None]:
    """The lines of a tree, a number whose making is a level too deep, and where lines were cut off, how many parts of those
    that are told are not."""

    def cell(node: Node, at: Index, form: str) -> str:
        address = where(node, at)
        return form.format(address) if address else ""

    names = derivations.names
    left: tuple[Node, Index] | None = None
    further: tuple[Node, Index] | None = None
    lines: list[tuple[int, str]] = []
    followed: dict[tuple[Node, Index], bool] = {}  # those told so far: whether down to what they were made from
    stack: list[tuple[int, tuple[Node, Index] | str]] = [(0, root) for root in reversed(roots)]
    while stack:
        if len(lines) >= most:
            return lines, further or left, sum(not isinstance(item, str) for _, item in stack)
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
        if node.op == "input":
            continue
        sources = derivations[node].sources(at)
        computed = [part for part in sources if part[0].op != "input"]
        if level >= levels:
            left, further = left or item, further or (item if computed else None)
            continue
        below: list[tuple[int, tuple[Node, Index] | str]] = [(level + 1, part) for part in computed]
        for group, word in GIVEN.items():
            given = [part for part in sources if part[0].op == "input" and names.labels[part[0]].group == group]
            if given:
                texts = [derivations[n].given(i) + cell(n, i, " [{}]") for n, i in given]
                typed = group == "input" and not names.one_hot(given[0][0])
                told = "inputs" if typed else word.format(noun=names.problem.noun)
                below.append((level + 1, Marked([(f"{told}: ", "")]) + joined(", ", texts)))
        stack += reversed(below)
    return lines, further or left, None


def _called(walk: Walk, node: Node, at: Index) -> str:
    """What to ask for a number by: its symbol in another notation, where that is one that can be asked for."""
    names = walk.names
    return names.symbol(node, at) if names.course and names.binding(node) == ATOM else names.key(node, at)


def _with_symbol(walk: Walk, node: Node, at: Index) -> tuple[Node, Index]:
    """An element to ask for by a name that stands on the page before: what is called by its formula has none, so it is
    one of what is made of it."""
    names = walk.names
    while names.binding(node) != ATOM and (made := next((n for n in names.labels if node in names.parts(n)), None)):
        node, at = made, at if made.shape == node.shape else (0, 0)
    return node, at
