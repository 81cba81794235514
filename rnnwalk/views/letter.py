"""One letter, step by step: the article's seven steps, each on a page."""

from typing import Any

import numpy as np

from rnnwalk.formulas import GAP, Formulas, shorten
from rnnwalk.notation import ATOM, LATEX, MATHS, write
from rnnwalk.numbers import number
from rnnwalk.symbols import shown
from rnnwalk.terms import Index, Term
from rnnwalk.trace import Node
from rnnwalk.views import questions, sentences
from rnnwalk.views.page import Block, Equation, Formula, Lines, Matrix, Page, Prose, Table
from rnnwalk.walks import Walk

MARK = "\ue000"  # stands for a matrix while an equation is printed

# The article counts seven steps: 1 to 3 at the first letter, 4 and 5 for the same at the next ones, then 6 and 7.
FIRST = {"Wxh_x": 1, "Whh_h": 2, "h": 3}
NEXT = {"Wxh_x": 4, "Whh_h": 4, "h": 5}
SOFTMAX = ("m", "e", "S", "p", "loss")


class Letters:
    """Makes the pages of the letters of one walk. formulas: "symbols", "numbers" or "both"."""

    def __init__(self, walk: Walk, digits: int = 6, formulas: str = "both") -> None:
        self.walk = walk
        self.digits = digits
        self.show = formulas
        self.formulas = Formulas(walk.names, digits)

    def steps(self, letter: int) -> list[tuple[int, Node]]:
        """The numbered steps of a letter with the node that each makes; the softmax is one step, its p."""
        nodes = [node for node in self.walk.fields(letter) if self._field(node) not in SOFTMAX[:3] + SOFTMAX[4:]]
        if self.walk.problem.model.cell != "rnn":
            return list(enumerate(nodes, start=1))
        numbers = {**(FIRST if letter == 1 else NEXT), "y": 6, "p": 7}
        return [(numbers[self._field(node)], node) for node in nodes]

    def title(self, letter: int, step: int, node: Node) -> str:
        """Letter 2 “e” · Step 5 · The new hidden state: h₂."""
        name, problem = self.walk.names.of[node], self.walk.problem
        title = "Softmax, the prediction and the loss" if name.field == "p" else sentences.title(self.walk, node)
        read = shown(problem.inputs[letter - 1])
        return f"{problem.noun.capitalize()} {letter} “{read}” · Step {step} · {title}: {name.symbol}"

    def page(self, letter: int, step: int, node: Node) -> Page:
        """The page of one step."""
        name = self.walk.names.of[node]
        field = self._field(node)
        if field == "p":
            return self._softmax(letter, step, node)
        title = self.title(letter, step, node)
        asked: list[Any] = []
        if field == "Whh_h" and letter == 1:
            asked = questions.memory(self.walk, self.digits)
        lead = self._lead(letter, field)
        return Page(
            title, [Prose(f"{lead}{sentences.sentence(self.walk, node)}"), *self.made(node), *asked], name.key, letter
        )

    def made(self, node: Node, at: Index | None = None) -> list[Block]:
        """How a value was made: symbols, matrices side by side, one element (the first unless ``at``) in numbers."""
        at = at or ((int(np.argmax(node.value[:, 0])), 0) if self._field(node) == "y" else (0, 0))
        blocks: list[Block] = []
        if self.show != "numbers":
            blocks.append(self.formula(node))
        blocks.append(self.equation(node))
        if self.show != "symbols":
            blocks.append(Lines([self.formulas.line(node, at)]))
        return blocks

    def formula(self, node: Node) -> Formula:
        """The equation of a node in symbols and in shapes."""
        equation = self.formulas.equation
        return Formula(equation(node), equation(node, LATEX), self.formulas.shapes(node))

    def equation(self, node: Node) -> Equation:
        """The equation of a node with its matrices drawn: [W]·[x] = [result]."""
        drawn: list[Node | None] = []

        def leaf(term: Term) -> tuple[str, int]:
            if term is GAP:
                return "…", ATOM
            if term.node is None or term.node.op == "constant":
                return f"{term.value:g}", ATOM
            drawn.append(term.node)
            return MARK, ATOM

        text = write(shorten(self.formulas.term(node)), MATHS, leaf) + f" = {MARK}"
        drawn.append(node)
        parts: list[Matrix | str] = []
        for i, sign in enumerate(text.split(MARK)):
            if sign:
                parts.append(sign)
            if i < len(drawn):
                parts.append(self.matrix(drawn[i]))
        return Equation(parts)

    def given(self, node: Node) -> Equation:
        """A value that was not made, drawn."""
        return Equation([self.matrix(node)])

    def matrix(self, node: Node | None) -> Matrix:
        """A value as it is drawn, with its name and the headings of rows and columns."""
        assert node is not None
        names = self.walk.names
        return Matrix(
            names.symbol(node), node.value, names.heads(node, 0), names.heads(node, 1), self.formulas.digits_of(node)
        )

    def _field(self, node: Node) -> str:
        return self.walk.names.of[node].field

    def _lead(self, letter: int, field: str) -> str:
        problem = self.walk.problem
        if field != "Wxh_x":
            return ""
        read = shown(problem.inputs[letter - 1])
        before = (
            f" The hidden state h{_sub(letter - 1)} of “{shown(problem.inputs[letter - 2])}” is now the one before."
            if letter > 1
            else ""
        )
        return f"The {'first' if letter == 1 else 'next'} {problem.noun} is “{read}”.{before} "

    def _softmax(self, letter: int, step: int, p: Node) -> Page:
        """Softmax opened into the powers of e, their sum and the quotients; the prediction; the loss."""
        walk, names = self.walk, self.walk.names
        y, m, e, S, loss = (walk.at(field, letter) for field in ("y", "m", "e", "S", "loss"))
        said, truth, noun = walk.predictions[letter - 1], walk.problem.targets[letter - 1], walk.problem.noun
        t = _sub(letter)
        with np.errstate(over="ignore"):
            textbook = np.exp(y.value)
        fits = 0 < float(textbook.sum()) < np.inf
        rows = []
        for i, head in enumerate(names.heads(p, 0)):
            marks = ["← says"] * (walk.problem.model.vocabulary[i] == said) + ["← truth"] * (
                walk.problem.model.vocabulary[i] == truth
            )
            powers = [number(float(textbook[i, 0]), self.digits)] if fits else []
            rows.append([head, self._n(y, i), *powers, self._n(e, i), self._n(p, i), " ".join(marks)])
        sums = [number(float(textbook.sum()), self.digits)] if fits else []
        rows.append(["sum", "", *sums, self._n(S, 0), number(float(p.value.sum()), self.digits), ""])
        headings = ["", f"y{t}", *(["eʸ"] if fits else []), f"e{t} = e^(y−m)", f"p{t} = e{t} / S{t}", ""]
        cancels = (
            "The column eʸ is the article's way: over its sum it gives the same quotients, because m cancels."
            if fits
            else "eʸ itself is out of the computer's range here; with m taken off it is not, and m cancels in the quotient."
        )
        target = walk.problem.model.vocabulary.index(truth)
        at = (walk.problem.model.vocabulary.index(said), 0)
        blocks: list[Block] = [
            Prose(
                "Softmax makes the scores into probabilities: each power of e, divided by the sum of all the powers."
            ),
        ]
        if self.show != "numbers":
            blocks += [self.formula(node) for node in (m, e, S, p)]
        bars = [float(v) for v in p.value[:, 0]]
        blocks.append(Table(headings, rows, frozenset(range(1, len(headings) - 1)), bars))
        if self.show != "symbols":
            blocks.append(
                Lines([self.formulas.line(node, at if node.shape[0] > 1 else (0, 0)) for node in (m, e, S, p)])
            )
        blocks.append(Prose(f"m{t} is the largest score; taking it off keeps every power at 1 or below. {cancels}"))
        chance = _percent(float(p.value[target, 0]))
        right = (
            "which is right"
            if said == truth
            else f"but the {'word' if noun == 'letter' else 'text'} goes on with “{shown(truth)}” ({chance})"
        )
        blocks.append(
            Prose(
                f"It says “{shown(said)}” ({_percent(float(p.value[at[0], 0]))}), {right}. "
                "The loss is how surprised it is by the truth:"
            )
        )
        blocks.append(Lines([self.formulas.line(loss, (0, 0), "both" if self.show == "both" else self.show)]))
        if letter == 1:
            blocks += questions.softmax(walk)
        if letter == 2 or walk.length == 1:
            blocks += questions.verdict(walk, letter, self.digits)
        return Page(self.title(letter, step, p), blocks, names.key(p), letter)

    def _n(self, node: Node, row: int) -> str:
        return self.formulas.result(node, (row, 0))


def compact(walk: Walk, letters: list[int], digits: int) -> Table:
    """Letters as one row each: input, h, p of the prediction, prediction, target and loss."""
    problem, vocabulary = walk.problem, walk.problem.model.vocabulary
    short = min(digits, 3)
    rows = []
    for t in letters:
        h, p = walk.at("h", t).value[:, 0], walk.at("p", t).value[:, 0]
        said, truth = walk.predictions[t - 1], problem.targets[t - 1]
        state = [number(float(v), short) for v in (h if len(h) <= 5 else [*h[:3]])]
        rows.append(
            [
                str(t),
                shown(problem.inputs[t - 1]),
                "  ".join(state) + (f" … ({len(h)})" if len(h) > 5 else ""),
                shown(said),
                _percent(float(p[vocabulary.index(said)])),
                shown(truth),
                _percent(float(p[vocabulary.index(truth)])),
                "✓" if said == truth else "✗",
                number(float(walk.at("loss", t).value[0, 0]), digits),
            ]
        )
    headings = ["t", "reads", "hidden state h", "says", "p(says)", "truth", "p(truth)", "", "loss"]
    return Table(headings, rows, frozenset({0, 4, 6, 8}))


def _percent(p: float) -> str:
    return f"{100 * p:.1f} %"


def _sub(letter: int) -> str:
    return str(letter).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
