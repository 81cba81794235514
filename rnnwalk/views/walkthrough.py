"""The whole walk as pages, made one at a time: the opening, letter by letter, the summary."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from rnnwalk.errors import InputError
from rnnwalk.model.problem import EDGE, Problem
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.influence import influence
from rnnwalk.views.letter import Letters, compact, order
from rnnwalk.views.notation import said
from rnnwalk.views.opening import opening
from rnnwalk.views.padding import are_padding, in_full, padding, runs, span_of
from rnnwalk.views.page import Block, LazyPage, Page, Prose
from rnnwalk.views.summary import summary, summary_title
from rnnwalk.walks.walk import Walk

IN_FULL = 2  # letters at the beginning that are shown in full unless all are asked for


class Choice(NamedTuple):
    """What of the walk is asked for. letter, step: only these; everything: all letters in full;
    commands: what to try next, named at the end.
    """

    digits: int = 6
    formulas: str = "both"
    letter: int | None = None
    step: str | None = None
    everything: bool = False
    commands: tuple[str, ...] = ()


def walkthrough(walk: Walk, choice: Choice) -> list[LazyPage]:
    """The pages of a walk in order, in its notation. Raises InputError for a letter or step that is not there."""
    names = walk.names
    return [
        page._replace(title=names.say(page.title), make=partial(_said, page, walk)) for page in _pages(walk, choice)
    ]


def _said(page: LazyPage, walk: Walk) -> Page:
    return said(page.make(), walk.names.course)


def _pages(walk: Walk, choice: Choice) -> list[LazyPage]:
    letters = Letters(Blocks(walk, choice.digits, choice.formulas))
    if choice.letter is not None:
        walk.problem.check_letter(choice.letter)
    if choice.letter is not None or choice.step is not None:
        return _picked(letters, choice)
    found = opening(walk, choice.digits)
    before = 0
    for letter in range(1, walk.length + 1) if choice.everything else in_full(walk.problem, IN_FULL):
        found += _between(walk, before + 1, letter - 1, choice.digits) + letters.pages(letter)
        before = letter
    found += _between(walk, before + 1, walk.length, choice.digits)
    if walk.answers_once:
        found.append(
            LazyPage(
                f"Which {walk.problem.noun}s moved the answer",
                partial(influence, walk, choice.digits, whole=choice.everything),
            )
        )
    whole = partial(summary, letters, choice.everything, () if walk.backward else choice.commands)
    found.append(LazyPage(summary_title(walk.problem), whole, key="loss", footer="loss"))
    return [*found, *_back(walk, letters, choice)] if walk.backward else found


def _picked(letters: Letters, choice: Choice) -> list[LazyPage]:
    """The pages of one letter, or of one step of every letter."""
    walk = letters.walk
    wanted = [choice.letter] if choice.letter is not None else list(walk.recorded)
    found = [page for letter in wanted for page in letters.pages(letter, choice.step)]
    if walk.backward:
        from rnnwalk.views.backward import BackwardPages

        back = BackwardPages(letters)
        pages = [page for letter in reversed(wanted) for page in back.letter(letter)]
        picked = [page for page in pages if choice.step in (None, page.step)]
        if found and not picked and not choice.everything:  # of a page, it is where it opens
            raise InputError(
                f"--backward does nothing beside --step {choice.step}, a step of the pass forward; the way back has "
                f"steps {pages[0].step} to {pages[-1].step} here"
            )
        found += picked
    if not found:
        raise InputError(_no_step(letters, choice, wanted))
    if choice.letter is None and not walk.complete:
        found.append(LazyPage("The other letters", partial(_further, walk)))
    return found


def shows_target(walk: Walk, choice: Choice) -> bool:
    """Whether anything on the pages of a pass forward follows from what is true."""
    if (choice.letter, choice.step) == (None, None):
        return True
    letters = Letters(Blocks(walk))
    picked = {(page.letter, page.step) for page in _pages(walk, choice)}
    shown = [node for t in walk.recorded for step, node in letters.fields(t) if (t, step) in picked]
    return walk.names.follows(shown, "target")


def _further(walk: Walk) -> Page:
    """Where the letters are that a step of a long text was not shown at."""
    noun, last = walk.problem.noun, walk.recorded[-1]
    text = f"Of so long a text, these were the first {last} of {walk.length:,} {noun}s: --letter N shows any other one."
    return Page(f"The other {noun}s", [Prose(text)])


def _no_step(letters: Letters, choice: Choice, wanted: list[int]) -> str:
    """What is said of a step that is at none of the letters that were asked for: those that are there."""
    walk, steps = letters.walk, {step for letter in wanted for step, _ in letters.steps(letter)}
    where = "here" if choice.letter is None else f"at {walk.problem.noun} {choice.letter}"
    if choice.letter is not None and choice.letter > 1 and (renamed := letters.renamed()):
        where += f" ({', '.join(f'{first} is {later}' for first, later in renamed)} there)"
    later = choice.letter == 1 < walk.length and bool(letters.pages(2, choice.step))
    after = f"; step {choice.step} begins at {walk.problem.noun} 2" if later else ""
    after += "; the steps of the way back come after these" if walk.backward else ""
    more = not walk.backward and walk.problem.targets and not later and (choice.step or "").isdigit()
    after += "; the way back has more (--backward)" if more else ""
    shown_step = choice.step or "''"
    return f"--step is {shown_step}, expected one of {', '.join(sorted(steps, key=order))} {where}{after}"


def pages(walk: Walk, choice: Choice) -> Iterator[Page]:
    """The pages themselves, each made when it is asked for."""
    return (page.make() for page in walkthrough(walk, choice))


def _back(walk: Walk, letters: Letters, choice: Choice) -> list[LazyPage]:
    """The way back: the last letters in full, the others a row each, the gradients and updates."""
    from rnnwalk.views.backward import BackwardPages

    back = BackwardPages(letters)
    found = [LazyPage("The way back", back.opening)]
    first = 1 if choice.everything else max(1, walk.length + 1 - IN_FULL)
    for letter in range(walk.length, first - 1, -1):
        found += back.letter(letter)
    if first > 1:
        found.append(LazyPage("The rest of the way back", partial(back.others, first - 1)))
    return [*found, *back.totals(), LazyPage("One step of learning", partial(back.end, choice.commands))]


def letters_in_full(problem: Problem, choice: Choice) -> range | None:
    """Which letters of a long text are to be recorded for what is asked; None for all of them."""
    if not problem.long or choice.everything:
        return None
    if choice.letter is None and choice.step is not None:
        return range(1, EDGE + 1)
    if choice.letter is None:
        return range(1, IN_FULL + 1)
    return range(choice.letter, choice.letter + 1) if 1 <= choice.letter <= problem.length else range(1, 2)


def _between(walk: Walk, first: int, last: int, digits: int) -> list[LazyPage]:
    """The pages of the letters between two that are shown in full: of padding, which stands at one end, and of others."""
    pads = [range(max(first, run[0]), min(last, run[-1]) + 1) for run in runs(padding(walk.problem))]
    found = [LazyPage("Padding", partial(summed_up, walk, run, digits)) for run in pads if run]
    rest = [t for t in range(first, last + 1) if not any(t in run for run in pads)] if pads else range(first, last + 1)
    if rest:
        found.insert(0, LazyPage("The other letters", partial(others, walk, rest[0], rest[-1], digits)))
    return found


def summed_up(walk: Walk, letters: range, digits: int) -> Page:
    """Padding in a line, and what it comes to: the row of its last letter."""
    text = f"{are_padding(walk.problem, letters)} (--letter N shows any of them in full). After the last of them:"
    title = f"Padding: {span_of(walk.problem.noun, letters)}"
    return Page(title, [Prose(text), compact(walk, letters[-1:], digits)])


def others(walk: Walk, first: int, last: int, digits: int) -> Page:
    """The letters that are not shown in full, a row each; of a text that is not recorded as a whole they reach to its end."""
    noun, which = walk.problem.noun, span_of(walk.problem.noun, range(first, last + 1))
    lead = f"The same steps, with the same weights (--all shows each {noun} in full, --letter N one of them)."
    if walk.complete:
        return Page(f"The rest, a row each: {which}", [Prose(lead), compact(walk, range(first, last + 1), digits)])
    some = range(first, EDGE + 1), range(last - EDGE + 1, last + 1)
    blocks: list[Block] = [
        Prose(f"{lead} Of so long a text, these are the first {noun}s:"),
        compact(walk, some[0], digits),
        Prose(f"and these, after {some[1][0] - EDGE - 1:,} others, the last:"),
        compact(walk, some[1], digits),
    ]
    return Page(f"The rest, a row each: {which}", blocks)
