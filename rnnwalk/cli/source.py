"""The options of rnnwalk train that say what is learned, and what kind of rows they mean."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rnnwalk.cli.options import clashes, needs
from rnnwalk.errors import InputError, check_number

if TYPE_CHECKING:
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.text_rules import TextRules


class Source(NamedTuple):
    """The options that say what is learned: words, a text or data, and how the data is read."""

    words: Sequence[str] | None
    text: str | None
    data: str | None
    text_column: str | None
    label_column: str | None
    encoding: str | None
    num_words: int | None
    maxlen: int | None
    padding: str | None
    truncating: str | None
    itemsize: int = 8  # bytes of a number that learns

    @property
    def rules(self) -> dict[str, Any]:
        """What was said of how texts become words."""
        return {name: getattr(self, name) for name in ("num_words", "maxlen", "padding", "truncating")}

    @property
    def columns(self) -> dict[str, str | None]:
        return {name: getattr(self, name) for name in ("text_column", "label_column", "encoding")}


def check_source(source: Source, asked: "ModelOptions") -> None:
    """Raise InputError for options that do not go together."""
    words, text, data = source.words, source.text, source.data
    if data is not None and (words or text is not None):
        raise InputError("--data goes neither with words nor with --text: learn one of them")
    if data is None:
        needs("--data", **source.columns, **source.rules)
    if source.maxlen is None:
        needs("--maxlen", padding=source.padding, truncating=source.truncating)
    if text is not None:
        clashes("--text", inputs=asked.inputs, classes=asked.classes, linear=asked.linear, at=asked.at)
        if words:
            raise InputError("words and --text do not go together: learn either")
        if asked.example is not None:
            raise InputError("--example and --text do not go together: learn either")
    for option, name in (("--text", text), ("--data", data)):
        if name == asked.weights == "-":
            raise InputError(f"{option} - and --weights - do not go together: stdin can be read once")


def labelled(source: Source, asked: "ModelOptions") -> "tuple[bool, ModelOptions]":
    """Whether the rows are texts of words, each with a class; and the options, with a model that could be read but once."""
    from rnnwalk.model.options import RANKS

    if source.data is None or None not in (asked.weights, asked.example):
        return False, asked
    if asked.weights is None and asked.example is None:
        classes = asked.inputs in (None, RANKS) and asked.linear is None and asked.at != "every"
        return classes and asked.by in (None, "word"), asked
    from rnnwalk.model.examples import example
    from rnnwalk.model.weightfile import model_of

    if asked.example is not None:
        model = example(asked.example).model
    else:
        model = model_of(asked.weights)
        asked = asked._replace(weights=model) if asked.weights == "-" else asked
    text = model is not None and model.task.text is not None
    return text and model is not None and model.task.at == "last" and not model.task.linear, asked


def numbered_texts(asked: "ModelOptions") -> bool:
    """Whether the rows are texts of words, with numbers to say at the end of each, for a model that is drawn."""
    from rnnwalk.model.options import RANKS

    words = asked.by in (None, "word") and asked.inputs in (None, RANKS)
    return words and asked.linear is not None and asked.at != "every" and asked.weights is asked.example is None


def rules_of(source: Source) -> "TextRules":
    """How a text becomes words: Keras' rules, but for what was said. Raises InputError."""
    from rnnwalk.model.text_rules import KERAS, MOST_STEPS

    for option, value, least in (("--maxlen", source.maxlen, 1), ("--num-words", source.num_words, 2)):
        if value is not None:
            check_number(option, value, least, MOST_STEPS)
    return KERAS._replace(**{name: value for name, value in source.rules.items() if value is not None})
