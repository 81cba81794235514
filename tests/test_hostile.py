"""Symbols that would steer, hide, break or forge what they stand in: through every renderer, they are only shown."""

import io
import json
import unicodedata
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

import rnnwalk
from rnnwalk import objects
from rnnwalk.model import weightfile
from rnnwalk.model.problem import Problem
from rnnwalk.model.random_weights import draw
from rnnwalk.model.symbols import shown, width
from rnnwalk.model.task import Task
from rnnwalk.render import gradient_flow_json
from rnnwalk.render import json as walk_json
from rnnwalk.render.page import page
from rnnwalk.render.terminal import save, screen
from rnnwalk.render.workbook import write_workbook
from rnnwalk.tasks.gradient_flow import flow
from rnnwalk.tasks.side_by_side import read
from rnnwalk.text import JSON
from rnnwalk.views import gradient_flow
from rnnwalk.views.explain import explain
from rnnwalk.views.page import Page
from rnnwalk.views.side_by_side import pages as compared
from rnnwalk.views.walkthrough import Choice, pages
from rnnwalk.views.weights import overview
from rnnwalk.walks.walk import Walk
from tests.examples import pose, sampled

KINDS: dict[str, tuple[str, ...]] = {
    "directions": (
        "\u202a",
        "a\u202bb",
        "\u202cc",
        "\u202d",
        "\u202e",
        "\u2066",
        "\u2067x",
        "\u2068",
        "\u2069",
        "\u061c",
    ),
    "marks of direction": ("\u200e", "a\u200f", "\u200fa", "\u206a", "\ufff9", "\ufffb"),
    "without width": ("\u200b", "a\u200bb", "\u200c", "a\u200cb", "\u200d", "\u2060", "\ufeff", "x\u2064y", "\u034f"),
    "hyphens and selectors": ("\xad", "co\xadop", "\ufe0f", "a\ufe0e", "\ufe00", "\U000e0100", "\u180b", "\U000e0001"),
    "tags": ("\U000e0041", "a\U000e0062", "🏴\U000e0041\U000e0042\U000e007f", "\U000e007f"),
    "fillers": ("\u115f", "\u1160", "\u3164", "a\u3164", "\uffa0", "\u17b4", "\u17b5", "\u180e", "\u2800", "\u3000"),
    "controls": ("\x00", "\x07", "\x1b[31m", "\x7f", "\x9b2J", "\r", "\n", "\t", "\u2028", "\u2029", "\x85", "\x0b"),
    "no characters": ("\ud800", "\udcff", "a\udfffb", "\ufffe", "\uffff", "\ufdd0", "\U0001ffff", "\U0010fffe"),
    "html": (
        "<script>alert(1)</script>",
        "</title>",
        "-->",
        "]]>",
        "<img src=x onerror=y>",
        "&lt;",
        '"',
        "'",
        "</pre>",
    ),
    "markdown": (
        "```",
        "`",
        "~~~",
        "[a](b)",
        "![a](b)",
        "|",
        "*",
        "__",
        "#",
        "- a",
        "1. a",
        "$$",
        "$",
        "> a",
        "www.a.b",
    ),
    "latex": (r"\input{x}", r"\href{a}{b}", "{", "}", "%", "^", "\\", "&", "_", r"\end{array}", r"\right]", "~"),
    "formulas": ("=1+1", "@x", "+x", "-x", '=HYPERLINK("x")', "_x0041_", "#REF!", "1e5", "true", "'x"),
    "brackets": ("[", "]", ",", "h_2[1]", "1", "2", "=", "…", "“", "”", "␣", " ", "\xa0"),
}
VISIBLE = ("html", "markdown", "latex", "formulas")  # these hold nothing that cannot be seen


@cache
def walk_of(kind: str) -> Walk:
    vocabulary = KINDS[kind]
    return Walk(Problem(draw("rnn", vocabulary, 1, 0, by="word"), (*vocabulary, vocabulary[0])), backward=True)


@cache
def named_walk_of(kind: str) -> Walk:
    """The same symbols as the names of numbers that are read, and of answers."""
    names = KINDS[kind]
    task = Task(inputs=names, names=names, head=("tanh",))
    model = draw("rnn", (), 1, 0, task=task, dense=(2,))
    read = (",".join("1" * len(names)), ",".join("0" * len(names)))
    return Walk(Problem(model, read, (names[0], names[-1])), backward=True)


@cache
def everything(kind: str) -> list[Page]:
    """The pages of the commands that show symbols."""
    walk, named = walk_of(kind), named_walk_of(kind)
    shown = [explain(walk, "loss_2"), explain(walk, "Wxh"), overview(walk.problem.model, "x.json", 3)]
    shown += [explain(named, "loss_2"), explain(named, "Wxh"), overview(named.problem.model, "x.json", 3)]
    beside = [
        compared(read(each), read(each._replace(symbols=each.symbols[::-1])), 3)
        for each in (walk.problem, named.problem)
    ]
    flows = gradient_flow.pages(flow(walk.problem, 1.0), 4)
    return [*pages(walk, Choice()), *pages(named, Choice()), *shown, *flows, *beside[0], *beside[1]]


def unseen(text: str, breaks: str = "\n") -> set[str]:
    """The characters that cannot be seen, or change how others are read."""
    hidden = {c for symbols in KINDS.values() for symbol in symbols for c in symbol if not c.isprintable()}
    hidden |= set("\u115f\u1160\u3164\uffa0\u17b4\u17b5\u2800\u034f\ufe0f\ufe0e\ufe00\U000e0100\u180b")
    return {c for c in set(text) if c in hidden or unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - set(
        breaks
    )


@cache
def ordinary() -> set[str]:
    """The elements and attributes of a page of letters that are nothing special."""
    found = Tags("".join(page.chunks(Walk(pose("walk", hidden=2), backward=True), Choice(everything=True)))).found
    return found | {"details class"}  # of a question that is asked where what is said is wrong


def terminal(kind: str, encoding: str) -> str:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding, newline="") as file:
        screen.show(everything(kind), screen.make_console(file))
        file.flush()
        return raw.getvalue().decode(encoding)


def saved(kind: str, path: Path) -> str:
    save.save(everything(kind), path, force=False, title=f"rnnwalk: {walk_of(kind).problem.title}")
    return path.read_bytes().decode("utf-8")


class Tags(HTMLParser):
    """The elements of a page and their attributes, and the text of the title and of the rest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *[f"{tag} {name}" for name, _ in attrs]}

    def handle_comment(self, data: str) -> None:
        self.found.add(f"<!--{data}")

    def handle_data(self, data: str) -> None:
        self.text += data


def every_kind(*always: str) -> pytest.MarkDecorator:
    """always: what this output could take for something else; the others only with -m long."""
    return pytest.mark.parametrize("kind", sampled(KINDS, *always))


@every_kind("directions", "controls")
@pytest.mark.parametrize("encoding", sampled(["ascii", "cp1252", "utf-8"], "cp1252", "utf-8"))
def test_a_terminal_is_not_steered_and_nothing_is_hidden(kind: str, encoding: str) -> None:
    told = terminal(kind, encoding)
    assert unseen(told) == set()
    if encoding == "utf-8":
        for symbol in KINDS[kind]:
            assert shown(symbol) in told


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_symbol_as_long_as_a_file_is_cut_and_every_line_fits(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "long", ("a", "x" * 10_000, "日" * 10_000))
    told = terminal("long", encoding)
    assert max(map(width, told.split("\n"))) <= 80
    assert len(told) < 300_000


@every_kind("directions", "controls")
def test_a_text_file_shows_each_symbol(kind: str, tmp_path: Path) -> None:
    told = saved(kind, tmp_path / "walk.txt")
    assert unseen(told) == set()
    assert all(shown(symbol) in told for symbol in KINDS[kind])


@every_kind("markdown", "html", "controls")
def test_markdown_holds_no_html_no_link_and_no_picture(kind: str, tmp_path: Path) -> None:
    told = saved(kind, tmp_path / "walk.md")
    assert unseen(told) == set()
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(told)
    found = {piece.type for token in tokens for piece in (token, *(token.children or ()))}
    assert not found & {"html_inline", "html_block", "link_open", "image", "code_inline", "code_block"}
    assert not found & {"bullet_list_open", "ordered_list_open", "hr", "s_open"}
    fences = [token.content for token in tokens if token.type == "fence"]
    headings = [token.tag for token in tokens if token.type == "heading_open"]
    assert set(headings) == {"h2"}
    assert len(fences) > 5
    assert all("## " not in fence and "$$\\" not in fence for fence in fences), (
        "every fence is ended where it should be"
    )


@every_kind("html", "directions")
def test_a_page_has_the_elements_of_any_page_and_no_others(kind: str, tmp_path: Path) -> None:
    page.save(walk_of(kind), Choice(), tmp_path / "walk.html", force=False)
    told = (tmp_path / "walk.html").read_bytes().decode("utf-8")
    assert unseen(told) == set()
    found = Tags(told)
    assert found.found <= ordinary()
    assert all(shown(symbol) in found.text for symbol in KINDS[kind])


@every_kind("latex", "html")
def test_a_notebook_shows_each_symbol_and_takes_none_for_html_or_a_formula(kind: str) -> None:
    ordinary = rnnwalk.walk("walk", hidden=2, backward=True)
    walk, named = (objects.Walk(each.problem, backward=True) for each in (walk_of(kind), named_walk_of(kind)))
    for each, usual in (
        *((walk[key], ordinary[key]) for key in ("p_2", "x_2", "dWxh")),
        (objects.Walk(walk.problem.begun(2), backward=True), ordinary),
        (named["Wxh"], ordinary["Wxh"]),
        (walk.explain("Why"), ordinary.explain("Why")),
    ):
        told = each._repr_html_()
        assert all(unseen(text) == set() for text in each._repr_mimebundle_().values())
        found = Tags(told)
        assert found.found <= Tags(usual._repr_html_()).found | {"span", "span style"}
        alone = told.replace("<span>$</span>", "").replace("<span>\\</span>", "")
        assert not {"$", "\\"} & set(alone), "MathJax would read a formula"
    assert all(shown(symbol) in Tags(walk["x_2"]._repr_html_()).text for symbol in KINDS[kind])
    framed = Tags(walk.page()._repr_html_())
    assert framed.found == {
        "p",
        "iframe",
        *(f"iframe {name}" for name in ("srcdoc", "sandbox", "width", "height", "title")),
    }


@every_kind("html", "controls")
def test_svg_is_xml_with_rich_s_own_elements(kind: str, tmp_path: Path) -> None:
    told = saved(kind, tmp_path / "walk.svg")
    assert unseen(told, "\n\xa0") == set()
    tree = ElementTree.fromstring(told)
    found = {element.tag.partition("}")[2] for element in tree.iter()}
    assert found <= {"svg", "style", "defs", "clipPath", "rect", "g", "circle", "text"}
    text = "".join(tree.itertext()).replace("\xa0", " ")
    assert all(shown(symbol) in text for symbol in KINDS[kind])


@every_kind("directions", "controls")
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_json_gives_every_symbol_back_and_steers_no_terminal(kind: str, encoding: str) -> None:
    walk = walk_of(kind)
    whole = "".join(walk_json.chunks(walk)).encode(encoding, JSON).decode(encoding)
    assert unseen(whole + weightfile.to_json(walk.problem.model)) == set()
    record = json.loads(whole)
    assert tuple(record["vocabulary"]) == walk.problem.model.vocabulary
    assert [step["input"] for step in record["steps"]] == list(walk.problem.inputs)
    flows = (
        "".join(gradient_flow_json.chunks([flow(walk.problem, 1.0)], walk.problem))
        .encode(encoding, JSON)
        .decode(encoding)
    )
    assert unseen(flows) == set()
    told = json.loads(flows)
    record = json.loads("".join(walk_json.chunks(named_walk_of(kind))).encode(encoding, JSON).decode(encoding))
    assert record["inputs"]["names"] == record["output"]["names"] == list(KINDS[kind])
    assert [letter["read"] for letter in told["flows"][0]["letters"]] == list(walk.problem.inputs)


@pytest.mark.parametrize("kind", sampled(KINDS, "controls", "formulas"))
@pytest.mark.parametrize("stands", ["as symbols", "as names"])
def test_a_workbook_is_xml_and_its_cells_show_each_symbol(kind: str, stands: str, tmp_path: Path) -> None:
    path = tmp_path / "walk.xlsx"
    if stands == "as symbols":
        write_workbook(walk_of(kind), path, epochs=1, gradients=True)
    else:
        write_workbook(named_walk_of(kind), path)
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name).decode("utf-8") for name in file.namelist() if name.endswith((".xml", ".rels"))}
    texts = {name: "".join(ElementTree.fromstring(part).itertext()) for name, part in parts.items()}
    assert all(unseen(text) == set() for text in texts.values())
    front = texts["xl/worksheets/sheet2.xml"].replace("_x005F_", "_")
    assert all(shown(symbol) in front for symbol in KINDS[kind])


def test_what_can_be_seen_is_shown_as_it_is() -> None:
    assert all(shown(symbol) == symbol for kind in VISIBLE for symbol in KINDS[kind] if " " not in symbol)
