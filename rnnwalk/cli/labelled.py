"""What rnnwalk train is to learn from texts of words with a class each."""

from typing import TYPE_CHECKING

from rnnwalk.cli.learned import FILTERED, Lesson, tell_numbers, tell_remarks
from rnnwalk.cli.options import clashes, tell_words_left_out
from rnnwalk.cli.source import Source, rules_of
from rnnwalk.cli.streams import say
from rnnwalk.errors import InputError

if TYPE_CHECKING:
    from rnnwalk.model.model import Model
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.text_rules import TextRules


def labelled_lesson(source: Source, asked: "ModelOptions", share: float, seed: int) -> Lesson:
    """What is learned; a share of it is held back. The words are those of the texts that are learned. Raises InputError."""
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
        rules = rules_of(source)
        file = _vector_file(asked)
        classes = check_drawn(asked, file is not None).names
        if file is not None:
            check_there(file, VECTORS)
    with reading(source.data) as tell:
        table = Table(source.data, Columns(*source.columns.values()), tell)
        texts = read_texts(table, rules, classes, learned=given is not None)
    tell_remarks(table)
    tell_numbers(table, asked, FILTERED)
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
