"""How fast a walk is: python tests/benchmarks/bench_walk.py

Ratios against a named peer, both taken in turns in the same run, since machines are noisy; medians of pairs.
The first two are of an installed rnnwalk: where Python may not write its byte code, they measure the compiler.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
import timeit
from collections.abc import Callable
from functools import partial

import numpy as np

from rnnwalk.engine.fast.batch import Batch, forward_batch
from rnnwalk.engine.fast.cell import fast_form
from rnnwalk.engine.fast.plan import Plan
from rnnwalk.engine.network import forward
from rnnwalk.model.weightfile import article
from rnnwalk.trace.record import record

ENVIRONMENT = os.environ | {"PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
WALK = [sys.executable, "-m", "rnnwalk", "walk"]
# What any command of these packages loads: since 0.29 typer takes pydantic to read an option.
EMPTY = "import numpy, typer, rich.console, rich.table\ndef main(n: int = 1): pass\ntyper.run(main)"
IMPORTS = [sys.executable, "-c", EMPTY]


def seconds(call: list[str], until: bytes = b"") -> float:
    """A process's time to its end, or until it has printed something."""
    start = time.perf_counter()
    with subprocess.Popen(call, stdout=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stdout is not None
        seen = b""
        while chunk := process.stdout.read1():  # type: ignore[attr-defined]
            seen += chunk
            if until and until in seen:
                elapsed = time.perf_counter() - start
                process.stdout.read()
                return elapsed
    return time.perf_counter() - start


def ratio(a: Callable[[], float], b: Callable[[], float], pairs: int) -> float:
    """The median of a/b over pairs taken in turns, after one of each."""
    a(), b()
    return statistics.median(a() / b() for _ in range(pairs))


def micro(function: Callable[[], object]) -> Callable[[], float]:
    return lambda: timeit.timeit(function, number=300) / 300


def by_hand(w: dict[str, np.ndarray], xs: list[np.ndarray], targets: list[np.ndarray]) -> float:
    """The same loop as a person would write it."""
    h = np.zeros((3, 1))
    loss = 0.0
    for x, target in zip(xs, targets, strict=True):
        h = np.tanh(w["Wxh"] @ x + w["Whh"] * h + w["bh"])
        y = w["Why"] @ h
        e = np.exp(y - np.max(y))
        p = e / np.sum(e)
        loss += -np.log(np.sum(p * target))
    return loss


def main() -> None:
    alphabet = "abcdefghijklmnopqrstuvwxyz ,."
    text = "".join(alphabet[(i * i + 7 * i) % 29] for i in range(100_000))
    start = time.perf_counter()
    subprocess.run([*WALK, text], stdout=subprocess.DEVNULL, check=True, env=ENVIRONMENT)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"walk of 100,000 letters: {time.perf_counter() - start:.2f} s (goal ≤ 3), peak {peak:.0f} MiB (goal ≤ 300)")
    print(
        f"its first table ÷ an empty command: {ratio(lambda: seconds([*WALK, text], '⎡'.encode()), lambda: seconds(IMPORTS), 9):.2f}"
        "  (goal ≤ 1.5)"
    )
    print(
        f"first table ÷ an empty command: {ratio(lambda: seconds(WALK, '⎡'.encode()), lambda: seconds(IMPORTS), 15):.2f}  (goal ≤ 1.3)"
    )
    print(
        f"hello walk ÷ an empty command: {ratio(lambda: seconds(WALK), lambda: seconds(IMPORTS), 15):.2f}  (goal ≤ 1.35)"
    )

    model = article()
    xs, targets = [model.one_hot(s) for s in "hell"], [model.one_hot(s) for s in "ello"]
    batch = Batch(np.hstack(xs), np.hstack(targets), [(t, t + 1) for t in range(4)])
    w = {name: value for name, value in model.weights._asdict().items() if value is not None}
    letters = micro(lambda: forward(model.network, model.weights, xs, targets, model.before))
    cell = fast_form(model.network.cell, model.weights)
    together = micro(lambda: forward_batch(cell, model.network, model.weights, batch, model.before))
    hand = micro(lambda: by_hand(w, xs, targets))
    traced = micro(
        lambda: record(
            partial(forward, model.network), weight=model.weights, input=xs, target=targets, initial=model.before
        )
    )
    print(f"forward, letters together ÷ by hand: {ratio(together, hand, 15):.2f}  (goal ≤ 1.3)")
    print(f"forward, letter by letter ÷ by hand: {ratio(letters, hand, 15):.2f}")
    print(f"traced ÷ raw, letter by letter: {ratio(traced, letters, 15):.2f}  (goal ≤ 5)")
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: no ratio against nn.RNN")
    else:
        torch.set_num_threads(1)
        rnn, head = torch.nn.RNN(4, 3), torch.nn.Linear(3, 4)
        x, target = torch.eye(4)[[0, 1, 2, 2]].unsqueeze(1), torch.tensor([1, 2, 2, 3])

        def peer() -> object:
            return torch.nn.functional.cross_entropy(head(rnn(x)[0].squeeze(1)), target, reduction="sum")

        def bare() -> object:
            with torch.no_grad():
                return peer()

        inputs = [batch, model.weights, model.before]
        planned = micro(Plan(lambda b, w, h: forward_batch(cell, model.network, w, b, h), inputs, lambda *_: [], float))
        print(f"PyTorch nn.RNN ÷ forward, planned as in training: {ratio(micro(peer), planned, 15):.1f}  (goal ≥ 3)")
        print(f"the same without PyTorch's autograd: {ratio(micro(bare), planned, 15):.1f}")
        print(f"PyTorch nn.RNN ÷ forward, letters together: {ratio(micro(peer), together, 15):.1f}")


if __name__ == "__main__":
    main()
