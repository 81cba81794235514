"""Which letters of a text are worth a page, and which a row."""

from rnnwalk.model.problem import Problem


def in_full(problem: Problem, most: int) -> list[int]:
    """The letters that are shown in full: the first ones, and the last one where that alone has an answer."""
    found = range(1, min(most, problem.length) + 1)
    return [*found] if problem.says(1) else sorted({*found, problem.length})
