"""Saved Markdown: a Markdown reader gives the texts back, and every formula is whole LaTeX."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from rnnwalk.model.problem import Problem
from rnnwalk.render import markdown
from rnnwalk.views.page import Equation, Matrix, Page, Prose, Table
from rnnwalk.views.walkthrough import Choice, pages
from rnnwalk.walks.walk import Walk
from tests.examples import problems

HOSTILE = ["*a*", "_b_", "[c](d)", "![e](f)", "<b>", "`g`", "a|b", "#", "\\", "&lt;", "~~h~~", "**", "$x$", "1. i"]


def plain(text: str) -> str:
    """The text of Markdown, as an independent reader finds it."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return " ".join(child.content for token in tokens for child in token.children or () if child.type == "text")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    said = f"The letter “{text}” is read."
    told = "".join(markdown.chunks([Page("Title", [Prose(said), Table(["", "says"], [["1", text]])])]))
    found = "".join(plain(told).split())
    assert "".join(said.split()) in found
    assert found.endswith("1" + "".join(text.split()))
    assert re.search(r"(?<!\\)\$", told) is None, "a dollar sign would begin a formula"


def latex(*parts: Matrix | str) -> str:
    return "".join(markdown.chunks([Page("", [Equation(list(parts))])]))


def test_powers_of_ten_and_infinity_are_written_as_mathematics() -> None:
    told = latex(Matrix("W", np.array([[1.5e-7, -2e12, np.inf]]), [], [], 6))
    assert r"1.50000\times10^{-7} & -2.00000\times10^{12} & \infty" in told


def test_rows_and_columns_have_their_headings() -> None:
    told = latex(Matrix("Wxh·x₁₂", np.eye(2), ["1", "2"], ["h", "_"], 0))
    assert r" & \text{h} & \text{\_} \\ \hline 1 & 1 & 0 \\ 2 & 0 & 1" in told
    assert r"\text{Wxh}\cdot\text{x}_{12}\,(2\times2)" in told


def test_a_large_matrix_says_that_its_middle_is_left_out() -> None:
    assert "left out" in latex(Matrix("W", np.eye(21), [], [], 0))
    assert "left out" not in latex(Matrix("W", np.eye(20), [], [], 0))


@given(problems())
def test_every_formula_is_whole(problem: Problem) -> None:
    text = "".join(markdown.chunks(pages(Walk(problem), Choice())))
    formulas = re.findall(r"^\$\$(.*)\$\$$", text, re.MULTILINE)
    assert len(formulas) > 10
    for formula in formulas:
        bare = re.sub(r"\\[{}]", "", formula)
        assert bare.count("{") == bare.count("}")
        assert formula.count(r"\left") == formula.count(r"\right")
        assert re.findall(r"\de[+-]?\d|∞|[₀-₉]", formula) == []
        for form, body in re.findall(r"\\begin{array}{([r|]+)} (.*?) \\end{array}", formula):
            for row in body.split(r" \\ "):
                assert len(re.findall(r"(?<!\\)&", row)) == form.count("r") - 1


def test_a_saved_file_is_what_was_made(tmp_path: Path) -> None:
    from rnnwalk.render.terminal.save import save

    page = Page("Title", [Prose("Text.")])
    save([page], tmp_path / "x.md", force=False, title="")
    assert (tmp_path / "x.md").read_text("utf-8") == "## Title\n\nText.\n\n"
