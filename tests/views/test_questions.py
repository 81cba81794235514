"""Readers' questions: asked where they arise, answered with the numbers at hand. What they say: test_sentences."""

import re

import numpy as np
import pytest
from hypothesis import given, settings

from rnnwalk import walk
from rnnwalk.model.problem import Problem
from rnnwalk.views import questions
from rnnwalk.walks.walk import Walk
from tests.examples import pose, problems


@pytest.mark.parametrize(
    ("options", "is_one"),
    [({}, True), ({"hidden": 3}, False), ({"hidden": 1}, False), ({"cell": "lstm"}, False), ({"cell": "gru"}, False)],
)
def test_one_number_for_several_units_is_the_articles_network_alone(options: dict, is_one: bool) -> None:
    model = pose("hello", **options).model
    assert questions.scalar(model) == is_one
    told = [asked.question for asked in questions.shapes(model)]
    assert ("And why is Whh 1×1?" in told) == (is_one or options == {"hidden": 1})


def test_the_article_is_asked_how_1x1_times_3x1_can_be_3x1_and_other_networks_are_not() -> None:
    first = [questions.memory(run, 6)[0].question for run in (walk("hello"), walk("hello", hidden=3))]
    assert first[0] == "How can 1×1 times 3×1 plus 1×1 give 3×1?"
    assert first[1].startswith("What is Whh")


@given(problems())
@settings(max_examples=25)
def test_why_is_asked_exactly_where_the_answer_is_wrong(problem: Problem) -> None:
    run = Walk(problem)
    for letter in range(1, run.length + 1):
        wrong = problem.model.vocabulary[int(np.argmax(run[f"p_{letter}"].value))] != problem.symbols[letter]
        assert len(questions.verdict(run, letter, 6)) == wrong


def test_the_lead_of_the_wrong_answer_of_hello_is_made_of_the_articles_numbers() -> None:
    """y₂ = Why·h₂, with the article's rounded weights; h is answered, and l is true."""
    (asked,) = questions.verdict(walk("hello"), 2, 6)
    Why = np.array([[0.371680, 0.974829, 0.830035], [0.649850, 0.098216, 0.334287]])  # the rows of h and l
    h2 = np.array([0.936534, 0.949104, 0.762341])
    lead = float((Why[0] - Why[1]) @ h2)
    assert asked.question == "Why does it say “h” after “e”, and not “l”?"
    told = float(re.search(r"larger than y₂\[l\] by (\d\.\d+)", asked.answer)[1])
    assert told == pytest.approx(lead, abs=3e-6)
    unit = int(np.argmax((Why[0] - Why[1]) * h2)) + 1
    assert f"Unit {unit} adds most to that" in asked.answer


@pytest.mark.parametrize("symbols", [2, 5])
def test_into_the_softmax_bracket_go_as_many_scores_as_there_are_symbols(symbols: int) -> None:
    (asked,) = questions.softmax(walk("abcde"[:symbols]))
    assert f"{symbols} scores" in asked.answer


ASKED_OF_GATES = ("Why a sigmoid", "Why tanh", "Why ⊙")


def test_what_readers_ask_of_gates_is_answered() -> None:
    lstm, gru = ([asked.question for asked in questions.cell(walk("ab", cell=cell))] for cell in ("lstm", "gru"))
    assert questions.cell(walk("ab")) == []
    for started in (*ASKED_OF_GATES, "What does c keep", "Are these “four sigmoid layers”"):
        assert any(asked.startswith(started) for asked in lstm)
    for started in (*ASKED_OF_GATES, "Which of the three GRUs"):
        assert any(asked.startswith(started) for asked in gru)


@pytest.mark.parametrize(
    ("form", "share", "place"),
    [("chung2014", "candidate", "before"), ("cho2014", "old memory", "before"), ("pytorch", "old memory", "after")],
)
def test_the_answer_names_the_form_by_what_its_equations_do(form: str, share: str, place: str) -> None:
    """What z multiplies and where r acts, read off the recorded equations."""
    run = walk("ab", cell="gru", form=form)
    answer = questions.cell(run)[-1].answer
    assert answer.startswith(form)
    assert f"what z multiplies, here the {share} " in answer
    assert f"r acts, here {place} Whn" in answer
    assert ("z₁⊙n₁" in run["h_1"].formula.replace("(1 − z₁)⊙n₁", "")) == (share == "candidate")
    assert ("r₁⊙u₁" in run["zn_1"].formula) == (place == "after")


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_of_words_no_question_speaks_of_letters(cell: str) -> None:
    run = walk("we love love we", by="word", cell=cell)
    asked = [
        *questions.cell(run),
        *questions.shapes(run.problem.model),
        *questions.softmax(run),
        *questions.memory(run, 6),
    ]
    asked += [question for letter in (1, 2, 3) for question in questions.verdict(run, letter, 6)]
    assert [each for each in asked if "letter" in (each.question + each.answer).lower()] == []
