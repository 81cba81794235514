"""One letter, step by step: the article's seven steps, each on a page."""

from collections.abc import Callable, Iterable
from functools import partial

from rnnwalk.model.symbols import shown
from rnnwalk.text import subscript
from rnnwalk.trace.record import Node
from rnnwalk.views import questions, sentences
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.memory import shaded
from rnnwalk.views.page import LazyPage, Page, Prose, Table
from rnnwalk.views.softmax import softmax
from rnnwalk.walks.numbers import number, percent
from rnnwalk.walks.walk import Walk

WITH_P = ("m", "e", "S", "loss")  # what the step of p shows, too


class Letters:
    """Makes the pages of the letters of one walk."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.walk = blocks.walk

    def steps(self, letter: int) -> list[tuple[int, Node]]:
        """The numbered steps of a letter with the node that each makes; the softmax is one step, its p."""
        names = self.walk.names
        nodes = [node for node in self.walk.fields(letter) if names.labels[node].field not in WITH_P]
        numbers = self.walk.problem.model.network.cell.ARTICLE_STEPS
        if not numbers:
            return list(enumerate(nodes, start=1))
        return [(numbers[names.labels[node].field][letter > 1], node) for node in nodes]

    def pages(self, letter: int, only: int | None = None) -> list[LazyPage]:
        """The pages of a letter, or that of one step alone, which may be called by its number at the first letter."""
        numbers = self.walk.problem.model.network.cell.ARTICLE_STEPS.values()
        if letter > 1:
            only = next((later for first, later in numbers if first == only), only)
        return [
            self.lazy(letter, step, node, partial(self.page, letter, step, node))
            for step, node in self.steps(letter)
            if only in (None, step)
        ]

    def lazy(self, letter: int, step: int, node: Node, make: Callable[[], Page], title: str = "") -> LazyPage:
        """A page about a value at a letter, that is yet to be made."""
        label = self.walk.names.labels[node]
        footer = f"{self.walk.problem.at(letter)} · {label.field}"
        return LazyPage(title or self.title(letter, step, node), make, letter, step, label.key, footer)

    def title(self, letter: int, step: int, node: Node) -> str:
        """Letter 2 “e” · Step 5 · The new hidden state: h₂."""
        label = self.walk.names.labels[node]
        title = "Softmax, the prediction and the loss" if label.field == "p" else sentences.title(self.walk.names, node)
        return f"{self.who(letter)} · Step {step} · {title}: {label.symbol}"

    def who(self, letter: int) -> str:
        """Letter 2 “e”."""
        where = self.walk.problem.at(letter)
        return where[:1].upper() + where[1:]

    def page(self, letter: int, step: int, node: Node) -> Page:
        """The page of one step."""
        label = self.walk.names.labels[node]
        title = self.title(letter, step, node)
        if label.field == "p":
            return Page(title, softmax(self.blocks, letter), label.key, letter)
        parts = [self.walk.names.labels[part] for part in self.walk.names.parts(node)]
        lead = self._lead(letter) if {part.group for part in parts} == {"weight", "input"} else ""
        remembers = letter == 1 and any(part.field == questions.remembers_by(self.walk.problem.model) for part in parts)
        asked = questions.memory(self.walk, self.blocks.digits) if remembers else []
        text = Prose(lead + sentences.sentence(self.walk.names, node))
        return Page(title, [text, *self.blocks.derived(node), *asked], label.key, letter)

    def _lead(self, letter: int) -> str:
        symbols, noun = self.walk.problem.symbols, self.walk.problem.noun
        if letter == 1:
            return f"The first {noun} is “{shown(symbols[0])}”. "
        before = f"The hidden state h{subscript(letter - 1)} of “{shown(symbols[letter - 2])}” is now the one before."
        return f"The next {noun} is “{shown(symbols[letter - 1])}”. {before} "


def compact(walk: Walk, letters: Iterable[int], digits: int) -> Table:
    """Letters as one row each: input, h, p of the prediction, prediction, target and loss."""
    symbols, vocabulary = walk.problem.symbols, walk.problem.model.vocabulary
    short = min(digits, 3)
    rows = []
    for t in letters:
        row = walk.row(t)
        state = shaded((row.h if len(row.h) <= 5 else row.h[:3]).tolist(), short)
        right = vocabulary[row.said] == symbols[t]
        rows.append(
            [
                str(t),
                shown(symbols[t - 1]),
                state + (f" … ({len(row.h)})" if len(row.h) > 5 else ""),
                shown(vocabulary[row.said]),
                percent(row.p_said),
                shown(symbols[t]),
                percent(row.p_truth),
                "✓" if right else "✗",
                number(row.loss, digits),
            ]
        )
    headings = ["t", "reads", "hidden state h", "says", "p(says)", "truth", "p(truth)", "", "loss"]
    roles = ("", "input", "memory", "probability", "probability", "target", "target", "", "result")
    return Table(headings, rows, frozenset({0, 4, 6, 8}), roles=roles)
