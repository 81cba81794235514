"""What Python gets: walks, quantities, explanations, comparisons and gradient flows, which show themselves in notebooks."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rnnwalk.arguments import check_kind, check_known, in_keywords, model_asked, truths, words
from rnnwalk.errors import InputError
from rnnwalk.model.limits import check_pace
from rnnwalk.model.pose import pose, problems_for_words
from rnnwalk.render.notebook import Shown, Told, fits, frame, latex
from rnnwalk.tasks import gradient_flow as flows
from rnnwalk.tasks.side_by_side import Read, apart, read
from rnnwalk.tasks.stretching import stretched
from rnnwalk.text import begun
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.views import explain, glance, side_by_side
from rnnwalk.views import gradient_flow as flow_pages
from rnnwalk.views.page import Page, Prose
from rnnwalk.views.walkthrough import Choice
from rnnwalk.walks import quantity as quantities
from rnnwalk.walks import walk as walks

RATE = 0.1  # of learning, where none is given
NOTATIONS = ("article", "course")
MOST_FRAMED = 10_000  # numbers of a page in a notebook, which is as long as what it shows: 4 MB


class Quantity(Shown, quantities.Quantity):
    """A value of a walk, or one element of it: its name, its value, and how it was made."""

    def __init__(self, walk: "Walk", node: Node, at: Index | None = None) -> None:
        super().__init__(walk.derivations, node, at)
        self._walk = walk

    def _pages(self) -> list[Page]:
        return [glance.one(self._walk, self.node, self.at)]

    def _repr_latex_(self) -> str | None:
        return latex(self._pages())


class Walk(Shown, walks.Walk):
    """The record of a pass over a word: ``walk["h_2"]`` is a Quantity; iterating gives them all, in order."""

    @in_keywords
    def __getitem__(self, name: str) -> quantities.Quantity:
        return super().__getitem__(name)

    def quantity(self, node: Node, at: Index | None = None) -> Quantity:
        """A value, or one element of it."""
        return Quantity(self, node, at)

    def explain(self, quantity: str, depth: int | None = None) -> "Explanation":
        """Where a quantity (``h_2``, ``h_2[3]``, ``loss``) comes from, back to the weights.

        depth: how many levels back, None for as many as can be read at a glance. Raises InputError for an unknown one.
        """
        key = self[quantity].key
        if depth is not None:
            check_kind("depth", depth, "a whole number")
        return Explanation(explain.explain(self, key, depth=depth, fits=partial(fits, lines=explain.MOST_READ)))

    def page(self) -> "LivingPage":
        """The page that recomputes itself, of a long text its first letters."""
        return LivingPage(self)

    def _pages(self) -> list[Page]:
        return glance.whole(self)


class Explanation(Told):
    """Where a number comes from, at a prompt as well. page: its title, and its blocks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def _gist(self) -> Page:
        return self.page

    def _pages(self) -> list[Page]:
        return [self.page]


class Comparison(Told):
    """Two sequences read by one network. one, other: the states, answers and losses of each."""

    def __init__(self, one: Read, other: Read) -> None:
        self.one = one
        self.other = other

    @property
    def apart(self) -> list[float]:
        """The distance of the two states after each step that both have."""
        return apart(self.one, self.other)

    def _gist(self) -> Page:
        one, other = (begun(each.problem.title) for each in (self.one, self.other))
        asked = Prose("print shows it all, step by step; its numbers are in .apart, .one.states and .other.states.")
        return Page(
            f"Comparison of 1 “{one}” and 2 “{other}”", [Prose(side_by_side.result(self.one, self.other, 3)), asked]
        )

    def _pages(self) -> Iterable[Page]:
        return side_by_side.pages(self.one, self.other, 3)


class GradientFlow(Told, flows.Flow):
    """How the error of the last letter's loss fares on its way back: ``arrivals``, ``regime``, ``per_step``, ``left``."""

    def _gist(self) -> Page:
        asked = Prose("print shows it all, step by step; its numbers are in .regime, .left, .per_step and .arrivals.")
        title = f"Gradient flow of “{begun(self.problem.title)}”"
        return Page(title, [Prose(flow_pages.verdict(self, 4)), asked])

    def _pages(self) -> list[Page]:
        return [flow_pages.way(self, 4), flow_pages.letters(self, 4)]


class LivingPage:
    """A page that recomputes itself. html: all of it."""

    def __init__(self, walk: Walk) -> None:
        from rnnwalk.render.page import page

        problem = walk.problem
        self._walk: walks.Walk = walk
        self._length = problem.length
        held, of = page.fitting(problem, backward=walk.backward, most=MOST_FRAMED), "all of it"
        if held is not problem:
            rate = walk["rate"].value.item() if walk.backward else 0.1
            self._walk = walks.Walk(held, backward=walk.backward, rate=rate, notation=walk.notation)
            of = f"the first {held.length} of {problem.length:,} {problem.noun}s"
        elif len(letters := page.drawn(walk, most=MOST_FRAMED)) < problem.length:
            of = f"the steps of {len(letters)} of {problem.length:,} {problem.noun}s"
        self.html = "".join(page.chunks(self._walk, Choice(everything=True), length=problem.length, most=MOST_FRAMED))
        self._told = f'Page of “{begun(problem.title)}”, {of}: save it with .save("walk.html")'

    @in_keywords
    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Write it to a file, which any browser opens. force: even if there is one. Raises InputError."""
        from rnnwalk.render.page import page

        page.save(self._walk, Choice(), Path(path), force=force, length=self._length)

    def __repr__(self) -> str:
        return f"<{self._told}>"

    def _repr_html_(self) -> str:
        return frame(self.html, self._told)


@in_keywords
def walk(
    word: str | Sequence[str] | None = None,
    *,
    target: Any = None,
    backward: bool = False,
    lr: float | None = None,
    notation: str = "article",
    **options: Any,
) -> Walk:
    """Walk a word: ``walk("hello")``; or several of one length, a column each: ``walk(["hello", "holle", "hoell"])``.

    target: what is true, where the word does not hold it: as it is typed ("0.4,0.13"), or as a number, a list of the
    numbers of one output, a list with those of each time step; of several words a list with one for each. backward: the way back, too, and one step of learning at the rate ``lr``, 0.1 if none is given; notation: "article", or "course" for
    a⟨2⟩, Γf⟨2⟩ and ŷ⟨2⟩.

    The other options are those of ``rnnwalk.model.options.ModelOptions``. Raises InputError.
    """
    if lr is not None:
        check_kind("lr", lr, "a number")
        check_pace(lr, None)
        if not backward:
            raise InputError("lr does nothing without backward=True; add it, or leave lr out")
    asked = model_asked("walk", options, "target", "backward", "lr", "notation")
    check_known("the notation", notation, NOTATIONS)
    problem = pose(words(word), asked, truths(word, target))
    return Walk(problem, backward=backward, rate=RATE if lr is None else lr, notation=notation)


@in_keywords
def compare(one: str, other: str, **options: Any) -> Comparison:
    """Read two sequences through one network: ``compare("good, not bad", "bad, not good", example="sentiment")``.

    The options are those of ``rnnwalk.model.options.ModelOptions``. Raises InputError.
    """
    asked = model_asked("compare", options)
    for each in (one, other):
        if not isinstance(each, str):
            raise InputError(
                f"compare reads two texts through one network; one of them is of type {type(each).__name__}"
            )
    first, second = problems_for_words([one, other], asked)
    return Comparison(read(first), read(second))


@in_keywords
def gradient_flow(
    word: str | None = None,
    *,
    target: Any = None,
    length: int | None = None,
    scale: float = 1.0,
    **options: Any,
) -> GradientFlow:
    """Follow the last error on its way back through time: ``gradient_flow("hello", length=60, scale=2)``.

    length: repeat the word until it has so many symbols (without a word, draw them); scale: multiply Whh by it.

    The other options are those of ``rnnwalk.model.options.ModelOptions``. Raises InputError.
    """
    asked = model_asked("gradient_flow", options, "target", "length", "scale")
    check_kind("scale", scale, "a number")
    problem = pose(words(word), asked, truths(word, target))
    if problem.beside:
        raise InputError("gradient_flow follows the error of one word; give one")
    if length is not None:
        check_kind("length", length, "a whole number")
        drawn = asked.seed or 0 if (word, asked.example) == (None, None) else None
        problem = stretched(problem, length, drawn)
    return GradientFlow(**vars(flows.flow(problem, scale)))
