"""The way back, letter by letter from the last: the error, what each letter adds, the gradients, the update."""

from collections.abc import Callable
from functools import partial
from itertools import product

import numpy as np

from rnnwalk.engine.notes import Array, notes, with_axes
from rnnwalk.marked import Marked, joined
from rnnwalk.model.problem import BESIDE
from rnnwalk.text import subscript
from rnnwalk.trace.expression import element
from rnnwalk.trace.record import Node
from rnnwalk.views import sentences
from rnnwalk.views.before_after import before_and_after, updated
from rnnwalk.views.cell import matrices_called
from rnnwalk.views.in_part import peak
from rnnwalk.views.letter import Letters
from rnnwalk.views.live import Live, chosen, reads, sentence
from rnnwalk.views.live import truth as true
from rnnwalk.views.page import Block, Commands, Fitted, LazyPage, Page, Prose, Table
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

ROLES = ("gradient", "weight", "gradient", "", "gradient")  # of the rows of the drawing
DUST = 1e-15  # a move that comes from rounding, as where shares of a gradient cancel


class BackwardPages:
    """Makes the pages of the way back of one walk."""

    def __init__(self, letters: Letters) -> None:
        self.letters = letters
        self.walk: Walk = letters.walk

    def opening(self) -> Page:
        """What a gradient is, and which way the error goes."""
        noun = self.walk.problem.noun
        blocks: list[Block] = [
            Prose(
                "Learning asks of every weight: if it were a little larger, would the loss grow or shrink, and how fast? "
                "The answer is the gradient, ∂L/∂W. It is computed backward, from the loss to the weights: the error "
                "of each number follows from the errors of the numbers that were made from it."
            ),
            Fitted(
                partial(
                    errors,
                    self.walk.length,
                    matrices_called(self.walk.problem.model, "nn"),
                    says=self.walk.problem.says,
                ),
                name=f"The way of the error: from each output to its hidden state, from there to the weights and to the {noun} before",
            ),
            Prose(
                f"The error reaches each hidden state in two ways: from the output of its own {noun} and, through time, from the "
                "next hidden state, which was made from it. This is backpropagation through time (BPTT)."
                if self.walk.problem.model.task.at == "every"
                else f"A single {noun} is read, so its error reaches one hidden state, and no other through time."
                if self.walk.length == 1
                else f"Only the last {noun} has an output. Its error reaches every hidden state before it through time, each from "
                "the next one, which was made from it. This is backpropagation through time (BPTT)."
            ),
        ]
        return Page("The way back", [*blocks, *self._ways()])

    def _ways(self) -> list[Block]:
        """What one step back through time is made of, where it is more than the one matrix in the picture."""
        problem, letter = self.walk.problem, self.walk.length - 1
        found = [self.walk.names.node.get(f"d{part}_time_{letter}") for part in notes(type(problem.model.before))]
        nodes = [node for node in found if node is not None]
        if len(with_axes(type(problem.model.weights), "nn")) < 2 or not nodes:
            return []
        told = f"An arrow to the left stands for all ways through the cell, here from {problem.noun} {letter + 1} to {letter}:"
        return [Prose(told), *(self.letters.blocks.formula(node)._replace(key="") for node in nodes)]

    def letter(self, letter: int) -> list[LazyPage]:
        """The pages of one letter: a step for each quantity, and one for what it adds to the gradients."""
        first = 1 + int(self.letters.steps(letter)[-1][0])
        nodes, grads = self.walk.fields_back(letter), list(self.walk.weight_grads(letter).values())
        pages = [
            self.letters.lazy(letter, str(step), node, partial(self._page, letter, str(step), node))
            for step, node in enumerate(nodes, start=first)
        ]
        step = str(first + len(nodes))
        title = f"{self.letters.who(letter)} · Step {step} · What it adds to each gradient"
        make = partial(self._weight_grads, title, letter, grads)
        return [*pages, self.letters.lazy(letter, step, grads[0], make, title)]

    def totals(self) -> list[LazyPage]:
        """A page for each weight: its gradient, and the weight after one step of learning."""
        made: list[LazyPage] = []
        for weight, node in self.walk.gradients.items():
            title = f"The gradient and the update of {self.walk.names.labels[self.walk.names.node[weight]].symbol}"
            make = partial(self._total, title, node, weight)
            label = self.walk.names.labels[node]
            made.append(LazyPage(title, make, key=label.key, footer=label.symbol))
        return made

    def others(self, last: int) -> Page:
        """The letters that are not shown in full, a row each."""
        noun = self.walk.problem.noun
        span = f"{noun} 1" if last == 1 else f"{noun}s {last} to 1"
        text = f"The same steps, back to the first {noun} (--all shows each {noun} in full)."
        return Page(
            f"The rest of the way back, a row each: {span}", [Prose(text), self.compact(list(range(last, 0, -1)))]
        )

    def compact(self, letters: list[int]) -> Table:
        """Letters as one row each: the error of h from its own output and through time, their sum, and the loss's share."""
        rows, problem = [], self.walk.problem
        for t, (column, one) in product(letters, enumerate(problem.sequences)):
            own, after, whole = (self.walk.names.node.get(f"{field}_{t}") for field in ("dh_own", "dh_time", "dh"))
            parts = [own, after, whole or after]
            texts = ["" if node is None else self._column(node, column) for node in parts]
            which = str(column + 1) if problem.beside else ""
            rows.append(["" if column else str(t), which, reads(one.named(one.inputs[t - 1]), t, column), *texts])
        table = Table(
            ["t", problem.whole, "reads", "∂L/∂h: own output", "through time", "≈ sum"],
            rows,
            frozenset({0, 1}),
            roles=("", "", "input", *["gradient"] * 3),
            lists=frozenset({3, 4, 5}),
            name=f"The error of each hidden state, a row for each {problem.noun}",
        )
        return table if problem.beside else table.without({1})

    def _column(self, node: Node, column: int) -> Marked:
        """The first numbers of an error, each with room for its sign."""
        key, most = self.walk.names.labels[node].key, 3
        found = [number(float(value), most) for value in node.value[:, column]]
        signed = [text if text.startswith("-") else f" {text}" for text in found]  # a minus sign moves no column
        values = [Live(text, "signed", key, row, column, most) for row, text in enumerate(signed)]
        if len(values) <= most:
            return joined("  ", values)
        return sentence(joined("  ", values[:2]), f" … ({len(values)})")

    def end(self, commands: tuple[str, ...]) -> Page:
        """All the weights have been changed: what that did to the word, and how to go on."""
        blocks: list[Block] = [
            self.compact(list(range(self.walk.length, 0, -1)))
            if self.walk.length <= 40
            else Prose("The errors of a long text are in --json."),
            Prose(self._moved()),
            *self.effect(),
        ]
        if commands:
            blocks += [Prose("What next?"), Commands(list(commands))]
        return Page("One step of learning", blocks)

    def effect(self) -> list[Block]:
        """What the update did: the same equations once more, with the new weights; and which weight moved most."""
        digits = self.letters.blocks.digits
        *told, loss = before_and_after(self.walk.problem, updated(self.walk), digits)
        assert isinstance(loss, Prose)
        most = Live(self._moved_most(), "moved most", digits)
        if most:
            return [*told, loss, Prose(most)]
        later = chosen(False, ("a weight moved",), sentence(" ", most))  # what a page says once a change lets one move
        return [*told, Prose(sentence(loss.text, later))]

    def _changes(self) -> dict[str, Array]:
        """How far the update moved each number of the weights."""
        node = self.walk.names.node
        return {name: np.abs(new.value - node[name].value) for name, new in self.walk.updated.items()}

    def _moved(self) -> Live:
        """Which weights the update moved: all, those that have a gradient, or none."""
        whole = self.walk.problem.whole
        again = f"Training repeats this, {whole} after {whole}, until the loss is small."
        moved = [change != 0 for change in self._changes().values()]
        some = chosen(
            any(map(np.any, moved)),
            ("a weight moved",),
            "One step of learning is done: each weight whose gradient is not 0 moved against it, scaled by η, the "
            f"learning rate; the others stayed where they were. {again}",
            "One step of learning is done, but no weight moved: η times each gradient is 0, or too small to change a weight.",
        )
        every = (
            "One step of learning is done: every weight moved against its gradient, scaled by η, the learning rate. "
            f"{again}"
        )
        return chosen(all(map(np.all, moved)), ("every weight moved",), every, some)

    def _moved_most(self) -> str:
        """The weight that moved most, empty where none did."""
        names, digits, moved = self.walk.names, self.letters.blocks.digits, self._changes()
        tops = np.array([[change.max() for change in moved.values()]])
        most = [*moved][peak(tops)[1]]
        at = peak(moved[most])
        old, new = (number(element(node, at), digits) for node in (names.node[most], self.walk.updated[most]))
        change = float(moved[most][at])
        if change <= DUST:
            return ""
        by = f"by {change:.2e}" if old == new else f"from {old} to {new}"
        return f"The weight that moved most is {names.symbol(names.node[most], at)}: {by}."

    def _page(self, letter: int, step: str, node: Node) -> Page:
        label, names = self.walk.names.labels[node], self.walk.names
        lead: str = ""
        if label.field == "dy":
            problem = self.walk.problem
            told = [true(one.expected(letter), letter, column) for column, one in enumerate(problem.sequences)]
            lead = sentence(f"Back to {problem.noun} {letter}: the truth was “", joined(BESIDE, told), "”. ")
        if node.op == "input":  # nothing arrives from beyond the last letter
            blocks: list[Block] = [self.letters.blocks.given(node)]
        else:
            blocks = self.letters.blocks.derived(node)
        text = Prose(sentence(lead, sentences.sentence(names, node)))
        return Page(self.letters.title(letter, step, node), [text, *blocks], label.key, letter)

    def _weight_grads(self, title: str, letter: int, nodes: list[Node]) -> Page:
        noun, together = self.walk.problem.noun, sentences.summed(self.walk.names, nodes[0])
        beside = f" {together}" if together else ""
        blocks: list[Block] = [
            Prose(
                f"Every {noun} used the same weights, so each adds its share. A share is an error times what the weight was "
                f"multiplied by: a column times a row gives a whole matrix.{beside}"
            )
        ]
        for node in nodes:
            aside = sentences.aside(self.walk.names, node)
            derived = self.letters.blocks.derived(node, by=node)  # of a letter's own column, where the others are 0
            blocks += [*derived, *([Prose(aside)] if aside else [])]
        return Page(title, blocks, self.walk.names.labels[nodes[0]].key, letter)

    def _total(self, title: str, node: Node, weight: str) -> Page:
        names, blocks = self.walk.names, self.letters.blocks
        new = self.walk.updated[weight]
        made: list[Block] = [Prose(sentences.sentence(names, node)), *blocks.derived(node, by=node)]
        made += [Prose(sentences.sentence(names, new)), *blocks.derived(new, by=node)]
        moves = Live(_moves(node), "moves", names.labels[node].key)
        made.append(
            Prose(sentence("Where ∂L/∂W is positive the weight goes down, where it is negative, up: ", moves, "."))
        )
        return Page(title, made, names.labels[node].key)


def errors(
    length: int,
    memory: str,
    columns: int,
    spelled: Callable[[str], str],
    says: Callable[[int], bool] = lambda _: True,
) -> list[str]:
    """The way of the error through the unrolled network, as text; what does not fit loses its middle.

    memory: what the matrices that read the hidden state are called; says: whether a letter has an output.
    """
    joint = spelled(f" ←{memory}ᵀ─ ")
    for drawn in range(min(length, columns // 10 + 1), 0, -1):
        letters = list(range(1, length + 1)) if drawn == length else [*range(1, drawn), None, length]
        rows: list[list[str]] = [[] for _ in ROLES]
        for t in letters:
            sub = "" if t is None else subscript(t)
            top = [f"∂L/∂y{sub}", "↓ Whyᵀ"] if t and says(t) else ["", ""]
            texts = [*top, f"∂L/∂h{sub}", "↓ xᵀ, hᵀ", "∂L/∂W +="] if t else ["", "", "…", "", ""]
            pieces = [spelled(text) for text in texts]
            for row, piece in zip(rows, pieces, strict=True):
                row.append(piece.ljust(max(map(len, pieces))))
        lines: list[str] = []
        for i, (row, role) in enumerate(zip(rows, ROLES, strict=True)):
            *others, last = [(piece, role) for piece in row]
            between = (joint, "weight") if i == 2 else (" " * len(joint), "")
            parts = [("  ", ""), *(part for piece in others for part in (piece, between)), (last[0].rstrip(), role)]
            lines.append(Marked(parts))
        if max(map(len, lines)) <= columns:
            break
    return lines


def _moves(node: Node) -> str:
    up, down = int(np.sum(node.value < 0)), int(np.sum(node.value > 0))
    still = node.value.size - up - down
    return f"{down} down, {up} up" + (f", {still} not at all (∂L/∂W is 0)" if still else "")
