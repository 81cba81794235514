"""The saved page as people meet it: with a screen reader, on paper, on a phone, in the dark, far from a network."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.examples import sampled
from tests.page.conftest import Opened
from tests.page.test_page import ALL, STILL, walked

# The texts of a page whose contrast with what is behind them is below 4.5 : 1. A canvas of one pixel mixes the colours.
FAINT = """() => {
    const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
    const mixed = (colours) => {
        pen.fillStyle = "white"; pen.fillRect(0, 0, 1, 1);
        for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const known = new Map();
    for (const each of document.querySelectorAll("h1, h2, p, span, td, th, caption, small, code, pre, summary, button:enabled, select, output, b, math")) {
        if (![...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && each.localName !== "math") continue;
        const behind = [];
        for (let e = each; e; e = e.parentElement) behind.unshift(getComputedStyle(e).backgroundColor);
        const colour = getComputedStyle(each).color, key = `${colour} ${behind}`;
        if (known.has(key)) continue;
        const [a, b] = [mixed(behind), mixed([...behind, colour])].sort((one, other) => other - one);
        known.set(key, [(a + 0.05) / (b + 0.05), each.outerHTML.slice(0, 90)]);
    }
    return [known.size, [...known.values()].filter(([contrast]) => !(contrast >= 4.5))];
}"""


def tree(page: Page) -> list[tuple[str, str]]:
    """What a screen reader finds: role and name of each thing, in order."""
    page.add_style_tag(
        content="section { content-visibility: visible !important }"
    )  # a reader asks for what is off the screen
    found = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in found
        if not node.get("ignored", False)
    ]


def test_a_screen_reader_finds_headings_tables_with_headings_and_buttons_with_names(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#h_2[1]")
    found = tree(page)
    headings = [name for role, name in found if role == "heading"]
    assert headings[0] == "rnnwalk: hello"
    assert "Letter 2 “e” · Step 5 · The new hidden state: h₂" in headings
    assert len(headings) == 1 + page.locator("h2").count()
    tables = [name for role, name in found if role == "table"]
    assert len(tables) == page.locator("table").count()
    assert sum(name.startswith(("h₂ 3×1", "Wxh 3×4")) for name in tables) > 3
    assert sum(role == "columnheader" for role, _ in found) > 20
    assert sum(role == "rowheader" for role, _ in found) > 20
    controls = [
        (role, name) for role, name in found if role in ("button", "slider", "combobox", "spinbutton", "image", "meter")
    ]
    assert len(controls) > 15
    assert [role for role, name in controls if not name.strip()] == []


@pytest.mark.parametrize("case", sampled(ALL, "lstm", "answers beside"))
def test_every_table_has_a_name_and_a_drawing_in_signs_is_heard_as_one_picture(opened: Opened, case: str) -> None:
    page = opened(walked(ALL[case]))
    found = tree(page)
    assert len([name for role, name in found if role == "table"]) == page.locator("table").count()
    assert [(role, name) for role, name in found if role in ("table", "image", "grid") and not name.strip()] == []
    assert sum(role == "image" for role, _ in found) >= page.locator("pre").count() > 0
    assert [name for role, name in found if role == "StaticText" and "──" in name] == []


def test_drawings_are_large_enough_to_be_read_on_a_phone_and_grey_only_where_another_letter_is_read(
    opened: Opened,
) -> None:
    page = opened(walked({"word": "abca", "cell": "lstm", "hidden": 2}), viewport={"width": 360, "height": 800})
    sizes = "[...document.querySelectorAll('pre')].map((each) => parseFloat(getComputedStyle(each).fontSize))"
    assert min(page.evaluate(sizes)) >= 12
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    colour = "getComputedStyle(document.querySelector('pre.dated')).fontStyle"
    page.evaluate("change([[byKey.get('Why'), 0, 0.3]])")
    assert page.evaluate(colour) == "normal"
    page.evaluate("choose('x_2', 0, 2)")
    assert page.evaluate(colour) == "italic"
    page.click("#undo")
    assert page.evaluate(colour) == "normal"


def test_what_was_asked_is_not_marked_on_paper(opened: Opened) -> None:
    walk = walked({"word": "hello"})
    looks = """[...document.querySelectorAll("main :is(td, rect, code)")].map((each) => {
        const { outlineStyle, backgroundColor, stroke, strokeWidth, padding } = getComputedStyle(each);
        return [outlineStyle, backgroundColor, stroke, strokeWidth, padding, getComputedStyle(each, "::before").content, getComputedStyle(each, "::after").content].join();
    })"""
    page = opened(walk)
    page.emulate_media(media="print")
    plain = page.evaluate(looks)
    page = opened(walk, "#h_2[1]")
    page.evaluate("renewWaiting(Infinity)")
    assert page.evaluate(looks) != plain
    page.emulate_media(media="print")
    assert page.evaluate(looks) == plain


def test_a_screen_reader_is_told_of_what_is_asked_and_of_the_new_loss(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#Whh")
    assert "Whh = 0.427043" in page.inner_text("#spoken[role=status]")
    page.fill("#value", "0.9")
    page.press("#value", "Enter")
    assert page.inner_text("output#loss") != "loss 6.811275"  # an output is a status, of which readers tell
    assert "Changed" in page.inner_text("#changed[role=status]")
    assert page.evaluate("document.activeElement.id") == "value"


def test_on_paper_all_steps_are_open_and_no_button_is_left(opened: Opened, tmp_path: Path) -> None:
    page = opened(walked({"word": "hello"}), "#h_2[1]", color_scheme="dark")
    page.pdf(path=tmp_path / "walk.pdf")
    assert page.locator("main details[open]").count() == 0  # for paper alone: its text is below
    page.emulate_media(media="print", color_scheme="dark")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.network .said')).fill") == "rgb(31, 42, 55)"
    )  # on white
    assert not page.locator("#tools").is_visible()
    assert not page.locator("#asked").is_visible()
    assert page.evaluate("[...document.querySelectorAll('section')].every((each) => each.scrollHeight > 40)")
    if shutil.which("pdftotext") is None:
        return
    asked = ["pdftotext", "-enc", "UTF-8", tmp_path / "walk.pdf", "-"]
    text = subprocess.run(asked, capture_output=True, check=True, timeout=60).stdout.decode("utf-8")
    told = "".join(text.split())
    titles = page.locator("h2").all_text_contents()
    assert len(titles) > 40
    assert [title for title in titles if "".join(title.split()) not in told] == []
    assert "Howcan1×1times3×1plus1×1give3×1?" in told
    assert "Asamatrixproductitcouldnot." in told
    assert "Undo" not in text
    ends = [sheet.strip().splitlines()[-1] for sheet in text.split("\f")[:-1]]
    assert [
        end for end in ends if re.search(r"\d\) = \(\d+×\d+\)$|· Step \d", end)
    ] == []  # the matrices are on the next


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(opened: Opened, scheme: Any) -> None:
    page = opened(walked({"word": "hello", "cell": "lstm", "hidden": 2}), "#c_2[1]", color_scheme=scheme)
    looked_at, faint = page.evaluate(FAINT)
    assert looked_at > 20
    assert faint == []
    page.evaluate("change([[byKey.get('Why'), 0, 3]])")
    origins = page.locator(".dated", has_text="nothing has been learned yet.")
    assert origins.count() == 2
    assert origins.first.evaluate("(each) => getComputedStyle(each).fontStyle") == "italic"
    assert page.evaluate(FAINT)[1] == []


def test_large_type_and_the_focus_of_a_tool_keep_the_step_that_one_is_at_and_the_number_that_was_asked(
    opened: Opened,
) -> None:
    page = opened(walked({"word": "hello"}), "#part-14")
    page.wait_for_function(STILL)
    top = "sections.findIndex((each) => each.getBoundingClientRect().bottom > tools.offsetHeight + 40)"
    page.focus("#tools button")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.wait_for_function(STILL)
    assert page.evaluate(top) == 14
    large = "[...document.querySelectorAll('button')].find((each) => each.textContent === 'Large type').click()"
    for _ in range(2):  # to large type, and back
        page.evaluate(large)
        page.wait_for_function(STILL)
        assert page.evaluate(top) == 14
    page.evaluate("location.hash = '#h_3[2]'")
    page.wait_for_function(STILL)
    page.evaluate(large)
    page.wait_for_function(STILL)
    assert page.evaluate("Boolean(keptInSight())")


def test_the_tabulator_goes_on_from_the_step_that_is_shown_and_from_a_number_that_was_linked(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}))
    at = "[open, sections.indexOf(document.activeElement.closest('section'))]"
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert page.evaluate(at) == [9, 9]
    page.focus("text=Large type")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to the step that is shown
    page.keyboard.press("Tab")
    assert page.evaluate(at) == [9, 9]
    page = opened(walked({"word": "hello"}), "#h_3[2]")
    page.wait_for_function(STILL)
    page.keyboard.press("Enter")
    assert page.evaluate("asked.contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "0.930672"


def test_what_is_told_of_a_number_does_not_cover_it(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), viewport={"width": 1280, "height": 600})
    free = """() => { const { top, bottom } = document.activeElement.getBoundingClientRect();
        return tools.contains(document.activeElement) || (top >= tools.offsetHeight && bottom <= (glimpse.hidden ? innerHeight : glimpse.getBoundingClientRect().top)); }"""
    for _ in range(24):
        page.keyboard.press("Tab")
        page.wait_for_function(free, timeout=2000)


def test_on_paper_all_is_drawn_as_large_whatever_the_window_and_its_type(opened: Opened) -> None:
    smaller = """() => { dispatchEvent(new Event("beforeprint"));
        const found = [...document.querySelectorAll("[style*=zoom]")].map((each) => +each.style.zoom);
        dispatchEvent(new Event("afterprint"));
        return found; }"""
    for large in ("", "large"):
        page = opened(walked({"word": ["hello", "hallo"]}), viewport={"width": 1920, "height": 1080})
        page.evaluate("(name) => { document.body.className = name; learn(100); }", large)
        page.wait_for_function("() => !running")
        page.wait_for_function(STILL)
        assert page.evaluate(smaller) == []
    page = opened(walked({"word": "hello", "hidden": 16}))
    zooms = page.evaluate(smaller)  # wide tables are broken into parts before they are too small: 8 of 10 points
    assert len(zooms) > 10 and min(zooms) >= 0.8
    assert page.locator(".band, .whole").count() == 0


def test_a_page_with_all_steps_of_a_gru_is_printed_on_few_sheets_with_no_small_text(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened(walked({"word": "hello", "cell": "gru"}))
    edge = "1cm"
    page.pdf(path=tmp_path / "walk.pdf", format="A4", margin={"top": edge, "left": edge, "right": edge, "bottom": edge})
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "walk.pdf").read_bytes())) <= 55
    page.emulate_media(media="print")
    sizes = """[...document.querySelectorAll("main :is(p, td, th, caption, small, code, pre, summary, text)")]
        .filter((each) => !each.matches("#changed")).map((each) => parseFloat(getComputedStyle(each).fontSize)
            * (each.localName === "text" ? each.getBoundingClientRect().height && each.ownerSVGElement.getScreenCTM().a : 1))"""
    assert min(page.evaluate(sizes)) >= 8 / 0.75 - 0.01  # pixels; a point is 4/3


def test_the_field_that_one_types_in_stays_where_it_is_in_a_small_window_with_large_type(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#Whh", viewport={"width": 683, "height": 384})
    page.evaluate("document.body.classList.add('large')")
    page.wait_for_function(STILL)
    page.focus("#value")
    before = page.locator("#value").bounding_box()
    assert before and before["y"] + before["height"] <= 385
    for value in ("0.9", "-123456.654321", ""):  # what it was is told, and lines are longer
        page.fill("#value", value)
        page.press("#value", "Enter")
        assert page.locator("#value").bounding_box() == pytest.approx(before, abs=1)


def test_large_type_leaves_the_keyboard_on_its_button_and_the_tools_open(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), viewport={"width": 360, "height": 740})
    page.focus("#more > summary")
    page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.textContent") != "Large type":
        page.keyboard.press("Tab")
    for _ in range(2):  # to large type, and back
        page.keyboard.press("Enter")
        page.wait_for_function(STILL)
        assert page.evaluate("document.activeElement.textContent") == "Large type"
        assert page.locator("#reset").is_visible()


def test_no_button_covers_what_is_said_of_an_address_without_a_number(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#nowhere[7]", viewport={"width": 360, "height": 740})
    apart = """() => { const text = document.createRange(), button = document.querySelector(".close").getBoundingClientRect();
        text.selectNodeContents(document.querySelector("#asked .told"));
        return [...text.getClientRects()].every((line) => line.right <= button.left || line.top >= button.bottom || line.bottom <= button.top); }"""
    assert page.evaluate(apart)
