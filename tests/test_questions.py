"""The readers' questions are answered for the network at hand: nothing said of it is untrue."""

import re
from typing import Any

import numpy as np
import pytest

from rnnwalk.views import questions
from rnnwalk.walks import Walk, walk
from rnnwalk.weightfile import parse

TWO = {"Wxh": [[1, -2], [0.5, 0.25]], "Whh": [[0.3, 0.2], [0.1, -0.4]], "Why": [[1, 2], [3, -4]]}


def made(word: str = "abab", h0: Any = None, **weights: Any) -> Walk:
    record = {"vocabulary": ["a", "b"], "weights": TWO | weights} | ({} if h0 is None else {"h0": h0})
    return walk(word, weights=parse(record, "a test", "The weights of a test."))


def text(asked: list[questions.Question]) -> str:
    return "\n".join(f"{question.question} {question.answer}" for question in asked)


def test_h0_is_not_set_apart_from_a_height_that_it_has() -> None:
    assert "Why has h₀ 3 numbers, and not 4?" in text(questions.memory(walk("hello"), 6))
    assert "Why has h₀ 3 numbers?" in text(questions.memory(walk("banana"), 6))  # three symbols, three units


def test_h0_of_a_file_is_not_said_to_be_zeros() -> None:
    assert "zeros" in text(questions.memory(made(), 6))
    assert "zeros" not in text(questions.memory(made(h0=[0.5, 0]), 6))


@pytest.mark.parametrize(("bias", "asked"), [([[0.1]], True), ([0.1, 0.2], False), (None, False)])
def test_a_bias_is_broadcast_only_where_it_is_one_number(bias: Any, asked: bool) -> None:
    told = text(questions.memory(made(Whh=[[0.3]], **({} if bias is None else {"bh": bias})), 6))
    assert "How can 1×1 times 2×1" in told
    assert ("plus 1×1" in told) == asked
    assert ("adds the one bias" in told) == asked


def test_one_of_a_thing_is_not_called_by_its_plural() -> None:
    single = walk(
        "aa", weights=parse({"vocabulary": ["a"], "weights": {"Wxh": [[1]], "Whh": [[1]], "Why": [[1]]}}, "", "")
    )
    told = text(questions.shapes(single.problem.model) + questions.memory(single, 6) + questions.softmax(single))
    assert re.findall(r"\b1 (?:\w+ )?\w+s\b", told) == []


def test_of_equal_scores_none_is_said_to_be_larger() -> None:
    zeros = made(Why=[[0, 0], [0, 0]])
    (question,) = questions.verdict(zeros, 1, 6)
    assert "are equal" in question.answer
    assert "larger" not in question.answer


@pytest.mark.parametrize("seed", range(6))
def test_the_part_of_the_unit_that_brings_the_most_is_the_product_that_is_told(seed: int) -> None:
    run = walk("sonata", hidden=4, seed=seed)
    for letter in range(1, run.length + 1):
        for question in questions.verdict(run, letter, 6):
            lead, *rest = [float(n) for n in re.findall(r"(?<= )-?\d+\.\d+", question.answer)]
            y, (said, truth) = (
                run.at("y", letter).value[:, 0],
                (run.predictions[letter - 1], run.problem.targets[letter - 1]),
            )
            at = run.problem.model.vocabulary.index
            assert lead == pytest.approx(y[at(said)] - y[at(truth)], abs=1e-6)
            if len(rest) == 4:
                part, first, second, h = rest
                assert part == pytest.approx((first - second) * h, abs=2e-6)
            else:
                by = run.problem.model.weights.by
                np.testing.assert_allclose(rest, by[at(said)] - by[at(truth)])
