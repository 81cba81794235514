"""What rnnwalk train is to learn: words, the lines of a text, or the rows of a CSV file."""

from typing import TYPE_CHECKING, Any, NamedTuple

from rnnwalk.cli.options import clashes, tell_words_left_out
from rnnwalk.cli.source import Source, numbered_texts, rules_of
from rnnwalk.cli.streams import say
from rnnwalk.errors import InputError

if TYPE_CHECKING:
    from rnnwalk.model.model import Model
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.problem import Problem
    from rnnwalk.tasks.corpus import Corpus
    from rnnwalk.tasks.table import Table


FILTERED = "words, without their signs and points"  # what numbers are in a text


class Lesson(NamedTuple):
    """model: at the start; learned, held: the lines to learn from, and those held back; shown: some of them, as problems;
    word: that the model will come with."""

    model: "Model"
    learned: Any
    held: Any
    shown: "list[Problem]"
    word: str


def lesson(source: Source, asked: "ModelOptions", share: float, seed: int) -> Lesson:
    """What is learned; a share of it is held back. Raises InputError."""
    from rnnwalk.model.options import check_drawn
    from rnnwalk.model.pose import problems_for_words
    from rnnwalk.model.problem import Problem
    from rnnwalk.tasks.data import WRITTEN, read_data
    from rnnwalk.tasks.held_back import hold_back
    from rnnwalk.tasks.table import Columns, Table

    if asked.weights is asked.example is None and (source.text or source.data) is not None:
        check_drawn(asked)
    if source.text is not None:
        start, corpus = _corpus(source.text, asked)
        learned, held = hold_back(corpus.lines, share, seed)
        return Lesson(
            start, learned, held, [Problem(start, corpus.symbols(line)) for line in learned[:2]], start.word or ""
        )
    if source.data is None:
        posed = problems_for_words(source.words or [None], asked)
    else:
        rules = rules_of(source) if numbered_texts(asked) else None
        for name, value in source.rules.items():
            if value is not None and rules is None:
                raise InputError(
                    f"--{name.replace('_', '-')} does nothing here: it is for texts of words with a class or numbers each, "
                    "which need neither --inputs, --at every nor --by letter"
                )
        if rules is not None:
            clashes("texts with numbers each, whose words are the vocabulary", vocab=asked.vocab)
        table = Table(source.data, Columns(*source.columns.values()), wanted=WRITTEN)
        posed = read_data(table, asked, rules)
        tell_remarks(table)
        tell_numbers(table, asked, FILTERED if rules is not None else f"{asked.by or 'letter'}s")
    start = posed[0].model
    tell_words_left_out(tuple(dict.fromkeys(word for problem in posed for word in problem.left_out)))
    lines: list[Any] = [problem.symbols for problem in posed] if start.next_symbol else posed
    learned, held = hold_back(lines, share, seed)
    return Lesson(start, learned, held, posed[:3], posed[0].word)


def tell_remarks(table: "Table") -> None:
    """Say what is to be said of a file that was read."""
    for remark in table.remarks():
        say(remark)


def tell_numbers(table: "Table", asked: "ModelOptions", symbols: str) -> None:
    """Say that texts are numbers, where they are read as symbols."""
    if table.numbers and asked.inputs is None and asked.weights is asked.example is None:
        say(
            f"{table.where}: every text is numbers, and they are read as {symbols}; to read numbers, name them, and what "
            "comes out: --inputs x --linear y"
        )


def _corpus(text: str, asked: "ModelOptions") -> "tuple[Model, Corpus]":
    """The text as numbers, and the model that learns it."""
    from rnnwalk.inputs import label
    from rnnwalk.model.options import drawn, own_vocabulary
    from rnnwalk.model.pose import problems_for_words
    from rnnwalk.model.text_rules import PADDING
    from rnnwalk.model.weightfile import model_of
    from rnnwalk.tasks.corpus import read_corpus

    if asked.weights is not None:
        given = model_of(asked.weights)
        if not given.task.continues:
            raise InputError(
                "--text is learned by a network that reads symbols and names the next one; learn rows (--data)"
            )
        asked = asked._replace(weights=given, by=asked.by or given.by)
        known: tuple[str, ...] | None = given.vocabulary
    else:
        known = None if asked.vocab is None else own_vocabulary(asked)
    by = asked.by or "letter"
    corpus = read_corpus(text, by, known, given.task.text if asked.weights is not None and by == "word" else None)
    tell_words_left_out(corpus.unknown)
    if corpus.left_out:
        say(f"{label(text)}: left out {corpus.left_out} of its lines, with fewer than two {by}s")
    first = corpus.symbols(corpus.lines[0])
    if asked.weights is not None and given.task.text is not None:
        first = tuple(symbol for symbol in first if symbol != PADDING)  # which the text gets anew
    word = (" " if by == "word" else "").join(first)
    if asked.weights is not None:
        return problems_for_words([word], asked)[0].model, corpus._replace(vocabulary=given.vocabulary)
    return drawn(corpus.vocabulary, word, asked), corpus
