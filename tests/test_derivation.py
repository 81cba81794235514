"""The printed lines: what the article prints, and what a reader gets who works them out by hand."""

import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnwalk import walk
from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.model.problem import Problem
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.walk import Walk
from tests.arithmetic import evaluate_maths
from tests.examples import pose, problems


@pytest.fixture(scope="module")
def hello() -> Walk:
    return walk("hello")


def test_the_line_of_the_article_is_symbol_numbers_result(hello: Walk) -> None:
    line = Derivations(hello.names)[hello.at("h", 2)].line((0, 0))
    assert line == "h₂[1] = tanh(0.846060 + 0.863014) = tanh(1.709074) = 0.936534"


@pytest.mark.parametrize(
    ("key", "equation", "shapes"),
    [
        ("Wxh_x_2", "Wxh·x₂", "(3×4)·(4×1) = (3×1)"),
        ("Whh_h_2", "Whh·h₁ + b", "(1×1)·(3×1) + (1×1) = (3×1)"),
        ("h_2", "h₂ = tanh(Wxh·x₂ + Whh·h₁ + b)", "tanh((3×1) + (3×1)) = (3×1)"),
        ("y_2", "y₂ = Why·h₂", "(4×3)·(3×1) = (4×1)"),
        ("p_2", "p₂ = q₂ / S₂", None),
        ("loss_2", "loss₂ = ln S₂ + m₂ − y₂[target₂]", None),
        ("loss", "loss = loss₁ + loss₂ + loss₃ + loss₄", None),
        ("Wxh", "", None),
        ("x_1", "", None),
    ],
)
def test_an_equation_is_the_articles(hello: Walk, key: str, equation: str, shapes: str | None) -> None:
    node = hello[key].node
    assert Derivations(hello.names)[node].equation == equation == hello[key].formula
    if shapes:
        assert Derivations(hello.names)[node].shapes == shapes


def test_a_value_that_is_another_one_has_its_shape_in_brackets_on_both_sides() -> None:
    """∂L/∂bₜ = ∂L/∂zₜ where each unit has a bias of its own."""
    run = Walk(pose("banana", cell="gru", hidden=3), backward=True)
    alone = [node for node in run.names.labels if run.derivations[node].whole.op == "leaf" and node.op != "input"]
    assert {run.derivations[node].shapes for node in alone} == {"(3×1) = (3×1)"}


@settings(max_examples=20)
@given(problems())
def test_every_stage_of_every_line_works_out_to_the_number(problem: Problem) -> None:
    run = Walk(problem)
    derivations = Derivations(run.names, digits=15)
    checked = 0
    for node in run.names.labels:
        for at in np.ndindex(node.value.shape):
            stages = derivations[node].numbers(at)
            for stage in stages:
                if "…" not in stage:  # the middle is left out
                    assert evaluate_maths(stage) == pytest.approx(node.value[at], rel=1e-9, abs=1e-12), (stage, stages)
                    checked += 1
    assert checked > 20


@given(problems())
def test_latex_has_balanced_braces_and_no_unicode_mathematics(problem: Problem) -> None:
    run = Walk(problem)
    for node in run.names.labels:
        text = Derivations(run.names)[node].latex
        assert text.count("{") == text.count("}")
        assert text.isascii(), text


@pytest.mark.parametrize(("cell", "form"), [(cell, form) for cell in CELLS for form in cell_named(cell).FORMS])
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
def test_latex_has_one_subscript_and_one_superscript_at_most(cell: str, form: str, backward: bool) -> None:
    """Without its upright names, each in one group of braces: a_{b}_{c} and a_b_{c} cannot be set."""
    run = Walk(pose("abab", cell=cell, form=form, hidden=2), backward=backward)
    for node in run.names.labels:
        text = re.sub(r"\\text\{[A-Za-z]+\}", "t", Derivations(run.names)[node].latex)
        assert re.findall(r"_[^{]|_\{[^{}]*\}_|\^(\{[^{}]*\}|\\top|\w)\^|\\text", text) == [], text


def test_the_parts_of_a_name_are_subscripts_beside_the_time_in_latex() -> None:
    run = Walk(pose("abab", cell="lstm", hidden=2), backward=True)
    told = Derivations(run.names)[run.names.node["dc_2"]].latex
    assert (
        told
        == r"\partial L/\partial c_{2} = \partial L/\partial c_{\text{own},2} + \partial L/\partial c_{\text{time},2}"
    )
    assert Derivations(run.names)[run.names.node["slope_i_2"]].latex.startswith(r"\text{slope}_{i,2} = g_{2}")


def test_a_long_sum_is_cut_in_the_middle_and_leaves_out_products_with_zero() -> None:
    run = walk("abcdefghij")
    line = Derivations(run.names)[run.at("Wxh_x", 2)].line((0, 0))
    column = run["Wxh[1,b]"].value[0, 0]
    assert "…" in line
    assert len(line) < 80
    assert line.endswith(f"= {column:.6f}")


@pytest.mark.parametrize("formulas", ["symbols", "numbers", "both"])
def test_symbols_numbers_or_both_are_shown(hello: Walk, formulas: str) -> None:
    parts = Derivations(hello.names)[hello.at("y", 1)].line((0, 0), formulas).split(" = ")
    symbols = [part for part in parts[1:] if "Why[h,1]·h₁[1]" in part]
    numbers = [part for part in parts[1:] if "0.371680·0.693168" in part]
    assert (len(symbols), len(numbers)) == {"symbols": (1, 0), "numbers": (0, 1), "both": (1, 1)}[formulas]
    assert (parts[0], parts[-1]) == ("y₁[h]", "1.800334")


def test_a_line_says_where_the_numbers_as_they_are_shown_do_not_add_up(hello: Walk) -> None:
    made = Derivations(hello.names, 2)
    lines = [made[hello.at(field, t)].line((0, 0)) for field, t in (("h", 1), ("h", 2), ("Whh_h", 2))]
    assert lines == [
        "h₁[1] = tanh(0.29 + 0.57) ≈ tanh(0.85) = 0.69",
        "h₂[1] = tanh(0.85 + 0.86) = tanh(1.71) = 0.94",
        "(Whh·h₁ + b)[1] = 0.43·0.69 + 0.57 = 0.30 + 0.57 ≈ 0.86",
    ]


@given(problems(), st.integers(1, 4))
def test_what_is_joined_by_the_sign_of_equality_is_equal_as_shown(problem: Problem, digits: int) -> None:
    run = Walk(problem)
    made = Derivations(run.names, digits)
    for node in [node for t in range(1, run.length + 1) for node in run.fields(t)]:
        line = made[node].line((0, 0))
        if "…" not in line and "= " in line:
            *_, before, sign, last = re.split(" ([=≈]) ", line)
            if before == run.names.symbol(node, (0, 0)):  # a sum of one number is that number
                continue
            unit = 10.0 ** -(len(last.partition("e")[0].partition(".")[2]) - int(last.partition("e")[2] or 0))
            if sign == "=":
                assert evaluate_maths(before) == pytest.approx(float(last), rel=0, abs=0.501 * unit), line
            else:
                assert abs(evaluate_maths(before) - float(last)) > 0.499 * unit, line


def test_two_products_that_are_each_rounded_down_do_not_equal_their_sum() -> None:
    """2·0.432319·0.899554 = 0.777789, and 2·0.388894 = 0.777788."""
    run = walk(["hello", "holle"], backward=True)
    line = Derivations(run.names)[run.names.node["dWhy_1"]].line((0, 1))
    assert line.endswith("0.432319·0.899554 + 0.432319·0.899554 ≈ 0.388894 + 0.388894 = 0.777788")


def test_a_gradient_of_one_product_equals_it_only_where_the_shown_numbers_do() -> None:
    """-0.395926·0.606857 is -0.240270 where it is rounded, and the gradient is -0.240271."""
    run = walk("hello", hidden=1, seed=3, backward=True)
    made, signs = Derivations(run.names), set()
    for name in [f"d{weight}_{t}" for weight in ("Whh", "Why") for t in range(2, 5)]:
        found = re.fullmatch(r".* = (\S+)·(\S+) ([=≈]) (\S+)", made[run.names.node[name]].line((0, 0)))
        assert found
        first, second, sign, result = found.groups()
        rounded = (Decimal(first) * Decimal(second)).quantize(Decimal("1e-6"))
        assert (sign == "=") == (rounded == Decimal(result)), found[0]
        signs.add(sign)
    assert signs == {"=", "≈"}


def test_of_a_long_sum_the_largest_terms_are_written() -> None:
    run = walk("abcdefghij", hidden=12, seed=3)
    weights, h = run["Why"].value[0], run["h_1"].value[:, 0]
    largest = set(np.argsort(-np.abs(weights * h))[:4])
    line = Derivations(run.names)[run.at("y", 1)].line((0, 0))
    shown = [
        f"{w:g}·{value:.6f}" in line.translate({ord("("): "", ord(")"): ""})
        for w, value in zip(weights, h, strict=True)
    ]
    assert shown == [i in largest for i in range(12)]
    assert "…" in line


def test_of_what_many_letters_add_to_a_gradient_the_largest_shares_are_drawn_and_written_and_the_others_counted() -> (
    None
):
    run = Walk(pose("abracadabra", hidden=2), backward=True)
    node = run.gradients["Whh"]
    shares = {t: run[f"dWhh_{t}"].value for t in range(2, 11)}
    for at in np.ndindex(2, 2):
        written = re.findall(r"-?[0-9]\.[0-9]{6}", Derivations(run.names)[node].line(at))[:4]
        largest = sorted(sorted(shares, key=lambda t: -abs(shares[t][at]))[:4], reverse=True)
        assert written == [f"{shares[t][at]:.6f}" for t in largest]
    followed = np.unravel_index(np.abs(node.value).argmax(), (2, 2))
    drawn = sorted(sorted(shares, key=lambda t: -abs(shares[t][followed]))[:4], reverse=True)
    called = " + ".join(run[f"dWhh_{t}"].symbol for t in drawn)
    assert Derivations(run.names)[node].equation == f"∂L/∂Whh = {called} + … ({len(run.names.parts(node)) - 4} more)"


@pytest.mark.parametrize(("word", "options", "picks"), [("ab", {}, 1), ("1,2", {"inputs": "a,b", "linear": "s"}, 0)])
def test_a_one_among_numbers_that_are_read_picks_no_column(word: str, options: dict[str, str], picks: int) -> None:
    recorded = Walk(pose(word, **options))
    assert len(recorded.derivations[recorded.at("Wxh_x", 1)].picked((0, 0))) == picks
