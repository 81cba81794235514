"""Which model is asked for, and the random weights that such a model gets."""

from collections.abc import Mapping
from os import PathLike
from typing import Any, NamedTuple

from rnnwalk.engine.cells import CELLS
from rnnwalk.engine.layers import EMBEDDING, MOST_LAYERS
from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError, check_number, near, whole_number
from rnnwalk.model.limits import MOST_HIDDEN, MOST_SEED, check_size
from rnnwalk.model.model import Model, check_form
from rnnwalk.model.random_weights import check_forget, draw
from rnnwalk.model.symbols import check_vocabulary, shown, split
from rnnwalk.model.task import Task, check_activation, check_task, typed_answers
from rnnwalk.model.text_rules import PADDING

RANKS = "ranks"  # of the option inputs


class ModelOptions(NamedTuple):
    """Which model is asked for: the options of the command line, None where nothing was said.

    weights: a file's name, a Model, or a dict as in a weight file; without, the article's for a plain "hello", otherwise drawn from
    ``seed`` (default 0) for ``hidden`` units (default 3), ``vocab`` (default: the word's symbols), ``cell``,
    ``form``, and where the cell forgets, ``forget_bias``; by: what a symbol is; example: the name of a bundled one.

    For another task than naming the next symbol: inputs, the names of the numbers that are read; classes, the names of
    the answers, or linear, those of the numbers that come out, all with commas between them; inputs may be "ranks", too: of
    each symbol its row in the vocabulary is read; at: "every" or "last";
    embedding: the length of word vectors (or, of labelled texts that are learned, a file of them); dense: layers such as "6:sigmoid,4:relu".
    """

    weights: str | PathLike[str] | Mapping[str, Any] | Model | None = None
    vocab: str | None = None
    hidden: int | None = None
    seed: int | None = None
    by: str | None = None
    cell: str | None = None
    form: str | None = None
    forget_bias: float | None = None
    example: str | None = None
    inputs: str | None = None
    classes: str | None = None
    linear: str | None = None
    at: str | None = None
    embedding: int | str | None = None
    dense: str | None = None

    @property
    def drawing(self) -> dict[str, object]:
        """What was said of weights that are to be drawn, by option."""
        return {f"--{name.replace('_', '-')}": value for name, value in self.drawing_by_name.items()}

    @property
    def drawing_by_name(self) -> dict[str, object]:
        """The same, by field."""
        return {
            name: value
            for name, value in self._asdict().items()
            if name not in ("weights", "by", "example") and value is not None
        }


def own_vocabulary(asked: ModelOptions) -> tuple[str, ...]:
    """The vocabulary that was asked for. Raises InputError."""
    by = asked.by or "letter"
    return check_vocabulary(split(asked.vocab or "", by), "--vocab", by)


def drawn(
    vocabulary: tuple[str, ...],
    word: str,
    asked: ModelOptions,
    task: Task | None = None,
    vectors: Array | None = None,
) -> Model:
    """A model with drawn weights, which comes with a word. task: the one that the options describe, without any;
    vectors: of the words, which are not learned. Raises InputError."""
    described = check_drawn(asked, vectors is not None)
    task = described if task is None else task
    hidden, cell = 3 if asked.hidden is None else asked.hidden, asked.cell or "rnn"
    embedding, widths = 0, layers_asked(asked.dense)
    if vectors is not None:
        embedding = len(vectors)
        task = task._replace(frozen=frozenset({EMBEDDING}))
    elif asked.embedding is not None:
        embedding = vector_length(asked.embedding)
    if task.ranks and PADDING not in vocabulary:  # so that no symbol's rank is 0
        vocabulary = (PADDING, *vocabulary)
    check_size(0, max(embedding or len(vocabulary), len(task.names or vocabulary)), hidden, cell)
    return draw(
        cell,
        vocabulary,
        hidden,
        asked.seed or 0,
        form=asked.form,
        forget=asked.forget_bias,
        task=task,
        embedding=embedding,
        dense=tuple(width for width, _ in widths),
        vectors=vectors,
        word=word,
        by=asked.by or "letter",
    )


def check_drawn(asked: ModelOptions, vectors: bool = False) -> Task:
    """The task that the options describe. vectors: ``embedding`` names a file of them.

    Raises InputError where no weights can be drawn, whatever the texts are.
    """
    task = task_asked(asked)
    if asked.hidden is not None:
        check_number("--hidden", asked.hidden, 1, MOST_HIDDEN, why="the network needs a hidden unit to remember with")
    check_number("--seed", asked.seed or 0, -MOST_SEED, MOST_SEED)
    cell = asked.cell or "rnn"
    check_form(cell, asked.form, "--form" if cell in CELLS else "--cell")
    if asked.forget_bias is not None:
        check_number("--forget-bias", asked.forget_bias, -1000, 1000)
        check_forget(cell, asked.forget_bias)
    if task.ranks and asked.embedding is not None:
        raise InputError(
            "--embedding does nothing beside --inputs ranks: a rank is no word vector; leave one of them out"
        )
    if asked.embedding is not None and not vectors:
        vector_length(asked.embedding)
    for name in ("by", "vocab", "embedding"):
        if task.inputs is not None and getattr(asked, name) is not None:
            raise InputError(f"--{name} does nothing beside --inputs: numbers are no symbols; leave one of them out")
    return task


def vector_length(embedding: int | str) -> int:
    """How long the word vectors are that were asked for. Raises InputError."""
    if not str(embedding).strip().lstrip("+-").isdecimal():
        raise InputError(
            f"--embedding '{shown(str(embedding)[:40])}' is no number; a file of word vectors is read by train --data "
            "alone, for texts of words with classes"
        )
    length = whole_number("--embedding", embedding)
    check_number("--embedding", length, 1, MOST_HIDDEN, why="a word vector needs a number")
    return length


def task_asked(asked: ModelOptions) -> Task:
    """The task that the options describe; the default one without any. Raises InputError."""
    if asked.classes is not None and asked.linear is not None:
        raise InputError("--classes and --linear do not go together: an output is a class or numbers")
    names = asked.classes if asked.linear is None else asked.linear
    ranks = asked.inputs == RANKS
    if asked.inputs is not None and names is None and not ranks:
        more = near(asked.inputs, [RANKS], 0.8) or "; add --linear or --classes, as in --linear sum"
        raise InputError(f"--inputs does not say what comes out{more}")
    task = Task(
        inputs=None if asked.inputs is None or ranks else _names("--inputs", asked.inputs),
        at=asked.at or ("every" if names is None else "last"),
        kind="softmax" if asked.linear is None else "linear",
        names=None if names is None else _names("--classes" if asked.linear is None else "--linear", names),
        head=tuple(name for _, name in layers_asked(asked.dense)),
        ranks=ranks,
    )
    check_task(task, ("any",), "the options")
    if task.at == "every" and not task.linear:
        typed_answers(task.names or ())  # as the targets of the steps will be
    return task


def _names(option: str, text: str) -> tuple[str, ...]:
    """The names in a list with commas between them, and perhaps blanks. Raises InputError for one that is empty or twice."""
    names = _parts(text)
    if "" in names or len(set(names)) < len(names):
        wrong = next(name for i, name in enumerate(names) if not name or name in names[:i])
        raise InputError(
            f"{option} names '{shown(wrong[:40])}' twice; expected each name once"
            if wrong
            else f"{option} has an empty name; expected names with commas between them"
        )
    return names


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def layers_asked(dense: str | None) -> list[tuple[int, str]]:
    """The units and the activation of each layer of "6:sigmoid,4:relu". Raises InputError."""
    found = []
    layers: tuple[str, ...] = () if dense is None else _parts(dense)
    if len(layers) > MOST_LAYERS:
        raise InputError(f"--dense has {len(layers)} layers, expected at most {MOST_LAYERS}")
    for layer in layers:
        width, colon, name = layer.partition(":")
        if colon and not name:
            raise InputError(
                f"--dense '{shown(layer[:40])}' names no activation after its colon; write {shown(layer[:20])}sigmoid, or "
                f"{shown(width[:20])} for none"
            )
        if not (width.isascii() and width.isdigit() and len(width) < 8):
            raise InputError(
                f"--dense '{shown(layer[:40])}' is no layer; write units:activation, as in 6:sigmoid,4:relu"
            )
        check_number("--dense", int(width), 1, MOST_HIDDEN, why="a layer needs a unit")
        check_activation(name or "linear", "--dense")
        found.append((int(width), name or "linear"))
    return found
