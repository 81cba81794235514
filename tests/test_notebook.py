"""What Python's objects show in a notebook: tables that need no style sheet, with the published numbers; and the lesson."""

import io
import json
import re
import runpy
from html import unescape
from html.parser import HTMLParser
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

import rnnwalk
from rnnwalk.errors import InputError
from rnnwalk.model.examples import names

WORKSHEETS = Path(__file__).parents[1] / "worksheets"
PLAIN = set("div p b i br pre code span small table thead tbody tr th td caption meter details summary".split())


class Read(HTMLParser):
    """The tags, the attributes and the text of HTML; every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def tables(shown: Any) -> list[pandas.DataFrame]:
    """The tables of an object, as pandas reads them."""
    return pandas.read_html(io.StringIO(shown._repr_html_()))


def test_a_walk_is_a_table_whose_losses_add_up_to_the_published_one() -> None:
    walk = rnnwalk.walk("hello", backward=True)
    letters, learned = tables(walk)
    assert letters["reads"].tolist() == list("hell")
    assert letters["loss"].sum() == pytest.approx(6.811275, abs=2e-6)
    assert learned["said before"].tolist() == ["h ✗"] * 4
    text = Read(walk._repr_html_()).text
    assert "Loss 6.811275 before, 5.796385 now" in text
    assert "Loss 6.811275 before, 5.796385 now" in walk._repr_markdown_()


def test_a_quantity_is_its_equation_its_matrices_and_its_numbers_put_in() -> None:
    state = rnnwalk.walk("hello")["h_2"]
    *_, result = tables(state)
    assert result.iloc[:, -1].tolist() == [0.936534, 0.949104, 0.762341]
    bundle = state._repr_mimebundle_()
    assert bundle["text/plain"] == repr(state)
    assert "h₂ = tanh(Wxh·x₂ + Whh·h₁ + b)" in Read(bundle["text/html"]).text
    line = "h₂[1] = tanh(0.846060 + 0.863014) = tanh(1.709074) = 0.936534"
    assert line in Read(bundle["text/html"]).text
    assert line in bundle["text/markdown"]
    formula, matrices = re.findall(r"\$\$(.+?)\$\$", bundle["text/latex"])
    assert formula == r"h_{2} = \tanh(W_{xh} \, x_{2} + W_{hh} \cdot h_{1} + b_{h})"
    assert r"1 & 0.936534 \\ 2 & 0.949104 \\ 3 & 0.762341" in matrices


def test_an_explanation_a_comparison_and_a_flow_are_text_in_a_terminal() -> None:
    told = repr(rnnwalk.walk("hello").explain("h_2[1]"))
    assert told.startswith("h₂[1] · The new hidden state\n")
    assert "weights: Wxh[1,e] = 0.846060" in told
    back = repr(rnnwalk.walk("hello", backward=True).explain("dWhh", depth=1))
    assert "∂L/∂Whh₃ = " in back
    compared = rnnwalk.compare("good, not bad", "bad, not good", example="sentiment")
    one, other = (rnnwalk.walk(text, example="sentiment") for text in ("good, not bad", "bad, not good"))
    apart = [np.linalg.norm(one[f"h_{t}"].value - other[f"h_{t}"].value) for t in (1, 2, 3)]
    assert compared.apart == pytest.approx(apart, abs=1e-12)
    assert "They part at time step 1" in repr(compared) and "Discarded: a bag of words" in str(compared)
    flow = rnnwalk.gradient_flow("hello", length=60, scale=2)
    assert (flow.regime, len(flow.arrivals)) == ("vanishing", 59)
    assert "Vanishing: over the far half of the way" in repr(flow) and "The way back from ∂L/∂h₅₉" in str(flow)
    for each in (told, back, repr(compared), repr(flow), str(compared), str(flow)):
        assert max(map(len, each.splitlines())) <= 80
        assert "--" not in each, "an option of the command line"


def test_what_python_gives_says_in_a_few_lines_what_it_is_and_what_can_be_asked_of_it() -> None:
    compared = rnnwalk.compare("good, not bad", "bad, not good", example="sentiment")
    flow, walk = rnnwalk.gradient_flow("hello" * 20, scale=2), rnnwalk.walk("hello")
    for each, has in ((compared, "apart one.states other.states"), (flow, "regime left per_step arrivals")):
        assert len(repr(each).splitlines()) <= 12
        assert all(f".{name}" in repr(each) and attrgetter(name)(each) for name in has.split())
    lines = {type(each).__name__: repr(each) for each in (walk.problem.model, walk.problem, compared.one)}
    assert all(text.startswith(f"<{name} ") and len(text) <= 160 for name, text in lines.items()), lines
    assert "reads h, e, l, o; 3 hidden units, 26 numbers to be learned" in lines["Model"]


def test_whatever_is_walked_is_shown_in_tags_that_no_notebook_takes_away() -> None:
    shown: list[Any] = []
    for name in names():
        walk = rnnwalk.walk(example=name)
        shown += [walk, walk["h_1"], walk["Why"], walk.explain("h_1"), rnnwalk.gradient_flow(example=name, target=None)]
    for each in shown:
        read = Read(each._repr_html_())
        assert read.tags <= PLAIN
        assert read.attributes <= {"scope", "align", "style", "cellpadding", "min", "max", "value"}


def test_what_is_long_is_shown_in_part_which_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    long = rnnwalk.walk("ab" * 150)
    wide = rnnwalk.walk("ab", hidden=200, backward=True)
    assert "These are the first 10 of 299 letters." in Read(long._repr_html_()).text
    assert "These are the first 10 of its 40,000 numbers." in Read(wide["dWhh"]._repr_html_()).text
    monkeypatch.setattr("rnnwalk.objects.MOST_FRAMED", 300)
    assert "the first 8 of 299 letters" in repr(long.page())
    for each in (long, long["h_200"], long.explain("h_200[1]"), wide, wide["Whh"], wide.explain("dWhh")):
        assert all(len(text) < 30_000 for text in each._repr_mimebundle_().values())
    word = rnnwalk.walk(f"a {'x' * 100_000} b", by="word")
    for each in (word, word["Wxh"], word["x_2"], word.explain("p_1")):
        assert all(len(text) < 6_000 for text in each._repr_mimebundle_().values())


def test_a_page_is_a_frame_around_what_save_writes(tmp_path: Path) -> None:
    page = rnnwalk.walk("hello", backward=True).page()
    page.save(tmp_path / "walk.html")
    saved = (tmp_path / "walk.html").read_bytes().decode()
    (frame,) = re.findall('<iframe srcdoc="([^"]*)" sandbox="allow-scripts allow-downloads"', page._repr_html_())
    assert unescape(frame) == page.html == saved
    assert '.save("walk.html")' in repr(page)
    assert "“ab | ba”, all of it" in repr(rnnwalk.walk(["ab", "ba"]).page())


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: rnnwalk.walk("hello").explain("h_9"), "no quantity 'h_9'"),
        (lambda: rnnwalk.walk("hello").explain("dWhh"), "add backward=True"),
        (lambda: rnnwalk.walk("hello")[3], 'by its name, a text such as "h_1"; this one is 3'),  # type: ignore[index]
        (lambda: rnnwalk.walk("hello").explain("h_2", depth="2"), "depth is the text '2', expected a whole number"),  # type: ignore[arg-type]
        (lambda: rnnwalk.walk("kiwi", hidden="3"), "hidden is the text '3', expected a whole number"),
        (lambda: rnnwalk.walk("kiwi", hidden=2.0), "hidden is 2.0, expected a whole number"),
        (lambda: rnnwalk.walk("kiwi", hidden=True), "hidden is True, expected a whole number"),
        (lambda: rnnwalk.walk("kiwi", seed=1.5), "seed is 1.5, expected a whole number"),
        (lambda: rnnwalk.walk("kiwi", lr=0.5), "lr does nothing without backward=True; add it, or leave lr out"),
        (lambda: rnnwalk.walk("kiwi", lr="x"), "lr is the text 'x', expected a number"),  # type: ignore[arg-type]
        (lambda: rnnwalk.walk("kiwi", cell="lstm", forget_bias="1"), "forget_bias is the text '1', expected a number"),
        (lambda: rnnwalk.walk("kiwi", cell=3), "cell is 3, expected a text"),
        (lambda: rnnwalk.walk("kiwi", classes=["a", "b"]), 'classes is a list, expected a text: "a,b"'),
        (
            lambda: rnnwalk.walk("kiwi", by="letters"),
            "by is 'letters'; known: letter, character, word; did you mean 'letter'?",
        ),
        (lambda: rnnwalk.walk("kiwi", notation=3), "the notation is 3, expected a text"),  # type: ignore[arg-type]
        (lambda: rnnwalk.walk("we", vocab=["we", "are"]), "vocab has 'we', which is not one letter; add by=\"word\""),
        (lambda: rnnwalk.walk("we", vocab=[1, 2]), "a symbol of vocab is 1, expected a text"),
        (lambda: rnnwalk.gradient_flow("kiwi", length="9"), "length is the text '9', expected a whole number"),  # type: ignore[arg-type]
        (lambda: rnnwalk.gradient_flow("kiwi", scale="x"), "scale is the text 'x', expected a number"),  # type: ignore[arg-type]
        (
            lambda: rnnwalk.walk("ab", notation="coarse"),
            "the notation is 'coarse'; known: article, course; did you mean 'course'?",
        ),
        (lambda: rnnwalk.compare("ab", "ba", hiden=3), "compare has no option 'hiden'; did you mean 'hidden'?"),
        (lambda: rnnwalk.compare("ab", rnnwalk.walk("ba")), "one of them is of type Walk"),  # type: ignore[arg-type]
        (lambda: rnnwalk.gradient_flow(["ab", "ba"]), "follows the error of one word"),  # type: ignore[arg-type]
        (lambda: rnnwalk.gradient_flow("ab", lenght=30), "no option 'lenght'; did you mean 'length'?"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(ask: Any, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        ask()


def test_a_vocabulary_may_be_a_list_of_symbols_and_numbers_may_be_numpys() -> None:
    listed = rnnwalk.walk(
        "kiwi", vocab=["k", "i", "w"], hidden=np.int64(2), seed=np.int64(0), backward=True, lr=np.float64(0.1)
    )
    assert listed.problem.model.vocabulary == ("k", "i", "w")
    assert listed.loss == rnnwalk.walk("kiwi", vocab="kiw", hidden=2).loss
    assert rnnwalk.walk("we are", by="word", vocab=("are", "we")).problem.model.vocabulary == ("are", "we")


def test_the_lesson_runs_and_shows_what_is_kept(tmp_path: Path) -> None:
    """If not: python worksheets/build.py"""
    run = runpy.run_path(str(WORKSHEETS / "build.py"))["run_notebook"](tmp_path / "hello.ipynb").read_text("utf-8")
    assert run == (WORKSHEETS / "hello.ipynb").read_text("utf-8")
    cells = [cell for cell in json.loads(run)["cells"] if cell["cell_type"] == "code"]
    shown = ["".join("".join(text) for output in cell["outputs"] for text in output["data"].values()) for cell in cells]
    assert all(shown)
    published = {0: "6.811275", 1: "0.936534", 2: "0.936534", 3: "0.936534", 5: "5.796385"}
    assert all(number in shown[cell] for cell, number in published.items())
