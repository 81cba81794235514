"""Softmax opened: the powers of e, their sum and the quotients; what the network says; the loss."""

from collections.abc import Sequence

import numpy as np

from rnnwalk.engine.notes import Array
from rnnwalk.marked import Marked, joined
from rnnwalk.model.symbols import shown
from rnnwalk.text import subscript
from rnnwalk.trace.expression import Expr
from rnnwalk.trace.record import Node
from rnnwalk.views import questions
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.page import Block, Lines, Prose, Table
from rnnwalk.walks.numbers import number, percent
from rnnwalk.walks.rounding import comes_to

MOST_ANSWERS = 20  # of which each has a row
LIKELIEST = 10  # of more answers, beside the truth


def softmax(maker: Blocks, letter: int) -> list[Block]:
    """The blocks of the article's step 7 at a letter."""
    walk = maker.walk
    blocks: list[Block] = [
        Prose(
            "Softmax turns the scores into probabilities: e to the power of each score, divided by the sum of all these powers."
        )
    ]
    if maker.show != "numbers":
        blocks += [maker.formula(walk.at(field, letter)) for field in ("m", "q", "S", "p")]
    for column, one in enumerate(walk.problem.sequences):
        if walk.problem.beside:
            blocks.append(Prose(f"{one.whole.capitalize()} {column + 1}, “{one.title}”:"))
        blocks += _column(maker, letter, column)
    last = walk.problem.model.task.at == "last"
    if letter == 1 or last:
        blocks += questions.softmax(walk)
    if letter == 2 or walk.length == 1 or last:
        blocks += questions.verdict(walk, letter, maker.digits)
    return blocks


def _column(maker: Blocks, letter: int, column: int) -> list[Block]:
    """From the scores to the loss, for the sequence that stands in a column."""
    walk = maker.walk
    m, q, S, p = (walk.at(field, letter) for field in ("m", "q", "S", "p"))
    said = walk.problem.model.answers.index(walk.prediction(letter, column))
    table, cancels = _powers(maker, letter, column)
    blocks: list[Block] = [table]
    truth = walk.problem.sequences[column].truth(letter)
    if len(p.value) > MOST_ANSWERS:
        name = walk.names.key(p, (said, column))
        blocks.append(
            Prose(
                f"Of {len(p.value):,} answers the {LIKELIEST} likeliest {'' if truth is None else 'and the truth '}have a "
                f"row; explain reaches every number, as in {name}."
            )
        )
    if maker.show != "symbols":
        rows = [(said if node.shape[0] > 1 else 0, column) for node in (m, q, S, p)]
        made = list(zip((m, q, S, p), rows, strict=True))
        of = tuple((walk.names.labels[node].key, at) for node, at in made)
        blocks.append(Lines([maker.derivations[node].line(at) for node, at in made], of))
    if column == 0:
        largest = f"m{subscript(letter)} is the largest score; subtracting it keeps every power at 1 or below."
        blocks.append(Prose(f"{largest} {cancels}"))
    blocks.append(Prose(_verdict(maker, letter, p, column)))
    return blocks if truth is None else blocks + _loss(maker, letter, p, truth, column)


def _powers(maker: Blocks, letter: int, column: int) -> tuple[Table, str]:
    """The table from scores to probabilities, with the article's eʸ where a computer can hold it; and a word on that."""
    walk, t = maker.walk, subscript(letter)
    y, q, S, p = (walk.at(field, letter) for field in ("y", "q", "S", "p"))
    said, truth = walk.prediction(letter, column), walk.problem.sequences[column].truth(letter)
    with np.errstate(over="ignore"):
        textbook = np.exp(y.value[:, column])
    fits = 0 < float(textbook.sum()) < np.inf

    def shown_number(node: Node, row: int) -> str:
        return maker.derivations[node].result((row, column))

    rows, answers, heads = [], walk.problem.model.answers, walk.names.heads(p, 0)
    kept = _kept(p.value[:, column], [answers.index(each) for each in (said, truth) if each is not None])
    for i in kept:
        symbol, head = answers[i], heads[i]
        marks = [("says", "probability")] * (symbol == said) + [("truth", "target")] * (symbol == truth)
        powers = [number(float(textbook[i]), maker.digits)] if fits else []
        rows.append(
            [
                head,
                shown_number(y, i),
                *powers,
                shown_number(q, i),
                shown_number(p, i),
                joined(", ", [Marked([("← " * (i == 0) + mark, role)]) for i, (mark, role) in enumerate(marks)]),
            ]
        )
    if len(kept) < len(answers):
        rows.append([f"… {len(answers) - len(kept):,} others", *[""] * (4 + fits)])
    sums = [number(float(textbook.sum()), maker.digits)] if fits else []
    rows.append(["sum", "", *sums, shown_number(S, 0), number(float(p.value[:, column].sum()), maker.digits), ""])
    headings = ["", f"y{t}", *([f"e^y{t}"] if fits else []), f"q{t} = e^(y{t}−m{t})", f"p{t} = q{t} / S{t}", ""]
    numeric = range(1, len(headings) - 1)
    told = {truth or "": "target", said: "probability"}
    bar_roles = [told.get(answers[i], "probability quiet") for i in kept]
    roles = ("", *("probability" if c == numeric[-1] else "result" for c in numeric), "")
    values = {1: y, len(headings) - 3: q, len(headings) - 2: p}
    of = {
        (row, c): (walk.names.labels[node].key, (i, column)) for c, node in values.items() for row, i in enumerate(kept)
    }
    of[len(rows) - 1, len(headings) - 3] = walk.names.labels[S].key, (0, column)
    bars = [float(p.value[i, column]) for i in kept]
    table = Table(headings, rows, frozenset(numeric), bars, bar_roles, roles, of=of)
    if fits:
        return (
            table,
            f"The column e^y{t} is the article's way: divided by its sum, it gives the same probabilities, because m cancels.",
        )
    out_of_range = f"e^y{t} itself is out of the computer's range here; with m taken off it is not"
    return table, f"{out_of_range}, and m cancels in p."


def _kept(p: Array, told: Sequence[int]) -> list[int]:
    """The answers that have a row, in order: all, or of many the likeliest ones and those that are told of."""
    if len(p) <= MOST_ANSWERS:
        return list(range(len(p)))
    return sorted({*np.argsort(-p, kind="stable")[:LIKELIEST].tolist(), *told})


def _verdict(maker: Blocks, letter: int, p: Node, column: int) -> str:
    problem = maker.walk.problem.sequences[column]
    said, truth = maker.walk.prediction(letter, column), problem.truth(letter)

    def share(symbol: str) -> str:
        return percent(float(p.value[problem.model.answers.index(symbol), column]))

    if truth is None:
        return f"It says “{shown(said)}” ({share(said)}). The truth was not given, so there is no loss (--target gives it)."
    goes_on = f"the {problem.whole} goes on with" if problem.given is None else "the truth is"
    right = "which is right" if said == truth else f"but {goes_on} “{shown(truth)}” ({share(truth)})"
    return f"It says “{shown(said)}” ({share(said)}), {right}. The loss is how surprised it is by the truth, −ln p:"


def _loss(maker: Blocks, letter: int, p: Node, truth: str, column: int) -> list[Block]:
    """The loss as what it means, −ln p of the truth, and as it is computed, which holds where p underflows."""
    walk, loss = maker.walk, maker.walk.at("loss", letter)
    at, here = (walk.problem.model.answers.index(truth), column), (0, column)
    lines: list[str] = [maker.derivations[loss].line(here, maker.show)]
    t = subscript(letter)
    lost = p.value[at] == 0  # its logarithm is not that of the truth's probability
    if not lost:
        stages = [f"−ln {walk.names.symbol(p, at)}", f"−ln({maker.derivations[p].result(at)})"]
        chosen = {"symbols": stages[:1], "numbers": stages[1:], "both": stages}[maker.show]
        result = maker.derivations[loss].result(here)
        told = Expr("negative", (Expr("log", (Expr("leaf", (), p, at),)),))
        exact = maker.show == "symbols" or comes_to(told, lambda _: maker.derivations[p].result(at), result)
        lines.insert(0, f"{' = '.join([walk.names.symbol(loss, here), *chosen])} {'=' if exact else '≈'} {result}")
    blocks: list[Block] = [Lines(lines)]
    if lost or (letter == 1 and column == 0):
        blocks.append(
            Prose(
                f"ln S{t} + m{t} − y{t}[target] is the same number as −ln p{t}, but right even where p{t} is too small for a "
                "computer."
            )
        )
    return blocks
