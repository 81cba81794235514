"""What is true, as it is typed, made of what a file or a program says it with: numbers, names, and lists of them."""

from typing import Any

from rnnwalk.errors import InputError
from rnnwalk.model.symbols import some
from rnnwalk.model.task import Task, typed_answers
from rnnwalk.text import kind


def typed(given: Any, task: Task, name: str) -> str:
    """A target as it is typed. given: such a text, a number, the list of numbers of one output, or a list with those of
    each; name: how a sentence calls it. Raises InputError."""
    if isinstance(given, str):
        return given
    answers = list[str]()
    for output in given if task.at == "every" and isinstance(given, list) else [given]:
        parts = output if isinstance(output, list) else [output]
        wrong = [part for part in parts if not isinstance(part, str | int | float) or isinstance(part, bool)]
        wrong = wrong or [output] * (len(parts) != 1 and not (parts and task.linear))
        if wrong:
            found = kind(given) if wrong[0] is given else f"a list with {kind(wrong[0])} in it"
            raise InputError(f"{name} must be {_expected(task)}, found {found}")
        answers.append(",".join(part if isinstance(part, str) else repr(part) for part in parts))
    return typed_answers(answers) if task.at == "every" else answers[0]


def _expected(task: Task) -> str:
    """What a target is, in words."""
    names = task.names or ()
    one = "a class" if names else "a symbol"
    if task.linear:
        one = "a number" if len(names) == 1 else f"a list of {len(names)} numbers"
    told = f"{one} ({some(names)})" if names else one
    return told if task.at == "last" else f"a list with {told} for each time step"
