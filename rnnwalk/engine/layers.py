"""What stands around a cell: an embedding before it, dense layers behind it; and the weights of all together."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple, get_type_hints

from rnnwalk.engine.functions import ACTIVATIONS, bias_grad, plus
from rnnwalk.engine.notes import Array, Context, Note, replaced

EMBEDDING = "E"
MOST_LAYERS = 9
HEIGHTS = "ABCDEFGHI"  # what the axes of the dense layers are called in notes

E_NOTE = Note(EMBEDDING, "kv", "embedding", "a column for each symbol: its word vector, which x picks")


def _picks(now: Context) -> str:
    return now.picks(EMBEDDING)


class Fed(NamedTuple):
    """What a cell reads, where it is not the input itself."""

    embedded: Annotated[Array, Note("=", "k1", "The word vector", _picks)]


class FedBack(NamedTuple):
    """The way back into what the cell read."""

    dembedded: Annotated[
        Array,
        Note(
            "∂L/∂(E·xₜ)",
            "k1",
            "The error of the word vector",
            "Each matrix that read it hands back its part of the error.",
        ),
    ]


class Dense(NamedTuple):
    """One layer between h and the output. z: its sums, missing where they stay as they are; a: what it hands on."""

    z: Array | None
    a: Array


class DenseBack(NamedTuple):
    """The way back through a layer. da, dz: the errors of a and z; slope: how steep it was."""

    da: Array
    slope: Array | None
    dz: Array | None


def read_by_cell(x: Array, fed: Fed | None) -> Array:
    """What the cell reads: the word vectors where there are some, else the inputs themselves."""
    return x if fed is None else fed.embedded


def top(layers: Sequence[Dense], h: Array) -> Array:
    """What the output is made of: the result of the last dense layer, or h where there is none."""
    return layers[-1].a if layers else h


def dense_notes(layer: int, activation: str) -> dict[str, Note]:
    """The notes of a layer's values, from 1, on the way forward and back."""
    axes, name, of = f"{HEIGHTS[layer - 1]}1", f"dense{layer}", ACTIVATIONS[activation]
    below = f"dense{layer - 1}" if layer > 1 else "h"
    product = f"Wdense{layer} multiplies {below}, and the bias is added"
    return {
        "z": Note(f"z{name}ₜ", axes, f"The sums of dense layer {layer}", f"{product}."),
        "a": Note(
            f"{name}ₜ",
            axes,
            f"Dense layer {layer}",
            f"{product}." if activation == "linear" else f"{of.does[0].upper()}{of.does[1:]}.",
        ),
        "da": Note(
            f"∂L/∂{name}ₜ", axes, f"The error of dense layer {layer}", "The next weights, transposed, hand it back."
        ),
        "slope": Note(f"slope{name}ₜ", axes, f"How steep dense layer {layer} is", of.flat.format(a=name)),
        "dz": Note(f"∂L/∂z{name}ₜ", axes, f"The error of the sums of dense layer {layer}", "Slope times the error."),
    }


def dense(w: Any, head: Sequence[str], h: Array) -> list[Dense]:
    """The dense layers on hidden states h (n, m), in order: a = f(W·h + b), each of the one before.

    head: the name of each layer's activation; w: has Wdense1, bdense1, Wdense2 …
    """
    layers: list[Dense] = []
    for i, name in enumerate(head, start=1):
        below = top(layers, h)
        z = plus(getattr(w, f"Wdense{i}") @ below, getattr(w, f"bdense{i}"))
        layers.append(Dense(None, z) if name == "linear" else Dense(z, ACTIVATIONS[name].apply(z)))
    return layers


def dense_backward(w: Any, head: Sequence[str], layers: Sequence[Dense], grad: Array) -> tuple[list[DenseBack], Array]:
    """The way back through the layers, in their order, from the error of the last one's result; and the error of h."""
    walked: list[DenseBack] = []
    for i in range(len(head), 0, -1):
        if head[i - 1] == "linear":
            walked.append(DenseBack(grad, None, None))
            dz = grad
        else:
            slope = ACTIVATIONS[head[i - 1]].slope(layers[i - 1].a)
            dz = grad * slope
            walked.append(DenseBack(grad, slope, dz))
        grad = getattr(w, f"Wdense{i}").T @ dz
    return walked[::-1], grad


def dense_weight_grads(
    w: Any, layers: Sequence[Dense], walked: Sequence[DenseBack], h: Array
) -> dict[str, Array | None]:
    """What the errors of the layers add to the gradients of their weights, from their inputs, h first."""
    grads: dict[str, Array | None] = {}
    for i, back in enumerate(walked, start=1):
        dz = back.da if back.dz is None else back.dz
        below = top(layers[: i - 1], h)
        grads |= {f"Wdense{i}": dz @ below.T, f"bdense{i}": bias_grad(getattr(w, f"bdense{i}"), dz)}
    return grads


@cache
def weights_record(own: Any, embedded: bool, layers: int) -> Any:
    """The NamedTuple of a network's weights: the cell's own, an embedding before them, dense layers before the output's."""
    if not embedded and not layers:
        return own
    hints = get_type_hints(own, include_extras=True)
    fields: list[tuple[str, Any]] = [(EMBEDDING, Annotated[Array, E_NOTE])] if embedded else []
    fields += [(name, hint) for name, hint in hints.items() if name not in ("Why", "by")]
    for i in range(1, layers + 1):
        height, below = HEIGHTS[i - 1], HEIGHTS[i - 2] if i > 1 else "n"
        text = f"a row for each unit of the layer, a column for each {'unit of the layer before' if i > 1 else 'hidden unit'}"
        note = Note(f"Wdense{i}", height + below, f"into dense layer {i}", text)
        bias = Note(f"bdense{i}", f"{height}1", f"bias of dense layer {i}", "one number for each unit of the layer")
        fields += [(note.symbol, Annotated[Array, note]), (bias.symbol, Annotated[Array | None, bias])]
    for name in ("Why", "by"):
        hint = hints[name]
        if layers and name == "Why":
            (note,) = hint.__metadata__
            text = "a row for each {scored} of the output, a column for each unit of the last dense layer"
            hint = Annotated[Array, replaced(note, axes=f"o{HEIGHTS[layers - 1]}", title="to output", text=text)]
        fields.append((name, hint))
    return NamedTuple("Weights", fields)
