"""A real browser, from disk, without a network."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from rnnwalk.render.page import page as writer
from rnnwalk.views.walkthrough import Choice
from rnnwalk.walks.walk import Walk

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split()
Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for all tests of a worker."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium to open a page with")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Writes the page of a walk and opens it; at the end, nothing was asked of a network, and nothing went wrong."""
    wrong: list[str] = []
    contexts: list[Any] = []

    def open_page(walk: Walk, address: str = "", **settings: Any) -> Page:
        path = tmp_path / "walk.html"
        writer.save(walk, Choice(), path, force=True)
        context = browser.new_context(offline=True, accept_downloads=True, **({"reduced_motion": "reduce"} | settings))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith("file:") else None)
        page.goto(f"{path.as_uri()}{address}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
