from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.app.web.conftest import Served


async def test_ten_samples_are_shown_unless_asked_otherwise(browser: httpx.AsyncClient) -> None:
    assert len((await browser.get("/api/data/digits/samples")).json()["examples"]) == 10
    asked = await browser.get("/api/data/digits/samples?count=3")
    assert asked.json()["examples"] == [0, 1, 2]


async def test_those_of_a_set_that_stays_the_same_are_kept_here_and_there(served: Served) -> None:
    async with served.browser() as browser:
        answers = await asyncio.gather(*(browser.get("/api/data/mnist/samples") for _ in range(5)))
        assert {answer.headers["cache-control"] for answer in answers} == {"private, max-age=3600"}
        tag = answers[0].headers["etag"]
        again = await browser.get("/api/data/mnist/samples", headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert served.executor.described == 1


async def test_ones_own_images_are_looked_at_each_time(served: Served) -> None:
    async with served.browser() as browser:
        for _ in range(2):
            answer = await browser.get("/api/data/folder:own/samples")
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert served.executor.described == 2


async def test_a_set_that_is_not_there_is_a_problem_until_it_is(served: Served) -> None:
    served.executor.missing.add("mnist")
    async with served.browser() as browser:
        answer = await browser.get("/api/data/mnist/samples")
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["problems"] == [
            {
                "field": "data",
                "problem": "is not complete",
                "allowed": "get it with: depthscope data get",
            }
        ]
        served.executor.missing.clear()
        assert (await browser.get("/api/data/mnist/samples")).status_code == 200


@pytest.mark.parametrize("name", ["nothing", "folder:", "folder:..", "folder:.hidden"])
async def test_there_is_no_other_set(served: Served, name: str) -> None:
    async with served.browser() as browser:
        assert (await browser.get(f"/api/data/{name}/samples")).status_code == 404
    assert served.executor.described == 0


@pytest.mark.parametrize("count", ["0", "21", "ten", "1.0", "-1"])
async def test_how_many_is_bounded(browser: httpx.AsyncClient, count: str) -> None:
    answer = await browser.get(f"/api/data/digits/samples?count={count}")
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == "count"
