"""What rnnwalk train is to learn: words, the lines of a text, or the rows of a CSV file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rnnwalk.cli.options import clashes, needs, tell_words_left_out
from rnnwalk.cli.streams import say
from rnnwalk.errors import InputError, check_number

if TYPE_CHECKING:
    from rnnwalk.model.model import Model
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.problem import Problem
    from rnnwalk.model.text_rules import TextRules
    from rnnwalk.tasks.corpus import Corpus
    from rnnwalk.tasks.table import Table


FILTERED = "words, without their signs and points"  # what numbers are in a text


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


class Lesson(NamedTuple):
    """model: at the start; learned, held: the lines to learn from, and those held back; shown: some of them, as problems;
    word: that the model will come with."""

    model: "Model"
    learned: Any
    held: Any
    shown: "list[Problem]"
    word: str


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


def _numbered_texts(asked: "ModelOptions") -> bool:
    """Whether the rows are texts of words, with numbers to say at the end of each, for a model that is drawn."""
    from rnnwalk.model.options import RANKS

    words = asked.by in (None, "word") and asked.inputs in (None, RANKS)
    return words and asked.linear is not None and asked.at != "every" and asked.weights is asked.example is None


def _rules(source: Source) -> "TextRules":
    """How a text becomes words: Keras' rules, but for what was said. Raises InputError."""
    from rnnwalk.model.text_rules import KERAS, MOST_STEPS

    for option, value, least in (("--maxlen", source.maxlen, 1), ("--num-words", source.num_words, 2)):
        if value is not None:
            check_number(option, value, least, MOST_STEPS)
    return KERAS._replace(**{name: value for name, value in source.rules.items() if value is not None})


def lesson(source: Source, asked: "ModelOptions", share: float, seed: int) -> Lesson:
    """What is learned; a share of it is held back. Raises InputError."""
    from rnnwalk.model.options import check_drawn
    from rnnwalk.model.pose import problems_for_words
    from rnnwalk.model.problem import Problem
    from rnnwalk.tasks.data import WRITTEN, read_data
    from rnnwalk.tasks.held_back import hold_back
    from rnnwalk.tasks.table import Columns, Table

    if asked.weights is asked.example is None and (source.text or source.data) is not None:
        check_drawn(asked)
    if source.text is not None:
        start, corpus = _corpus(source.text, asked)
        learned, held = hold_back(corpus.lines, share, seed)
        return Lesson(
            start, learned, held, [Problem(start, corpus.symbols(line)) for line in learned[:2]], start.word or ""
        )
    if source.data is None:
        posed = problems_for_words(source.words or [None], asked)
    else:
        rules = _rules(source) if _numbered_texts(asked) else None
        for name, value in source.rules.items():
            if value is not None and rules is None:
                raise InputError(
                    f"--{name.replace('_', '-')} does nothing here: it is for texts of words with a class or numbers each, "
                    "which need neither --inputs, --at every nor --by letter"
                )
        if rules is not None:
            clashes("texts with numbers each, whose words are the vocabulary", vocab=asked.vocab)
        table = Table(source.data, Columns(*source.columns.values()), wanted=WRITTEN)
        posed = read_data(table, asked, rules)
        tell_remarks(table)
        _tell_numbers(table, asked, FILTERED if rules is not None else f"{asked.by or 'letter'}s")
    start = posed[0].model
    tell_words_left_out(tuple(dict.fromkeys(word for problem in posed for word in problem.left_out)))
    lines: list[Any] = [problem.symbols for problem in posed] if start.next_symbol else posed
    learned, held = hold_back(lines, share, seed)
    return Lesson(start, learned, held, posed[:3], posed[0].word)


def labelled_lesson(source: Source, asked: "ModelOptions", share: float, seed: int) -> Lesson:
    """The same of texts with a class each: the words are those of the texts that are learned. Raises InputError."""
    from rnnwalk.inputs import check_there
    from rnnwalk.model.examples import example
    from rnnwalk.model.options import check_drawn
    from rnnwalk.model.problem import Problem
    from rnnwalk.model.weightfile import model_of
    from rnnwalk.render.terminal.progress import reading
    from rnnwalk.tasks.held_back import hold_back
    from rnnwalk.tasks.rows import numbered, ranked, read_texts
    from rnnwalk.tasks.table import Columns, Table
    from rnnwalk.tasks.word_vectors import VECTORS
    from rnnwalk.text import count

    assert source.data is not None
    clashes("labelled texts, whose words are the vocabulary", vocab=asked.vocab)
    given: Model | None = None
    if asked.weights is not None or asked.example is not None:
        by = "--weights" if asked.example is None else "--example"
        clashes(by, **asked.drawing_by_name, **source.rules)
        given = model_of(asked.weights) if asked.example is None else example(asked.example).model
        assert given is not None
        assert given.task.text is not None
        rules: TextRules = given.task.text
        classes = given.task.names
    else:
        rules = _rules(source)
        file = _vector_file(asked)
        classes = check_drawn(asked, file is not None).names
        if file is not None:
            check_there(file, VECTORS)
    with reading(source.data) as tell:
        table = Table(source.data, Columns(*source.columns.values()), tell)
        texts = read_texts(table, rules, classes, learned=given is not None)
    tell_remarks(table)
    _tell_numbers(table, asked, FILTERED)
    if given is None and texts.tagged:
        say(f"{table.where}: each text has as many labels as words; where each word has one, add --at every --by word")
    parts = hold_back(texts.rows, share, seed)
    if given is None:
        vocabulary, numbers = ranked(parts[0], texts.words, rules.num_words)
        if source.num_words is not None and len(vocabulary) < source.num_words:
            say(f"--num-words {source.num_words}: there are {count(len(vocabulary) - 1, 'word')}, so none is left out")
    else:
        vocabulary = given.vocabulary
        numbers = numbered(texts.words, vocabulary)
        tell_words_left_out(tuple(word for word, row in zip(texts.words, numbers.tolist(), strict=True) if row < 0))
    learned, held = (part.renumbered(numbers, rules) for part in parts)
    if left_out := len(texts.rows) - len(learned) - len(held):
        say(f"{table.where}: left out {count(left_out, 'text')} without a word that is known")
    if not len(learned):
        raise InputError(f"{table.where}: has no text with a word to learn from")
    start = given or _drawn(vocabulary, texts.classes, rules, asked, source.itemsize)
    shown = [
        Problem(start, tuple(vocabulary[row] for row in words.tolist()), (texts.classes[int(label[0])],))
        for words, label in learned[:3]
    ]
    return Lesson(start, learned, held, shown, shown[0].word)


def tell_remarks(table: "Table") -> None:
    """Say what is to be said of a file that was read."""
    for remark in table.remarks():
        say(remark)


def _tell_numbers(table: "Table", asked: "ModelOptions", symbols: str) -> None:
    """Say that texts are numbers, where they are read as symbols."""
    if table.numbers and asked.inputs is None and asked.weights is asked.example is None:
        say(
            f"{table.where}: every text is numbers, and they are read as {symbols}; to read numbers, name them, and what "
            "comes out: --inputs x --linear y"
        )


def _drawn(
    vocabulary: tuple[str, ...], classes: tuple[str, ...], rules: "TextRules", asked: "ModelOptions", itemsize: int
) -> "Model":
    """The model that learns the texts, with word vectors of a file if one is named."""
    from rnnwalk.model.options import drawn, task_asked, vector_length
    from rnnwalk.render.terminal.progress import reading
    from rnnwalk.tasks.room import check_weights
    from rnnwalk.tasks.word_vectors import read_vectors
    from rnnwalk.text import count, named

    task = task_asked(asked)._replace(names=classes, at="last", text=rules)
    asked = asked._replace(by="word")
    vectors, file = None, _vector_file(asked)
    if file is not None:
        with reading(file) as tell:
            vectors, found = read_vectors(file, vocabulary, tell)
        words = len(vocabulary) - 1
        missing = f"{words - found} of {words} words not found; their vectors are zeros"
        say(f"{named(file)}: {missing if found < words else f'all {words} words found'}")
        size = count(vectors.size, "number")
        say(f"{named(file)}: word vectors of a file are frozen: their {size} are read and do not learn")
    elif not task.ranks:
        hidden = 3 if asked.hidden is None else asked.hidden
        length = hidden if asked.embedding is None else vector_length(asked.embedding)
        check_weights(len(vocabulary) * length, itemsize=itemsize)
    return drawn(vocabulary, "", asked, task, vectors)


def _vector_file(asked: "ModelOptions") -> str | None:
    """The file of word vectors that was asked for, where it is no number."""
    file = asked.embedding
    return file if isinstance(file, str) and not file.lstrip("+-").isdecimal() else None


def _corpus(text: str, asked: "ModelOptions") -> "tuple[Model, Corpus]":
    """The text as numbers, and the model that learns it."""
    from rnnwalk.inputs import label
    from rnnwalk.model.options import drawn, own_vocabulary
    from rnnwalk.model.pose import problems_for_words
    from rnnwalk.model.text_rules import PADDING
    from rnnwalk.model.weightfile import model_of
    from rnnwalk.tasks.corpus import read_corpus

    if asked.weights is not None:
        given = model_of(asked.weights)
        if not given.task.continues:
            raise InputError(
                "--text is learned by a network that reads symbols and names the next one; learn rows (--data)"
            )
        asked = asked._replace(weights=given, by=asked.by or given.by)
        known: tuple[str, ...] | None = given.vocabulary
    else:
        known = None if asked.vocab is None else own_vocabulary(asked)
    by = asked.by or "letter"
    corpus = read_corpus(text, by, known, given.task.text if asked.weights is not None and by == "word" else None)
    tell_words_left_out(corpus.unknown)
    if corpus.left_out:
        say(f"{label(text)}: left out {corpus.left_out} of its lines, with fewer than two {by}s")
    first = corpus.symbols(corpus.lines[0])
    if asked.weights is not None and given.task.text is not None:
        first = tuple(symbol for symbol in first if symbol != PADDING)  # which the text gets anew
    word = (" " if by == "word" else "").join(first)
    if asked.weights is not None:
        return problems_for_words([word], asked)[0].model, corpus._replace(vocabulary=given.vocabulary)
    return drawn(corpus.vocabulary, word, asked), corpus
