"""The page: head, picture, sections, the program and its script, in one file that asks for nothing else."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

import numpy as np

from rnnwalk.errors import InputError
from rnnwalk.files import replacing
from rnnwalk.marked import joined
from rnnwalk.model.problem import BESIDE, EDGE, Problem
from rnnwalk.render.page.document import WHOLE, Document, slug, spans
from rnnwalk.render.page.network import network
from rnnwalk.render.page.program import program, script_json
from rnnwalk.render.roles import ROLES
from rnnwalk.views import live
from rnnwalk.views.live import sentence
from rnnwalk.views.walkthrough import Choice, walkthrough
from rnnwalk.walks.powers import with_powers
from rnnwalk.walks.walk import Walk

HERE = Path(__file__).parent
SCRIPTS = (
    "evaluate.js",
    "differentiate.js",
    "formula.js",
    "numbers.js",
    "live.js",
    "follow.js",
    "show.js",
    "screen.js",
    "ask.js",
    "change.js",
    "train.js",
    "steps.js",
    "tools.js",
    "address.js",
    "keys.js",
    "paper.js",
    "keep.js",
    "begin.js",
)
CHANGED = "Changed: what differs from the original has a *. What is grey still tells of the original numbers."
WHOLE_TEXT = 10  # times as many, where only the whole text has an answer
COMPUTED = 5  # numbers that are not drawn weigh on a browser as much as one that is
MOST_NUMBERS = 100_000  # of a record that is all drawn: with more, a browser takes a blink of an eye for each change


def fitting(problem: Problem, *, backward: bool, most: int = MOST_NUMBERS) -> Problem:
    """The problem, or as many of its first letters as a page holds: estimated from its first two.

    Raises InputError where the answer comes after the last one: the first ones would have another.
    """
    if problem.length <= 2:
        return problem
    last = problem.model.task.at == "last"
    walks = (Walk(problem.begun(letters), backward=backward) for letters in (1, 2))
    one, two = (_numbers(walk, 1 if last else COMPUTED) for walk in walks)
    letters = 1 + ((WHOLE_TEXT if last else 1) * most - one) // (two - one)
    if letters >= problem.length:
        return problem
    if last:
        raise InputError(
            f"a page of this network holds {max(letters, 0)} of the {problem.length} {problem.noun}s, and its answer comes after "
            f"the last one; take {problem.shorter} or a smaller network, or save a .md file"
        )
    return problem.begun(max(1, letters))


def _numbers(walk: Walk, computed: int = 1) -> int:
    """The numbers of a record; of those of matrices that are drawn in part, one in so many."""
    sizes = [node.value.size for node in walk.trace.nodes]
    return sum(size if size <= WHOLE else size // computed for size in sizes)


def drawn(walk: Walk, opened: str = "", most: int = MOST_NUMBERS) -> list[int]:
    """The letters that have sections: all, or of a long text with one answer those at both ends, those that moved it most,
    and where the page opens. Each is computed in any case: the answer comes after the last one."""
    letters = list(walk.recorded)
    if walk.problem.model.task.at != "last" or _numbers(walk) <= most:
        return letters
    found = {*letters[:EDGE], *letters[-EDGE:]}
    if walk.answers_once:
        found.update((np.argsort(-np.abs(walk.influence.contributions), kind="stable")[:EDGE] + 1).tolist())
    if opened:
        found.add(int(opened.partition("-")[0]))
    return sorted(found)


def save(walk: Walk, choice: Choice, path: Path, *, force: bool, length: int = 0) -> None:
    """Write the page of a walk; it opens at the letter and step of ``choice``, and holds all. Raises InputError.

    length: of the text that the walk is the beginning of.
    """
    opened = ""
    if (choice.letter, choice.step) != (None, None):
        first = walkthrough(walk, choice._replace(everything=True))[0]  # raises where there is no such step
        opened = f"{first.letter}-{first.step}"
    whole = Choice(choice.digits, choice.formulas, everything=True)
    with replacing(path, force) as file:
        for chunk in chunks(walk, whole, opened, length):
            file.write(chunk.encode())


def chunks(walk: Walk, choice: Choice, opened: str = "", length: int = 0, most: int = MOST_NUMBERS) -> Iterator[str]:
    """The text of the file, a section at a time. opened: the letter and step that it opens at, as in 2-5; length: of the
    text, where the walk is its beginning alone; most: numbers of a record of which all letters are drawn."""
    title = escape(f"rnnwalk: {walk.problem.title}")
    known = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"
    problem = walk.problem
    heading = sentence(
        "rnnwalk: ", joined(BESIDE, [live.title(problem, each) for each in range(len(problem.sequences))])
    )
    cut = f"<p><strong>This page holds the first {problem.length} of {length:,} {problem.noun}s.</strong></p>"
    cut = cut if length > problem.length else ""
    letters = drawn(walk, opened, most)
    if len(letters) < problem.length:
        cut += f"<p><strong>{escape(told(walk, letters))}</strong></p>"
    yield (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{_text('page.css')}{_colours()}</style>\n</head>\n"
        f'<body data-open="{escape(opened)}">\n<header><h1>{spans(heading)}</h1>{cut}</header>\n<div id="tools" role="region" aria-label="Tools" hidden></div>\n<main>\n<p id="changed" role="status" hidden>{CHANGED}</p>\n'
    )
    record = program(walk, choice.digits)
    places = {node["key"]: i for i, node in enumerate(record["nodes"]) if "key" in node}
    document = Document(with_powers(walk)[0], places)
    yield f'<section id="network">\n{network(walk, places, letters)}</section>\n'
    shown = {None, *letters}
    pages = [page for page in walkthrough(walk, choice) if page.letter in shown]
    for i, page in enumerate(pages, start=1):
        yield document.section(page.make(), i, page.step)
    yield '</main>\n<aside id="asked" aria-label="The number that was asked for" hidden></aside>\n<p id="glance" aria-hidden="true" hidden></p>\n<p id="spoken" class="unseen" role="status"></p>\n'
    yield f'<script type="application/json" id="record">{script_json(record)}</script>\n'
    yield f"<script>{script()}</script>\n</body>\n</html>\n"


def told(walk: Walk, letters: list[int]) -> str:
    """What is said of a page that draws some letters only."""
    problem = walk.problem
    moved = ", and of those that moved the answer most" if walk.answers_once else ""
    return (
        f"Of {problem.length:,} {problem.noun}s, this page shows the steps of {len(letters)}: of the first and the last "
        f"{EDGE}{moved}. All are computed: any number by its address, as #h_{EDGE + 1}[1]."
    )


def script() -> str:
    """The program of every page: its modules, one after the other."""
    return "\n".join(map(_text, SCRIPTS))


@cache
def _text(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def _colours() -> str:
    """The colour of each role: a tint for cells, an ink for names and signs."""
    return "".join(f".{slug(name)}{{--tint:#{role.fill};--ink:#{role.ink}}}\n" for name, role in ROLES.items())
