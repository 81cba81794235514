"""The way back, letter by letter from the last: the error, what each letter adds, the gradients, the update."""

from collections.abc import Callable
from functools import partial

import numpy as np

from rnnwalk.model.symbols import shown
from rnnwalk.trace.record import Node
from rnnwalk.views import sentences
from rnnwalk.views.letter import Letters
from rnnwalk.views.page import Block, Fitted, Lines, Page, Prose, Table
from rnnwalk.walks.labels import subscript
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

Derivation = tuple[str, int | None, str, Callable[[], Page]]  # title, letter, key, and what makes the page


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
                "The answer is the gradient, ∂L/∂W. It is found from the back: each number's share of the loss follows "
                "from the shares of the numbers that were made from it."
            ),
            Fitted(partial(errors, self.walk.length, "Whh" if self.walk.problem.model.cell == "rnn" else "Wh…")),
            Prose(
                f"Each hidden state is charged twice: for its own {noun}'s output, and, through time, for the next hidden "
                "state, which remembered it. This is backpropagation through time (BPTT)."
            ),
        ]
        return Page("The way back", blocks)

    def letter(self, letter: int) -> list[Derivation]:
        """The pages of one letter: a step for each quantity, and one for its shares in the gradients."""
        nodes = self.walk.fields_back(letter)
        weights = len([node for node in self.walk.trace.result.backward[letter - 1].shares if node is not None])
        first = 1 + max(step for step, _ in self.letters.steps(letter))
        made: list[Derivation] = []
        for step, node in enumerate(nodes[:-weights], start=first):
            name = self.walk.names.labels[node]
            made.append((self.letters.title(letter, step, node), letter, name.key, self._page(letter, step, node)))
        step = first + len(nodes) - weights
        title = f"{self.letters.who(letter)} · Step {step} · What it adds to each gradient"
        key = self.walk.names.labels[nodes[-weights]].key
        return [*made, (title, letter, key, lambda: self._shares(title, letter, nodes[-weights:]))]

    def totals(self) -> list[Derivation]:
        """A page for each weight: its gradient, and the weight after one step of learning."""
        made: list[Derivation] = []
        for weight, node in self.walk.gradients.items():
            title = f"The gradient and the update of {self.walk.names.labels[self.walk.names.node[weight]].symbol}"
            key = self.walk.names.labels[node].key
            made.append((title, None, key, partial(self._total, title, node, weight)))
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
        rows = []
        for t in letters:
            parts = [self.walk.at(field, t) for field in ("dh_own", "dh_time", "dh")]
            rows.append([str(t), shown(self.walk.problem.inputs[t - 1]), *[_column(node) for node in parts]])
        return Table(["t", "read", "∂L/∂h: own output", "through time", "sum"], rows, frozenset({0}))

    def end(self, commands: tuple[str, ...]) -> Page:
        """All the weights have been changed: how to check it, and how to go on."""
        whole = self.walk.problem.whole
        blocks: list[Block] = [
            self.compact(list(range(self.walk.length, 0, -1)))
            if self.walk.length <= 40
            else Prose("The errors of a long text are in --json."),
            Prose(
                "One step of learning is done: every weight went against its gradient, as far as the learning rate η says. "
                f"Training repeats this, {whole} after {whole}, until the loss is small."
            ),
        ]
        if commands:
            blocks += [Prose("What next?"), Lines(list(commands))]
        return Page("One step of learning", blocks)

    def _page(self, letter: int, step: int, node: Node) -> Callable[[], Page]:
        def page() -> Page:
            name = self.walk.names.labels[node]
            lead = ""
            if name.field == "dy":
                symbol = shown(self.walk.problem.targets[letter - 1])
                lead = f"Back to {self.walk.problem.noun} {letter}: the truth was “{symbol}”. "
            if node.op == "input":  # nothing arrives from beyond the last letter
                blocks: list[Block] = [self.letters.made.given(node)]
            else:
                blocks = self.letters.made.blocks(node)
            return Page(
                self.letters.title(letter, step, node),
                [Prose(lead + sentences.sentence(self.walk, node)), *blocks],
                name.key,
                letter,
            )

        return page

    def _shares(self, title: str, letter: int, nodes: list[Node]) -> Page:
        noun = self.walk.problem.noun
        blocks: list[Block] = [
            Prose(
                f"Every {noun} used the same weights, so each adds its share. A share is an error times what the weight was "
                "multiplied with: a column times a row gives a whole matrix."
            )
        ]
        for node in nodes:
            extra = self.walk.names.labels[node].note.text.partition(". ")[2]
            blocks += [*self.letters.made.blocks(node), *([Prose(extra)] if extra else [])]
        return Page(title, blocks, self.walk.names.labels[nodes[0]].key, letter)

    def _total(self, title: str, node: Node, weight: str) -> Page:
        names = self.walk.names
        at = _largest(node)
        new = self.walk.updated[weight]
        blocks: list[Block] = [Prose(names.labels[node].note.text)]
        blocks += self.letters.made.blocks(node, at)
        blocks += [Prose(names.labels[new].note.text), *self.letters.made.blocks(new, at)]
        blocks.append(Prose(f"Where ∂L/∂W is positive the weight goes down, where it is negative, up: {_moves(node)}."))
        return Page(title, blocks, names.labels[node].key)


def errors(length: int, memory: str, columns: int, spelled: Callable[[str], str]) -> list[str]:
    """The way of the error through the unrolled network, as text; what does not fit loses its middle.

    memory: what the matrices that read the hidden state are called.
    """
    joint = spelled(f" ←{memory}ᵀ─ ")
    for drawn in range(min(length, columns // 10 + 1), 0, -1):
        letters = list(range(1, length + 1)) if drawn == length else [*range(1, drawn), None, length]
        rows: list[list[str]] = [[], [], [], [], []]
        for t in letters:
            sub = "" if t is None else subscript(t)
            texts = [f"∂L/∂y{sub}", "↓ Whyᵀ", f"∂L/∂h{sub}", "↓ xᵀ, hᵀ", "∂L/∂W +="] if t else ["", "", "…", "", ""]
            pieces = [spelled(text) for text in texts]
            for row, piece in zip(rows, pieces, strict=True):
                row.append(piece.ljust(max(map(len, pieces))))
        joints = [joint if i == 2 else " " * len(joint) for i in range(len(rows))]
        lines = [("  " + between.join(row)).rstrip() for row, between in zip(rows, joints, strict=True)]
        if max(map(len, lines)) <= columns:
            break
    return lines


def _column(node: Node) -> str:
    values = [number(float(v), 3) for v in node.value[:, 0]]
    return "  ".join(values) if len(values) <= 3 else f"{values[0]}  {values[1]} … ({len(values)})"


def _largest(node: Node) -> tuple[int, int]:
    r, c = np.unravel_index(int(np.argmax(np.abs(node.value))), node.shape)
    return int(r), int(c)


def _moves(node: Node) -> str:
    up, down = int(np.sum(node.value < 0)), int(np.sum(node.value > 0))
    still = node.value.size - up - down
    return f"{down} down, {up} up" + (f", {still} stay (nothing depended on them)" if still else "")
