"""Softmax opened: the powers of e, their sum and the quotients; what the network says; the loss."""

from collections.abc import Sequence

import numpy as np

from rnnwalk.engine.notes import Array
from rnnwalk.marked import Marked
from rnnwalk.model.symbols import shown
from rnnwalk.text import subscript
from rnnwalk.trace.expression import Expr, Index
from rnnwalk.trace.record import Node
from rnnwalk.views import live, questions
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.live import Live, chosen, says, sentence
from rnnwalk.views.live import truth as true
from rnnwalk.views.page import Block, Lines, Prose, Table
from rnnwalk.walks.numbers import number, percent
from rnnwalk.walks.powers import powers
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
            named = live.title(walk.problem, column)
            blocks.append(Prose(sentence(f"{one.whole.capitalize()} {column + 1}, “", named, "”:")))
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
        name = walk.names.key(p, (0, column))
        kept = f"the {LIKELIEST} likeliest" if truth is None else f"the truth and the {LIKELIEST} likeliest others"
        blocks.append(
            Prose(f"Of {len(p.value):,} answers {kept} have a row; explain reaches every number, as in {name}.")
        )
    if maker.show != "symbols":
        rows = [(said if node.shape[0] > 1 else 0, column) for node in (m, q, S, p)]
        made = list(zip((m, q, S, p), rows, strict=True))
        of = tuple((walk.names.labels[node].key, at) for node, at in made)
        blocks.append(Lines([maker.derivations[node].line(at) for node, at in made], of, ("said", letter, column)))
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
    textbook = powers(y.value[:, column])
    fits = 0 < float(textbook.sum()) < np.inf

    def shown_number(node: Node, row: int) -> str:
        return maker.derivations[node].result((row, column))

    rows, answers, heads = [], walk.problem.model.answers, walk.names.heads(p, 0)
    kept = _kept(
        p.value[:, column], [answers.index(each) for each in (said, truth) if each is not None], truth is not None
    )
    for i in kept:
        symbol, head = answers[i], heads[i]
        rows.append(
            [
                head,
                shown_number(y, i),
                *([number(float(textbook[i]), maker.digits)] if fits else []),
                shown_number(q, i),
                shown_number(p, i),
                _marks(letter, column, i, symbol == said, symbol == truth),
            ]
        )
    if len(kept) < len(answers):
        rows.append([f"… {len(answers) - len(kept):,} others", *[""] * (4 + fits)])
    whole = number(float(p.value[:, column].sum()), maker.digits)
    sums = [number(float(textbook.sum()), maker.digits)] if fits else []
    rows.append(["sum", "", *sums, shown_number(S, 0), whole, ""])
    headings = ["", f"y{t}", *([f"e^y{t}"] if fits else []), f"q{t} = e^(y{t}−m{t})", f"p{t} = q{t} / S{t}", ""]
    numeric = range(1, len(headings) - 1)
    told = {truth or "": "target", said: "probability"}
    bar_roles = [told.get(answers[i], "probability quiet") for i in kept]
    roles = ("", *("probability" if c == numeric[-1] else "result" for c in numeric), "")
    keys, sums_of = {1: "y", 2: "exp_y"} if fits else {1: "y"}, {2: "sum_exp_y"} if fits else {}
    keys |= {len(headings) - 3: "q", len(headings) - 2: "p"}
    sums_of |= {len(headings) - 3: "S", len(headings) - 2: "sum_p"}
    of = {(row, c): (f"{key}_{letter}", (i, column)) for c, key in keys.items() for row, i in enumerate(kept)}
    of |= {(len(rows) - 1, c): (f"{key}_{letter}", (0, column)) for c, key in sums_of.items()}
    bars = [float(p.value[i, column]) for i in kept]
    ranked = (letter, column, tuple(kept)) if len(kept) < len(answers) else None
    which = f", {walk.problem.whole} {column + 1}" if walk.problem.beside else ""
    name = f"From scores to probabilities, {walk.problem.noun} {letter}{which}"
    table = Table(headings, rows, frozenset(numeric), bars, bar_roles, roles, of=of, ranked=ranked, name=name)
    if fits:
        return (
            table,
            f"The column e^y{t} is the article's way: divided by its sum, it gives the same probabilities, because m cancels.",
        )
    out_of_range = f"e^y{t} itself is out of the computer's range here; with m taken off it is not"
    return table, f"{out_of_range}, and m cancels in p."


def _marks(letter: int, column: int, row: int, said: bool, true: bool) -> Marked:
    """What is told of an answer beside its numbers: that it is said, that it is true."""
    where = letter, column, row
    mark = chosen(said, ("said", *where), ", truth", "← truth")
    return Marked([
        (chosen(said, ("said", *where), "← says"), "probability"),
        (chosen(true, ("true", *where), mark), "target"),
    ])  # fmt: skip


def _kept(p: Array, told: Sequence[int], beside_truth: bool) -> list[int]:
    """The answers that have a row, in order: all, or of many the truth and the likeliest others."""
    if len(p) <= MOST_ANSWERS:
        return list(range(len(p)))
    ranked = dict.fromkeys([*told, *np.argsort(-p, kind="stable").tolist()])
    return sorted(list(ranked)[: LIKELIEST + beside_truth])


def _verdict(maker: Blocks, letter: int, p: Node, column: int) -> Marked:
    problem = maker.walk.problem.sequences[column]
    said, truth = maker.walk.prediction(letter, column), problem.truth(letter)

    def share(symbol: str, name: str) -> Live:
        return Live(percent(float(p.value[problem.model.answers.index(symbol), column])), name, letter, column)

    begins = sentence("It says “", says(shown(said), letter, column), "” (", share(said, "share said"), ")")
    if truth is None:
        return sentence(begins, ". The truth was not given, so there is no loss (--target gives it).")
    goes_on = f"the {problem.whole} goes on with" if problem.given is None else "the truth is"
    wrong = sentence(f"but {goes_on} “", true(shown(truth), letter, column), "” (", share(truth, "share of truth"), ")")
    right = chosen(said == truth, ("right", letter, column), "which is right", wrong)
    return sentence(begins, ", ", right, ". The loss is how surprised it is by the truth, −ln p:")


def _loss(maker: Blocks, letter: int, p: Node, truth: str, column: int) -> list[Block]:
    """The loss as what it means, −ln p of the truth, and as it is computed, which holds where p underflows."""
    walk, loss = maker.walk, maker.walk.at("loss", letter)
    at, here = (walk.problem.model.answers.index(truth), column), (0, column)
    lines: list[str] = [maker.derivations[loss].line(here, maker.show)]
    of: list[tuple[str, Index] | None] = [(walk.names.labels[loss].key, here)]
    t = subscript(letter)
    lost = p.value[at] == 0  # its logarithm is not that of the truth's probability
    if not lost:
        result, shown_p = maker.derivations[loss].result(here), maker.derivations[p].result(at)
        symbol = Live(walk.names.symbol(p, at), "symbol of truth", letter, column)
        value = Live(shown_p, "number of truth", letter, column, maker.digits)
        role = walk.names.labels[p].role
        stages = [
            Marked([(" = −ln ", ""), (symbol, role)]),
            Marked([(" = −ln(", ""), (value, role), (")", "")]),
        ]
        kept = {"symbols": stages[:1], "numbers": stages[1:], "both": stages}[maker.show]
        told = Expr("negative", (Expr("log", (Expr("leaf", (), p, at),)),))
        exact = maker.show == "symbols" or comes_to(told, lambda _: shown_p, result)
        ends = Live(result, "number", walk.names.labels[loss].key, *here, maker.digits)
        sign: str = "=" if exact else "≈"
        if maker.show != "symbols":
            sign = Live(sign, "sign of truth", letter, column, maker.digits)
        name = Marked([(walk.names.symbol(loss, here), walk.names.labels[loss].role)])
        lines.insert(0, sentence(name, *kept, " ", sign, " ", Marked([(ends, walk.names.labels[loss].role)])))
        of.insert(0, None)
    blocks: list[Block] = [Lines(lines, tuple(of))]
    if lost or (letter == 1 and column == 0):
        blocks.append(
            Prose(
                f"ln S{t} + m{t} − y{t}[target] is the same number as −ln p{t}, but right even where p{t} is too small for a "
                "computer."
            )
        )
    return blocks
