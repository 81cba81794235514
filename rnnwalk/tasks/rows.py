"""Labelled texts as numbers: read once, four bytes a word, so that millions fit."""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.errors import InputError, near, real_number
from rnnwalk.model.symbols import shown, some
from rnnwalk.model.text_rules import PADDING, TextRules
from rnnwalk.tasks.corpus import Lines
from rnnwalk.tasks.table import Table
from rnnwalk.text import count

MOST_CLASSES = 1000
MOST_NAMED = 5  # labels that are none of the classes


class Rows(Lines):
    """Texts as rows of a vocabulary, and the rows of their answers: labels, int32.

    Each is made when it is asked for: (rows of its words, row of its answer).
    """

    def __init__(self, rows: Any, starts: Any, ends: Any, labels: Any) -> None:
        super().__init__(rows, starts, ends)
        self.labels = labels

    def __getitem__(self, which: Any) -> Any:
        """The pair of a number; of a slice, a mask or numbers, those texts."""
        if isinstance(which, slice | np.ndarray):
            return Rows(self.rows, self.starts[which], self.ends[which], self.labels[which])
        return self.rows[self.starts[which] : self.ends[which]], self.labels[which : which + 1]

    def __iter__(self) -> Iterator[Any]:
        return ((words, self.labels[i : i + 1]) for i, words in enumerate(super().__iter__()))

    @property
    def lengths(self) -> Any:
        """How many words each text has."""
        return self.ends - self.starts

    def renumbered(self, numbers: Any, rules: TextRules) -> "Rows":
        """The texts in another vocabulary, fitted by the rules. numbers: of each word its row there, −1 for one to be left out.

        Texts of which nothing is left are left out.
        """
        flat, found = array("i"), list[int]()
        starts = array("q", [0])
        for i, (start, end) in enumerate(zip(self.starts.tolist(), self.ends.tolist(), strict=True)):
            known = numbers[self.rows[start:end]]
            known = known[known >= 0]
            if len(known):
                flat.extend(rules.fitted(known.tolist(), 0))
                starts.append(len(flat))
                found.append(i)
        ends = np.frombuffer(starts, np.int64)
        words = np.frombuffer(flat, np.int32) if flat else np.zeros(0, np.int32)
        return Rows(words, ends[:-1], ends[1:], self.labels[found])


class Texts(NamedTuple):
    """What was read. rows: of words; words: in order of first appearance; classes: the answers, in order."""

    rows: Rows
    words: list[str]
    classes: tuple[str, ...]

    @property
    def tagged(self) -> bool:
        """Whether each label has as many parts as its text has words, and some have more than one."""
        parts = np.array([len(name.split()) for name in self.classes])
        return bool(parts.max() > 1 and (parts[self.rows.labels] == self.rows.lengths).all())


def read_texts(
    table: Table, rules: TextRules, classes: tuple[str, ...] | None = None, *, learned: bool = False
) -> Texts:
    """The rows of a table as numbers. classes: those that may stand in it; None for all that do; learned: by a network that
    has learned them, which may go on with one of them. Raises InputError.
    """
    if classes is not None and len(classes) < 2:
        raise InputError(
            f"{table.where}: with one class, '{shown(classes[0][:40])}', there is nothing to tell apart; name two or more"
        )
    words: defaultdict[str, int] = defaultdict()
    words.default_factory = words.__len__  # a new word gets the next number
    labels: dict[str, int] = {} if classes is None else {name: i for i, name in enumerate(classes)}
    flat, ends, answers = array("i"), array("q"), array("i")
    first: dict[str, int] = {}
    others = Counter[str]()
    for line, text, label in table:
        if classes is not None and label not in labels:
            if label not in others:
                _check_label(label, line, others, table.where)
            others[label] += 1
            continue
        if label not in first:
            _check_label(label, line, first, table.where)
            first[label] = line
        flat.extend([words[word] for word in rules.words(text)])
        ends.append(len(flat))
        answers.append(labels.setdefault(label, len(labels)))
    until = np.frombuffer(ends, np.int64)
    found = np.frombuffer(answers, np.int32)
    if classes is None:
        classes = _classes(first, np.bincount(found).tolist(), table)
        order = {name: i for i, name in enumerate(classes)}
        found = np.array([order[name] for name in labels], np.int32)[found]
    else:
        table.told += told_of_others(others, first, classes, table.where, learned=learned)
    flat_words = np.frombuffer(flat, np.int32) if flat else np.zeros(0, np.int32)
    rows = Rows(flat_words, np.concatenate([[0], until[:-1]]), until, found)
    return Texts(rows, list(words), classes)


def told_of_others(
    others: Counter[str], first: dict[str, int], classes: tuple[str, ...], where: str, *, learned: bool = False
) -> Iterator[str]:
    """What is to be said where labels are none of the classes, or classes no labels. others: how often each was met;
    first: the labels that are classes; learned: see ``read_texts``. Raises InputError where no two are left to tell apart.
    """
    most = others.most_common(MOST_NAMED)
    told = [f"'{shown(label[:40])}' {times}{_hint(label, classes)}" for label, times in most]
    counted = ", ".join([*told, *["…"] * (len(others) > len(most))])
    if not first:
        raise InputError(f"{where}: no row is of the classes {some(classes)}: there are {counted}")
    if len(first) < 2 and (others or not learned):
        (alone,) = first
        left, also = (" that is left", f"; there are {counted}") if others else ("", "")
        raise InputError(
            f"{where}: every row{left} says '{shown(alone[:40])}', so there is nothing to tell apart{also}"
        )
    for name in classes:
        if name not in first:
            yield f"no row says '{shown(name[:40])}'{near(name, others)}"
    if others:
        kinds = "another class" if len(others) == 1 else "other classes"
        yield f"left out {count(others.total(), 'row')} of {kinds}: {counted}"


def _hint(label: str, classes: tuple[str, ...]) -> str:
    """A class that may be meant by a label, in brackets."""
    hint = near(label, classes).removeprefix("; ")
    return f" ({hint})" if hint else ""


def ranked(texts: Rows, words: list[str], most: int | None) -> tuple[tuple[str, ...], Any]:
    """The vocabulary of some texts and, of each word, its row there (−1 for none): PADDING, and then the words, the most
    frequent first, those that come equally often in order of appearance; most: rows are below it."""
    times = np.zeros(len(words), np.int64)
    appeared = np.full(len(words), np.iinfo(np.int64).max)
    place = 0
    for i in range(0, len(texts), 2**16):  # part by part, for the places of all words take more room than the words
        own = np.concatenate([own for own, _ in texts[i : i + 2**16]])
        times += np.bincount(own, minlength=len(words))
        found, at = np.unique(own, return_index=True)
        appeared[found] = np.minimum(appeared[found], place + at)
        place += len(own)
    order = np.lexsort((appeared, -times))
    order = order[: np.count_nonzero(times)][: None if most is None else most - 1]
    numbers = np.full(len(words), -1, np.int32)
    numbers[order] = np.arange(1, len(order) + 1)
    return (PADDING, *[words[i] for i in order.tolist()]), numbers


def numbered(words: list[str], vocabulary: tuple[str, ...]) -> Any:
    """Of each word its row in a vocabulary, −1 for none."""
    known = {word: row for row, word in enumerate(vocabulary) if word != PADDING}
    return np.array([known.get(word, -1) for word in words], np.int32)


def _number(label: str) -> float | None:
    try:
        found = real_number(label)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _check_label(label: str, line: int, first: dict[str, int], where: str) -> None:
    if len(first) == MOST_CLASSES:
        raise InputError(
            f"{where}: line {line} has another label, '{shown(label[:40])}', after {MOST_CLASSES} different ones; expected "
            "a few classes: is it the column of the labels?"
        )


def _classes(first: dict[str, int], counts: list[int], table: Table) -> tuple[str, ...]:
    """The answers in order: numbers by size, texts by their letters. first: their lines; counts: of each. Raises InputError."""
    names = list(first)
    kinds = {name: _number(name) is not None for name in names}
    head = names[0]
    alone = table.headless and counts[0] == 1 and len(names) > 2 and min(counts[1:]) > 1
    if len(set(kinds.values())) > 1:
        if table.headless and not kinds[head] and sum(kinds.values()) == len(names) - 1 and counts[0] == 1:
            alone = True
        else:
            odd = next(name for name in names if kinds[name] != kinds[head])
            raise InputError(
                f"{table.where}: line {first[odd]} says '{shown(odd[:40])}' and line {first[head]} '{shown(head[:40])}'; "
                "labels must all be numbers, or all be texts"
            )
    if alone:
        raise InputError(
            f"{table.where}: line {first[head]} is the only one that says '{shown(head[:40])}', so it looks like a header; "
            f"name the columns then: --label-column {shown(head[:40])}"
        )
    written: dict[float | None, str] = {}
    for name in names if kinds[head] else ():
        other = written.setdefault(_number(name), name)
        if other != name:
            raise InputError(
                f"{table.where}: line {first[other]} says '{shown(other[:40])}' and line {first[name]} '{shown(name[:40])}', the "
                "same number written in two ways; write it in one"
            )
    if len(names) < 2:
        raise InputError(
            f"{table.where}: every row says '{shown(head[:40])}', so there is nothing to tell apart; expected two classes "
            "or more in the column of the labels"
        )
    return tuple(sorted(names, key=(lambda name: (_number(name), name)) if kinds[head] else None))
