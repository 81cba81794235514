"""The whole walk as pages, made one at a time: the opening, letter by letter, the summary."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log

from rnnwalk.errors import InputError
from rnnwalk.model.model import count
from rnnwalk.model.symbols import shown
from rnnwalk.views.backward import BackwardPages
from rnnwalk.views.derivation import Derivation
from rnnwalk.views.letter import Letters, compact
from rnnwalk.views.opening import opening
from rnnwalk.views.page import Block, Lines, Page, Prose
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

IN_FULL = 2  # letters that are shown in full unless all are asked for


@dataclass(frozen=True)
class LazyPage:
    """A page that is yet to be made. title, letter, key: to list and to find it by."""

    title: str
    letter: int | None
    key: str
    make: Callable[[], Page]


@dataclass(frozen=True)
class Choice:
    """What of the walk is asked for. letter, step: only these; everything: all letters in full;
    commands: what to try next, named at the end.
    """

    digits: int = 6
    formulas: str = "both"
    letter: int | None = None
    step: int | None = None
    everything: bool = False
    commands: tuple[str, ...] = ()


def walkthrough(walk: Walk, choice: Choice) -> list[LazyPage]:
    """The parts of a walk in order. Raises InputError for a letter or step that is not there."""
    letters = Letters(Derivation(walk, choice.digits, choice.formulas))
    if choice.letter is not None and not 1 <= choice.letter <= walk.length:
        raise InputError(
            f"--letter is {choice.letter}, expected 1 to {walk.length}: “{walk.problem.title}” has {walk.length} steps"
        )
    if choice.letter is not None or choice.step is not None:
        wanted = [choice.letter] if choice.letter is not None else list(range(1, walk.length + 1))
        found = [part for letter in wanted for part in _letter(letters, letter, choice.step)]
        if walk.backward:
            back = BackwardPages(letters)
            found += [
                LazyPage(*made)
                for letter in reversed(wanted)
                for made in back.letter(letter)
                if choice.step is None or f" · Step {choice.step} · " in made[0]
            ]
        if not found:
            steps = sorted({step for letter in wanted for step, _ in letters.steps(letter)})
            after = "; the steps of the way back come after these" if walk.backward else ""
            raise InputError(f"--step is {choice.step}, expected one of {', '.join(map(str, steps))} here{after}")
        return found
    parts = [LazyPage(page.title, None, "", lambda page=page: page) for page in opening(walk, choice.digits)]  # type: ignore[misc]
    last = walk.length if choice.everything else min(IN_FULL, walk.length)
    for letter in range(1, last + 1):
        parts += _letter(letters, letter, None)
    if last < walk.length:
        parts.append(LazyPage("The other letters", None, "", lambda: others(walk, last + 1, choice.digits)))
    parts.append(LazyPage(f"The whole {walk.problem.whole}", None, "loss", lambda: summary(walk, letters, choice)))
    return [*parts, *_back(walk, letters, choice)] if walk.backward else parts


def pages(walk: Walk, choice: Choice) -> Iterator[Page]:
    """The pages themselves, each made when it is asked for."""
    return (part.make() for part in walkthrough(walk, choice))


def _back(walk: Walk, letters: Letters, choice: Choice) -> list[LazyPage]:
    """The way back: the last letters in full, the others a row each, the gradients and updates."""
    back = BackwardPages(letters)
    parts = [LazyPage("The way back", None, "", back.opening)]
    first = 1 if choice.everything else max(1, walk.length + 1 - IN_FULL)
    for letter in range(walk.length, first - 1, -1):
        parts += [LazyPage(*made) for made in back.letter(letter)]
    if first > 1:
        parts.append(LazyPage("The rest of the way back", None, "", lambda: back.others(first - 1)))
    parts += [LazyPage(*made) for made in back.totals()]
    return [*parts, LazyPage("One step of learning", None, "", lambda: back.end(choice.commands))]


def _letter(letters: Letters, letter: int, only: int | None) -> list[LazyPage]:
    steps = letters.steps(letter)
    if only is not None and only <= 3 and letter > 1 and letters.walk.problem.model.cell == "rnn":
        only = {1: 4, 2: 4, 3: 5}[only]  # at later letters the article's 1 and 2 are its 4, and 3 is its 5
    names = letters.walk.names
    return [
        LazyPage(
            letters.title(letter, step, node),
            letter,
            names.labels[node].key,
            lambda step=step, node=node: letters.page(letter, step, node),  # type: ignore[misc]
        )
        for step, node in steps
        if only in (None, step)
    ]


def others(walk: Walk, first: int, digits: int) -> Page:
    """The letters that are not shown in full, a row each."""
    noun = walk.problem.noun
    span = f"{noun} {first}" if first == walk.length else f"{noun}s {first} to {walk.length}"
    return Page(
        f"The rest, a row each: {span}",
        [
            Prose(f"The same steps, with the same weights (--all shows each {noun} in full, --letter N one of them)."),
            compact(walk, list(range(first, walk.length + 1)), digits),
        ],
    )


def summary(walk: Walk, letters: Letters, choice: Choice) -> Page:
    """The unrolled summary, the total loss, and what to do next."""
    problem = walk.problem
    right = sum(said == truth for said, truth in zip(walk.predictions, problem.targets, strict=True))
    loss = walk.names.node["loss"]
    chance = walk.length * log(len(problem.model.vocabulary))
    joint = "" if problem.noun == "letter" else " "
    blocks: list[Block] = [compact(walk, list(range(1, walk.length + 1)), choice.digits)] if walk.length <= 40 else []
    if walk.length <= 40:
        blocks.append(
            Prose(
                f"It reads “{joint.join(map(shown, problem.inputs))}” and says “{joint.join(map(shown, walk.predictions))}”; "
                f"right would be “{joint.join(map(shown, problem.targets))}”."
            )
        )
    blocks += [
        Prose(f"{right} of {walk.length} right. The loss of the {problem.whole} is the sum over its {problem.noun}s:"),
        Lines([letters.made.formulas.line(loss, (0, 0))]),
        Prose(
            f"Answering by pure chance among {count(len(problem.model.vocabulary), 'symbol')} would cost "
            f"{walk.length} · ln {len(problem.model.vocabulary)} = {number(chance, choice.digits)}."
        ),
    ]
    if choice.commands and not walk.backward:
        blocks += [Prose("What next?"), Lines(list(choice.commands))]
    return Page(f"The whole {problem.whole}", blocks, "loss")
