"""The LSTM for the learner: the gates' matrices on top of each other (f, i, o, then g), so that one product serves all."""

from typing import NamedTuple

import numpy as np

from rnnwalk.engine.cells import lstm
from rnnwalk.engine.cells.lstm import LocalGrads, State, Weights
from rnnwalk.engine.fast.cell import prepare_stacked
from rnnwalk.engine.functions import bias_grad, sigmoid
from rnnwalk.engine.notes import Array

prepare = prepare_stacked


class Stacked(NamedTuple):
    """Wx: (4n, k); Wh: (4n, n); b: (4n, 1)."""

    Wx: Array
    Wh: Array
    b: Array | None
    Why: Array
    by: Array | None


class Step(NamedTuple):
    """What is used again of a time step. gates: f, i and o on top of each other, as they are computed, never apart."""

    gates: Array
    g: Array
    c: Array
    tanh_c: Array
    h: Array


class Cache(NamedTuple):
    """What the way back needs of a time step: all that ``lstm.local_grads`` reads."""

    gates: Array
    g: Array
    tanh_c: Array
    c_before: Array
    h: Array
    h_before: Array

    @property
    def f(self) -> Array:
        return self.gates[: self.g.shape[0]]

    @property
    def i(self) -> Array:
        n = self.g.shape[0]
        return self.gates[n : 2 * n]

    @property
    def o(self) -> Array:
        return self.gates[2 * self.g.shape[0] :]


class Gates(NamedTuple):
    """dz: of f, i, o, g on top of each other."""

    dc: Array
    dz: Array


def fits(w: Weights) -> bool:
    """Whether all gates have a bias, or none."""
    return len({bias is None for bias in (w.bf, w.bi, w.bo, w.bg)}) == 1


def stack(w: Weights) -> Stacked:
    """The weights of all gates on top of each other."""
    biases = [bias for bias in (w.bf, w.bi, w.bo, w.bg) if bias is not None]
    Wx, Wh = np.concatenate([w.Wxf, w.Wxi, w.Wxo, w.Wxg]), np.concatenate([w.Whf, w.Whi, w.Who, w.Whg])
    return Stacked(Wx, Wh, np.concatenate(biases) if biases else None, w.Why, w.by)


def unstack(w: Stacked) -> Weights:
    """The weights of each gate again: views."""
    n = w.Wh.shape[1]
    rows = {gate: slice(at * n, at * n + n) for at, gate in enumerate("fiog")}
    parts = {
        name: None if whole is None else whole[rows[gate]]
        for gate in "ifgo"
        for name, whole in ((f"Wx{gate}", w.Wx), (f"Wh{gate}", w.Wh), (f"b{gate}", w.b))
    }
    return Weights(**parts, Why=w.Why, by=w.by)  # type: ignore[arg-type]


def step(w: Stacked, prepared: Array, before: State | Step, form: str) -> Step:
    """One time step from the state before."""
    n = w.Wh.shape[1]
    z = prepared + w.Wh @ before.h
    gates, g = sigmoid(z[: 3 * n]), np.tanh(z[3 * n :])
    f, i, o = gates[:n], gates[n : 2 * n], gates[2 * n :]
    c = f * before.c + i * g
    tanh_c = np.tanh(c)
    return Step(gates, g, c, tanh_c, o * tanh_c)


def cache(step: Step, before: State | Step, form: str) -> Cache:
    """What the way back needs of a step."""
    return Cache(step.gates, step.g, step.tanh_c, before.c, step.h, before.h)


def local_grads(cache: Cache, form: str) -> LocalGrads:
    """The slope of each way, by the equations of the cell."""
    return lstm.local_grads(cache, form)  # type: ignore[arg-type]  # it has what they read


def gate_grads(w: Stacked, cache: Cache, local: LocalGrads, grad: State) -> Gates:
    """∂L/∂c, and ∂L/∂z of all gates on top of each other."""
    dc = grad.h * local.slope_c + grad.c
    dz = [dc * local.slope_f, dc * local.slope_i, grad.h * local.slope_o, dc * local.slope_g]
    return Gates(dc, np.concatenate(dz, axis=0))


def grad_previous_state(w: Stacked, cache: Cache, grad: State, gates: Gates) -> State:
    """What the step before hears of the error, through time."""
    return State(w.Wh.T @ gates.dz, gates.dc * cache.f)


def grad_input(w: Stacked, gates: Gates) -> Array:
    """What the inputs hear of the error: ∂L/∂x, (k, N)."""
    return w.Wx.T @ gates.dz


def weight_grads(w: Stacked, x: Array, cache: Cache, gates: Gates) -> dict[str, Array | None]:
    """What these columns add to the gradients of the stacked weights."""
    return {"Wx": gates.dz @ x.T, "Wh": gates.dz @ cache.h_before.T, "b": bias_grad(w.b, gates.dz)}
