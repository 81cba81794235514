"""Several words side by side: how the error of each fares on its way back, and that of all as a mini-batch."""

from functools import partial

from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import width
from rnnwalk.tasks.gradient_flow import Together
from rnnwalk.views import clipping
from rnnwalk.views.compared import MOST_NAME, bars
from rnnwalk.views.gradient_flow import beyond, scaled, verdict
from rnnwalk.views.network import story
from rnnwalk.views.page import Block, Fitted, Page, Prose, Table, what_next
from rnnwalk.views.sizes import beneath, picked, size


def pages(
    together: Together,
    problem: Problem,
    digits: int,
    clip: float | None = None,
    clip_value: float | None = None,
    commands: tuple[str, ...] = (),
) -> list[Page]:
    """The errors side by side, what each letter matters, clipping of the gradient of all, and what to try next."""
    found = [_ways(together, problem, digits), _letters(together, problem, digits)]
    return [*found, *clipping.pages(problem.model, together.gradient, digits, clip, clip_value), *what_next(commands)]


def _ways(together: Together, problem: Problem, digits: int) -> Page:
    flows, noun, last = together.flows, problem.noun, problem.length
    listed = picked(last)[::-1]
    names = [flow.problem.title for flow in flows]
    errors = together.errors
    rows = [
        [
            str(row + 1),
            problem.seen(row + 1),
            *[size(flow.arrivals[row].error["state"], digits) for flow in flows],
            size(errors[row]["state"], digits),
        ]
        for row in listed
    ]
    sizes = [flow.arrivals[row].error["state"] for flow in flows for row in listed]
    more = [f"and {part}" for part in flows[0].arrivals[0].error if part not in ("h", "state")]
    numbered = [f"{i} “{name}”" for i, name in enumerate(names, start=1)]
    heads = numbered if max(map(width, numbered)) <= MOST_NAME + 4 else [str(i) for i in range(1, len(flows) + 1)]
    columns = range(2, 3 + len(flows))
    blocks: list[Block] = [
        *story(problem),
        Prose(
            f"As a mini-batch L is the sum of the losses at {noun} {last}, and ∂L/∂h{' '.join(['', *more])} a matrix with a column "
            f"for each {problem.whole}: the error of its own loss, for no column knows of another. Shown is the length of each "
            f"column, and of all together, the root of the sum of their squares.{f' {scaled(flows[0])}' if flows[0].scale != 1 else ''}"
        ),
        Fitted(partial(bars, flows, names, [""] * last, listed)),
        *beneath(sizes, listed, last, noun),
        Table(
            ["t", "reads", *heads, "together"],
            rows,
            frozenset({0, *columns}),
            roles=("", "input", *["gradient"] * len(columns)),
        ),
        *[
            Prose(f"{name}: {verdict(flow, digits)} {beyond(flow)}".rstrip())
            for name, flow in zip(numbered, flows, strict=True)
        ],
    ]
    return Page(f"The way back of {problem.together} side by side", blocks)


def _letters(together: Together, problem: Problem, digits: int) -> Page:
    """How much each letter matters in its own word."""
    flows, noun, last = together.flows, problem.noun, problem.length
    listed = picked(last)
    rows = [
        [str(row + 1), problem.seen(row + 1), *[size(flow.arrivals[row].input, digits) for flow in flows]]
        for row in listed
    ]
    by = "∂L/∂(E·x)" if problem.model.network.embedded else "∂L/∂x"
    heads = [str(i) for i in range(1, len(flows) + 1)]
    return Page(
        f"How much does each {noun} matter for what comes after {noun} {last}?",
        [
            Prose(f"The same errors, one step further: ‖{by}‖, of what each {problem.whole} reads."),
            Table(
                ["t", "reads", *heads],
                rows,
                frozenset({0, *range(2, 2 + len(flows))}),
                roles=("", "input", *["gradient"] * len(flows)),
            ),
        ],
    )
