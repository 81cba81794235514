"""The flow of gradients as JSON, for programs: every size as a number and by its power of ten."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import json_text
from rnnwalk.tasks.clipping import Gradient
from rnnwalk.tasks.gradient_flow import Arrival, Flow, Together
from rnnwalk.tasks.sizes import Size

FORMAT = 1


def chunks(
    flows: list[Flow], problem: Problem, clip: float | None = None, clip_value: float | None = None
) -> Iterator[str]:
    """The JSON text piece by piece, a letter at a time: one flow, or several of a comparison; of words side by side one of
    each, and all together, whose gradient is the sum. A size that no float holds has its power of ten alone.
    """
    words = [one.word for one in problem.sequences]
    head = {"format": FORMAT, "word": words if problem.beside else words[0], "symbols": problem.noun}
    yield "{\n" + _lines(head, "  ") + '  "flows": [\n'
    for flow in flows:
        own = {} if problem.beside else _clips(flow.gradient, clip, clip_value)
        yield "    {\n" + _lines(_flow(flow) | own, "      ")
        yield from _letters(map(_arrival, flow.arrivals), len(flow.arrivals), "      ")
        yield "    }" + ("\n" if flow is flows[-1] else ",\n")
    yield "  ]"
    if problem.beside:
        together = Together(flows)
        lengths = {"gradient": _sizes(together.gradient.lengths)}
        yield ',\n  "together": {\n' + _lines(lengths | _clips(together.gradient, clip, clip_value), "    ")
        errors = ({"letter": letter, "error": _sizes(error)} for letter, error in enumerate(together.errors, start=1))
        yield from _letters(errors, problem.length, "    ")
        yield "  }"
    yield "\n}\n"


def _lines(record: dict[str, Any], margin: str) -> str:
    """The beginning of an object, a key on each line."""
    return "".join(f"{margin}{json_text(key)}: {json_text(value)},\n" for key, value in record.items())


def _letters(records: Iterable[dict[str, Any]], count: int, margin: str) -> Iterator[str]:
    """The end of an object, a letter on each line."""
    yield f'{margin}"letters": [\n'
    for letter, record in enumerate(records, start=1):
        yield f"{margin}  {json_text(record)}" + (",\n" if letter < count else "\n")
    yield f"{margin}]\n"


def _flow(flow: Flow) -> dict[str, Any]:
    """What is said of a flow as a whole."""
    model = flow.problem.model
    return {
        "cell": model.cell,
        "form": model.form,
        "hidden": model.hidden,
        "scale": flow.scale,
        "loss_at_the_last": flow.loss if math.isfinite(flow.loss) else None,
        "regime": flow.regime,
        "factor_per_step": None if flow.per_step is None else _size(Size(flow.per_step)),
        "gradient": _sizes(flow.gradient.lengths),
    }


def _clips(gradient: Gradient, clip: float | None, clip_value: float | None) -> dict[str, Any]:
    found = dict[str, Any]()
    if clip is not None:
        clipping = gradient.clipping(clip)
        found["clip"] = {
            "limit": clip,
            "norm": _size(clipping.whole),
            "factor": _size(clipping.factor),
            "gradient": {name: _size(clipping.clipped(length)) for name, length in clipping.raw.items()},
        }
    if clip_value is not None:
        cutting = gradient.cutting(clip_value)
        found["clip_value"] = {"limit": clip_value, "largest": _sizes(cutting.largest), "cut": cutting.cut}
    return found


def _sizes(lengths: dict[str, Size]) -> dict[str, Any]:
    return {name: _size(length) for name, length in lengths.items()}


def _arrival(arrival: Arrival) -> dict[str, Any]:
    return {
        "letter": arrival.letter,
        "read": arrival.symbol,
        "error": {name: _size(length) for name, length in arrival.error.items()},
        "step_norm": arrival.step and arrival.step.norm,
        "step_radius": arrival.step and arrival.step.radius,
        "product_of_norms": _size(arrival.bound),
        "norm_of_product": arrival.product and _size(arrival.product),
        "input": _size(arrival.input),
        "along": _size(arrival.along),
    }


def _size(size: Size) -> dict[str, float | None]:
    value = size.value
    return {
        "value": value if math.isfinite(value) else None,
        "log10": size.log10 if math.isfinite(size.log10) else None,
    }
