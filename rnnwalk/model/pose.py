"""Posing a problem: from a word and what a person asked for to a model that reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import Any, NamedTuple

# From here, before what needs it: CPython keeps its frames in pieces of 16 KB, and imported two modules further down
# numpy crosses the edge of one again and again, which took a tenth of the time of a walk.
import numpy  # noqa: F401

from rnnwalk.engine.cells import CELLS
from rnnwalk.engine.layers import EMBEDDING
from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError, check_number, near, whole_number
from rnnwalk.inputs import label
from rnnwalk.model.model import Model, check_form, draw
from rnnwalk.model.problem import LONG, LONG_TEXT, MOST_BESIDE, MOST_HIDDEN, MOST_SEED, Problem, check_size
from rnnwalk.model.symbols import check_vocabulary, shown, some, split, vocabulary_of
from rnnwalk.model.task import Task, answers_of, check_task, numbers, typed_answers
from rnnwalk.model.text_rules import PADDING
from rnnwalk.model.weightfile import article, model_of
from rnnwalk.text import count, listed

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


def pose(word: str | Sequence[str] | None, asked: ModelOptions, target: str | Sequence[str] | None = None) -> Problem:
    """The problem that a word, or several of one length side by side, and the options describe.

    target: what is true, where the word does not hold it; of several words, one for each. Raises InputError.
    """
    words, targets = _several(word), _several(target)
    if len(words) > MOST_BESIDE:
        raise InputError(
            f"{len(words)} words are too many side by side, expected at most {MOST_BESIDE}; train learns from any number"
        )
    if targets != [None] and len(targets) != len(words):
        raise InputError(
            f"{count(len(words), 'word')} and {count(len(targets), 'target')}: give --target once for each word, in their order"
        )
    if words[1:] and "hello" in words and set("".join(map(str, words))) <= set("hello") and asked == ModelOptions():
        asked = asked._replace(weights=article())  # as for a plain "hello", beside which the others are read
    truths = None if targets == [None] else targets
    posed = problems_for_words(words, asked, truths)
    if len({each.model.by for each in posed}) > 1:  # the vocabulary holds the parts of one of them alone
        posed = problems_for_words(words, asked._replace(by="character"), truths)
    return beside(posed)


def _several(given: str | Sequence[str] | None) -> list[str | None]:
    """One or several texts as a list; nothing is one that was not given."""
    return [given] if given is None or isinstance(given, str) else [*given] or [None]


def beside(posed: Sequence[Problem]) -> Problem:
    """Problems of one model as one, walked at once. Raises InputError where their lengths differ, or are too long."""
    first, *others = posed
    if len({each.length for each in posed}) > 1:
        told = listed([f"“{each.title}” has {len(each.symbols)}" for each in posed])
        raise InputError(
            f"only {first.whole}s of one length can be walked side by side: {told} {first.noun}s; walk them one at a time"
        )
    if others and first.length > LONG_TEXT:
        raise InputError(
            f"{first.length:,} {first.noun}s are too long side by side, expected at most {LONG_TEXT:,}; walk one at a time"
        )
    left_out = dict.fromkeys(word for each in posed for word in each.left_out)
    return first._replace(beside=tuple(others), left_out=tuple(left_out))


def problems_for_words(
    words: Sequence[str | None],
    asked: ModelOptions,
    targets: Sequence[str | None] | None = None,
    places: Sequence[str] | None = None,
) -> list[Problem]:
    """Several words for one model, whose vocabulary (unless given) is that of all of them.

    places: where each word stands in a file, such as "line 3". Raises InputError.
    """
    if asked.example is not None:
        return _of_example(words, asked, targets, places)
    if asked.weights is not None:
        for name in asked.drawing:
            raise InputError(f"{name} and --weights do not go together: the weight file decides it")
        model = model_of(asked.weights)
        if model.task.inputs is not None and asked.by is not None:
            raise InputError("--by does nothing with a network that reads numbers; leave it out")
        model = replace(model, by=asked.by or model.by)
    elif not asked.drawing and asked.by in (None, "letter") and all(word in (None, "hello") for word in words):
        model = article()
    else:
        by, task = asked.by or "letter", task_asked(asked)
        found = [[] if task.inputs else split("hello" if word is None else word, by) for word in words]
        for i, symbols in enumerate(found):
            if task.names_next:
                _check_length(symbols, by, f"{places[i]}: " if places else "")
        known = vocabulary_of([symbol for symbols in found for symbol in symbols])
        model = drawn(known if asked.vocab is None else own_vocabulary(asked), words[0] or "hello", asked)
        if task.inputs and set(words) <= {None, "hello"}:  # none was given
            raise InputError(
                f'--inputs reads numbers, and there are none; give a sequence, as in "{" ".join([",".join(["0.5"] * len(task.inputs))] * 2)}"'
            )
    where = f"{label(str(asked.weights))}: " if isinstance(asked.weights, str | PathLike) else "the model: "
    posed = list[Problem]()
    try:
        for word, target in zip(words, targets or [None] * len(words), strict=True):
            posed.append(_fit(model, word, target, where))  # how many there are tells where it fails
    except InputError as error:
        raise (InputError(f"{places[len(posed)]}: {error}") if places else error) from None
    return posed


def _of_example(
    words: Sequence[str | None],
    asked: ModelOptions,
    targets: Sequence[str | None] | None,
    places: Sequence[str] | None = None,
) -> list[Problem]:
    """The words for a bundled example; one that is a text alone gets drawn weights. Raises InputError."""
    from rnnwalk.model.examples import example

    name, rest = asked.example or "", asked._replace(example=None)
    found = example(name)
    if asked.weights is not None:
        raise InputError("--example and --weights do not go together: each brings a network")
    if found.model is not None:
        for option in asked.drawing:
            raise InputError(f"{option} and --example {name} do not go together: the example brings its weights")
        return problems_for_words(words, rest._replace(weights=found.model), targets, places)
    if any(word is not None for word in words) or asked.by not in (None, found.by):
        raise InputError(f"--example {name} brings its own text, by {found.by}s; leave out the word and --by")
    posed = problems_for_words([found.word], rest._replace(by=found.by), targets)
    return [problem._replace(model=replace(problem.model, story=found.story)) for problem in posed]


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
    task = task_asked(asked) if task is None else task
    hidden = 3 if asked.hidden is None else asked.hidden
    check_number("--hidden", hidden, 1, MOST_HIDDEN, why="the network needs a hidden unit to remember with")
    check_number("--seed", asked.seed or 0, -MOST_SEED, MOST_SEED)
    if asked.forget_bias is not None:
        check_number("--forget-bias", asked.forget_bias, -1000, 1000)
    cell = asked.cell or "rnn"
    check_form(cell, asked.form, "--form" if cell in CELLS else "--cell")
    if task.ranks and asked.embedding is not None:
        raise InputError(
            "--embedding does nothing beside --inputs ranks: a rank is no word vector; leave one of them out"
        )
    for name in ("by", "vocab", "embedding"):
        if task.inputs is not None and getattr(asked, name) is not None:
            raise InputError(f"--{name} does nothing beside --inputs: numbers are no symbols; leave one of them out")
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
        inputs=None if asked.inputs is None or ranks else _names(asked.inputs),
        at=asked.at or ("every" if names is None else "last"),
        kind="softmax" if asked.linear is None else "linear",
        names=None if names is None else _names(names),
        head=tuple(name for _, name in layers_asked(asked.dense)),
        ranks=ranks,
    )
    check_task(task, ("any",), "the options")
    if task.at == "every" and not task.linear:
        typed_answers(task.names or ())  # as the targets of the steps will be
    return task


def _names(text: str) -> tuple[str, ...]:
    """The names in a list with commas between them, and perhaps blanks."""
    return tuple(name.strip() for name in text.split(","))


def layers_asked(dense: str | None) -> list[tuple[int, str]]:
    """The units and the activation of each layer of "6:sigmoid,4:relu". Raises InputError."""
    found = []
    for layer in () if dense is None else _names(dense):
        width, _, name = layer.partition(":")
        if not (width.isascii() and width.isdigit() and len(width) < 8):
            raise InputError(
                f"--dense '{shown(layer[:40])}' is no layer; write units:activation, as in 6:sigmoid,4:relu"
            )
        check_number("--dense", int(width), 1, MOST_HIDDEN, why="a layer needs a unit")
        found.append((int(width), name or "linear"))
    return found


def _check_length(symbols: list[str], by: str, where: str = "") -> None:
    if len(symbols) < 2:
        found = "is empty" if not symbols else f"has one {by}, '{shown(symbols[0])}'"
        raise InputError(f"{where}the word {found}; give at least two {by}s, so that there is a next one to name")


def _fit(model: Model, word: str | None, target: str | None, where: str) -> Problem:
    """The word as what the model reads, and what is true of it; where: the model is from."""
    own = word is None
    of_file = where if own else ""  # what is wrong stands there
    if word is None:
        word = model.word or ("hello" if set("hello") <= set(model.vocabulary) else None)
        if word is None:
            made = f" that is made of {some(model.vocabulary)}" if model.vocabulary else ""
            raise InputError(f"{where}names no word; give one{made}")
        target = model.target if target is None else target
    whole = "text" if model.by == "word" else "word"
    model, symbols, left_out = cut(
        model, word, of_file, f"{where}{{}} of its {whole}" if own else f"{{}} of the {whole}"
    )
    if target is None and model.task.names_next:
        _check_length(symbols, model.by, of_file)
        return Problem(model, tuple(symbols), None, left_out)
    if not symbols:
        raise InputError(
            f"{of_file}the {'sequence' if model.task.inputs else 'text'} is empty; give at least one step to read"
        )
    return Problem(model, tuple(symbols), _answers(model, len(symbols), target, f"{of_file}the target"), left_out)


def cut(model: Model, text: str, where: str, which: str) -> tuple[Model, list[str], tuple[str, ...]]:
    """A text as the steps that the model reads, checked; the model, which may know parts of letters only; and the words
    that it leaves out.

    where: begins a sentence that says what is wrong; which: how such a sentence calls a symbol. Raises InputError.
    """
    if model.task.inputs is not None:
        steps = text.split()
        for step, numbers_ in enumerate(steps, start=1):
            numbers(numbers_, model.task.inputs, f"{where}step {step}")
        return model, steps, ()
    if model.task.text is not None:
        words, readable = model.task.text.words(text), set(model.vocabulary) - {PADDING}
        symbols = [symbol for symbol in words if symbol in readable]
        left_out = tuple(dict.fromkeys(symbol for symbol in words if symbol not in readable))
        if words and not symbols:
            raise InputError(
                f"{where}none of the words of '{shown(text[:LONG])}' is in the vocabulary ({some(model.vocabulary)})"
            )
        return model, model.task.text.fitted(symbols, PADDING) if symbols else [], left_out
    known = set(model.vocabulary)
    if model.by == "letter" and not known.issuperset(split(text)) and known.issuperset(split(text, "character")):
        model = replace(model, by="character")  # the vocabulary holds parts of letters, as of most trained models
    return model, _symbols(model, text, which), ()


def _symbols(model: Model, word: str, which: str) -> list[str]:
    """The word as symbols of the vocabulary; which: how a sentence calls one of them."""
    symbols, known = split(word, model.by), set(model.vocabulary)
    for position, symbol in enumerate(symbols, start=1):
        if symbol not in known:
            hint = near(symbol, model.vocabulary) if model.by == "word" else ""
            if model.by == "letter" and set(split(word, "word")) <= set(model.vocabulary):
                hint = "; its symbols are words: add --by word"
            name = which.format(f"{model.by} {position}")
            more = "add it to --vocab" if model.untrained else "take weights that know it"
            raise InputError(
                f"{name}, '{shown(symbol)}', is not in the vocabulary ({some(model.vocabulary)})"
                f"{hint or f'; use other {model.by}s, or {more}'}"
            )
    return symbols


def _answers(model: Model, steps: int, target: str | None, where: str) -> tuple[str, ...]:
    """What is true of each output, checked; nothing for a target that is not known. where: how a sentence calls it."""
    if target is None:
        return ()
    wanted = steps if model.task.at == "every" else 1
    alone = wanted == 1 and (model.task.at == "last" or target in model.answers)
    found = [target] if alone and not model.task.linear else answers_of(target, model.answers)
    if len(found) != wanted:
        quoted = not model.task.linear and any(name.split() != [name] for name in model.answers)
        raise InputError(
            f"{where} has {count(len(found), 'value')}, expected {wanted}: "
            + (
                "one for every time step"
                if model.task.at == "every"
                else "there is one output, after the last time step"
            )
            + ('; one with a blank stands in quotation marks, as in "very good"' if quoted else "")
        )
    for text in found:
        model.aim(text, where)
    return tuple(found)
