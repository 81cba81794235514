"""Sentences and answers are made for the network at hand: nothing said of it is untrue."""

import re
from dataclasses import replace
from typing import Any

import pytest

from rnnwalk import walk
from rnnwalk.model.problem import Problem
from rnnwalk.model.weight_record import parse
from rnnwalk.views import questions
from rnnwalk.views.explain import explain
from rnnwalk.views.page import Fitted, Prose
from rnnwalk.views.sentences import sentence, title
from rnnwalk.views.walkthrough import Choice, walkthrough
from rnnwalk.walks.walk import Walk
from tests.examples import pose

TWO = {"Wxh": [[1, -2], [0.5, 0.25]], "Whh": [[0.3, 0.2], [0.1, -0.4]], "Why": [[1, 2], [3, -4]]}


def made(word: str = "abab", h0: Any = None, form: str = "tanh", **weights: Any) -> Walk:
    record = {"vocabulary": ["a", "b"], "form": form, "weights": TWO | weights} | ({} if h0 is None else {"h0": h0})
    return walk(word, weights=parse(record, "a test", "The weights of a test."))


def text(asked: list[questions.Question]) -> str:
    return "\n".join(f"{question.question} {question.answer}" for question in asked)


def test_h0_is_not_set_apart_from_a_height_that_it_has() -> None:
    assert "Why does h₀ have 3 numbers, and not 4?" in text(questions.memory(walk("hello"), 6))
    assert "Why does h₀ have 3 numbers?" in text(questions.memory(walk("banana"), 6))  # three symbols, three units


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
            weights, h = run.problem.model.weights, run.at("h", letter).value[:, 0]
            bias = float(weights.by[at(said), 0] - weights.by[at(truth), 0])
            parts = [*((weights.Why[at(said)] - weights.Why[at(truth)]) * h), bias]
            if against := sum(part for part in parts if part < 0):
                assert rest.pop() == pytest.approx(against, abs=2e-6)
            assert rest[0] == pytest.approx(max(parts), abs=2e-6)
            if len(rest) == 4:
                part, first, second, unit = rest
                assert part == pytest.approx((first - second) * unit, abs=2e-6)
            else:
                assert rest == [pytest.approx(bias)]


def said(run: Walk, quantity: str) -> str:
    return sentence(run.names, run.names.node[quantity])


def test_the_sentence_of_the_memory_names_a_bias_only_where_there_is_one() -> None:
    assert "bias" not in said(made(), "Whh_h_2")
    assert "bias" in said(made(bh=[1, 2]), "Whh_h_2")


def test_the_sentence_of_the_scores_names_by_only_where_it_is_added() -> None:
    assert said(walk("hello"), "y_2").endswith("Why times the hidden state.")
    assert said(walk("banana"), "y_2").endswith("Why times the hidden state, plus by.")


def test_before_the_first_letter_no_letter_is_spoken_of() -> None:
    assert "letter" not in said(walk("hello"), "Whh_h_1")
    assert "letter before" in said(walk("hello"), "Whh_h_2")


def test_a_logistic_network_is_not_said_to_squeeze_by_tanh() -> None:
    assert "−1 … 1" in said(made(), "h_1")
    assert "0 … 1" in said(made(form="logistic"), "h_1")
    assert "tanh" not in said(made(form="logistic"), "h_1")

    steep = walk("abab", hidden=2, form="logistic"), walk("abab", hidden=2)
    assert ["−1" in said(Walk(run.problem, backward=True), "slope_1") for run in steep] == [False, True]


@pytest.mark.parametrize(("cell", "fields"), [("lstm", ["zf", "zi", "zg", "zo"]), ("gru", ["zr", "zz", "zn"])])
def test_a_gate_is_said_to_have_a_bias_only_where_it_has_one(cell: str, fields: list[str]) -> None:
    run = walk("abab", hidden=2, cell=cell)
    model = run.problem.model
    bare = model.weights._replace(**{name: None for name in model.weights._fields if name.startswith("b")})
    without = Walk(Problem(replace(model, weights=bare), run.problem.symbols))
    for field in fields:
        assert ["bias" in said(each, f"{field}_2") for each in (run, without)] == [True, False]


@pytest.mark.parametrize(("by", "whole"), [("letter", "word"), ("word", "text")])
def test_a_loss_is_that_of_a_word_of_letters_or_of_a_text_of_words(by: str, whole: str) -> None:
    run = Walk(walk("a b a", by=by).problem, backward=True)
    assert title(run.names, run.names.node["loss"]) == f"The loss of the {whole}"
    assert f"the loss of the {whole}" in said(run, "dWhh")
    (page,) = [part.make() for part in walkthrough(run, Choice()) if part.key == "loss"]
    assert page.title == f"The whole {whole}"


@pytest.mark.parametrize(("cell", "memory"), [("rnn", "Whh"), ("lstm", "Wh…"), ("gru", "Wh…")])
def test_the_picture_of_the_way_back_names_the_matrices_that_the_cell_has(cell: str, memory: str) -> None:
    run = Walk(walk("abab", cell=cell).problem, backward=True)
    (page,) = [part.make() for part in walkthrough(run, Choice()) if part.title == "The way back"]
    (drawn,) = [block for block in page.blocks if isinstance(block, Fitted)]
    lines = drawn.draw(80, str)
    assert lines[2].count(f"←{memory}ᵀ─") == 2
    assert lines[4].index("∂L/∂W", 12) == lines[2].index("∂L/∂h₂")


def test_the_symbol_of_a_quantity_keeps_its_small_letter_at_the_beginning_of_a_sentence() -> None:
    (told, *_) = explain(Walk(walk("hello").problem, backward=True), "dz_1").blocks
    assert isinstance(told, Prose)
    assert told.text == "At letter 1, “h”. z is the sum that h was made from: slope times ∂L/∂h."


def test_an_initial_state_of_a_file_is_not_said_to_be_nothing() -> None:
    assert "nothing yet" in said(made(), "h_0")
    assert "nothing" not in said(made(h0=[1, 0]), "h_0")


def test_only_a_1x1_that_serves_several_units_is_the_articles_way() -> None:
    assert "article" in said(made(Whh=[[1]], bh=[[1]]), "Whh")
    assert "article" in said(made(Whh=[[1]], bh=[[1]]), "bh")
    assert "article" not in said(made(), "Whh")
    single = walk("hello", hidden=1)
    assert "article" not in said(single, "Whh") + said(single, "bh")


def test_where_symbols_are_words_no_letter_is_spoken_of() -> None:
    run = walk("we love love", by="word")
    told = [sentence(run.names, node) + title(run.names, node) for node in run.names.labels]
    assert [text for text in told if "letter" in text.lower()] == []


@pytest.mark.parametrize(("cell", "gates"), [("lstm", "figo"), ("gru", "rzn")])
def test_a_gate_without_a_bias_is_not_said_to_have_one(cell: str, gates: str) -> None:
    model = walk("ab", cell=cell, hidden=2).problem.model
    bare = replace(model, weights=model.weights._replace(**{f"b{gate}": None for gate in gates}))
    for gate in gates:
        node = f"z{gate}_1"
        for found, said in ((walk("ab", weights=model), True), (walk("ab", weights=bare), False)):
            if node in found.names.node:
                assert ("bias" in sentence(found.names, found.names.node[node])) == said, node


@pytest.mark.parametrize(
    ("form", "new", "old"),
    [
        ("chung2014", "its share", "the other share"),
        *[(form, "the other share", "its share") for form in ("cho2014", "pytorch")],
    ],
)
def test_a_gru_says_of_each_form_which_share_z_is(form: str, new: str, old: str) -> None:
    """h = z⊙n + (1 − z)⊙h₋ in the paper of Chung et al. (2014), and the other way round in that of Cho et al. and in PyTorch."""
    names = Walk(pose("banana", cell="gru", form=form)).names
    told = {field: sentence(names, names.node[f"{field}_2"]) for field in ("new", "old", "zn")}
    assert (told["new"], told["old"]) == (
        f"The candidate, each number times {new}.",
        f"The old memory, each number times {old}.",
    )
    assert ("as the memory was before" in told["zn"]) == (form == "pytorch")  # Whn·h₋ is reset there, and not h₋
