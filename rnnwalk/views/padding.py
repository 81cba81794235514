"""Padding, which is summed up unless all is asked for: which letters it is, in a sentence, and which are worth a page or a row."""

from collections.abc import Iterable, Sequence
from itertools import groupby, islice

from rnnwalk.model.problem import Problem


def padding(problem: Problem) -> list[int]:
    """The letters at which nothing but padding is read, and nothing said."""
    if problem.model.task.text is None:
        return []
    return [t for t in range(1, problem.length + 1) if problem.pads(t) and not problem.says(t)]


def with_rows(problem: Problem) -> Sequence[int]:
    """The letters that have a row: all but the padding."""
    letters, pads = range(1, problem.length + 1), {*padding(problem)}
    return [t for t in letters if t not in pads] if pads else letters


def in_full(problem: Problem, most: int) -> list[int]:
    """The letters that are shown in full: the first words that are read, and where only the last letter has an answer,
    that one and the last word."""
    letters = range(1, problem.length + 1)
    first = [*islice((t for t in letters if not problem.pads(t)), most)]
    if problem.says(1):
        return first or [1]
    return sorted({*first, *islice((t for t in reversed(letters) if not problem.pads(t)), 1), problem.length})


def runs(letters: Iterable[int]) -> list[range]:
    """Letters as ranges of neighbours."""
    found = [[*group] for _, group in groupby(enumerate(letters), lambda each: each[1] - each[0])]
    return [range(group[0][1], group[-1][1] + 1) for group in found]


def span_of(noun: str, letters: range) -> str:
    """Letters that are neighbours, as they are named: words 3 to 5."""
    return f"{noun} {letters[0]}" if len(letters) == 1 else f"{noun}s {letters[0]} to {letters[-1]}"


def are_padding(problem: Problem, letters: range) -> str:
    """What padding is, and of which letters."""
    words = span_of(problem.noun, letters).capitalize()
    many = len(letters) > 1
    return (
        f"{words} {'are' if many else 'is'} padding: every text is made {problem.length} {problem.noun}s long. "
        f"{'They are' if many else 'It is'} read like any other {problem.noun}, with the same weights"
    )
