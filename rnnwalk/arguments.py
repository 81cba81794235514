"""What a caller in Python gave: each argument checked, and as it would be typed; and what is wrong said in keywords."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from numbers import Integral, Real
from typing import Any, ParamSpec, TypeVar

from rnnwalk.engine.cells import CELLS
from rnnwalk.errors import InputError, near
from rnnwalk.model import examples
from rnnwalk.model.options import RANKS, ModelOptions
from rnnwalk.model.symbols import split
from rnnwalk.model.weight_record import SYMBOLS
from rnnwalk.text import kind

KINDS = {"hidden": "a whole number", "seed": "a whole number", "forget_bias": "a number", "embedding": "a whole number"}
WHOLE = {"a whole number": Integral, "a number": Real, "a text": str}
KEYWORDS = (*ModelOptions._fields, "target", "backward", "lr", "notation", "length", "scale", "force")
P = ParamSpec("P")
R = TypeVar("R")


def in_keywords(function: Callable[P, R]) -> Callable[P, R]:
    """A function whose errors name the keywords of Python where those of the command line name its options."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except InputError as error:
            error.args = (_in_keywords(str(error)),)
            raise

    return called


def _in_keywords(sentence: str) -> str:
    """--hidden is hidden there, --cell lstm is cell="lstm", --force is force=True; what stands in quotation marks stays."""
    options = "|".join(name.replace("_", "-") for name in KEYWORDS)
    values = "|".join([*CELLS, *SYMBOLS, RANKS, *examples.names()])

    def keyword(found: "re.Match[str]") -> str:
        name, value = found["option"].replace("-", "_"), found["value"]
        return f'{name}="{value}"' if value else f"{name}=True" if name == "force" else name

    return re.sub(rf"(?<![\w“'-])--(?P<option>{options})(?![\w-])(?: (?P<value>{values})\b)?", keyword, sentence)


def check_kind(name: str, value: Any, wanted: str, hint: str = "") -> None:
    """Raise InputError for a value that is not what is wanted: "a whole number", "a number" or "a text"."""
    if not isinstance(value, WHOLE[wanted]) or isinstance(value, bool):
        raise InputError(f"{name} is {_kind(value)}, expected {wanted}{hint}")


def check_known(name: str, value: Any, known: Sequence[str]) -> None:
    """Raise InputError for a text that is none of those that are known."""
    check_kind(name, value, "a text")
    if value not in known:
        raise InputError(f"{name} is '{value}'; known: {', '.join(known)}{near(value, known)}")


def model_asked(function: str, options: dict[str, Any], *others: str) -> ModelOptions:
    """The options of a model. Raises InputError for one that there is not, or that is of another kind; others: what else
    the function takes."""
    for option, value in options.items():
        if option not in ModelOptions._fields:
            known = near(option, [*ModelOptions._fields, *others])
            raise InputError(f"{function} has no option '{option}'{known}")
        if value is None or option == "weights" or (option == "embedding" and isinstance(value, str)):
            continue
        if option == "by":
            check_known("by", value, SYMBOLS)
        elif option == "vocab" and not isinstance(value, str) and isinstance(value, Iterable):
            options = options | {"vocab": _vocabulary(list(value), options.get("by") or "letter")}
        else:
            hint = f': "{",".join(map(str, value))}"' if isinstance(value, list | tuple) else ""
            check_kind(option, value, KINDS.get(option, "a text"), hint)
    return ModelOptions(**options)


def _vocabulary(symbols: list[Any], by: str) -> str:
    """A list of symbols as they are typed. Raises InputError for one that is none by itself."""
    for symbol in symbols:
        check_kind("a symbol of vocab", symbol, "a text")
        if split(symbol, by) != [symbol]:
            hint = '; add by="word"' if by != "word" and split(symbol, "word") == [symbol] else ""
            raise InputError(f"vocab has '{symbol[:40]}', which is not one {by}{hint}")
    return (" " if by == "word" else "").join(symbols)


def _kind(value: Any) -> str:
    """What a value is, in a sentence that says that it is another one."""
    known = value is None or isinstance(value, bool | str | list | dict | Real)
    return str(value) if isinstance(value, bool | None) else kind(value) if known else f"of type {type(value).__name__}"


def words(given: Any) -> str | list[str] | None:
    """The words as they are typed: a text, or a list of them; a number as a text. Raises InputError."""
    if given is None or isinstance(given, str):
        return given
    if isinstance(given, Real):
        return str(given)
    if not isinstance(given, Iterable):
        raise InputError(f"the word is of type {type(given).__name__}, expected a text, or a list of texts")
    several = list(given)
    if any(isinstance(each, Real) for each in several):
        few = [str(each) for each in several[:3]]
        listed = ", ".join(f'"{each}"' for each in few)
        more = " …" if len(several) > len(few) else ""
        raise InputError(
            f'the word is a list of bare numbers; one sequence is a text, "{" ".join(few)}{more}", and several, side by side, '
            f"are a list of texts, [{listed}{',' * bool(more)}{more}]"
        )
    found = [words(each) for each in several]
    if not all(isinstance(each, str) for each in found):
        raise InputError("the word is a list of what is no text; expected a text for each word")
    return found  # type: ignore[return-value]


def truths(word: Any, target: Any) -> Any:
    """The targets as a list, one for each word; of one word its own may be a list. Raises InputError."""
    if target is None:
        return None
    given = _plain(target)
    each = isinstance(given, list) and (not isinstance(word, str | None) or [type(one) for one in given] == [str])
    return given if each else [given]


def _plain(given: Any) -> Any:
    """A target as Python's own texts, numbers and lists. Raises InputError."""
    if isinstance(given, str | bool):
        return given
    if isinstance(given, Real):
        return int(given) if isinstance(given, Integral) else float(given)
    if not isinstance(given, Iterable):
        raise InputError(f"the target is of type {type(given).__name__}, expected a text, a number, or a list of them")
    return [_plain(each) for each in given]
