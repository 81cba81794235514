"""Saved Markdown: a Markdown reader gives the texts back, and every formula is whole LaTeX."""

import re
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rnnwalk.model.problem import Problem
from rnnwalk.render import markdown
from rnnwalk.views.page import (
    Block,
    Commands,
    Drawing,
    Equation,
    Fitted,
    Formula,
    Lines,
    Matrices,
    Matrix,
    Page,
    Picture,
    Prose,
    Question,
    Strip,
    Table,
    Track,
    Tree,
)
from rnnwalk.views.walkthrough import Choice, pages
from rnnwalk.walks.walk import Walk
from tests.examples import problems

HOSTILE = [
    *["*a*", "_b_", "[c](d)", "![e](f)", "<b>", "`g`", "a|b", "#", "\\", "&lt;", "~~h~~", "**", "$x$", "1. i"],
    *[
        "<script>alert(1)</script>",
        "<!--",
        "<https://a.b>",
        "```",
        "~~~",
        "$$",
        "\\input{x}",
        r"\href{a}{b}",
        "\\]|",
        "- j",
    ],
    *["&#60;b&#62;", "]: https://a.b", "</span>", "2) k", "+ l", "}{", "%", "^~", "``a", "\\$", "1", "\\\\", "www.a.b"],
]


def read(text: str) -> list[Token]:
    """The pieces of Markdown, as an independent reader finds them."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [piece for token in tokens for piece in (token, *(token.children or ()))]


def plain(text: str) -> str:
    """The text of Markdown, without its formatting."""
    return " ".join(token.content for token in read(text) if token.type == "text")


EVERY = [Prose, Formula, Equation, Matrices, Strip, Lines, Commands, Table, Question, Drawing, Fitted, Picture, Tree]


def blocks(text: str) -> list[Block]:
    """Each kind of block, with a text of the reader's wherever one may stand."""
    heads = [text, "b"]
    return [
        Prose(text),
        Prose(f"The letter “{text}” is read."),
        Formula("h = a", "h = a", text),
        Equation([Matrix(text, np.eye(2), heads, heads, 0), " = ", Matrix("W", np.eye(2), heads, [], 0)]),
        Matrices([Matrix(text, np.eye(2), heads, heads, 0), Matrix(text, np.eye(2), heads, [], 0)]),
        Strip([text, "b"], [Track(text, "memory", [0.5, -0.5], 1.0)], 3),
        Lines([text, f"y[{text}] = 1", text]),
        Commands([text]),
        Table([text, "says"], [["1", text], [text, "2"]]),
        Question(text, text),
        Drawing([text, f"  {text}"]),
        Fitted(lambda _, spell: [text, spell(text)]),
        Picture([text, "[f]"], {"f": "forget gate"}),
        Tree([(0, text), (1, text)]),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_reader_typed_means_anything(text: str) -> None:
    """Everything is read as with a symbol that means nothing: the same pieces, no link, no picture and no HTML."""
    told, harmless = ("".join(markdown.chunks([Page(each, blocks(each))])) for each in (text, "a"))
    found = [token.type for token in read(told) if token.type not in ("text", "text_special")]
    assert found == [token.type for token in read(harmless) if token.type not in ("text", "text_special")]
    assert {type(block) for block in blocks(text)} == set(EVERY) == set(get_args(Block))
    outside = re.sub("```+text.*?\n```+\n", "", told, flags=re.DOTALL)
    assert re.search(r"(?<!\\)://|www\.", outside) is None, "GitHub would make a link of it"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_heading_inside_a_formula_is_one_text_of_latex(text: str) -> None:
    """Taken out of its commands it is the text; every $, # and % is quoted, every brace has its partner."""
    told = latex(Matrix("W", np.eye(1), [text], [], 0)).split("$$")
    assert len(told) == 3
    bare = re.sub(r"\\[{}$#%&_]", "", told[1])
    assert re.search("[$#%_~`<>*]", bare.replace(r"\underset{\text{W}\,(1\times1)}", "")) is None
    assert bare.count("{") == bare.count("}")
    known = {"underset", "text", "times", "left", "begin", "end", "right", "textbackslash", "textasciicircum"}
    known |= {"textasciitilde", "lt", "gt", "lbrack", "rbrack", "ast", "grave"}
    assert set(re.findall(r"\\([a-z]+)", bare)) <= known


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


def test_what_is_remembered_is_shaded_as_its_sentence_says() -> None:
    """0.127 of the largest, 0.603, is a light shade, -0.603 a dark one; what is nearly 0 has none."""
    tracks = [Track("c[1]", "memory", [0.127, -0.603, 0.01], 0.603)]
    text = "".join(markdown.chunks([Page("Title", [Strip(["a", "b", "c"], tracks, 3)])]))
    assert r"| c\[1\] | ░ 0.127 | █ -0.603 | 0.010 |" in text
