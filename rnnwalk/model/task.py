"""A task: what goes in at each step, where an output is read, what stands between, and what it is compared with."""

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.functions import ACTIVATIONS
from rnnwalk.engine.layers import EMBEDDING, MOST_LAYERS
from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError, near, real_number
from rnnwalk.model.limits import LARGEST
from rnnwalk.model.symbols import shown
from rnnwalk.model.text_rules import TextRules, check_rules, rules_of
from rnnwalk.text import count

OUTPUTS = {"at": ("every", "last"), "kind": ("softmax", "linear")}
RANK = "rank"  # what is read of a symbol where that is its row


class Task(NamedTuple):
    """inputs: the names of the numbers that are read at each step, None where symbols are; at: an output is read after
    "every" step or the "last"; kind: "softmax" over the answers, or "linear"; names: of the answers, None for the
    vocabulary; head: the activation of each dense layer; frozen: weights that are not learned; text: how its words
    are made of a text, None for blanks between them; ranks: of a symbol its row in the vocabulary is read, as a number.

    The default is the article's: a symbol in, the next one out.
    """

    inputs: tuple[str, ...] | None = None
    at: str = "every"
    kind: str = "softmax"
    names: tuple[str, ...] | None = None
    head: tuple[str, ...] = ()
    frozen: frozenset[str] = frozenset()
    text: TextRules | None = None
    ranks: bool = False

    @property
    def linear(self) -> bool:
        """Whether its answers are numbers."""
        return self.kind == "linear"

    @property
    def names_next(self) -> bool:
        """Whether it says which symbol comes next, so that the text holds what is true."""
        return self.names is None and self.kind == "softmax"

    @property
    def continues(self) -> bool:
        """Whether it reads symbols and says after each which comes next."""
        return self.names_next and self.at == "every" and self.inputs is None and not self.ranks


NEXT_SYMBOL = Task()


def check_task(task: Task, vocabulary: tuple[str, ...], where: str) -> None:
    """Raise InputError for a task that makes no sense."""
    for key, known in OUTPUTS.items():
        value = getattr(task, key)
        if value not in known:
            raise InputError(
                f"{where}: the output's '{key}' is '{value}'; known: {', '.join(known)}{near(value, known)}"
            )
    for name in task.head:
        check_activation(name, f"{where}: 'head'")
    if len(task.head) > MOST_LAYERS:
        raise InputError(f"{where}: the head has {len(task.head)} dense layers, expected at most {MOST_LAYERS}")
    for what, names in (("inputs", task.inputs), ("outputs", task.names)):
        if names is not None and (not names or len(set(names)) < len(names) or "" in names):
            raise InputError(f"{where}: the names of the {what} must be some texts, none of them empty or twice")
    if task.names is None and (task.inputs is not None or task.linear):
        raise InputError(
            f"{where}: the output has no 'names', which say what each of its numbers means{_ranks(task.inputs)}"
        )
    if task.inputs is None and not vocabulary:
        raise InputError(f"{where}: 'vocabulary' is missing; a network that reads symbols needs one")
    if wrong := task.frozen - {EMBEDDING}:
        raise InputError(f"{where}: '{min(wrong)}' cannot be frozen; expected '{EMBEDDING}', the embedding")
    if task.text is not None:
        check_rules(task.text, vocabulary, where)


def check_activation(name: str, where: str) -> None:
    """Raise InputError for an activation of a dense layer that is not known."""
    if name not in ACTIVATIONS:
        raise InputError(
            f"{where}: unknown activation '{name}'; known: {', '.join(ACTIVATIONS)}{near(name, ACTIVATIONS)}"
        )


def numbers(text: str, names: tuple[str, ...], where: str) -> Array:
    """A column from a text such as "0.5,-1", a number for each of the names. Raises InputError."""
    parts = text.split(",")
    if "" in parts and len(parts) > 1:
        how = (
            "each is one number, with blanks between them"
            if len(names) == 1
            else "those of a step stand together, as in 20,1"
        )
        raise InputError(f"{where}: '{shown(text[:40])}' lacks a number; {how}")
    found = []
    for part in parts:
        try:
            value = real_number(part)
        except ValueError:
            value = math.nan
        if not abs(value) <= LARGEST:
            wrong = "is too large: at most 1e100" if math.isfinite(value) else "is not a finite number, at most 1e100"
            raise InputError(f"{where}: '{shown(part[:40])}' {wrong}{_ranks(names)}")
        found.append(value)
    if len(found) != len(names):
        told = f"{', '.join(names[:8])}{' …' if len(names) > 8 else ''}"
        raise InputError(
            f"{where}: '{shown(text[:40])}' is {count(len(found), 'number')}, expected {len(names)} ({told}), "
            + ("with a comma between two" if len(names) > 1 else "written with a decimal point, as in 0.5")
        )
    return np.array(found)[:, None]


def answers_of(text: str, known: Sequence[str]) -> list[str]:
    """The answers of several steps, as they are typed: blanks between them, quotation marks around one that has a blank."""
    alone = text.split()
    if set(alone) <= set(known):
        return alone
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"(?!\S)|(\S+)', text)]


def typed_answers(answers: Sequence[str]) -> str:
    """The same the other way: as they are typed. Raises InputError for one that has a blank and a quotation mark."""
    for answer in answers:
        if answer.split() != [answer] and '"' in answer:
            raise InputError(
                f"the answer '{shown(answer[:40])}' has a blank and a quotation mark, so it cannot be told from those of "
                "other steps; name it without one of them"
            )
    return " ".join(answer if answer.split() == [answer] else f'"{answer}"' for answer in answers)


def _ranks(names: tuple[str, ...] | None) -> str:
    """A suggestion for one name that is nearly what says that words are read as their ranks."""
    return near(f"--inputs {names[0]}", ["--inputs ranks"], 0.95) if names and len(names) == 1 else ""


def answer(text: str, task: Task, vocabulary: tuple[str, ...], where: str) -> Array:
    """The target (o, 1) that a text names: an answer as a one-hot column, or numbers. Raises InputError."""
    names = task.names or vocabulary
    if task.linear:
        return numbers(text, names, where)
    if text not in names:
        told = f"{', '.join(shown(name) for name in names[:12])}{' …' if len(names) > 12 else ''}"
        kind = "symbols" if task.names is None else "classes"
        raise InputError(f"{where}: '{shown(text[:40])}' is none of the {kind} ({told}){near(text, names)}")
    column = np.zeros((len(names), 1))
    column[names.index(text)] = 1
    return column


def task_of(record: dict[str, Any], where: str) -> Task:
    """The task that a weight file describes with its keys inputs, output, head and frozen. Raises InputError."""
    inputs, output = record.get("inputs", "symbols"), record.get("output", {})
    named = isinstance(inputs, dict) and set(inputs) == {"names"}
    if inputs not in ("symbols", "ranks") and not named:
        raise InputError(f'{where}: \'inputs\' must be "symbols", "ranks" or {{"names": […]}}')
    if not isinstance(output, dict) or (wrong := set(output) - {"at", "kind", "names"}):
        known = "'at', 'kind' and 'names'"
        found = f", found '{min(wrong)}'" if isinstance(output, dict) else ""
        raise InputError(f"{where}: 'output' must be an object with {known}{found}")
    return Task(
        inputs=_texts("inputs", inputs["names"], where) if named else None,
        at=_text("at", output.get("at", "every"), where),
        kind=_text("kind", output.get("kind", "softmax"), where),
        names=_texts("names", output["names"], where) if "names" in output else None,
        head=_texts("head", record.get("head", []), where),
        frozen=frozenset(_texts("frozen", record.get("frozen", []), where)),
        text=rules_of(record["text"], where) if "text" in record else None,
        ranks=inputs == "ranks",
    )


def to_record(task: Task) -> dict[str, Any]:
    """The keys of a weight file that say what is not the default."""
    record: dict[str, Any] = {}
    if task.inputs is not None:
        record["inputs"] = {"names": list(task.inputs)}
    if task.ranks:
        record["inputs"] = "ranks"
    if task[1:4] != NEXT_SYMBOL[1:4]:
        record["output"] = {"at": task.at, "kind": task.kind} | ({"names": list(task.names)} if task.names else {})
    if task.head:
        record["head"] = list(task.head)
    if task.frozen:
        record["frozen"] = sorted(task.frozen)
    if task.text is not None:
        record["text"] = task.text.to_record()
    return record


def _text(key: str, value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{where}: the output's '{key}' must be a text")
    return value


def _texts(key: str, values: Any, where: str) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InputError(f"{where}: '{key}' must be a list of texts")
    return tuple(values)
