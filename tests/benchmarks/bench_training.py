"""How fast a network learns, as ratios in one run: python tests/benchmarks/bench_training.py

Peers: PyTorch's nn.RNN, nn.LSTM or nn.GRU + Linear + cross-entropy + SGD, and a per-letter NumPy loop with
dictionaries of arrays (the way of min-char-rnn). All on one thread; PyTorch with its own threads is told too.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.pop("OPENBLAS_CORETYPE", None)  # NumPy chooses the kernels for this processor, as PyTorch does

import hashlib
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
import tracemalloc
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from rnnwalk.engine.fast.learner import Learner
from rnnwalk.engine.fast.packing import pack
from rnnwalk.model.random_weights import draw
from rnnwalk.model.task import Task
from rnnwalk.model.weightfile import article
from rnnwalk.tasks.rows import Rows
from rnnwalk.tasks.training import Training

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

Step = Callable[[], Any]


def best(steps: dict[str, Step], rounds: int = 12, seconds: float = 0.02) -> dict[str, float]:
    """The best time of one call of each, in microseconds; the peers take turns, so that a busy machine is fair."""
    counts = {}
    for label, step in steps.items():
        for _ in range(3):
            step()
        start = time.perf_counter()
        step()
        counts[label] = max(1, int(seconds / (time.perf_counter() - start)))
    found = dict.fromkeys(steps, float("inf"))
    for _ in range(rounds):
        for label, step in steps.items():
            start = time.perf_counter()
            for _ in range(counts[label]):
                step()
            found[label] = min(found[label], (time.perf_counter() - start) / counts[label])
    return {label: 1e6 * value for label, value in found.items()}


def numbers(count: int, below: int) -> list[int]:
    """Symbols that are the same in every run."""
    return [byte % below for byte in hashlib.shake_256(b"bench").digest(count)]


def ours(cell: str, symbols: int, hidden: int, lines: list[list[int]], dtype: Any) -> Step:
    model = draw(cell, tuple(map(chr, range(256, 256 + symbols))), hidden, 0)
    learner = Learner(model.network, model.weights, model.before, "sgd", 1e-4, dtype=dtype)
    batch = pack(lines, symbols, symbols, dtype)
    return lambda: learner.step(batch)


def net(cell: str, symbols: int, hidden: int, dtype: Any) -> Callable[[Any, Any], None]:
    """One step of learning of PyTorch: inputs (T, m, k), targets (T·m)."""
    kinds = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    recurrent = kinds[cell](symbols, hidden, dtype=dtype)
    linear = torch.nn.Linear(hidden, symbols, dtype=dtype)
    sgd = torch.optim.SGD([*recurrent.parameters(), *linear.parameters()], lr=1e-4)
    loss = torch.nn.CrossEntropyLoss(reduction="sum", ignore_index=-1)

    def step(X: Any, targets: Any) -> None:
        sgd.zero_grad()
        loss(linear(recurrent(X)[0]).reshape(-1, symbols), targets).backward()
        sgd.step()

    return step


def padded(lines: list[list[int]], symbols: int, dtype: Any) -> tuple[Any, Any]:
    """The lines as PyTorch takes them: one-hot, filled up to the longest."""
    table = torch.nn.utils.rnn.pad_sequence([torch.tensor(line) for line in lines], padding_value=-1)
    X = torch.nn.functional.one_hot(table[:-1].clamp(min=0), symbols).to(dtype)
    return X, table[1:].reshape(-1)


def pytorch(cell: str, symbols: int, hidden: int, lines: list[list[int]], dtype: Any) -> Step:
    step, data = net(cell, symbols, hidden, dtype), padded(lines, symbols, dtype)
    return lambda: step(*data)


def letter_by_letter(symbols: int, hidden: int, line: list[int]) -> Step:
    """The loop that everybody writes: a dictionary of arrays for each quantity, an entry for each letter."""
    rng = np.random.default_rng(0)
    Wxh, Whh, Why = (rng.normal(size=shape) * 0.1 for shape in ((hidden, symbols), (hidden, hidden), (symbols, hidden)))
    bh, by = np.zeros((hidden, 1)), np.zeros((symbols, 1))
    inputs, targets = line[:-1], line[1:]

    def step() -> float:
        xs: dict[int, Any] = {}
        hs: dict[int, Any] = {-1: np.zeros((hidden, 1))}
        ys: dict[int, Any] = {}
        ps: dict[int, Any] = {}
        loss = 0.0
        for t in range(len(inputs)):
            xs[t] = np.zeros((symbols, 1))
            xs[t][inputs[t]] = 1
            hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
            ys[t] = np.dot(Why, hs[t]) + by
            ps[t] = np.exp(ys[t]) / np.sum(np.exp(ys[t]))
            loss += -np.log(ps[t][targets[t], 0])
        dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
        dbh, dby = np.zeros_like(bh), np.zeros_like(by)
        dhnext = np.zeros_like(hs[0])
        for t in reversed(range(len(inputs))):
            dy = np.copy(ps[t])
            dy[targets[t]] -= 1
            dWhy += np.dot(dy, hs[t].T)
            dby += dy
            dh = np.dot(Why.T, dy) + dhnext
            draw = (1 - hs[t] * hs[t]) * dh
            dbh += draw
            dWxh += np.dot(draw, xs[t].T)
            dWhh += np.dot(draw, hs[t - 1].T)
            dhnext = np.dot(Whh.T, draw)
        for w, dw in zip((Wxh, Whh, Why, bh, by), (dWxh, dWhh, dWhy, dbh, dby), strict=True):
            w -= 1e-4 * dw
        return loss

    return step


def compare(title: str, cell: str, symbols: int, hidden: int, lines: list[list[int]]) -> None:
    steps: dict[str, Step] = {
        "rnnwalk": ours(cell, symbols, hidden, lines, np.float64),
        "rnnwalk float32": ours(cell, symbols, hidden, lines, np.float32),
    }
    if cell == "rnn" and len(lines) == 1:
        steps["letter by letter"] = letter_by_letter(symbols, hidden, lines[0])
    if torch is not None:
        steps["PyTorch float32"] = pytorch(cell, symbols, hidden, lines, torch.float32)
        steps["PyTorch float64"] = pytorch(cell, symbols, hidden, lines, torch.float64)
    times = best(steps)
    print(f"\n{title}, {cell}: rnnwalk {times['rnnwalk']:.0f} µs, float32 {times['rnnwalk float32']:.0f} µs a step")
    for label in list(steps)[2:]:
        single = f", in float32 {times[label] / times['rnnwalk float32']:.2f}" if "letter" not in label else ""
        print(f"  {label}: {times[label]:.0f} µs, {times[label] / times['rnnwalk']:.2f} times rnnwalk's{single}")


def long_words() -> None:
    """Time and memory of learning a long word, hidden 3, as it is and from the third step on, when it is planned."""
    print("\nlong words, rnn, hidden 3")
    model = draw("rnn", tuple("helo"), 3, 0)

    def fresh() -> Learner:
        return Learner(model.network, model.weights, model.before, rate=1e-9)

    for letters in (2_500, 5_000, 10_000):
        batch = pack([numbers(letters + 1, 4)], 4, 4)
        first = best({"": lambda batch=batch: fresh().step(batch)}, rounds=3)[""]  # type: ignore[misc]
        learner = fresh()
        later = best({"": lambda learner=learner, batch=batch: learner.step(batch)}, rounds=3)[""]  # type: ignore[misc]
        memory = []
        for learner, steps in ((fresh(), 1), (fresh(), 3)):
            tracemalloc.start()
            for _ in range(steps):
                learner.step(batch)
            memory.append(tracemalloc.get_traced_memory()[1] / 2**20)
            tracemalloc.stop()
        print(f"  {letters} letters: first step {first / 1e3:.1f} ms, {memory[0]:.1f} MiB; ", end="")
        print(f"planned {later / 1e3:.1f} ms, {memory[1]:.1f} MiB")


def names(cell: str) -> None:
    """An epoch over 2,000 names, hidden 64, batches of 32, shuffled: packing included, on both sides."""
    letters = numbers(40_000, 26)
    lines = [letters[20 * i : 20 * i + 4 + letters[20 * i] % 9] for i in range(2000)]
    model = draw(cell, tuple("abcdefghijklmnopqrstuvwxyz"), 64, 0)
    words = [[model.vocabulary[i] for i in line] for line in lines]
    steps: dict[str, Step] = {}
    for label, dtype in (("rnnwalk", np.float64), ("rnnwalk float32", np.float32)):
        steps[label] = Training(model, words, rate=1e-4, batch=32, dtype=dtype)._epoch
    if torch is not None:
        for label, kind in (("PyTorch float32", torch.float32), ("PyTorch float64", torch.float64)):
            step = net(cell, 26, 64, kind)

            def epoch(step: Any = step, kind: Any = kind) -> None:
                order = torch.randperm(len(lines)).tolist()
                for start in range(0, len(order), 32):
                    step(*padded([lines[i] for i in order[start : start + 32]], 26, kind))

            steps[label] = epoch
    times = best(steps, rounds=4)
    print(f"\n(c) an epoch of 2,000 names, hidden 64, batch 32, {cell}:")
    for label, value in times.items():
        print(f"  {label}: {value / 1e3:.0f} ms, {value / times['rnnwalk']:.2f} times rnnwalk's")


def tweets() -> None:
    """(f) The article's classifier of tweets: word vectors of 200 numbers, 15 words, 100 units with relu, dense layers of 1000
    and 500, Adam, batches of 120. Epochs over different batches, drawn anew, of as many words as its tweets have and as
    2,000 sentences have; E stays or learns. Words come as often as in a text, by Zipf's law, and short texts are padded."""
    for words, lines in ((4_000, 2_000), (20_000, 3_000)):
        rng = np.random.default_rng(0)
        often = 1 / np.arange(1, words)
        text = 1 + rng.choice(words - 1, (lines, 15), p=often / often.sum()).astype(np.int32)
        text[np.arange(15) >= rng.integers(5, 16, lines)[:, None]] = 0
        labels = rng.integers(0, 2, lines).astype(np.int32)
        for frozen in (True, False):
            steps: dict[str, Step] = {}
            for label, dtype in (("rnnwalk", np.float64), ("rnnwalk float32", np.float32)):
                steps[label] = classifier(text, labels, words, frozen, dtype)
            if torch is not None:
                for label, kind in (("PyTorch float32", torch.float32), ("PyTorch float64", torch.float64)):
                    steps[label] = torch_classifier(
                        torch.tensor(text), torch.tensor(labels).long(), words, frozen, kind
                    )
            times = best(steps, rounds=3)
            print(f"\n(f) an epoch of {lines:,} tweets, {words:,} words, E {'frozen' if frozen else 'learned'}:")
            for label, value in times.items():
                print(
                    f"  {label}: {value / 1e3:.0f} ms, {value / times['rnnwalk float32']:.2f} times rnnwalk's float32"
                )


def classifier(text: Any, labels: Any, words: int, frozen: bool, dtype: Any) -> Step:
    """An epoch of ours."""
    task = Task(at="last", names=("no", "yes"), head=("sigmoid", "relu"), frozen=frozenset({"E"} if frozen else ()))
    vocabulary = tuple(map(chr, range(256, 256 + words)))
    model = draw("rnn", vocabulary, 100, 0, form="relu", task=task, embedding=200, dense=(1000, 500))
    ends = 15 * np.arange(1, len(text) + 1)
    rows = Rows(text.ravel(), ends - 15, ends, labels)
    return Training(model, rows, optimiser="adam", rate=1e-4, batch=120, dtype=dtype)._epoch


def torch_classifier(text: Any, labels: Any, words: int, frozen: bool, kind: Any) -> Step:
    """An epoch of the same network in PyTorch, with the dense gradient of E that is its default."""
    vectors = torch.nn.Embedding(words, 200, dtype=kind).requires_grad_(not frozen)
    cell = torch.nn.RNN(200, 100, nonlinearity="relu", batch_first=True, dtype=kind)
    sizes = (100, 1000, 500, 2)
    first, second, last = (torch.nn.Linear(a, b, dtype=kind) for a, b in pairwise(sizes))
    head = torch.nn.Sequential(first, torch.nn.Sigmoid(), second, torch.nn.ReLU(), last)
    learned = [*cell.parameters(), *head.parameters(), *([] if frozen else vectors.parameters())]
    adam = torch.optim.Adam(learned, lr=1e-4)
    loss = torch.nn.CrossEntropyLoss(reduction="sum")

    def epoch() -> float:
        total = 0.0
        for part in torch.randperm(len(text)).split(120):
            adam.zero_grad()
            found = loss(head(cell(vectors(text[part]))[0][:, -1]), labels[part])
            found.backward()
            adam.step()
            total += found.item()
        return total

    return epoch


def overhead() -> None:
    """What Training adds to the steps of its learner."""
    training = Training(article(), ["hello"], rate=0.1)
    batch = training._whole
    assert batch is not None
    times = best({"step": lambda: training.learner.step(batch), "1000": lambda: list(training.epochs(1000))}, rounds=5)
    share = 1 - 1000 * times["step"] / times["1000"]
    print(f"\nhello, 1,000 epochs: {times['1000'] / 1e3:.0f} ms, of it {100 * share:.0f} % not steps of learning")


def run(call: list[str]) -> None:
    subprocess.run(call, capture_output=True, check=True)


def command() -> None:
    """(d) What of the command `rnnwalk train hello --epochs 1000` is not arithmetic: imports, the report, the bookkeeping."""
    learner = Training(article(), [list("hello")])
    steps = min(timeit.repeat(lambda: list(learner.epochs(1000)), number=1, repeat=5))
    call = [sys.executable, "-m", "rnnwalk", "train", "hello", "--epochs", "1000"]
    imports = [sys.executable, "-c", "import numpy, typer, rich.progress"]
    whole, bare = (statistics.median(timeit.repeat(partial(run, each), number=1, repeat=7)) for each in (call, imports))
    print(
        f"\n(d) train hello --epochs 1000: {whole * 1e3:.0f} ms; imports {bare * 1e3:.0f} ms, training {steps * 1e3:.0f} ms; "
        f"not arithmetic: {1 - steps / whole:.0%}, beyond the imports {1 - (steps + bare) / whole:.0%}"
    )


READ = """
import resource, sys, time
from rnnwalk.tasks.corpus import read_corpus
start = time.perf_counter()
lines = read_corpus(sys.argv[1]).lines
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{len(lines):,} lines in {time.perf_counter() - start:.1f} s, peak {peak:.0f} MiB")
"""


def reading() -> None:
    """(e) A text of 50 MB, read once as numbers."""
    lines = ["".join(chr(97 + (i * i + 7 * j) % 26) for j in range(60)) + "\n" for i in range(100)]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as text:
        for _ in range(8_200):
            text.writelines(lines)
        text.flush()
        told = subprocess.run([sys.executable, "-c", READ, text.name], capture_output=True, check=True, text=True)
    print(f"\n(e) a text of 50 MB: {told.stdout.strip()}")


def main() -> None:
    threads = 1
    if torch is None:
        print("PyTorch is not installed: its ratios are left out")
    else:
        threads = os.cpu_count() or 1
        torch.set_num_threads(1)
    hello = [[0, 1, 2, 2, 3]]
    line = [numbers(26, 65)]
    batch = [numbers(26 * (i + 1), 65)[-26:] for i in range(32)]
    for cell in ("rnn", "lstm", "gru"):
        compare("(a) hello, hidden 3", cell, 4, 3, hello)
        compare("(b) 65 symbols, hidden 100, 25 letters", cell, 65, 100, line)
        compare("(b) the same, a batch of 32", cell, 65, 100, batch)
        names(cell)
    long_words()
    tweets()
    overhead()
    command()
    reading()
    if torch is not None and threads > 1:
        torch.set_num_threads(threads)
        print(f"\nPyTorch with {threads} threads:")
        compare("(a) hello, hidden 3", "rnn", 4, 3, hello)
        compare("(b) 65 symbols, hidden 100, 25 letters", "rnn", 65, 100, line)


if __name__ == "__main__":
    main()
