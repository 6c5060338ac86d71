"""A data set that is not on the machine: the notice, its download, cancelling, a run that waits."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.data.toys import Mirror, small_mnist
from tests.downloading import IMAGES, files, gated, settings
from tests.e2e.conftest import Watch
from tests.e2e.lab import UNTRAINED, Lab
from tests.e2e.test_accessibility import serious
from tests.server import Server

MNIST = "data=mnist&net.family=mlp&net.depth=8&net.width=8&steps=20&batch_size=16"
SPOKEN = """() => {
    window.spoken = [];
    const region = document.getElementById("live");
    new MutationObserver(() => {
        if (region.textContent) window.spoken.push(region.textContent);
    }).observe(region, { childList: true });
}"""


@pytest.fixture(scope="module")
def mirror() -> Iterator[Mirror]:
    """A mirror of a small MNIST whose first file waits in the middle."""
    with gated() as serving:
        yield serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's data folder."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(folder: Path, mirror: Mirror) -> Iterator[str]:
    """A server that asks that mirror, in place of the one that the other tests share."""
    with Server(folder, **settings(mirror)) as found:
        yield found.http


@pytest.fixture(autouse=True)
def _missing(folder: Path, mirror: Mirror) -> Iterator[None]:
    """Each test begins without MNIST and with a mirror that waits."""
    kept = dict(mirror.files)
    mirror.release.clear()
    yield
    mirror.files.update(kept)
    mirror.release.set()
    for name in ("mnist", "decoded"):
        shutil.rmtree(folder / name, ignore_errors=True)


class Notice:
    """What stands below the form."""

    def __init__(self, page: Page) -> None:
        self.box = page.locator("#dataset")
        self.bar = self.box.locator("progress")
        self.button = self.box.get_by_role("button")

    def coming(self) -> None:
        """Wait until the bar shows that something has come."""
        expect(self.box).to_contain_text("Downloading MNIST")
        expect(self.bar).to_have_attribute("value", re.compile("^[1-9]"))
        expect(self.box).to_contain_text(re.compile(r"0\.2 of 0\.5.MiB"))


def test_a_missing_set_is_named_downloaded_and_step_0_is_measured(
    page: Page, mirror: Mirror, folder: Path
) -> None:
    lab, notice = Lab(page), Notice(page)
    page.goto(f"/?v=2&{MNIST}")
    page.evaluate(SPOKEN)
    expect(notice.box).to_contain_text("MNIST is not on the server's machine yet: 0.5")
    expect(notice.box).to_contain_text("yann.lecun.com/exdb/mnist. Licence: CC BY-SA 3.0")
    expect(lab.status).to_have_text("MNIST is not here yet")
    expect(lab.takeaway).to_contain_text("as soon as MNIST is on this machine")
    assert serious(page) == []
    notice.button.focus()
    page.keyboard.press("Enter")
    notice.coming()
    assert serious(page) == []
    expect(notice.button).to_have_text("Cancel download")
    expect(notice.button).to_be_focused()
    mirror.release.set()
    expect(notice.box).to_be_hidden()
    expect(lab.train).to_be_focused()
    lab.measured()
    expect(lab.takeaway).to_contain_text(UNTRAINED)
    expect(page.locator(".sample-picture img")).to_have_count(10)
    spoken = page.evaluate("window.spoken")
    assert any(text.startswith("Downloading MNIST, 0.5") for text in spoken)
    assert "MNIST is on this machine now." in spoken
    assert files(folder) == sorted(path.removeprefix("mnist/") for path in small_mnist()[1])


def test_cancel_leaves_nothing_and_offers_it_again(page: Page, folder: Path) -> None:
    notice = Notice(page)
    page.goto(f"/?v=2&{MNIST}")
    notice.button.click()
    notice.coming()
    notice.button.click()
    expect(notice.button).to_have_text("Download")
    expect(notice.bar).to_be_hidden()
    assert files(folder) == []


def test_what_failed_says_why_and_what_to_put_where_and_is_tried_again(
    page: Page, mirror: Mirror, folder: Path
) -> None:
    notice = Notice(page)
    content = mirror.files.pop(IMAGES)
    page.goto(f"/?v=2&{MNIST}")
    notice.button.click()
    expect(notice.box).to_contain_text("MNIST can't be downloaded")
    expect(notice.box).to_contain_text("it answered 404")
    expect(notice.box).to_contain_text(f"put {IMAGES}")
    expect(notice.box).to_contain_text("into the folder mnist;")
    assert str(folder) not in page.content()
    assert serious(page) == []
    mirror.files[IMAGES] = content
    mirror.release.set()
    expect(notice.button).to_have_text("Try again")
    notice.button.click()
    expect(notice.box).to_be_hidden()


def test_train_downloads_first_and_everybody_sees_how_far_it_is(
    page: Page, browser: Browser, server: str, mirror: Mirror, watch: Watch
) -> None:
    lab, notice = Lab(page), Notice(page)
    page.goto(f"/?v=2&{MNIST}")
    expect(notice.button).to_have_text("Download")
    lab.train.click()
    expect(lab.status).to_contain_text("Downloading MNIST, 0.2 of 0.5")
    notice.coming()
    expect(notice.button).to_have_text("Cancel download")
    visitor = browser.new_context(base_url=server)
    other = visitor.new_page()
    watch.follow(other)
    other.goto(page.url)
    Notice(other).coming()
    expect(Notice(other).button).to_have_count(0)  # it is not theirs to cancel
    expect(Lab(other).status).to_contain_text("Downloading MNIST")
    mirror.release.set()
    lab.finished()
    expect(notice.box).to_be_hidden()
    expect(Lab(other).state).to_have_text("Finished")
    expect(Notice(other).box).to_be_hidden()
    visitor.close()


@pytest.mark.parametrize("by", ["stop", "notice"])
def test_stopping_a_run_that_waits_cancels_its_download(page: Page, folder: Path, by: str) -> None:
    lab, notice = Lab(page), Notice(page)
    page.goto(f"/?v=2&{MNIST}")
    expect(notice.button).to_have_text("Download")
    lab.train.click()
    notice.coming()
    (lab.stop if by == "stop" else notice.button).click()
    expect(lab.state).to_have_text("Stopped")
    expect(notice.button).to_have_text("Download")
    assert files(folder) == []


def test_the_list_of_choices_says_what_a_set_costs(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    lab = Lab(page).open("net.family=mlp&net.depth=8&net.width=8&steps=20")
    assert not [url for url in asked if url.endswith("/api/data") or "datasets.js" in url]
    option = lab.field("data").locator("option[value=mnist]")
    expect(option).to_have_text("MNIST")
    lab.field("data").focus()
    expect(option).to_have_text(re.compile(r"^MNIST \(0\.5.MiB to download\)$"))
    lab.field("data").select_option("mnist")
    expect(Notice(page).box).to_contain_text("MNIST is not on the server's machine yet")
    lab.field("data").select_option("digits")
    expect(Notice(page).box).to_be_hidden()
    lab.measured()


def test_the_depth_page_says_and_does_the_same(page: Page, mirror: Mirror, folder: Path) -> None:
    notice = Notice(page)
    page.goto("/depth?data=mnist&net.family=mlp&net.width=8&depths=4,8&seeds=0&steps=20")
    expect(notice.box).to_contain_text("MNIST is not on the server's machine yet")
    page.locator("#train").click()
    notice.coming()
    expect(page.locator("#going")).to_contain_text("Downloading MNIST first, 0.2 of 0.5")
    notice.button.click()
    expect(page.locator("#progress-text")).to_contain_text("Stopped: 0 of 4 measured")
    expect(notice.button).to_have_text("Download")
    assert files(folder) == []
    mirror.release.set()
    notice.button.click()
    expect(notice.box).to_be_hidden()
    page.locator("#train").click()
    expect(page.locator(".runcell[data-standing=finished]")).to_have_count(4)
