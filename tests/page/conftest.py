"""A real browser, from disk, without a network."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from rnnwalk.render.page import page as writer
from rnnwalk.views.walkthrough import Choice
from rnnwalk.walks.walk import Walk

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split()
WINDOW: ViewportSize = {"width": 1280, "height": 720}
USUAL: dict[str, Any] = {"media": "null", "color_scheme": "light", "reduced_motion": "reduce"}
Opened = Callable[..., Page]
OPENED = count()  # pages, so far


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for all tests of a worker."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium to open a page with")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def kept(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """One page for all tests of a worker, and what went wrong in it: to begin a page takes longer than most tests."""
    wrong: list[str] = []
    context = browser.new_context(offline=True, accept_downloads=True)
    page = context.new_page()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith("file:") else None)
    yield page, wrong
    context.close()


@pytest.fixture(scope="session")
def file_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Walk], Path]:
    """``file_of(walk)``: the page of each walk is written once for all tests that open it."""

    @cache
    def write(walk: Walk) -> Path:
        path = tmp_path_factory.mktemp("page") / "walk.html"
        writer.save(walk, Choice(), path, force=True)
        return path

    return write


@pytest.fixture
def opened(kept: tuple[Page, list[str]], file_of: Callable[[Walk], Path]) -> Iterator[Opened]:
    """Opens the page of a walk, or a file, anew and alone; at the end, nothing was asked of a network, and nothing went wrong."""
    page, wrong = kept

    def open_page(what: Walk | Path, address: str = "", viewport: ViewportSize = WINDOW, **media: Any) -> Page:
        page.set_viewport_size(viewport)
        page.emulate_media(**(USUAL | media))
        page.mouse.move(0, 0)
        path = what if isinstance(what, Path) else file_of(what)
        page.goto(f"{path.as_uri()}?{next(OPENED)}{address}")  # loaded again, also where it is the same file
        return page

    yield open_page
    found = [*wrong]
    wrong.clear()
    assert found == []
