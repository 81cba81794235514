"""How small and fast a page is: python tests/benchmarks/bench_page.py

Ratios against a named peer, both taken in turns in the same run, since machines are noisy; medians of pairs. The peer of
writing is the JSON of the same walk; that of a recomputation in Chromium, NumPy's replay of the same record; that of
opening, the same page without its scripts.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import shutil
import statistics
import tempfile
import time
import timeit
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
from rnnwalk.render import json
from rnnwalk.render.page import page as writer
from rnnwalk.trace.record import replay
from rnnwalk.views.walkthrough import Choice
from rnnwalk.walks.walk import Walk

TEXT = "the quick brown fox jumps over the lazy dog and runs away fas"
CASES = {
    "hello": (None, ModelOptions()),
    "banana, LSTM with 4 units": ("banana", ModelOptions(cell="lstm", hidden=4)),
    "60 letters": (TEXT, ModelOptions()),
}
TIMED = """(count) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) evaluate(nodes, given);
    return (performance.now() - start) / count / 1000;
}"""


def seconds(make: Callable[[], object]) -> float:
    start = time.perf_counter()
    make()
    return time.perf_counter() - start


def opening(browser: Browser, address: str, scripts: bool) -> float:
    """How long it takes until a page is there, with what its scripts do at first."""
    shown = browser.new_page(java_script_enabled=scripts)
    took = seconds(partial(shown.goto, address))
    shown.close()
    return took


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) if chromium else None
        for title, (word, options) in CASES.items():
            problem = pose(word, options)
            walk = Walk(problem, backward=True)

            def text(walk: Walk = walk) -> str:
                return "".join(writer.chunks(walk, Choice(everything=True)))

            def record(walk: Walk = walk) -> str:
                return "".join(json.chunks(walk))

            size = len(text().encode())
            slower = statistics.median(seconds(text) / seconds(record) for _ in range(5))
            print(
                f"{title}, with the way back: {size / 1000:,.0f} kB; size ÷ JSON {size / len(record().encode()):.1f}, "
                f"time to write ÷ JSON {slower:.1f}"
            )
            if browser is None:
                print("there is no Chromium: nothing is recomputed")
                continue
            path = Path(folder) / "page.html"
            path.write_text(text(), "utf-8")
            opened = [opening(browser, path.as_uri(), True) / opening(browser, path.as_uri(), False) for _ in range(3)]
            print(f"  time to open ÷ without its scripts: {statistics.median(opened):.1f}")
            shown = browser.new_page()
            shown.goto(path.as_uri())
            count = 100 if word != TEXT else 5
            given = {node.path: node.value for node in walk.trace.nodes if node.op == "input" and node.path}
            pairs = [
                (shown.evaluate(TIMED, count), timeit.timeit(partial(replay, walk.trace, given), number=count) / count)
                for _ in range(7)
            ]
            ratio = statistics.median(browsers / numpys for browsers, numpys in pairs[1:])
            took = statistics.median(browsers for browsers, _ in pairs[1:])
            print(f"  one recomputation in Chromium ÷ one NumPy replay: {ratio:.2f} ({took * 1000:.2f} ms)")
            shown.close()
        if browser is not None:
            browser.close()


if __name__ == "__main__":
    main()
