"""One letter, step by step: the article's seven steps, each on a page."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import product

from rnnwalk.engine.cells.cell import stage_of
from rnnwalk.engine.notes import notes
from rnnwalk.marked import Marked, joined
from rnnwalk.model.problem import BESIDE
from rnnwalk.model.symbols import MOST_SIGNS, shown
from rnnwalk.text import listed, subscript
from rnnwalk.trace.record import Node
from rnnwalk.views import questions, sentences
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.live import Live, chosen, reads, says, sentence, short
from rnnwalk.views.live import truth as true
from rnnwalk.views.memory import remembered, shaded
from rnnwalk.views.page import LazyPage, Page, Prose, Table
from rnnwalk.views.softmax import softmax
from rnnwalk.walks.numbers import number, percent
from rnnwalk.walks.walk import Walk

WITH_P = ("m", "q", "S", "loss")  # what the step of p shows, too
MOST_ALONE = 14  # signs of what is read in a table without what is true
PARTS = "ab"  # of a step that has two


class Letters:
    """Makes the pages of the letters of one walk."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.walk = blocks.walk

    def steps(self, letter: int) -> list[tuple[str, Node]]:
        """The numbered steps of a letter in their order, with the node that each makes; the softmax is one step, its p."""
        return [(step, node) for step, node in self.fields(letter) if self._field(node) not in self._with_p]

    @property
    def _with_p(self) -> tuple[str, ...]:
        return () if self.walk.problem.model.task.linear else WITH_P

    @property
    def _article(self) -> dict[str, tuple[str, str]]:
        """The article's numbers of the steps, where the network has just those."""
        network = self.walk.problem.model.network
        return network.cell.ARTICLE_STEPS if network.plain else {}

    def fields(self, letter: int) -> list[tuple[str, Node]]:
        """Everything that a letter computes, in the order of the steps that show it, whose numbers go before."""
        nodes = self.walk.fields(letter)
        shown = [node for node in nodes if self._field(node) not in self._with_p]
        steps = {node: self._step(self._field(node), i, letter) for i, node in enumerate(shown, start=1)}
        last = max(steps.values(), key=order)  # that of the loss
        found = [
            (next((steps[each] for each in nodes[i:] if each in steps), last), nodes[i]) for i in range(len(nodes))
        ]
        return sorted(found, key=lambda each: order(each[0]))

    def _field(self, node: Node) -> str:
        return self.walk.names.labels[node].field

    def _step(self, field: str, count: int, letter: int) -> str:
        """The number of a step: the article's, where it has one."""
        numbers = self._article
        return numbers[field][letter > 1] if numbers else str(count)

    def numbering(self) -> str:
        """Why the steps are numbered as they are, in one sentence; nothing where they are counted."""
        if not self._article:
            return ""
        noun, firsts = self.walk.problem.noun, sorted((first for first, _ in self._article.values()), key=order)
        renamed = listed([f"{first} becomes {later}" for first, later in self.renamed()])
        return f"The steps have the article's numbers: {listed(firsts)} for the first {noun}; for every later one, {renamed}."

    def renamed(self) -> list[tuple[str, str]]:
        """The numbers of steps that are others at later letters, with those."""
        changed = [(first, later) for first, later in self._article.values() if first != later]
        return sorted(changed, key=lambda pair: order(pair[0]))

    def pages(self, letter: int, only: str | None = None) -> list[LazyPage]:
        """The pages of a letter, or of one step alone: 4 is 4a and 4b, and at a later letter 1 is what step 1 does there."""
        only = only and only.lower()
        if letter > 1:
            only = next((later for first, later in self.renamed() if first == only), only)
        return [
            self.lazy(letter, step, node, partial(self.page, letter, step, node))
            for step, node in self.steps(letter)
            if only in (None, step, step.rstrip(PARTS))
        ]

    def lazy(self, letter: int, step: str, node: Node, make: Callable[[], Page], title: str = "") -> LazyPage:
        """A page about a value at a letter, that is yet to be made."""
        label = self.walk.names.labels[node]
        footer = f"{self.walk.problem.at(letter)} · step {step}"
        return LazyPage(title or self.title(letter, step, node), make, letter, step, label.key, footer)

    def title(self, letter: int, step: str, node: Node) -> str:
        """Letter 2 “e” · Step 5 · The new hidden state: h₂; with the heading that the step stands under, if any."""
        label = self.walk.names.labels[node]
        softmax = "Softmax, the prediction and the loss" if self.walk.problem.targets else "Softmax and the prediction"
        title = softmax if label.field == "p" else sentences.title(self.walk.names, node)
        stage = stage_of(self.walk.problem.model.network.cell, label.field)
        heading = f"{stage.title} · " if stage else ""
        return f"{self.who(letter)} · {heading}Step {step} · {title}: {label.symbol}"

    def who(self, letter: int) -> str:
        """Letter 2 “e”."""
        where = self.walk.problem.at(letter)
        return where[:1].upper() + where[1:]

    def page(self, letter: int, step: str, node: Node) -> Page:
        """The page of one step."""
        label = self.walk.names.labels[node]
        title = self.title(letter, step, node)
        if label.field == "p":
            return Page(title, softmax(self.blocks, letter), label.key, letter)
        parts = [self.walk.names.labels[part] for part in self.walk.names.parts(node)]
        begins = self.steps(letter)[0][1] is node
        lead: str = self._lead(letter) if begins else ""
        numbering = [Prose(self.numbering())] if begins and letter == 1 and self.numbering() else []
        remembers = letter == 1 and any(part.field == questions.remembers_by(self.walk.problem.model) for part in parts)
        asked = questions.memory(self.walk, self.blocks.digits) if remembers else []
        text = Prose(sentence(lead, sentences.sentence(self.walk.names, node)))
        return Page(title, [text, *self.blocks.derived(node), *numbering, *asked], label.key, letter)

    def _lead(self, letter: int) -> Marked:
        problem, noun = self.walk.problem, self.walk.problem.noun
        seen = self.seen(letter)
        if problem.model.task.inputs is not None:
            return sentence("It reads ", seen, ". ")
        ranks = [str(row) for one in problem.sequences for row in one.rows(one.symbols[letter - 1 : letter])]
        told = [Live(rank, "number", f"x_{letter}", 0, column, 0) for column, rank in enumerate(ranks)]
        rank = sentence(", whose rank is ", joined(BESIDE, told)) if problem.model.task.ranks else ""
        if letter == 1:
            return sentence(f"The first {noun} is “", seen, "”", rank, ". ")
        state = listed(part + subscript(letter - 1) for part in notes(self.walk.problem.model.network.cell.State))
        memory = sentence(f"The memory is now {state}, the state after “", self.seen(letter - 1), "”. ")
        return sentence(f"The next {noun} is “", seen, "”", rank, ". ", memory)

    def seen(self, letter: int) -> Marked:
        """What is read at a letter, as it is shown."""
        told = [reads(one.seen(letter), letter, column) for column, one in enumerate(self.walk.problem.sequences)]
        return joined(BESIDE, told)


def order(step: str) -> tuple[int, str]:
    """What steps are sorted by: 4a before 4b before 10."""
    return int(step.rstrip(PARTS)), step


def compact(walk: Walk, letters: Iterable[int], digits: int) -> Table:
    """Letters as one row each: input, h, and where there is an output, what is said, what is true, and the loss.

    Of several words, a row for each at every letter.
    """
    problem, few = walk.problem, min(digits, 3)
    signs = MOST_SIGNS if problem.targets else MOST_ALONE
    each = [*product(letters, enumerate(problem.sequences))]
    states = [walk.at("h", t).value[:, column] if t in walk.recorded else walk.row(t).h for t, (column, _) in each]
    units = problem.model.hidden if problem.model.hidden <= 5 else 3
    rows = []
    for h, (t, (column, one)) in zip(states, each, strict=True):
        state = shaded(h[:units].tolist(), few, f"h_{t}", column)
        rows.append(
            [
                "" if column else str(t),
                str(column + 1) if problem.beside else "",
                short(reads(shown(one.inputs[t - 1]), t, column), signs),
                state + (f" … ({len(h)})" if len(h) > 5 else ""),
                *_answer(walk, t, digits, column),
            ]
        )
    headings = ["t", problem.whole, "reads", "hidden state h", "says", "p(says)", "truth", "p(truth)", "", "loss"]
    roles = ("", "", "input", "memory", "probability", "probability", "target", "target", "", "result")
    table = Table(
        headings,
        rows,
        frozenset({0, 1, 5, 7, 9}),
        roles=roles,
        lists=frozenset({3}),
        name=f"A row for each {problem.noun}",
    )
    empty = {column for column in range(len(headings)) if not any(row[column] for row in rows)}
    return table.without(empty - {8} if 9 not in empty else empty)


def all_told(walk: Walk) -> bool:
    """Whether such a table shows on 80 columns all that a strip of memory would: few units, of a cell with nothing but h."""
    model = walk.problem.model
    few = model.hidden <= 3 and model.next_symbol and max(map(len, model.vocabulary)) <= len("says")
    return few and len(remembered(walk)) == 1


def _answer(walk: Walk, t: int, digits: int, column: int) -> list[str]:
    """What is said after a letter and how probable that was, the same of the truth, whether it is right, the loss."""
    problem, truth = walk.problem, walk.problem.sequences[column].truth(t)
    if not problem.says(t):
        return [""] * 6
    if problem.model.task.linear:
        loss = 0.0 if truth is None else float(walk.at("loss", t).value[0, column])
        told = "" if truth is None else Live(number(loss, digits), "number", f"loss_{t}", 0, column, digits)
        return [says(walk.prediction(t, column), t, column), "", true(truth or "", t, column), "", "", told]
    if truth is None:
        said, p = walk.prediction(t, column), walk.at("p", t).value
        share = percent(float(p[problem.model.answers.index(said), column]))
        return [short(says(shown(said), t, column), MOST_SIGNS), Live(share, "share said", t, column), "", "", "", ""]
    row = walk.row(t, column)
    said = problem.model.answers[row.said]
    return [
        short(says(shown(said), t, column), MOST_SIGNS),
        Live(percent(row.p_said), "share said", t, column),
        short(true(shown(truth), t, column), MOST_SIGNS),
        Live(percent(row.p_truth), "share of truth", t, column),
        chosen(said == truth, ("right", t, column), "✓", "✗"),
        Live(number(row.loss, digits), "number", f"loss_{t}", 0, column, digits),
    ]
