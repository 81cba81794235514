"""The notation of courses: their equations, letter by letter; nothing of ours is left, and nothing else changes."""

import json
import re

import numpy as np
import pytest

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.errors import InputError
from rnnwalk.layout.one_letter import ONE
from rnnwalk.model.symbols import width
from rnnwalk.render.page.mathml import equation
from rnnwalk.render.page.page import chunks
from rnnwalk.render.workbook import draw
from rnnwalk.render.workbook.package import Live
from rnnwalk.views.cell import picture
from rnnwalk.views.explain import explain
from rnnwalk.views.page import Equation, Formula
from rnnwalk.views.walkthrough import Choice, pages
from rnnwalk.walks.course_notation import CourseNotation, table
from rnnwalk.walks.latex import of_courses
from rnnwalk.walks.walk import Walk
from tests.cli.conftest import Run, run  # noqa: F401
from tests.examples import pose, sampled
from tests.views.reading import of, texts

# As the articles print them, with Γ and its letter on one line.
PUBLISHED = {
    "rnn": {
        "h": "a⟨2⟩ = tanh(Wax·x⟨2⟩ + Waa·a⟨1⟩ + ba)",
        "y": "zy⟨2⟩ = Wya·a⟨2⟩ + by",
    },
    "lstm": {
        "zf": "zf⟨2⟩ = Wf·[a⟨1⟩, x⟨2⟩] + bf",
        "zi": "zi⟨2⟩ = Wi·[a⟨1⟩, x⟨2⟩] + bi",
        "zo": "zo⟨2⟩ = Wo·[a⟨1⟩, x⟨2⟩] + bo",
        "zg": "zc⟨2⟩ = Wc·[a⟨1⟩, x⟨2⟩] + bc",
        "f": "Γf⟨2⟩ = σ(zf⟨2⟩)",
        "g": "c̃⟨2⟩ = tanh(zc⟨2⟩)",
        "c": "c⟨2⟩ = Γf⟨2⟩⊙c⟨1⟩ + Γi⟨2⟩⊙c̃⟨2⟩",
        "h": "a⟨2⟩ = Γo⟨2⟩⊙tanh(c⟨2⟩)",
    },
    "gru": {
        "zr": "zr⟨2⟩ = Wr·[a⟨1⟩, x⟨2⟩] + br",
        "zz": "zu⟨2⟩ = Wu·[a⟨1⟩, x⟨2⟩] + bu",
        "zn": "za⟨2⟩ = Wa·[Γr⟨2⟩⊙a⟨1⟩, x⟨2⟩] + ba",
        "r": "Γr⟨2⟩ = σ(zr⟨2⟩)",
        "n": "ã⟨2⟩ = tanh(za⟨2⟩)",
        "h": "a⟨2⟩ = Γu⟨2⟩⊙ã⟨2⟩ + (1 − Γu⟨2⟩)⊙a⟨1⟩",
    },
}
OURS = re.compile(r"[₀-₉₋ₜ]|\bW[xh](?:[hfiogrzn]\b|…)|Why[ᵀ·→]")


@pytest.fixture
def mgu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CELLS, "mgu", "tests.mgu")


@pytest.mark.parametrize(("cell", "field"), [(cell, field) for cell in PUBLISHED for field in PUBLISHED[cell]])
def test_the_equations_are_those_of_the_articles(cell: str, field: str) -> None:
    made = Walk(pose("hello", cell=cell, hidden=2), notation="course")
    derivation = made.derivations[made.at(field, 2)]
    assert (derivation.short or derivation.equation) == PUBLISHED[cell][field]
    assert derivation.equation.startswith(PUBLISHED[cell][field]), "the split form comes after it"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("lstm", ["zf⟨t⟩ = Wf·[a⟨t−1⟩, x⟨t⟩] + bf", "zc⟨t⟩ = Wc·[a⟨t−1⟩, x⟨t⟩] + bc"]),
        ("chung2014", ["zr⟨t⟩ = Wr·[a⟨t−1⟩, x⟨t⟩] + br", "za⟨t⟩ = Wa·[Γr⟨t⟩⊙a⟨t−1⟩, x⟨t⟩] + ba"]),
        ("pytorch", ["zu⟨t⟩ = Wu·[a⟨t−1⟩, x⟨t⟩] + bu", "za⟨t⟩ = Wax·x⟨t⟩ + Γr⟨t⟩⊙v⟨t⟩ + ba"]),
    ],
)
def test_a_workbook_writes_the_one_product_wherever_it_writes_the_sum(form: str, told: list[str]) -> None:
    cell = "lstm" if form == "lstm" else "gru"
    book = draw(Walk(pose("hello", cell=cell, form=form, hidden=4), notation="course"))
    for title in ("Unrolled", ONE):
        texts = {cell._value for cell in book[title]._cells.values()}
        assert set(told) <= texts, title


def test_a_matrix_that_is_scaled_makes_no_one_product() -> None:
    """On Gradient flow s·Wfa and Wfx are two: what they are called begins with nothing in common."""
    book = draw(Walk(pose("hello", cell="lstm", hidden=2), backward=True, notation="course"), gradients=True)
    texts = [getattr(cell._value, "value", cell._value) for cell in book["Gradient flow"]._cells.values()]
    assert [text for text in map(str, texts) if text.startswith("zf⟨2⟩ =")] == ["zf⟨2⟩ = Wfx·x⟨2⟩ + s·Wfa·a⟨1⟩ + bf"]


def test_checks_and_nudge_call_each_number_as_the_other_sheets_do() -> None:
    book = draw(Walk(pose("hello", cell="gru", hidden=2), backward=True, notation="course"))
    listed = {sheet: [cell.value for cell in book[sheet]["A"]] for sheet in ("Checks", "Nudge")}
    assert {"a⟨2⟩[1]", "ŷ⟨4⟩[o]", "∂L/∂Wua[1,2]", "Wua′[1,2]"} <= {*listed["Checks"]}
    assert {"Wua[1,2]", "Γu⟨1⟩[2]", "(Γr⟨3⟩⊙a⟨2⟩)[2]", "ŷ⟨4⟩[o]"} <= {*listed["Nudge"]}
    assert not [name for names in listed.values() for name in names if re.search(r"^[A-Za-z]\w*_\d", str(name))]


def test_the_matrix_of_the_one_product_has_the_colour_of_weights() -> None:
    made = Walk(pose("hello", cell="lstm", hidden=2), notation="course")
    assert ("Wf", "weight") in made.derivations[made.at("zf", 2)].equation.parts


def test_latex_and_mathml_write_the_one_product_before_the_two() -> None:
    made = Walk(pose("hello", cell="gru", hidden=2), notation="course")
    latex_of = made.derivations[made.at("zn", 2)].latex
    product = r"W_{a} \, [\Gamma_{r}^{\langle 2\rangle} \odot a^{\langle 1\rangle}, x^{\langle 2\rangle}] + b_{a}"
    assert f" = {product} = W_{{ax}} " in latex_of
    maths = re.sub("<[^>]*>", "", equation(made.names, made.at("zr", 2)))
    assert maths.replace(" ", "") == "zr⟨2⟩=Wr·[a⟨1⟩,x⟨2⟩]+br=Wrx·x⟨2⟩+Wra·a⟨1⟩+br"
    plain = Walk(pose("hello", cell="gru", hidden=2))
    assert equation(plain.names, plain.at("zr", 2)).count("<mo>=</mo>") == 1


@pytest.mark.parametrize(
    ("cell", "gates"),
    [("lstm", {"f": "zf", "i": "zi", "g": "zg", "o": "zo"}), ("gru", {"r": "zr", "z": "zz"})],
)
def test_one_product_with_two_columns_on_top_of_each_other_gives_the_numbers_that_are_shown(
    cell: str, gates: dict[str, str]
) -> None:
    made = Walk(pose("hello", cell=cell, hidden=3), notation="course")
    a, x = made["h_1"].value, made["x_2"].value
    for gate, z in gates.items():
        W = np.hstack([made[f"Wh{gate}"].value, made[f"Wx{gate}"].value])
        assert made[f"Wh{gate}"].symbol[:2] == made[f"Wx{gate}"].symbol[:2]
        np.testing.assert_allclose(W @ np.vstack([a, x]) + made[f"b{gate}"].value, made[f"{z}_2"].value, rtol=1e-14)


def test_the_gates_own_letters_are_no_other_values() -> None:
    """Γu is the update gate, so what PyTorch's form multiplies before the reset is not u; σ is explained of any z."""
    for form in cell_named("gru").FORMS:
        made = Walk(pose("abca", cell="gru", form=form, hidden=2), backward=True, notation="course")
        told = " ".join(text for page in pages(made, Choice(everything=True)) for text in texts(page))
        assert "σ(z) = 1/(1 + e^−z)" in told
        assert not re.search(r"(?<!Γ)\bu⟨|slope_[zn]⟨", told)
        assert ("v⟨1⟩" in told) == (form == "pytorch")


@pytest.mark.usefixtures("mgu")
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "mgu"])
def test_no_page_has_a_symbol_of_ours_left(cell: str) -> None:
    made = Walk(pose("hello", cell=cell, hidden=2), backward=True, notation="course")
    shown = list(pages(made, Choice(everything=True)))
    shown += [explain(made, name, digits=4) for name in ("h_3[1]", "h_2", "dWhy", "Why_new")]
    left = {text for page in shown for text in texts(page) if OURS.search(text)}
    assert left == set()
    for page in shown:
        for block in of(page, Formula):
            assert block.latex.count("{") == block.latex.count("}")
            assert not re.search("[⟨⟩Γ∂̃]", block.latex), block.latex


def test_the_picture_on_top_of_a_saved_page_names_states_as_its_strips_do() -> None:
    page = "".join(chunks(Walk(pose("abba", cell="lstm", hidden=2), notation="course"), Choice()))
    picture = page[page.index("<svg") : page.index("</svg>")]
    assert re.findall(r'class="side"[^>]*>([^<]*)<', picture)[-4:] == ["a", "c", "reads", "says"]
    assert ">a[1]</th>" in page


@pytest.mark.usefixtures("mgu")
@pytest.mark.parametrize(
    "options",
    [
        ["--compare"],
        *[["hello", "--cell", cell, "--clip-value", "1"] for cell in ("rnn", "lstm", "gru", "mgu")],
        ["hello", "holle", "--cell", "lstm"],
    ],
)
def test_the_gradient_flow_has_none_left_and_its_letters_stay(run: Run, options: list[str]) -> None:  # noqa: F811
    told = run("gradients", *options, "--notation", "course")
    assert (told.code, told.err) == (0, "")
    assert [line for line in told.out.splitlines() if OURS.search(line)] == []
    assert "a⟨t⟩" in told.out
    assert re.search(r"^1  h( \| h)? ", told.out, re.MULTILINE)
    assert all(line.endswith("--notation course") for line in told.out.splitlines() if "  rnnwalk" in line)


def test_a_weight_is_called_so_though_a_letter_is_written_like_it(run: Run) -> None:  # noqa: F811
    run("weights", "new", "-o", "w.json", "--word", "banana")
    for command in (["gradients", "--clip", "1"], ["gradients", "--clip-value", "1"], ["gradcheck"], ["walk"]):
        told = run(*command, "banana", "--hidden", "2", "--notation", "course").out
        assert re.search(r"^ba(\[\d\])? ", told, re.MULTILINE), command
    assert re.search(r"^ba ", run("weights", "show", "w.json", "--notation", "course").out, re.MULTILINE)
    assert re.search(r"^bh ", run("weights", "show", "w.json").out, re.MULTILINE)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["gradcheck", "--cell", "gru"], ["Wux[", "Waa[", "Wya["]),
        (["train", "hello", "--epochs", "2", "--cell", "lstm"], ["ŷ⟨t⟩(truth)"]),
        (["compare", "hole", "hell", "--vocab", "helo", "--cell", "lstm"], ["‖a⟨t⟩−a⟨t⟩′‖", "a[1]", "from a⟨0⟩"]),
        (["weights", "show", "w.json"], ["Wcx", "Wfa", "Wya"]),
    ],
)
def test_what_checks_learns_and_compares_has_none_left(run: Run, command: list[str], told: list[str]) -> None:  # noqa: F811
    run("weights", "new", "-o", "w.json", "--cell", "lstm")
    shown = run(*command, "--notation", "course")
    assert (shown.code, [line for line in shown.out.splitlines() if OURS.search(line)]) == (0, [])
    assert [text for text in told if text not in shown.out] == []
    assert run(*command, "--notation", "article").out == run(*command).out


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_picture_keeps_its_columns_and_its_colours(cell: str) -> None:
    ours, theirs = (picture(Walk(pose("hello", cell=cell), notation=notation)) for notation in ("article", "course"))
    assert list(theirs.roles.values()) == list(ours.roles.values())
    named = re.findall(r"\[([^]]+)\]", "".join(theirs.lines))
    assert "a" in named
    assert any(name.startswith("Γ") for name in named)
    assert set(named) <= set(theirs.roles)
    for one, other in zip(ours.lines, theirs.lines, strict=True):
        for sign in "┴┤┬+":
            assert [width(one[:i]) for i, c in enumerate(one) if c == sign] == [
                width(other[:i]) for i, c in enumerate(other) if c == sign
            ]


@pytest.mark.parametrize("cell", sampled(["rnn", "lstm", "gru"], "lstm", "gru"))
def test_what_stands_in_a_word_is_no_symbol(cell: str) -> None:
    """The vocabulary of a word that is made of the cell's symbols."""
    made = Walk(pose("hcfionzr", cell=cell, hidden=2), notation="course")
    (plain,) = [
        page for page in pages(Walk(pose("hcfionzr", cell=cell, hidden=2)), Choice()) if "as numbers" in page.title
    ]
    (said,) = [page for page in pages(made, Choice()) if "as numbers" in page.title]
    assert list(texts(said)) == list(texts(plain))
    heads = [part.row_heads for page in pages(made, Choice()) for block in of(page, Equation) for part in block.parts if hasattr(part, "row_heads")]  # fmt: skip
    assert list("cfhinorz") in [sorted(head) for head in heads]
    book = draw(Walk(pose("hcfionzr", cell=cell, hidden=2), backward=True, notation="course"), 2)
    for sheet in (book["Backprop"], book["Training"]):  # a row and a column of a matrix: 1,h
        indices = {cell._value for cell in sheet._cells.values() if re.match(r"\S*,[0-9]$|[0-9],", str(cell._value))}
        assert {f"{r},{letter}" for r in (1, 2) for letter in "hcfionzr"} <= indices
        assert {f"{letter},{r}" for r in (1, 2) for letter in "hcfionzr"} <= indices


def test_names_that_are_typed_and_json_stay_as_they_are(run: Run) -> None:  # noqa: F811
    assert run("explain", "h_2[1]", "--notation", "course").out.startswith("a⟨2⟩[1] · The new hidden state\n")
    assert run("explain", "f_2", "--cell", "lstm", "--notation", "course").code == 0
    result = run("walk", "--json", "--notation", "course")
    assert (result.code, "--notation does nothing beside --json" in result.err) == (2, True)
    assert "h_1" in {each["name"] for each in json.loads(run("walk", "--json").out)["steps"][0]["quantities"]}
    assert 'explain "loss" --notation course' in run("walk", "--notation", "course").out  # by no name of the article's
    assert "explain dby abca " in run("walk", "abca", "--hidden", "2", "--backward", "--notation", "course").out
    assert run("walk", "--notation", "article").out == run("walk").out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_that_cannot_hold_the_notation_gets_it_spelled(encoding: str) -> None:
    from rnnwalk.render.glyphs import signs
    from rnnwalk.render.terminal.paper import Paper

    made = Walk(pose("ab", cell="lstm", hidden=2), notation="course")
    paper = Paper(80, encoding, signs(encoding))
    lines = ["".join(text for text, _ in line) for page in pages(made, Choice()) for line in paper.page(page)]
    assert any("Gf<1>" in line for line in lines)
    for line in lines:
        line.encode(encoding)
        assert len(line) <= 80


@pytest.mark.parametrize("cell", sampled(["rnn", "lstm", "gru"], "lstm"))
def test_a_workbook_changes_its_texts_and_not_one_formula(cell: str) -> None:
    options = {"cell": cell, "hidden": 2}
    books = {
        notation: draw(Walk(pose("hello", **options), backward=True, notation=notation), 2, True)
        for notation in ("article", "course")
    }
    changed = 0
    for sheet in books["article"]:
        ours, theirs = (books[notation][sheet.title]._cells for notation in books)
        if sheet.title == ONE:  # where an equation stands follows from how wide its text is
            one, other = (
                {cell._value.value for cell in cells.values() if isinstance(cell._value, Live)}
                for cells in (ours, theirs)
            )
            assert {each for each in one if isinstance(each, float)} == {
                each for each in other if isinstance(each, float)
            }
            continue
        assert ours.keys() == theirs.keys()
        for at, cell_ in ours.items():
            one, other = cell_._value, theirs[at]._value
            if isinstance(one, Live) and f"ISFORMULA('{ONE}'" in one.text:
                continue  # it has as many formulas as equations have room beside each other
            if isinstance(one, Live):
                assert quoteless(one.text) == quoteless(other.text), f"{sheet.title} {at}"
            elif isinstance(one, str):
                changed += one != other
                assert not OURS.search(other), f"{sheet.title} {at}: {other}"
            else:
                assert one == other
    assert changed > 50


def quoteless(formula: str) -> str:
    """A formula without the texts in it, which may name symbols, and without the size of the sheet that they set."""
    return re.sub(f"'{ONE}'!A1:[A-Z0-9]+", "", re.sub('"[^"]*"', '""', formula))


@pytest.mark.parametrize(
    ("symbol", "written"),
    [
        ("Γf⟨2⟩", r"\Gamma_{f}^{\langle 2\rangle}"),
        ("c̃⟨1⟩", r"\tilde{c}^{\langle 1\rangle}"),
        ("ã⟨1⟩", r"\tilde{a}^{\langle 1\rangle}"),
        ("ŷ⟨3⟩", r"\hat{y}^{\langle 3\rangle}"),
        ("Wfa", "W_{fa}"),
        ("∂L/∂a⟨2⟩ᵒʷⁿ", r"\partial L/\partial a^{\langle 2\rangle,\text{own}}"),
        ("slope_c̃⟨2⟩", r"\text{slope}_{\tilde{c}}^{\langle 2\rangle}"),
        ("loss⟨2⟩", r"\text{loss}^{\langle 2\rangle}"),
    ],
)
def test_a_symbol_in_latex(symbol: str, written: str) -> None:
    assert of_courses(symbol) == written


def test_no_two_symbols_of_a_cell_become_one() -> None:
    for name in CELLS:
        made = table(cell_named(name))
        assert len(set(made.values())) == len(made), name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Why is Whf 2×2?", "Why is Wfa 2×2?"),
        ("Whyᵀ hands it back to h₋ and c₂.", "Wyaᵀ hands it back to a⟨t−1⟩ and c⟨2⟩."),
        ("It reads “h” and p₂[h] is small.", "It reads “h” and ŷ⟨2⟩[h] is small."),
        ("h = o⊙tanh(c)", "a⟨t⟩ = Γo⟨t⟩⊙tanh(c⟨t⟩)"),
        ("rnnwalk export -o h.xlsx; explain h_2", "rnnwalk export -o h.xlsx; explain h_2"),
        ("a⟨2⟩ = Γo⟨2⟩⊙tanh(c⟨2⟩)", "a⟨2⟩ = Γo⟨2⟩⊙tanh(c⟨2⟩)"),
    ],
)
def test_sentences_are_said_in_the_notation(text: str, said: str) -> None:
    course = CourseNotation(cell_named("lstm"), list("helo"))
    assert course.say(text) == said
    assert course.say("h") == "h"
    assert course.say("h | o") == "h | o"


@pytest.mark.parametrize(
    ("typed", "asked"), [("a_2", "a⟨2⟩ as 'h_2'"), ("dWaa", "∂L/∂Waa as 'dWhh'"), ("Γf_2", "Γf⟨2⟩ as 'f_2'")]
)
def test_what_is_read_in_the_courses_notation_is_asked_for_by_its_name(typed: str, asked: str) -> None:
    cell = "lstm" if "Γ" in typed else "rnn"
    with pytest.raises(InputError, match=f"ask for {asked}"):
        Walk(pose("hello", cell=cell), backward=True, notation="course")[typed]


def test_what_courses_write_as_one_matrix_is_asked_for_by_its_two(run: Run) -> None:  # noqa: F811
    told = run("explain", "Wf", "hello", "--cell", "lstm", "--notation", "course").err
    assert "it is [Wfa Wfx]: ask for Wfa as 'Whf' and for Wfx as 'Wxf'" in told


def test_classes_that_are_written_like_symbols_keep_their_names(run: Run) -> None:  # noqa: F811
    asked = ("--vocab", "good not bad", "--by", "word", "--at", "last", "--hidden", "2")
    run("weights", "new", *asked, "--classes", "y,b,h", "-o", "w.json")
    told = run("walk", "good not", "--weights", "w.json", "--target", "b", "--notation", "course").out
    assert "says which of these it is: y, b or h." in told and re.search(r"should say: +b\n", told)
    run("weights", "new", *asked, "--linear", "a,b", "-o", "n.json")
    told = run("walk", "good not", "--weights", "n.json", "--target", "1,2", "--notation", "course").out
    assert "gives 2 numbers: a and b." in told and "Wya times the hidden state, plus by." in told
