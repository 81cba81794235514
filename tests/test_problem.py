"""From what a person asks for to a model and a word; what cannot be asked for is said in words."""

import tracemalloc
from typing import Any

import pytest

from rnnwalk.errors import InputError
from rnnwalk.model import limits
from rnnwalk.model.limits import check_size
from rnnwalk.model.weight_record import parse
from rnnwalk.model.weightfile import article
from rnnwalk.walks.walk import Walk
from tests.examples import pose


def refused(*word: str, **options: Any) -> str:
    with pytest.raises(InputError) as error:
        pose(*word, **options)
    return str(error.value)


@pytest.mark.parametrize("word", [None, "hello"])
def test_hello_is_the_articles_problem(word: str | None) -> None:
    posed = pose(word)
    assert posed.model.weights.Whh.tolist() == [[0.427043]]
    assert posed.inputs == ("h", "e", "l", "l")
    assert posed.targets == ("e", "l", "l", "o")
    assert (posed.word, posed.noun) == ("hello", "letter")


@pytest.mark.parametrize("options", [{"seed": 0}, {"hidden": 3}, {"vocab": "helo"}])
def test_hello_with_any_option_of_a_drawn_model_is_drawn(options: dict[str, Any]) -> None:
    model = pose("hello", **options).model
    assert "random (seed 0" in model.origin
    assert model.weights.Whh.shape == (3, 3)


def test_another_word_has_its_own_letters_and_three_hidden_units() -> None:
    posed = pose("banana")
    assert (posed.model.vocabulary, posed.model.hidden, posed.model.word) == (("b", "a", "n"), 3, "banana")
    assert [column[:, 0].tolist() for column in posed.columns("na")] == [[0, 0, 1], [0, 1, 0]]


def test_a_vocabulary_of_ones_own_may_have_more_letters_in_any_order() -> None:
    assert pose("aha", vocab="xha").model.vocabulary == ("x", "h", "a")


def test_a_sentence_is_read_word_by_word() -> None:
    posed = pose("we love  working on deep deep learning", by="word")
    assert posed.model.vocabulary == ("we", "love", "working", "on", "deep", "learning")
    assert posed.inputs[-2:] == ("deep", "deep")
    assert (posed.word, posed.noun) == ("we love working on deep deep learning", "word")


def test_a_letter_in_two_code_points_is_one_symbol() -> None:
    assert pose("cafe\u0301e\u0301").symbols == ("c", "a", "f", "é", "é")


def test_a_model_may_be_given_and_brings_its_word() -> None:
    model = article()
    assert pose("hole", weights=model).inputs == ("h", "o", "l")
    assert pose(weights=model).word == "hello"


NAMELESS = {"vocabulary": ["a", "b"], "weights": {"Wxh": [[1, 2]], "Whh": [[1]], "Why": [[1], [2]]}}


@pytest.mark.parametrize(
    ("word", "options", "says"),
    [
        ("", {}, "the word is empty; give at least two letters"),
        ("a", {}, "the word has one letter, 'a'; give at least two letters"),
        (" ", {}, "the word has one letter, '␣'"),
        ("hello", {"by": "word"}, "the text has one word, 'hello'; give at least two words"),
        ("hello", {"hidden": 0}, "--hidden is 0, expected at least 1"),
        ("hello", {"hidden": -3}, "--hidden is -3, expected at least 1"),
        ("hello", {"vocab": "hel"}, "letter 5 of the word, 'o', is not in the vocabulary (h, e, l); use other letters"),
        ("hello", {"vocab": "hello"}, "--vocab: the vocabulary has l twice (symbols 3 and 4)"),
        ("hello", {"vocab": ""}, "--vocab: the vocabulary is empty"),
        ("hello", {"cell": "rnm"}, "--cell: unknown cell 'rnm'; known: rnn, lstm, gru; did you mean 'rnn'?"),
        ("hex", {"weights": article()}, "letter 3 of the word, 'x', is not in the vocabulary (h, e, l, o)"),
        ("h\te", {"weights": article()}, "letter 2 of the word, '⇥', is not in the vocabulary"),
        ("hello", {"weights": article(), "hidden": 4}, "--hidden and --weights do not go together"),
        ("hello", {"weights": article(), "vocab": "helo"}, "--vocab and --weights do not go together"),
        ("hello", {"weights": article(), "seed": 0}, "--seed and --weights do not go together"),
        ("hello", {"weights": "no-such-file.json"}, "no-such-file.json: no such file"),
        ("ac", {"vocab": "ab"}, "letter 2 of the word, 'c', is not in the vocabulary (a, b); use other letters, or weights"),
        (None, {"weights": parse(NAMELESS | {"word": "abc"}, "", "")}, "the model: letter 3 of its word, 'c', is not in"),
        (None, {"weights": parse(NAMELESS, "", "")}, "the model: names no word; give one that is made of a, b"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_said_in_words(word: str | None, options: dict[str, Any], says: str) -> None:
    assert refused(word, **options).startswith(says)


def test_an_unknown_word_of_a_sentence_names_the_near_one() -> None:
    model = pose("we love deep learning", by="word").model
    assert refused("we lvoe learning", weights=model).endswith("(we, love, deep, learning); did you mean 'love'?")
    assert "its symbols are words: add --by word" in refused("we love", weights=model, by="letter")


def test_a_long_vocabulary_is_not_listed_in_full() -> None:
    assert "(a, b, c, d, e, f, g, h, i, j, k, …, z)" in refused("a!", vocab="abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize("size", [(10**6, 4, 3), (4, 4, 20_000), (4, 10**5, 3000), (10**4, 10**4, 3)])
def test_a_huge_request_is_refused_before_anything_is_computed(size: tuple[int, int, int]) -> None:
    letters, vocabulary, hidden = size
    tracemalloc.start()
    with pytest.raises(
        InputError, match=rf"{letters} steps with {hidden} hidden units and {vocabulary} symbols .* limit of 2 GiB"
    ):
        check_size(*size, "rnn")
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()
    check_size(5000, 60, 64, "rnn")  # what is promised


def test_hidden_units_for_ten_machines_are_refused() -> None:
    assert "--hidden is 1000000000, expected at most" in refused("hello", hidden=10**9)
    assert "more than the limit of 2 GiB" in refused("hello", hidden=10**6)


@pytest.mark.parametrize(
    ("word", "hidden"), [("ab" * 100, 3), ("abcdefghij" * 20, 64), ("abcdefghijklmnopqrstuvwxyz" * 3, 150)]
)
def test_the_estimate_is_what_a_walk_takes(word: str, hidden: int, monkeypatch: pytest.MonkeyPatch) -> None:
    posed = pose(word, hidden=hidden)
    tracemalloc.start()
    Walk(posed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = (len(posed.inputs), len(posed.model.vocabulary), hidden)
    monkeypatch.setattr(limits, "MOST_MEMORY", round(0.9 * peak))
    with pytest.raises(InputError, match="GiB"):
        check_size(*size, "rnn")
    monkeypatch.setattr(limits, "MOST_MEMORY", round(1.6 * peak))
    check_size(*size, "rnn")


def test_what_is_true_of_the_word_of_a_file_is_true_of_it_also_where_it_is_named() -> None:
    model = pose(example="sentiment").model
    assert model.word and model.target
    assert pose(model.word, weights=model).targets == pose(weights=model).targets == (model.target,)
    assert pose("so bad", weights=model).targets == ()
