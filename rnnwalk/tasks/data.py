"""Problems to learn from: rows of a CSV file, written as on the command line."""

import re
from collections import Counter

from rnnwalk.errors import InputError
from rnnwalk.inputs import Wanted
from rnnwalk.model.options import RANKS, ModelOptions, drawn, task_asked
from rnnwalk.model.pose import problems_for_words
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown, split
from rnnwalk.model.task import answers_of
from rnnwalk.model.text_rules import PADDING, TextRules
from rnnwalk.tasks.rows import told_of_others
from rnnwalk.tasks.table import LONGEST, Table

WRITTEN = Wanted("a CSV file of what is not texts of words with a class each", 64 * 2**20, LONGEST)


def read_data(table: Table, asked: ModelOptions, rules: TextRules | None = None) -> list[Problem]:
    """A problem for each row, for one model: the one that is asked for, whose vocabulary is that of all texts.

    rules: how texts become words, of a model that is drawn for them. Texts and targets are written as on the command line;
    quoted ones may hold commas and ends of lines. Rows that the model cannot read, or of other classes than it is to name,
    are left out. Raises InputError.
    """
    texts, targets, lines = list[str](), list[str](), list[int]()
    classes = task_asked(asked).names if asked.classes is not None and asked.at != "every" else None
    first, others = dict[str, int](), Counter[str]()
    for line, text, target in table:
        if not (text.split() if asked.by == "word" else text):
            table.leave(line, f"line {line}: the text is empty")
            continue
        if classes is not None and target not in classes:
            others[target] += 1
            continue
        first.setdefault(target, line)
        texts.append(text)
        targets.append(target)
        lines.append(line)
    if classes is not None:
        table.told += told_of_others(others, first, classes, table.where)
    try:
        asked = _with_classes(texts, targets, asked) if rules is None else _with_words(texts, asked, rules)
        places = [f"line {line}" for line in lines]
        posed = problems_for_words(texts, asked, targets, places, lambda i, why: table.leave(lines[i], why))
    except InputError as error:
        raise InputError(f"{table.where}: {error}") from None
    table.check()
    return posed


def _with_words(texts: list[str], asked: ModelOptions, rules: TextRules) -> ModelOptions:
    """The options with the model that is drawn for the words of some texts, of which the most frequent ones come first."""
    times = Counter(word for text in texts for word in rules.words(text))
    most = None if rules.num_words is None else rules.num_words - 1
    vocabulary = (PADDING, *(word for word, _ in times.most_common(most)))
    task = task_asked(asked)._replace(text=rules)
    return ModelOptions(weights=drawn(vocabulary, "", asked._replace(by="word"), task))


def _with_classes(texts: list[str], targets: list[str], asked: ModelOptions) -> ModelOptions:
    """The options with the classes that the targets name, one for each text or for each of its symbols, where no option
    says what comes out. Symbols that stand in the texts themselves are no classes."""
    made = (asked.weights, asked.example, asked.classes, asked.linear, None if asked.inputs == RANKS else asked.inputs)
    if any(option is not None for option in made):
        return asked
    found = [answers_of(target, ()) for target in targets]
    names = dict.fromkeys(name for each in found for name in each)
    for name in names:
        if re.fullmatch(r"[-+.0-9eE]+(,[-+.0-9eE]+)+", name):
            raise InputError(f"'{name[:40]}' is no class; if it is true numbers, name them: --linear a,b")
        if set(name) & set(",\"'"):
            return asked
    symbols = [split(text, asked.by or "letter") for text in texts]
    if asked.at != "every" and all(len(each) == 1 for each in found):
        at = "last"
    elif asked.at != "last" and all(len(each) == len(own) for each, own in zip(found, symbols, strict=True)):
        at = "every"
    else:
        return asked
    if asked.at is not None and set(names) <= {symbol for own in symbols for symbol in own}:
        return asked
    if len(names) == 1:
        raise InputError(f"every row says '{shown(min(names)[:40])}', so there is nothing to tell apart")
    return asked._replace(classes=",".join(names), at=at)
