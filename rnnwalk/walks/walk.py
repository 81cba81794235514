"""A walk: one recorded pass over a word, forward or back as well, whose quantities have names, values and formulas."""

import math
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rnnwalk.engine.network import largest
from rnnwalk.engine.notes import as_dict
from rnnwalk.errors import InputError
from rnnwalk.model.limits import check_finite, check_size, overflows
from rnnwalk.model.problem import Problem
from rnnwalk.text import begun, count
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.names import Names
from rnnwalk.walks.numbers import number
from rnnwalk.walks.quantity import Quantity
from rnnwalk.walks.recording import forward_pass, step_of_learning
from rnnwalk.walks.row import Row

if TYPE_CHECKING:
    from rnnwalk.walks.influence import Influence
    from rnnwalk.walks.outline import Outline


class Walk:
    """The record of a forward pass. ``walk["h_2"]`` is a Quantity; iterating gives them all, in order.

    backward: record one step of learning: the pass forward, the way back, and the weights after it;
    rate: its learning rate; optimiser: one of ``engine.optimisers``; clip: the longest gradient, or None;
    clip_value: the largest size of each of its numbers, or None.
    notation: "article", or "course" for a⟨t⟩, x⟨t⟩, Γf: how symbols are written, not what they are called.
    letters: those that are recorded, None for all; what the others come to is in ``outline``.
    Raises InputError for a record that would not fit into memory, and where numbers overflow.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        backward: bool = False,
        rate: float = 0.1,
        optimiser: str = "sgd",
        clip: float | None = None,
        clip_value: float | None = None,
        letters: range | None = None,
        notation: str = "article",
    ) -> None:
        model = problem.model
        self.problem = problem
        self.backward = backward
        self.recorded = letters or range(1, problem.length + 1)
        learned = model.parameters if backward else 0
        wide = len(problem.sequences)
        problem.check_recorded(len(self.recorded))
        check_size(len(self.recorded), len(model.vocabulary), model.hidden, model.cell, learned, wide, problem.shorter)
        if backward:
            problem.check_answered("there is no way back")
        with overflows() as met:
            if backward:
                self.trace = step_of_learning(problem, self.recorded, rate, optimiser, clip, clip_value)
            else:
                self.trace = forward_pass(problem, self.recorded)
        self.notation = notation
        course = None
        if notation == "course":
            from rnnwalk.walks.course_notation import course_of

            course = course_of(model)
        self.names = Names(self.trace.named, problem, self.recorded[0], course)
        if met:
            for node, label in self.names.labels.items():
                check_finite(label.key, node.value)

    @property
    def complete(self) -> bool:
        """Whether all letters are recorded."""
        return len(self.recorded) == self.length

    @cached_property
    def outline(self) -> "Outline":
        """What the letters of a long text come to; of the default task. Raises InputError for others."""
        if not self.problem.model.next_symbol:
            raise InputError(
                "an outline is of a network that names the next symbol after each; ask for quantities here"
            )
        from rnnwalk.walks.outline import outline

        return outline(self.problem)

    @property
    def answers_once(self) -> bool:
        """Whether it names an answer, a single one, at the end."""
        task = self.problem.model.task
        return task.at == "last" and not task.linear and not self.problem.beside

    @cached_property
    def influence(self) -> "Influence":
        """Which symbols moved the answer; of a walk that ``answers_once``."""
        from rnnwalk.walks.influence import influence

        return influence(self.problem, self.prediction(self.length))

    @cached_property
    def derivations(self) -> Derivations:
        """How each value was made, with six decimals."""
        return Derivations(self.names)

    def __getitem__(self, name: str) -> "Quantity":
        """The quantity, or one element of it: ``h_2``, ``h_2[3]``, ``p_2[h]``, ``Wxh[1,e]``, ``loss``.

        Raises InputError for an unknown one, and for one of the way back where that was not recorded.
        """
        if not isinstance(name, str):
            told = str(name) if isinstance(name, int) else f"of type {type(name).__name__}"
            raise InputError(f'a quantity is asked for by its name, a text such as "h_1"; this one is {told}')
        if not self.backward and self.of_the_way_back(name):
            if not self.problem.targets:
                raise InputError(f"there is no '{name}' here, for what is true was not given: name it (target)")
            raise InputError(f"'{name}' belongs to the way back, which this walk has not recorded; add backward=True")
        key = name.partition("[")[0].strip()
        if not self.backward and not self.names.means(name):
            timed = {label.field for label in self.names.labels.values() if label.letter is not None}
            back = self._back.names.labels.items()
            more = {node: each for node, each in back if each.key not in self.names.node and each.field not in timed}
            here, both = self.names.near(key, {}), self.names.near(key, more)
            if both != here:
                raise InputError(
                    f"no quantity '{name}'; did you mean {both}? Quantities of the way back need backward=True"
                )
        node, at = self.names.find(name)
        return self.quantity(node, at)

    def __iter__(self) -> Iterator["Quantity"]:
        return (self.quantity(node) for node in self.names.labels)

    def quantity(self, node: Node, at: Index | None = None) -> "Quantity":
        """A value, or one element of it."""
        return Quantity(self.derivations, node, at)

    def of_the_way_back(self, name: str) -> bool:
        """Whether a name means nothing here, but would had the way back been recorded."""
        return not self.names.means(name) and self._back.names.means(name)

    @cached_property
    def _back(self) -> "Walk":
        """The shortest walk that has the names of the way back."""
        problem = self.problem.begun(1)
        if not problem.targets:  # whatever is true, the names are the same
            answers = problem.model.answers
            given = (",".join("0" for _ in answers) if problem.model.task.linear else answers[0],)
            beside = tuple(each._replace(given=given) for each in problem.beside)
            problem = problem._replace(given=given, beside=beside)
        return Walk(problem, backward=True)

    def __repr__(self) -> str:
        model, way = self.problem.model, "forward and back" if self.backward else "forward"
        numbers = (
            f"{count(self.length, self.problem.noun)}, {count(model.hidden, 'hidden unit')}, loss {number(self.loss)}"
        )
        return f"<Walk of “{begun(self.problem.title)}” through {model.network.cell.A_TITLE}, {way}: {numbers}>"

    @property
    def loss(self) -> float:
        """The loss of the word (or words): the sum over its letters; NaN where it is not known what is true."""
        if not self.problem.targets:
            return math.nan
        return float(self.names.node["loss"].value[0, 0]) if self.complete else float(self.outline.losses.sum())

    @cached_property
    def predictions(self) -> list[Any]:
        """The answer after each letter that has one: for the default task the most probable next symbol; of a linear output
        its number, or a list of its numbers.

        Of several sequences side by side a list with the answers to each.
        """
        told = [self._answers(column) for column in range(len(self.problem.sequences))]
        return told if self.problem.beside else told[0]

    def _answers(self, column: int) -> list[Any]:
        """The answers to one of the sequences, numbers as they are."""
        if not self.problem.model.task.linear:
            return list(self.said(column))
        spoken = [letter for letter in self.recorded if self.problem.says(letter)]
        found = [self.at("y", letter).value[:, column].tolist() for letter in spoken]
        return [numbers[0] if len(numbers) == 1 else numbers for numbers in found]

    def said(self, column: int = 0) -> list[str]:
        """The answers to one of the sequences."""
        if self.complete:
            return [self.prediction(letter, column) for letter in self.recorded if self.problem.says(letter)]
        return [self.problem.model.answers[row] for row in self.outline.said.tolist()]

    def prediction(self, letter: int, column: int = 0) -> str:
        """The answer after a letter that is recorded and has one: the most probable, or the numbers of a linear output.

        Raises InputError for another letter.
        """
        self._check_output(letter)
        if self.problem.model.task.linear:
            return ",".join(number(value, 6) for value in self.at("y", letter).value[:, column].tolist())
        return self.problem.model.answers[int(largest(self.at("p", letter).value)[column])]

    def row(self, letter: int, column: int = 0) -> Row:
        """What a letter comes to, recorded or not; of a long text, only the first and the last ones are known.

        Raises InputError for what is not known, and where there are no probabilities or no truth.
        """
        problem = self.problem
        if letter not in self.recorded and letter in range(1, self.length + 1) and letter in self.outline.rows:
            return self.outline.rows[letter]
        self._check_output(letter)
        if problem.model.task.linear:
            raise InputError("a row tells of probabilities, and the outputs here are numbers; ask for the prediction")
        if not problem.targets:
            raise InputError("a row tells of the loss, and what is true was not given: name it (target)")
        said, truth = self.prediction(letter, column), self.problem.sequences[column].truth(letter) or ""
        at, p = self.problem.model.answers.index, self.at("p", letter).value[:, column]
        loss = float(self.at("loss", letter).value[0, column])
        return Row(at(said), float(p[at(said)]), float(p[at(truth)]), loss, self.at("h", letter).value[:, column])

    def _check_output(self, letter: int) -> None:
        """Raise InputError for a letter that is not recorded, or after which no output is read."""
        noun, first, last = self.problem.noun, self.recorded[0], self.recorded[-1]
        if letter not in self.recorded:
            raise InputError(f"{noun} {letter} is not recorded; expected {first} to {last}")
        if not self.problem.says(letter):
            raise InputError(f"there is no output after {noun} {letter}; the only one is after the last, {self.length}")

    @property
    def length(self) -> int:
        """How many letters the network reads."""
        return self.problem.length

    def at(self, field: str, letter: int) -> Node:
        """The node of a field at a letter, from 1."""
        return self.names.node[f"{field}_{letter}"]

    def fields(self, letter: int) -> list[Node]:
        """What is computed at a letter, in the order of the cell's record."""
        return _nodes(self.trace.result.letters[letter - self.recorded[0]])

    @property
    def each_field(self) -> list[Node]:
        """A value of each field that letters compute, in order: the first one. The last letter has them all."""
        names = self.names
        return [names.node.get(f"{names.labels[node].field}_1", node) for node in self.fields(self.length)]

    def fields_back(self, letter: int) -> list[Node]:
        """What the way back computes at a letter, in order: the error, the slopes, the error inside the step."""
        error, head, *rest, _ = self.trace.result.backward[letter - 1]
        back = error._replace(dh_own=None, dh_time=None, dh=None), head[::-1], error._replace(dy=None), *rest
        return _nodes(back)

    @property
    def each_field_back(self) -> list[Node]:
        """A value of each field of the way back, in order: the first letter's, where it has one."""
        names = self.names
        return [names.node.get(f"{names.labels[node].field}_1", node) for node in self.fields_back(self.length)]

    def weight_grads(self, letter: int) -> dict[str, Node]:
        """What a letter adds to the gradient of each weight, by the weight's name."""
        return as_dict(self.trace.result.backward[letter - 1].weight_grads)

    @property
    def gradients(self) -> dict[str, Node]:
        """The gradient of each weight of the network, by the weight's name."""
        return as_dict(self.trace.result.gradients)

    @property
    def updated(self) -> dict[str, Node]:
        """Each weight after the step of learning, by its name."""
        return as_dict(self.trace.result.updated)


def _nodes(record: Any) -> list[Node]:
    """The nodes of nested records, in order."""
    if isinstance(record, Node):
        return [record]
    return [] if record is None else [node for part in record for node in _nodes(part)]
