"""Data beside the usual: one's own images, a regression, and sets too large to evaluate whole."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.lab import LONG, Lab

NET = "net.depth=8&net.width=2&steps=6&batch_size=8"
IDENTITY = "net.family=mlp&net.norm=none&net.init=default&net.width=8&steps=20&data=identity"


def test_own_images_can_be_chosen_trained_and_shared_by_a_link(page: Page, images: Path) -> None:
    lab = Lab(page).open(NET)
    data = lab.field("data")
    expect(data.locator("option[value='folder:lamps']")).to_have_text("lamps")
    data.select_option("folder:lamps")
    lab.measured()
    expect(data).to_have_attribute("title", re.compile("8x8 pixels, 2 classes"))
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text("of the training images wrong")
    expect(page.locator("#facts")).to_contain_text("of 24 wrong")

    page.reload()

    expect(data).to_have_value("folder:lamps")
    lab.finished()
    assert "data=folder%3Alamps" in page.url


def test_own_images_of_several_sizes_are_brought_to_one(page: Page, images: Path) -> None:
    for kind, value in (("dark", 40), ("light", 200)):
        place = images / "photos" / kind
        place.mkdir(parents=True)
        for number in range(15):
            Image.new("L", (600 + number, 40), value).save(place / f"{number}.png")
    lab = Lab(page).open(NET)
    lab.field("data").select_option("folder:photos")
    lab.measured()
    expect(page).to_have_url(re.compile("data.resize=64"))
    page.locator("#more-toggle").click()
    size = lab.field("data.resize")
    expect(size).to_have_value("64")
    size.fill("16")
    size.press("Tab")
    lab.measured()
    lab.train.click()
    lab.finished()
    expect(page.locator("#facts")).to_contain_text("of 24 wrong")
    expect(page.locator(".samples-list img").first).to_have_js_property("naturalWidth", 16)

    page.reload()
    lab.finished()
    assert "data=folder%3Aphotos&data.resize=16" in page.url

    lab.field("data").select_option("digits")
    lab.measured()
    assert "resize" not in page.url

    page.goto(f"/?v=2&{NET}&data=folder:photos")
    expect(lab.problem("data")).to_contain_text("Set “Resize images to” under More settings")


def test_own_images_can_be_swept_and_overlaid(page: Page, images: Path) -> None:
    page.goto(f"/depth?data=folder:lamps&depths=8&seeds=0&{NET.removeprefix('net.depth=8&')}")
    expect(page.locator("#notices .notice")).to_have_count(0)
    page.locator("#train").click()
    expect(page.locator(".runcell[data-standing=finished]")).to_have_count(2)
    expect(page.locator("#takeaway")).to_contain_text("of the training images wrong")
    page.locator("#edit").click()
    page.locator("#field").select_option("batch_size")  # what it may be depends on the data
    expect(page.locator("#plan-problem")).to_be_hidden()

    page.locator("#in-runs").click()
    entry = page.locator(".entry").first
    expect(entry.locator(".entry-name")).to_contain_text("folder:lamps")
    entry.get_by_role("button", name="Show its 2 runs").click()
    entry.locator(".subruns input").first.check()
    page.locator("#overlay-open").click()
    expect(page.locator("#overlay-table tbody tr")).to_contain_text("training error")


def test_a_folder_that_is_broken_says_why_where_it_is_chosen(page: Page, images: Path) -> None:
    lab = Lab(page).open(NET)
    lab.field("data").select_option("folder:single")
    expect(lab.problem("data")).to_contain_text("single can't be used")
    expect(lab.problem("data")).to_contain_text("holds 1 class; allowed: 2 to 256")
    expect(lab.takeaway).to_contain_text("These settings can't be trained")
    lab.train.click()
    expect(lab.field("data")).to_be_focused()
    expect(lab.state).to_be_hidden()

    page.goto("/depth?data=folder:single")
    expect(page.locator("#plan-problem")).to_contain_text("holds 1 class")
    expect(page.locator("#train")).to_be_disabled()


def test_a_link_to_images_that_are_elsewhere_says_so(page: Page, images: Path) -> None:
    page.goto(f"/?v=2&{NET}&data=folder:elsewhere")
    lab = Lab(page)
    expect(lab.field("data")).to_have_value("folder:elsewhere")
    expect(lab.problem("data")).to_contain_text(
        "folder:elsewhere is not on this machine: its data folder has no images/elsewhere. "
        "Your own images that it has: folder:lamps."
    )
    page.goto("/depth?data=folder:elsewhere")
    expect(page.locator("#plan-problem")).to_contain_text("folder:elsewhere is not on this machine")
    expect(page.locator("#train")).to_be_disabled()


def test_runs_on_images_that_are_gone_are_still_shown(page: Page, images: Path) -> None:
    lab = Lab(page).open(f"{NET}&data=folder:lamps")
    lab.train.click()
    lab.finished()
    (images / "lamps").rename(images / "other")

    page.reload()

    lab.finished()
    expect(lab.takeaway).to_contain_text("of the training images wrong")
    expect(lab.problem("data")).to_contain_text("is not on this machine")
    expect(page.locator("#samples")).to_contain_text("folder:lamps is not on this machine")
    expect(page.locator(".samples-score").first).to_contain_text("right")
    page.goto("/runs")
    expect(page.locator(".entry").first.locator(".entry-result")).to_contain_text("training error")


def test_a_regression_is_swept_by_its_loss(page: Page) -> None:
    page.goto(f"/depth?{IDENTITY}&depths=4,8&seeds=0")
    expect(page.locator("#question-text")).to_contain_text("their training loss will")
    page.get_by_role("button", name="stay").click()
    expect(page.locator("#question-text")).to_have_text(re.compile("training loss will stay"))
    page.locator("#train").click()
    expect(page.locator(".runcell[data-standing=finished]")).to_have_count(4)
    expect(page.locator("#chart-title")).to_contain_text("Training loss against depth")
    expect(page.locator("#takeaway")).to_contain_text("networks have a loss of")
    expect(page.locator("#chart .ytitle, #chart .annotation-text").first).to_contain_text("loss")
    expect(page.locator("#measures button:visible")).to_have_text(["Training loss", "Test loss"])
    for cell in page.locator(".runcell").all():
        expect(cell).to_have_text(re.compile(r"^\d"))
    expect(page.locator("#verdict")).not_to_contain_text("%")
    shown = page.locator("main").inner_text().replace("On training error", "")
    assert "raining error against" not in shown
    assert "not measured" not in shown


def test_a_regression_is_listed_and_overlaid_by_its_loss(page: Page) -> None:
    lab = Lab(page).open(f"{IDENTITY}&net.depth=4")
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text("has a loss of")
    expect(page.locator("#facts")).to_contain_text("1,024 examples")
    page.goto("/runs")
    entry = page.locator(".entry").first
    expect(entry.locator(".entry-result")).to_contain_text(re.compile(r"training loss \d"))
    expect(entry.locator(".entry-result")).not_to_contain_text("not measured")
    entry.locator("input").first.check()
    page.locator("#overlay-open").click()
    expect(page.locator("#overlay-title")).to_have_text("Loss by step")
    expect(page.locator("#overlay-table tbody tr").first).to_contain_text("training loss")


def test_what_is_being_typed_stays_while_the_page_is_drawn_anew(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(5)
    page.locator("#more-toggle").click()
    limit = lab.field("data.limit")
    limit.press_sequentially("500")
    lab.at_step(lab.shown_step() + 50)
    expect(limit).to_have_value("500")
    expect(page).not_to_have_url(re.compile("data.limit"))
    limit.press("Tab")
    expect(page).to_have_url(re.compile("data.limit=500"))


def test_an_evaluation_of_some_says_of_how_many(page: Page) -> None:
    lab = Lab(page).open(f"{NET}&batch_size=16&evaluate.limit=100")
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text("of 100 training digits wrong")
    expect(page.locator("#facts")).to_contain_text("of 100 wrong")
