"""What a whole walk comes to: the letters as a row each, what it says and whether that is right, and the loss."""

from collections.abc import Sequence
from math import log

from rnnwalk.engine.notes import notes
from rnnwalk.marked import Marked, joined
from rnnwalk.model.problem import LONG, Problem
from rnnwalk.model.symbols import shown
from rnnwalk.text import count
from rnnwalk.views.in_part import largest
from rnnwalk.views.letter import Letters, all_told, compact
from rnnwalk.views.live import Live, chosen, reads, says, sentence, title
from rnnwalk.views.live import truth as true
from rnnwalk.views.memory import memory
from rnnwalk.views.padding import are_padding, padding, runs, with_rows
from rnnwalk.views.page import Block, Commands, Lines, Page, Prose
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

SHORT = 5  # letters, or long words, of which the strip of the opening leaves out none, on a screen of 80 columns
MOST_LOSSES = 4  # of a long text that are written out


def summary_title(problem: Problem) -> str:
    """The title of what everything comes to."""
    if len(problem.beside) == 1:
        return f"Both {problem.whole}s"
    return f"All {problem.together}" if problem.beside else f"The whole {problem.whole}"


def summary(letters: Letters, everything: bool = False, commands: Sequence[str] = ()) -> Page:
    """The unrolled summary, the total loss, and what to do next. everything: padding has rows, too."""
    walk, problem, digits = letters.walk, letters.walk.problem, letters.blocks.digits
    task, k = problem.model.task, len(problem.model.answers)
    rows: Sequence[int] = range(1, walk.length + 1) if everything else with_rows(problem)
    blocks: list[Block] = []
    if len(rows) <= LONG:
        blocks.append(compact(walk, rows, digits))
        blocks += [Prose(f"{are_padding(problem, run)}.") for run in runs(padding(problem)) if len(rows) < walk.length]
        blocks += [Prose(_told(walk, column, rows)) for column in range(len(problem.sequences))]
    elif task.at == "last" or not problem.targets:
        blocks += [Prose(_last(walk, column)) for column in range(len(problem.sequences))]
    kept_apart = len(notes(type(problem.model.before))) > 1
    if len(rows) <= LONG and (kept_apart or len(rows) > SHORT) and not all_told(walk):
        blocks += memory(walk, digits, whole=True, only=rows)
    if problem.targets:
        truths = [truth for one in problem.sequences for truth in one.targets]
        answers = [said for column in range(len(problem.sequences)) for said in walk.said(column)]
        outputs, its = len(truths), "their" if problem.beside else "its"
        score = sum(said == truth for said, truth in zip(answers, truths, strict=True))
        told: str = "" if task.linear or outputs == 1 else sentence(Live(str(score), "score"), f" of {outputs} right. ")
        what = f"the sum over {its} {problem.noun}s" if task.at == "every" else f"that of {its} last {problem.noun}"
        loss = _loss(letters)
        cut = ", of which the largest are written out" * (" more)" in loss)
        lead = Prose(sentence(told, f"The loss of the {problem.together} is {what}{cut}:"))
        blocks += [lead, Lines([loss], (("loss", (0, 0)),) if walk.complete else ())]
        if not task.linear:
            cost = number(outputs * log(k), digits)
            kind = "symbol" if task.names is None else "class"
            times = f"{outputs}·" if outputs > 1 else ""
            blocks.append(Prose(f"Guessing among {count(k, kind)} would cost {times}ln {k} = {cost}."))
    if commands:
        blocks += [Prose("What next?"), Commands([*commands])]
    return Page(summary_title(problem), blocks, "loss")


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


def _loss(letters: Letters) -> str:
    """The loss of the word as a sum, on one line."""
    walk, derivations = letters.walk, letters.blocks.derivations
    if walk.complete:
        return derivations[walk.names.node["loss"]].line((0, 0))
    losses = walk.outline.losses
    kept = [number(float(losses[row]), derivations.digits) for row in sorted(largest(losses)[:MOST_LOSSES])]
    more = f"… ({len(losses) - len(kept)} more)"
    return f"loss = {' + '.join([*kept, more])} = {number(walk.loss, derivations.digits)}"
