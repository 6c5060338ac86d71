"""The strip of samples in the Lab, against what the server says of the same pair."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.e2e.lab import LONG, SMALL, Lab


def cards(page: Page) -> list[dict[str, object]]:
    """What each sample shows: its true class, and by network the answer, mark and per cent."""
    found: list[dict[str, object]] = page.evaluate(
        """() => [...document.querySelectorAll(".sample")].map((card) => ({
            truth: card.querySelector(".sample-truth > :last-child").textContent,
            answers: [...card.querySelectorAll(".sample-answer")].map((answer) => [
                answer.dataset.skip,
                ...[".sample-said", ".sample-mark", ".sample-share"].map(
                    (part) => answer.querySelector(part).textContent.replace(/\\s/g, " ")),
            ]),
            aloud: [...card.querySelectorAll(".sample-answer > .visually-hidden")].map(
                (one) => one.textContent.replace(/\\s/g, " ")),
        }))"""
    )
    return found


def test_before_training_there_is_one_picture_of_each_class(page: Page) -> None:
    Lab(page).open(SMALL)
    pictures = page.locator(".sample-picture img")
    expect(pictures).to_have_count(10)
    assert [card["truth"] for card in cards(page)] == [str(n) for n in range(10)]
    for picture in pictures.all():
        expect(picture).to_have_js_property("naturalWidth", 8)
        expect(picture).to_have_js_property("naturalHeight", 8)
    expect(page.locator("#samples")).to_contain_text("Press Train")
    expect(page.locator(".samples-scores")).to_be_hidden()


def test_pictures_are_asked_for_after_the_first_draw(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    Lab(page).open(SMALL)
    expect(page.locator(".sample-picture img")).to_have_count(10)
    addresses = [url for url in asked if "/api/" in url]
    assert addresses[-1].endswith("/api/data/digits/samples")
    assert addresses.index(addresses[-1]) > max(
        place for place, url in enumerate(addresses) if url.endswith("/api/describe")
    )


def test_trained_twins_show_what_their_last_events_say(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    expect(page.locator(".samples-step")).to_have_text("after step 40 of 40")
    residual, plain = (events[-1] for events in lab.events(("predicted",)))
    assert plain["step"] == residual["step"] == 40
    shown = cards(page)
    for i, card in enumerate(shown):
        assert card["truth"] == str(plain["truth"][i])
        answers = card["answers"]
        assert isinstance(answers, list)
        for answer, event, skip in zip(
            answers, (plain, residual), ("none", "identity"), strict=True
        ):
            right = event["predicted"][i] == event["truth"][i]
            assert answer[:3] == [skip, str(event["predicted"][i]), "✓" if right else "✗"]
            share = float(answer[3].removesuffix(" %"))
            assert abs(share - 100 * event["probability"][i]) <= 0.5
    for place, event in enumerate((plain, residual)):
        right = sum(a == b for a, b in zip(event["predicted"], event["truth"], strict=True))
        expect(page.locator(".samples-score").nth(place)).to_have_text(
            re.compile(f": {right} of 10 right$")
        )
    aloud = shown[0]["aloud"]
    assert isinstance(aloud, list)
    assert re.fullmatch(r"plain: \d, (right|wrong), [\d.]+ %", aloud[0])


def test_answers_come_while_the_pair_trains(page: Page) -> None:
    lab = Lab(page).open(f"{LONG}&evaluate.every=50")
    lab.train.click()
    # Later than the untrained ones, whichever: the page draws the latest that have come.
    expect(page.locator(".samples-step")).to_have_text(
        re.compile(r"^after step [1-9]\d* of 20000$")
    )
    expect(page.locator(".sample-mark").first).to_have_text(re.compile("[✓✗]"))


def test_a_pair_held_before_its_first_step_was_asked(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    page.route("**/control", lambda route: route.fulfill(json={}))  # the first step never comes
    page.locator("#step").click()
    expect(page.locator(".samples-step")).to_have_text("after step 0 of 40")
    page.unroute("**/control")
    lab.stop.click()


def test_a_link_to_a_trained_pair_shows_its_answers(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    expect(page.locator(".samples-step")).to_have_text("after step 40 of 40")
    before = cards(page)
    page.reload()
    expect(page.locator(".samples-step")).to_have_text("after step 40 of 40")
    expect(page.locator(".sample-picture img")).to_have_count(10)
    assert cards(page) == before


def test_a_pair_that_is_asked_none_says_so(page: Page) -> None:
    lab = Lab(page).open(f"{SMALL}&evaluate.samples=0")
    expect(page.locator("#samples")).to_contain_text("Samples shown: 0")
    expect(page.locator(".sample")).to_have_count(0)
    lab.train.click()
    lab.finished()
    expect(page.locator("#samples")).to_contain_text("Samples shown: 0")


def test_points_are_shown_in_their_plane(page: Page) -> None:
    Lab(page).open(f"{SMALL}&data=spirals")
    expect(page.locator(".sample-plane")).to_have_count(10)
    expect(page.locator(".sample-plane").first.locator("circle")).to_have_count(256 + 2)


def test_of_numbers_each_network_draws_its_answers(page: Page) -> None:
    lab = Lab(page).open(f"{SMALL}&data=identity")
    expect(page.locator(".sample-picture .sample-row")).to_have_count(10)
    lab.train.click()
    lab.finished()
    expect(page.locator(".samples-step")).to_have_text("after step 40 of 40")
    expect(page.locator(".sample-answer .sample-row")).to_have_count(20)
    expect(page.locator(".samples-score").first).to_have_text(re.compile(r"plain: off by [\d.]+"))
    expect(page.locator("#samples")).not_to_contain_text("✓")
    last = lab.events(("predicted",))[0][-1]
    assert len(last["outputs"]) == 10


def test_a_set_that_is_not_on_the_machine_has_no_pictures_yet(page: Page) -> None:
    page.goto("/?v=2&data=mnist&net.family=mlp&net.depth=4")
    expect(page.locator("#samples")).to_contain_text("MNIST is not on this machine")
    expect(page.locator(".sample")).to_have_count(0)


def test_pictures_of_other_examples_are_not_shown_and_leave_the_answers(page: Page) -> None:
    def other(route: Route) -> None:
        body = {
            "examples": [5],
            "truth": [3],
            "classes": ["a"],
            "images": ["data:,"],
            "shape": [1, 1, 1],
        }
        route.fulfill(json={**body, "points": None, "backdrop": None})

    page.route("**/samples", other)
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    expect(page.locator("#samples")).to_contain_text("The data set has changed since")
    expect(page.locator(".sample")).to_have_count(10)
    expect(page.locator(".sample-picture img")).to_have_count(0)
    expect(page.locator(".samples-step")).to_have_text("after step 40 of 40")
