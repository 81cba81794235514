"""How the error of the last letter fares on its way back: a table on a logarithmic scale, the regime, and why."""

import math

from rnnwalk.engine.notes import columns, with_axes
from rnnwalk.model.problem import Problem
from rnnwalk.tasks.gradient_flow import Flow
from rnnwalk.tasks.sizes import ZERO, Size
from rnnwalk.text import SUBSCRIPTS
from rnnwalk.views import clipping
from rnnwalk.views.as_deep_network import as_deep_network
from rnnwalk.views.chain_rule import LETTERS, chain_rule
from rnnwalk.views.page import Block, Page, Prose, Table, what_next
from rnnwalk.views.sizes import beneath, logarithmic, picked, size
from rnnwalk.walks.numbers import magnitude

LARGEST, LEAST = 308.25, -323.3  # powers of ten where a float ends


def pages(
    flow: Flow,
    digits: int,
    clip: float | None = None,
    clip_value: float | None = None,
    commands: tuple[str, ...] = (),
) -> list[Page]:
    """The picture of the idea, the chain rule, the error's way back, what each letter matters, clipping, and what to try next."""
    found = [as_deep_network(flow.problem)]
    network = flow.problem.model.network
    if flow.problem.length >= LETTERS and network.at == "every" and not network.head:  # of which the chain is written
        found.append(chain_rule(flow.problem))
    found += [way(flow, digits), letters(flow, digits)]
    return [*found, *clipping.pages(flow.problem.model, flow.gradient, digits, clip, clip_value), *what_next(commands)]


def way(flow: Flow, digits: int) -> Page:
    """What arrives at each hidden state of the error of the last letter's loss."""
    problem = flow.problem
    noun, last = problem.noun, len(flow.arrivals)
    sub = str(last).translate(SUBSCRIPTS)
    parts = [name for name in flow.arrivals[0].error if name != "state"]
    listed = picked(last)[::-1]
    rows = []
    for row in listed:
        arrival = flow.arrivals[row]
        steps = [arrival.step.norm, arrival.step.radius] if arrival.step else []
        shares = [magnitude(math.log10(v) if v else -math.inf, digits) for v in steps] or ["", ""]
        bound = size(arrival.bound, digits) if arrival.step else ""
        errors = [size(arrival.error[name], digits) for name in ([*parts, "state"] if len(parts) > 1 else parts)]
        rows.append([str(arrival.letter), problem.named(arrival.symbol), *shares, bound, *errors])
    heads = [f"‖∂L/∂{name}‖" for name in parts] + (["together"] if len(parts) > 1 else [])
    whole = [flow.arrivals[row].error["state"] for row in listed]
    bars = logarithmic(whole)
    headings = ["t", "reads", "‖J‖", "ρ(J)", "∏‖J‖", *heads]
    alone = " alone" if problem.model.task.at == "every" else ", the only one"
    told = f" {scaled(flow)}" if flow.scale != 1 else ""
    blocks: list[Block] = [
        Prose(
            f"L is the loss at {noun} {last}{alone}, {magnitude(_log(flow.loss), digits)}. "
            f"Each step back multiplies its error by {problem.model.network.cell.JACOBIANS[problem.model.form]}.{told} ‖J‖ is the most that this stretches an error "
            "(the 2-norm), ρ(J) the spectral radius: what it does when it is repeated. ∏‖J‖ multiplies the steps so far: no error "
            "grows by more."
        ),
        Table(
            headings,
            rows,
            frozenset({0, *range(2, len(headings))}),
            bars,
            ["gradient"] * len(bars),
            roles=("", "input", "", "", "", *["gradient"] * len(heads)),
        ),
        *beneath(whole, listed, last, noun),
        Prose(verdict(flow, digits)),
    ]
    ends = beyond(flow)
    if ends:
        blocks.append(Prose(ends))
    return Page(f"The way back from ∂L/∂h{sub}", blocks)


def verdict(flow: Flow, digits: int) -> str:
    """Which regime it is, by how much per step, and why."""
    if flow.silent:
        return silence(flow)
    if flow.per_step is None:
        return f"A single {flow.problem.noun} was read, so nothing travels through time; take a longer text, or --length 30."
    if flow.per_step == -math.inf:
        return (
            f"Vanishing, entirely: exactly 0 of the error arrives at the first {flow.problem.noun}. {why(flow, digits)}"
        )
    noun, last = flow.problem.noun, len(flow.arrivals)
    step = f"a step back multiplies the error by {magnitude(flow.per_step, digits)} on average"
    where = f"over the far half of the way ({noun} {flow.middle} to 1) " if flow.middle < last else ""
    ten = magnitude(10 * flow.per_step, digits)
    told = {
        "vanishing": f"Vanishing: {where}{step}, so ten such steps leave {ten} of it.",
        "steady": f"Steady: {where}{step}, ten such steps by {ten}.",
        "exploding": f"Exploding: {where}{step}, ten such steps by {ten}.",
        "uneven": f"Uneven: {where}{step}, but that does not hold for all of it.",
    }
    whole = f"From {noun} {last} to {noun} 1 it is {size(flow.left, digits)} in all."
    return f"{told[flow.regime]} {whole} {why(flow, digits)}"


def silence(flow: Flow) -> str:
    """Why no error is sent back at all."""
    problem = flow.problem
    if len(problem.model.answers) == 1 and not problem.model.task.names:
        return (
            f"No error arrives: “{problem.named(problem.targets[-1])}” is the only {problem.noun} there is, so it is always predicted "
            f"with p = 1, and the loss is 0. Take a {problem.whole} with other {problem.noun}s in it."
        )
    if flow.loss == 0:
        return f"No error arrives: what is predicted is exactly right, so the loss is 0. Take another {problem.whole}."
    return f"No error arrives at all: ∂L/∂h is exactly 0 at the last {problem.noun} already."


def why(flow: Flow, digits: int) -> str:
    """What the factor comes from, in the words of the cell."""
    model = flow.problem.model

    def shown(value: float) -> str:
        return magnitude(_log(value), digits)

    cache, local = (columns(part, slice(1, None)) for part in (flow.cache, flow.local_grads))
    return model.network.cell.flow_sentence(model.weights, cache, local, model.form, flow.regime, shown)


def letters(flow: Flow, digits: int) -> Page:
    """How much each letter matters for the prediction at the last one."""
    problem = flow.problem
    noun, last = problem.noun, len(flow.arrivals)
    listed = picked(last)
    arrivals = [flow.arrivals[row] for row in listed]
    rows = [
        [str(a.letter), problem.named(a.symbol), magnitude(a.along.log10, digits, a.along.sign), size(a.input, digits)]
        for a in arrivals
    ]
    sizes = [a.input for a in arrivals]
    bars = logarithmic(sizes)
    most = max(flow.arrivals, key=lambda a: a.input.log10)
    first = flow.arrivals[0]
    told = f"“{problem.named(most.symbol)}” ({noun} {most.letter}) matters most."
    share = f" {noun.capitalize()} 1, “{problem.named(first.symbol)}”, matters {_share(first.input, most.input, digits)} as much."
    x = "E·x" if problem.model.network.embedded else "x"
    by = f"∂L/∂({x})" if len(x) > 1 else f"∂L/∂{x}"
    return Page(
        f"How much does each {noun} matter for what comes after {noun} {last}?",
        [
            Prose(f"The same error, one step further: {by} says how the loss changes with {_matters(problem)}"),
            Table(
                ["t", "reads", f"along the {noun}", f"‖{by}‖"],
                rows,
                frozenset({0, 2, 3}),
                bars,
                ["gradient"] * len(bars),
                roles=("", "input", "gradient", "gradient"),
            ),
            *beneath(sizes, listed, last, noun),
            *([Prose(f"{told}{share if most.letter != 1 else ''}")] if most.input != ZERO else []),
        ],
    )


def _matters(problem: Problem) -> str:
    """What the numbers of a table of letters say."""
    reads, noun, truth = problem.model.network.reads, problem.noun, problem.named(problem.targets[-1])
    better = (
        f"bring the output nearer to “{truth}”" if problem.model.task.linear else f"make the true “{truth}” likelier"
    )
    if reads == "symbols":
        return (
            f"each number of the one-hot column x. “Along the {noun}” is the number in the {noun}'s own row, where the 1 stands: "
            f"below 0, more of this {noun} would {better}."
        )
    return (
        f"each number {'of the word vector' if reads == 'vectors' else 'that is read'}. “Along the {noun}” multiplies each of "
        f"these by its number and adds them: below 0, {'a longer word vector' if reads == 'vectors' else 'the same step, larger,'} "
        f"would {better}."
    )


def scaled(flow: Flow) -> str:
    """A sentence that says which weights were multiplied, and by what."""
    names = with_axes(type(flow.problem.model.weights), "nn")
    return f"{', '.join(names)} {'was' if len(names) == 1 else 'were'} multiplied by {flow.scale:g} (--scale)."


def beyond(flow: Flow) -> str:
    """A sentence where a program that does not keep powers apart would meet ∞ or 0."""
    largest = max(flow.arrivals, key=lambda a: a.error["state"].log10)
    least = min(flow.arrivals, key=lambda a: a.error["state"].log10)
    if largest.error["state"].log10 > LARGEST:
        return (
            f"Overflow: ∂L/∂h{str(largest.letter).translate(SUBSCRIPTS)} is about 10^{largest.error['state'].log10:.0f}, more "
            "than a float can hold (1.8e+308): a training program would have ∞ here, and “not a number” in the next step."
        )
    if -math.inf < least.error["state"].log10 < LEAST:
        return (
            f"Underflow: ∂L/∂h{str(least.letter).translate(SUBSCRIPTS)} is about 10^{least.error['state'].log10:.0f}, less than "
            "the least float (4.9e-324): a training program would have exactly 0 here, and learn nothing from it."
        )
    return ""


def _share(part: Size, whole: Size, digits: int) -> str:
    return f"{magnitude(part.log10 - whole.log10, digits)} times" if part.log10 > -math.inf else "exactly 0 times"


def _log(value: float) -> float:
    return math.log10(value) if value > 0 else (math.inf if math.isinf(value) else -math.inf)
