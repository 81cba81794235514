"""Training, generating and what they refuse."""

import math
import tracemalloc

import numpy as np
import pytest

from rnnwalk.engine.fast.batch import forward_batch
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.engine.fast.packing import pack
from rnnwalk.engine.notes import as_dict
from rnnwalk.errors import InputError
from rnnwalk.model.random_weights import draw
from rnnwalk.model.weightfile import article
from rnnwalk.tasks.corpus import read_corpus
from rnnwalk.tasks.generate import distribution, generate
from rnnwalk.tasks.held_back import hold_back, shuffled
from rnnwalk.tasks.training import Training
from rnnwalk.walks.walk import Walk
from tests.engine.test_tasks import TASKS, problems
from tests.examples import pose, problems_for_words

LINES = ["anna", "annabel", "bella", "abe", "lea", "elena", "nell", "ella", "lena"]
LETTERS = tuple("abeln")


def names(**options):
    return Training(draw("rnn", LETTERS, 8, 1), LINES, batch=4, **options)


def test_the_article_learns_to_say_ello_after_hell():
    training = Training(article(), ["hello"], rate=0.1)
    losses = [epoch.loss for epoch in training.epochs(100)]
    assert losses[-1] < losses[0]
    batch = pack([[0, 1, 2, 2, 3]], 4, 4)
    best, cell = training.best, training.learner.cell
    scores = forward_batch(cell, best.network, cell.stack(best.weights), batch, best.before).output.y
    assert [training.best.vocabulary[row] for row in scores.argmax(axis=0)] == list("ello")


def test_a_seed_decides_the_whole_run():
    runs = [[epoch.loss for epoch in names(seed=seed, rate=0.02).epochs(5)] for seed in (3, 3, 4)]
    assert runs[0] == runs[1] != runs[2]


def test_the_best_weights_have_the_lowest_loss_even_when_it_rises_again():
    training = Training(article(), ["hello"], rate=2.0, clip=5.0)
    losses = [epoch.loss for epoch in training.epochs(40)]
    assert min(losses) < losses[-1]
    again = Training(training.best, ["hello"])
    assert next(again.epochs(1)).loss == pytest.approx(training.best_loss, rel=1e-12)
    assert training.best_loss <= min(losses)


@pytest.mark.parametrize("how", ["clip", "clip_value"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_an_update_counts_as_clipped_where_its_gradient_was_longer_than_the_bound(how, dtype):
    free = Training(article(), ["hello"], dtype=dtype)
    next(free.epochs(1))
    size = float({"clip": np.linalg.norm, "clip_value": lambda g: abs(g).max()}[how](free.learner.gradient))
    for share, clipped in ((1.01, 0), (0.99, 1), (0.01, 1)):
        training = Training(article(), ["hello"], dtype=dtype, **{how: share * size})
        next(training.epochs(1))
        assert (training.clipped, training.updates) == (clipped, 1)


def test_the_best_weights_survive_an_interruption():
    training = names(rate=0.02)
    with pytest.raises(KeyboardInterrupt):
        for epoch in training.epochs(100):
            if epoch.number == 5:
                raise KeyboardInterrupt
    start = draw("rnn", LETTERS, 8, 1)
    assert not np.array_equal(training.best.weights.Wxh, start.weights.Wxh)


@pytest.mark.parametrize("number", [math.nan, math.inf, 1e101])
def test_weights_that_no_file_could_hold_are_not_the_best(monkeypatch, number):
    training = names()

    def step(learner, batch):  # noqa: ARG001
        learner.vector[:] = number
        return 1.0

    monkeypatch.setattr(Learner, "step", step)
    assert not next(training.epochs(1)).best
    assert np.array_equal(training.best.weights.Wxh, draw("rnn", LETTERS, 8, 1).weights.Wxh)


def test_patience_stops_when_the_lines_held_back_get_no_better():
    learn, held = hold_back(LINES, 0.3, 1)
    assert len(held) == 3
    assert sorted(learn + held) == sorted(LINES)
    training = Training(draw("rnn", LETTERS, 8, 1), learn, validation=held, rate=0.05, patience=4, batch=2)
    epochs = list(training.epochs(2000))
    assert len(epochs) < 2000
    assert not any(epoch.best for epoch in epochs[-4:])
    assert training.best_loss == min(epoch.validation for epoch in epochs)


@pytest.mark.parametrize("rate", [1e3, 1e99])
def test_a_diverging_run_stops_with_advice(rate):
    with pytest.raises(InputError, match=r"diverged.*--lr.*--clip"):
        list(Training(article(), ["hello"] * 3, rate=rate).epochs(50))


@pytest.mark.parametrize(
    "bad",
    [
        {"rate": 0.0},
        {"rate": math.nan},
        {"clip": -1.0},
        {"clip": 1.0, "clip_value": 1.0},
        {"batch": 0},
        {"optimiser": "adma"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(bad):
    with pytest.raises(InputError):
        Training(article(), ["hello"], **bad)


@pytest.mark.parametrize("lines", [[], ["h"], ["help"]])
def test_lines_that_cannot_be_learned_are_refused(lines):
    with pytest.raises(InputError):
        Training(article(), lines)


def test_shuffling_visits_every_line_once():
    import random

    order = shuffled(50, random.Random(1))
    assert sorted(order) == list(range(50)) != order.tolist()


def test_generating_without_temperature_says_what_the_network_predicts():
    training = Training(article(), ["hello"], rate=0.1)
    list(training.epochs(200))
    assert "".join(choice.symbol for choice in generate(training.best, "h", 4, temperature=0)) == "ello"


def test_generating_is_decided_by_the_seed_and_draws_from_the_distribution():
    drawn = [[choice.symbol for choice in generate(article(), "h", 30, seed=seed)] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    choices = list(generate(article(), "hel", 2000, seed=5))
    for row, symbol in enumerate(article().vocabulary):
        expected = np.mean([choice.p[row] for choice in choices])
        assert np.mean([choice.symbol == symbol for choice in choices]) == pytest.approx(expected, abs=0.04)


def test_a_low_temperature_makes_the_likely_likelier():
    y = np.array([1.0, 2.0, 0.5])
    assert distribution(y, 0.5)[1] > distribution(y, 1.0)[1] > distribution(y, 2.0)[1]
    np.testing.assert_allclose(distribution(y, 1.0), np.exp(y) / np.exp(y).sum(), rtol=1e-15)
    with np.errstate(over="raise"):
        assert distribution(y * 1e6, 1e-3).tolist() == distribution(y, 1e-320).tolist() == [0, 1, 0]


@pytest.mark.parametrize("bad", [{"start": ""}, {"start": "x"}, {"length": 0}, {"temperature": -1}])
def test_generating_refuses_what_cannot_be_meant(bad):
    with pytest.raises(InputError):
        generate(article(), **{"start": "h", **bad})


def test_lines_too_long_for_the_memory_are_refused_before_anything_is_packed():
    with pytest.raises(InputError, match=r"to learn from 1999998 letters at once takes about .* GiB.*--batch"):
        Training(draw("rnn", LETTERS, 100, 1), ["a" * 1_000_000] * 3, batch=2)


def test_a_line_is_learned_whose_walk_would_not_fit():
    line = "ab" * 100_000
    with pytest.raises(InputError, match="every number is recorded, of at most 10,000 letters"):
        Walk(pose(line, hidden=1))
    (lesson,) = problems_for_words([line], hidden=1)
    assert Training(lesson.model, [lesson.symbols]).letters == 199_999


@pytest.mark.long
def test_a_text_of_short_lines_takes_some_bytes_for_each(tmp_path):
    (tmp_path / "short.txt").write_text("ab\n" * 100_000)
    tracemalloc.start()
    try:
        corpus = read_corpus(str(tmp_path / "short.txt"))
        learned, held = hold_back(corpus.lines, 0.1, 0)
        training = Training(article(), learned, batch=1000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (training.letters, len(held)) == (90_000, 10_000)
    assert peak < 100_000 * 120  # of which most is a block of the text, whatever its length


def test_a_batch_of_rows_learns_from_the_sum_of_their_gradients():
    rows = problems(TASKS["task-last-lstm-embedding"])[:3]
    assert len({row.length for row in rows}) > 1
    training = Training(rows[0].model, rows, rate=0.01, batch=len(rows))
    list(training.epochs(1))
    for name, weight in as_dict(rows[0].model.weights).items():
        summed = sum(Walk(row, backward=True).gradients[name].value for row in rows)
        np.testing.assert_allclose(getattr(training.model.weights, name), weight - 0.01 * summed, rtol=1e-12)
