"""One letter, step by step: the article's seven steps, each on a page."""

from rnnwalk.model.symbols import shown
from rnnwalk.trace.record import Node
from rnnwalk.views import questions, sentences
from rnnwalk.views.derivation import Derivation
from rnnwalk.views.page import Page, Prose, Table
from rnnwalk.views.softmax import softmax
from rnnwalk.walks.labels import subscript
from rnnwalk.walks.numbers import number, percent
from rnnwalk.walks.walk import Walk

# The article counts seven steps: 1 to 3 at the first letter, 4 and 5 for the same at the next ones, then 6 and 7.
FIRST = {"Wxh_x": 1, "Whh_h": 2, "h": 3, "y": 6, "p": 7}
NEXT = {"Wxh_x": 4, "Whh_h": 4, "h": 5, "y": 6, "p": 7}
WITH_P = ("m", "e", "S", "loss")  # what the step of p shows, too


class Letters:
    """Makes the pages of the letters of one walk."""

    def __init__(self, made: Derivation) -> None:
        self.made = made
        self.walk = made.walk

    def steps(self, letter: int) -> list[tuple[int, Node]]:
        """The numbered steps of a letter with the node that each makes; the softmax is one step, its p."""
        names = self.walk.names
        nodes = [node for node in self.walk.fields(letter) if names.labels[node].field not in WITH_P]
        if self.walk.problem.model.cell != "rnn":
            return list(enumerate(nodes, start=1))
        numbers = FIRST if letter == 1 else NEXT
        return [(numbers[names.labels[node].field], node) for node in nodes]

    def title(self, letter: int, step: int, node: Node) -> str:
        """Letter 2 “e” · Step 5 · The new hidden state: h₂."""
        name = self.walk.names.labels[node]
        title = "Softmax, the prediction and the loss" if name.field == "p" else sentences.title(self.walk, node)
        return f"{self.who(letter)} · Step {step} · {title}: {name.symbol}"

    def who(self, letter: int) -> str:
        """Letter 2 “e”."""
        problem = self.walk.problem
        return f"{problem.noun.capitalize()} {letter} “{shown(problem.inputs[letter - 1])}”"

    def page(self, letter: int, step: int, node: Node) -> Page:
        """The page of one step."""
        name = self.walk.names.labels[node]
        title = self.title(letter, step, node)
        if name.field == "p":
            return Page(title, softmax(self.made, letter), name.key, letter)
        lead = self._lead(letter) if name.field == "Wxh_x" else ""
        asked = questions.memory(self.walk, self.made.digits) if name.field == "Whh_h" and letter == 1 else []
        text = Prose(lead + sentences.sentence(self.walk, node))
        return Page(title, [text, *self.made.blocks(node), *asked], name.key, letter)

    def _lead(self, letter: int) -> str:
        inputs, noun = self.walk.problem.inputs, self.walk.problem.noun
        if letter == 1:
            return f"The first {noun} is “{shown(inputs[0])}”. "
        before = f"The hidden state h{subscript(letter - 1)} of “{shown(inputs[letter - 2])}” is now the one before."
        return f"The next {noun} is “{shown(inputs[letter - 1])}”. {before} "


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
                percent(float(p[vocabulary.index(said)])),
                shown(truth),
                percent(float(p[vocabulary.index(truth)])),
                "✓" if said == truth else "✗",
                number(float(walk.at("loss", t).value[0, 0]), digits),
            ]
        )
    headings = ["t", "reads", "hidden state h", "says", "p(says)", "truth", "p(truth)", "", "loss"]
    return Table(headings, rows, frozenset({0, 4, 6, 8}))
