"""Posing a problem: from a word and what a person asked for to a model that reads it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from os import PathLike
from typing import Any, NamedTuple

from rnnwalk.errors import InputError, near
from rnnwalk.inputs import label
from rnnwalk.model.model import Model
from rnnwalk.model.options import ModelOptions, drawn, own_vocabulary, task_asked
from rnnwalk.model.problem import LONG, LONG_TEXT, MOST_BESIDE, Problem
from rnnwalk.model.symbols import shown, some, split, vocabulary_of
from rnnwalk.model.target import typed
from rnnwalk.model.task import answers_of, numbers
from rnnwalk.model.text_rules import PADDING
from rnnwalk.model.weightfile import article, model_of
from rnnwalk.text import count, listed


def pose(word: str | Sequence[str] | None, asked: ModelOptions, target: str | Sequence[Any] | None = None) -> Problem:
    """The problem that a word, or several of one length side by side, and the options describe.

    target: what is true, where the word does not hold it, as ``typed`` takes it; in a list one for each word. Raises
    InputError.
    """
    words, targets = _several(word), _several(target)
    noun = "text" if any(" " in str(word) for word in words) else "word"
    if len(words) > MOST_BESIDE:
        raise InputError(
            f"{len(words)} {noun}s are too many side by side, expected at most {MOST_BESIDE}; train learns from any number"
        )
    if targets != [None] and len(targets) != len(words):
        raise InputError(
            f"{count(len(words), noun)} and {count(len(targets), 'target')}: give --target once for each {noun}, in their order"
        )
    if words[1:] and "hello" in words and set("".join(map(str, words))) <= set("hello") and asked == ModelOptions():
        asked = asked._replace(weights=article())  # as for a plain "hello", beside which the others are read
    truths = None if targets == [None] else targets
    posed = problems_for_words(words, asked, truths)
    if len({each.model.by for each in posed}) > 1:  # the vocabulary holds the parts of one of them alone
        posed = problems_for_words(words, asked._replace(by="character"), truths)
    return beside(posed)


def _several(given: str | Sequence[Any] | None) -> list[Any]:
    """One or several texts as a list; nothing is one that was not given."""
    return [given] if given is None or isinstance(given, str) else [*given] or [None]


def beside(posed: Sequence[Problem]) -> Problem:
    """Problems of one model as one, walked at once. Raises InputError where their lengths differ, or are too long.

    What is true is known of all or of none: a loss is a sum over them, and a file knows it of its own text alone.
    """
    if not all(each.targets for each in posed):
        posed = [each._replace(given=()) for each in posed]
    first, *others = posed
    if len({each.length for each in posed}) > 1:
        told = listed([f"“{each.title}” has {len(each.symbols)}{_without(each)}" for each in posed])
        raise InputError(
            f"only {first.whole}s of one length can be walked side by side: {told} {first.noun}s; walk them one at a time"
        )
    if others and first.length > LONG_TEXT:
        raise InputError(
            f"{first.length:,} {first.noun}s are too long side by side, expected at most {LONG_TEXT:,}; walk one at a time"
        )
    left_out, beyond = (
        tuple(dict.fromkeys(word for words in found for word in words))
        for found in ([each.left_out for each in posed], [each.beyond for each in posed])
    )
    return first._replace(beside=tuple(others), left_out=left_out, beyond=beyond)


def _without(problem: Problem) -> str:
    """Which words were left out of a text, if some were."""
    return f" without {listed([shown(word[:40]) for word in problem.left_out[:3]])}" if problem.left_out else ""


def problems_for_words(
    words: Sequence[str | None],
    asked: ModelOptions,
    targets: Sequence[Any] | None = None,
    places: Sequence[str] | None = None,
    leave: Callable[[int, str], None] | None = None,
) -> list[Problem]:
    """Several words for one model, whose vocabulary (unless given) is that of all of them.

    places: where each word stands in a file, such as "line 3"; leave: is told which word is left out (from 0), and why the
    model cannot read it. Raises InputError, where there is no leave also for such a word.
    """
    if asked.example is not None:
        return _of_example(words, asked, targets, places, leave)
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
            if task.names_next and asked.vocab is None:  # which may lack a symbol, and that is told first
                _check_length(symbols, by, f"{places[i]}: " if places else "")
        known = vocabulary_of([symbol for symbols in found for symbol in symbols])
        model = drawn(known if asked.vocab is None else own_vocabulary(asked), words[0] or "hello", asked)
        if task.inputs and set(words) <= {None, "hello"}:  # none was given
            raise InputError(
                f'--inputs reads numbers, and there are none; give a sequence, as in "{" ".join([",".join(["0.5"] * len(task.inputs))] * 2)}"'
            )
    where = f"{label(str(asked.weights))}: " if isinstance(asked.weights, str | PathLike) else "the model: "
    posed = list[Problem]()
    for i, (word, target) in enumerate(zip(words, targets or [None] * len(words), strict=True)):
        try:
            posed.append(_fit(model, word, target, where))
        except InputError as error:  # noqa: PERF203
            why = f"{places[i]}: {error}" if places else str(error)
            if leave is None:
                raise InputError(why) from None
            leave(i, why)
    return posed


def _of_example(
    words: Sequence[str | None],
    asked: ModelOptions,
    targets: Sequence[Any] | None,
    places: Sequence[str] | None = None,
    leave: Callable[[int, str], None] | None = None,
) -> list[Problem]:
    """The words for a bundled example; one that is a text alone gets weights drawn for its symbols. Raises InputError."""
    from rnnwalk.model.examples import example

    name, rest = asked.example or "", asked._replace(example=None)
    found = example(name)
    if asked.weights is not None:
        raise InputError("--example and --weights do not go together: each brings a network")
    if found.model is not None:
        for option in asked.drawing:
            raise InputError(f"{option} and --example {name} do not go together: the example brings its weights")
        return problems_for_words(words, rest._replace(weights=found.model), targets, places, leave)
    if asked.by not in (None, found.by):
        raise InputError(
            f"--by {asked.by} does nothing beside --example {name}, whose text is read by {found.by}s; leave it out"
        )
    own = vocabulary_of(split(found.word, found.by))
    vocab = (" " if found.by == "word" else "").join(own) if asked.vocab is asked.inputs is None else asked.vocab
    texts = [found.word if word is None else word for word in words]
    posed = problems_for_words(texts, rest._replace(by=found.by, vocab=vocab), targets, places, leave)
    return [problem._replace(model=replace(problem.model, story=found.story)) for problem in posed]


def _check_length(symbols: list[str], by: str, where: str = "") -> None:
    if len(symbols) < 2:
        whole = "text" if by == "word" else "word"
        found = "is empty" if not symbols else f"has one {by}, '{shown(symbols[0])}'"
        hint = "; a text of several words stands in quotation marks" * (by == "word")
        raise InputError(
            f"{where}the {whole} {found}; give at least two {by}s, so that there is a next one to name{hint}"
        )


def _fit(model: Model, word: str | None, target: Any, where: str) -> Problem:
    """The word as what the model reads, and what is true of it; where: the model is from."""
    own = word is None
    of_file = where if own else ""  # what is wrong stands there
    if word is None:
        word = model.word or ("hello" if set("hello") <= set(model.vocabulary) else None)
        if word is None:
            made = f" that is made of {some(model.vocabulary)}" if model.vocabulary else ""
            raise InputError(f"{where}names no word; give one{made}")
    given = target
    if target is None and (own or word == model.word):  # what is true of another one is not known
        target = model.target
    whole = "text" if model.by == "word" else "word"
    model, symbols, left_out, beyond = cut(
        model, word, of_file, f"{where}{{}} of its {whole}" if own else f"{{}} of the {whole}"
    )
    if target is None and model.task.names_next:
        _check_length(symbols, model.by, of_file)
        return Problem(model, tuple(symbols), None, left_out, beyond=beyond)
    if not symbols:
        raise InputError(
            f"{of_file}the {'sequence' if model.task.inputs else 'text'} is empty; give at least one step to read"
        )
    name = f"{of_file if given is None else ''}the target"
    target = None if target is None else typed(target, model.task, name)
    return Problem(model, tuple(symbols), _answers(model, len(symbols), target, name, word), left_out, beyond=beyond)


class Cut(NamedTuple):
    """A text as a model reads it. model: which may know parts of letters only; symbols: the steps; left_out: words that it
    does not know; beyond: those that it knows, and that are more than it reads."""

    model: Model
    symbols: list[str]
    left_out: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()


def cut(model: Model, text: str, where: str, which: str) -> Cut:
    """A text as the steps that the model reads, checked.

    where: begins a sentence that says what is wrong; which: how such a sentence calls a symbol. Raises InputError.
    """
    if model.task.inputs is not None:
        steps = text.split()
        for step, numbers_ in enumerate(steps, start=1):
            numbers(numbers_, model.task.inputs, f"{where}step {step}")
        return Cut(model, steps)
    if model.task.text is not None:
        words, readable = model.task.text.words(text), set(model.vocabulary) - {PADDING}
        symbols = [symbol for symbol in words if symbol in readable]
        left_out = tuple(dict.fromkeys(symbol for symbol in words if symbol not in readable))
        if words and not symbols:
            raise InputError(
                f"{where}none of the words of “{' '.join(map(shown, words))[:LONG]}” is in the vocabulary "
                f"({some(tuple(word for word in model.vocabulary if word != PADDING))})"
            )
        fitted = model.task.text.fitted(symbols, PADDING) if symbols else []
        return Cut(model, fitted, left_out, model.task.text.beyond(symbols))
    known = set(model.vocabulary)
    if model.by == "letter" and not known.issuperset(split(text)) and known.issuperset(split(text, "character")):
        model = replace(model, by="character")  # the vocabulary holds parts of letters, as of most trained models
    return Cut(model, _symbols(model, text, which))


def _symbols(model: Model, word: str, which: str) -> list[str]:
    """The word as symbols of the vocabulary; which: how a sentence calls one of them."""
    symbols, known = split(word, model.by), set(model.vocabulary)
    for position, symbol in enumerate(symbols, start=1):
        if symbol not in known:
            hint = near(symbol, model.vocabulary) if model.by == "word" else ""
            if model.by == "letter" and set(split(word, "word")) <= set(model.vocabulary):
                hint = "; its symbols are words: add --by word"
            name = which.format(f"{model.by} {position}")
            raise InputError(
                f"{name}, '{shown(symbol)}', is not in the vocabulary ({some(model.vocabulary)})"
                f"{hint or f'; use other {model.by}s, or weights that know it (random ones: by --vocab)'}"
            )
    return symbols


def _answers(model: Model, steps: int, target: str | None, where: str, word: str) -> tuple[str, ...]:
    """What is true of each output, checked; nothing for a target that is not known. where: how a sentence calls it; word:
    what is read."""
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
                f"one for every {model.noun}"
                if model.task.at == "every"
                else "there is one output, after the last time step"
            )
            + (
                "; as many as there are words: add --by word"
                * (model.by == "letter" and len(found) == len(word.split()) > 1)
            )
            + ('; one with a blank stands in quotation marks, as in "very good"' if quoted else "")
        )
    for text in found:
        model.aim(text, where)
    return tuple(found)
