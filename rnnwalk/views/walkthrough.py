"""The whole walk as pages, made one at a time: the opening, letter by letter, the summary."""

from collections.abc import Iterator, Sequence
from functools import partial
from math import log
from typing import NamedTuple

from rnnwalk.engine.notes import notes
from rnnwalk.errors import InputError
from rnnwalk.marked import Marked, joined
from rnnwalk.model.problem import EDGE, LONG, Problem
from rnnwalk.model.symbols import shown
from rnnwalk.text import count
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.in_part import largest
from rnnwalk.views.influence import influence
from rnnwalk.views.letter import Letters, all_told, compact, order
from rnnwalk.views.live import Live, chosen, reads, says, sentence, title
from rnnwalk.views.live import truth as true
from rnnwalk.views.memory import memory
from rnnwalk.views.notation import said
from rnnwalk.views.opening import opening
from rnnwalk.views.padding import in_full, padding, runs, span_of, with_rows
from rnnwalk.views.page import Block, Commands, LazyPage, Lines, Page, Prose
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

IN_FULL = 2  # letters at the beginning that are shown in full unless all are asked for
SHORT = 5  # letters, or long words, of which the strip of the opening leaves out none, on a screen of 80 columns
MOST_LOSSES = 4  # of a long text that are written out


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
    found.append(LazyPage(_whole(walk.problem), partial(summary, walk, letters, choice), key="loss", footer="loss"))
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
    text = f"{_are_padding(walk.problem, letters)} (--letter N shows any of them in full). After the last of them:"
    title = f"Padding: {span_of(walk.problem.noun, letters)}"
    return Page(title, [Prose(text), compact(walk, letters[-1:], digits)])


def _are_padding(problem: Problem, letters: range) -> str:
    """What padding is, and of which letters."""
    words = span_of(problem.noun, letters).capitalize()
    many = len(letters) > 1
    return (
        f"{words} {'are' if many else 'is'} padding: every text is made {problem.length} {problem.noun}s long. "
        f"{'They are' if many else 'It is'} read like any other {problem.noun}, with the same weights"
    )


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


def summary(walk: Walk, letters: Letters, choice: Choice) -> Page:
    """The unrolled summary, the total loss, and what to do next."""
    problem = walk.problem
    task, k = problem.model.task, len(problem.model.answers)
    rows: Sequence[int] = range(1, walk.length + 1) if choice.everything else with_rows(problem)
    blocks: list[Block] = []
    if len(rows) <= LONG:
        blocks.append(compact(walk, rows, choice.digits))
        blocks += [Prose(f"{_are_padding(problem, run)}.") for run in runs(padding(problem)) if len(rows) < walk.length]
        blocks += [Prose(_told(walk, column, rows)) for column in range(len(problem.sequences))]
    elif task.at == "last" or not problem.targets:
        blocks += [Prose(_last(walk, column)) for column in range(len(problem.sequences))]
    kept_apart = len(notes(type(problem.model.before))) > 1
    if len(rows) <= LONG and (kept_apart or len(rows) > SHORT) and not all_told(walk):
        blocks += memory(walk, choice.digits, whole=True, only=rows)
    if problem.targets:
        truths = [truth for one in problem.sequences for truth in one.targets]
        answers = [said for column in range(len(problem.sequences)) for said in walk.said(column)]
        outputs, its = len(truths), "their" if problem.beside else "its"
        score = sum(said == truth for said, truth in zip(answers, truths, strict=True))
        told: str = "" if task.linear or outputs == 1 else sentence(Live(str(score), "score"), f" of {outputs} right. ")
        what = f"the sum over {its} {problem.noun}s" if task.at == "every" else f"that of {its} last {problem.noun}"
        lead = Prose(sentence(told, f"The loss of the {problem.together} is {what}:"))
        blocks += [lead, Lines([_loss(walk, letters)], (("loss", (0, 0)),) if walk.complete else ())]
        if not task.linear:
            cost = number(outputs * log(k), choice.digits)
            kind = "symbol" if task.names is None else "class"
            times = f"{outputs}·" if outputs > 1 else ""
            blocks.append(Prose(f"Guessing among {count(k, kind)} would cost {times}ln {k} = {cost}."))
    if choice.commands and not walk.backward:
        blocks += [Prose("What next?"), Commands(list(choice.commands))]
    return Page(_whole(problem), blocks, "loss")


def _told(walk: Walk, column: int, rows: Sequence[int]) -> Marked:
    """What one of the sequences reads at the letters that have rows, what is said of it, and whether that is right."""
    one, said, between = walk.problem.sequences[column], walk.said(column), walk.problem.between
    spoken = [letter for letter in range(1, walk.length + 1) if walk.problem.says(letter)]
    words = rows if len(rows) == walk.length else [letter for letter in rows if not one.pads(letter)]
    read = [reads(one.named(one.inputs[letter - 1]), letter, column) for letter in words]
    answers = [says(shown(symbol), letter, column) for letter, symbol in zip(spoken, said, strict=True)]
    told = sentence("It reads “", joined(one.joint, read), "” and says “", joined(between, answers), "”")
    if not one.targets:
        return sentence(told, ".")
    truth = joined(
        between, [true(shown(text), letter, column) for letter, text in zip(spoken, one.targets, strict=True)]
    )
    if walk.problem.model.task.linear:
        return sentence(told, "; the truth is “", truth, "”.")
    correct = chosen(
        said == list(one.targets),
        ("all right", column),
        ", which is right",
        sentence(", but should say “", truth, "”"),
    )
    return sentence(told, correct, ".")


def _last(walk: Walk, column: int) -> Marked:
    """What is said at the end of a long sequence."""
    one, last = walk.problem.sequences[column], walk.length
    said = says(shown(walk.prediction(last, column)), last, column)
    which = (
        sentence("After “", title(walk.problem, column), "”")
        if walk.problem.beside
        else f"After the last of {last:,} {one.noun}s"
    )
    return sentence(which, " it says “", said, "”.")


def _whole(problem: Problem) -> str:
    """The title of what everything comes to."""
    return f"All {problem.together}" if problem.beside else f"The whole {problem.whole}"


def _loss(walk: Walk, letters: Letters) -> str:
    """The loss of the word as a sum, on one line."""
    derivations = letters.blocks.derivations
    if walk.complete:
        return derivations[walk.names.node["loss"]].line((0, 0))
    losses = walk.outline.losses
    kept = [number(float(losses[row]), derivations.digits) for row in sorted(largest(losses)[:MOST_LOSSES])]
    more = f"… ({len(losses) - len(kept)} more)"
    return f"loss = {' + '.join([*kept, more])} = {number(walk.loss, derivations.digits)}"
