from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping

import httpx
import pytest

from app.spec import RunSpec
from app.web.describer import Describer
from tests.app.web.conftest import SMALL, Served
from tests.app.web.scripted import FRAMES


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that the server does in the background."""
    async with asyncio.timeout(20):
        while not await true():
            await asyncio.sleep(0.01)


async def ended(browser: httpx.AsyncClient, run: str) -> dict[str, object]:
    """The run once it has ended."""
    found: dict[str, object] = {}

    async def is_ended() -> bool:
        found.update((await browser.get(f"/api/runs/{run}")).json())
        return found["ended"] is not None

    await until(is_ended)
    return found


async def test_a_run_is_created_looked_at_and_read(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/api/runs", json=SMALL)
    assert answer.status_code == 201
    created = answer.json()
    assert answer.headers["location"] == f"/api/runs/{created['id']}"
    assert created["mine"] is True
    assert created["steps"] == 4
    assert RunSpec.model_validate(created["spec"], strict=False).net.depth == 4
    run = await ended(browser, created["id"])
    assert run["state"] == "finished"
    assert run["result"] == {**run["result"], "train_error": 0.25}  # type: ignore[dict-item]
    assert str(run["created"]).endswith("Z")
    assert run["last_seq"] == FRAMES + 2


async def test_events_come_without_frames_where_these_are_not_wanted(
    browser: httpx.AsyncClient,
) -> None:
    run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    await ended(browser, run)
    whole = (await browser.get(f"/api/runs/{run}/events")).json()["events"]
    found = (await browser.get(f"/api/runs/{run}/events?frames=false")).json()
    assert found["events"] == [event for event in whole if event["type"] != "frame"]
    assert found["next"] is None


async def test_events_come_in_pages(browser: httpx.AsyncClient) -> None:
    run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    await ended(browser, run)
    whole = (await browser.get(f"/api/runs/{run}/events")).json()
    assert whole["next"] is None
    assert [event["seq"] for event in whole["events"]] == list(range(FRAMES + 3))
    assert {event["run"] for event in whole["events"]} == {run}
    found: list[object] = []
    after: int | None = -1
    while after is not None:
        page = (await browser.get(f"/api/runs/{run}/events?after={after}&limit=2")).json()
        assert len(page["events"]) <= 2
        found += page["events"]
        after = page["next"]
    assert found == whole["events"]


async def test_runs_are_listed_newest_first_in_pages(browser: httpx.AsyncClient) -> None:
    made = [
        (await browser.post("/api/runs", json={**SMALL, "seed": seed})).json()["id"]
        for seed in range(5)
    ]
    found: list[str] = []
    after = ""
    while True:
        page = (await browser.get(f"/api/runs?limit=2{after}")).json()
        assert len(page["items"]) <= 2
        found += [run["id"] for run in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == made[::-1]


@pytest.mark.parametrize(
    ("query", "field", "problem", "allowed"),
    [
        ("limit=0", "limit", "is out of range", "at least 1"),
        ("limit=201", "limit", "is out of range", "at most 200"),
        ("limit=1e2", "limit", "is not a whole number", "a whole number"),
        ("limit=", "limit", "is not a whole number", "a whole number"),
        ("limit=5&limit=6", "limit", "is given twice", "one value"),
        ("state=done", "state", "is not a known name", "queued, "),
        ("after=x", "after", "has the wrong form", "^[0-9]{1,18}$"),
        ("after=-1", "after", "has the wrong form", "^[0-9]{1,18}$"),
        ("colour=red", "query", "has an unknown parameter", "limit, "),
        ("Limit=5", "query", "has an unknown parameter", "limit, "),
        ("text=" + "x" * 201, "text", "is too long", "at most 200 characters"),
    ],
)
async def test_a_listing_takes_no_nonsense(
    browser: httpx.AsyncClient, query: str, field: str, problem: str, allowed: str
) -> None:
    answer = await browser.get(f"/api/runs?{query}")
    assert answer.status_code == 422
    (found,) = answer.json()["problems"]
    assert (found["field"], found["problem"]) == (field, problem)
    assert found["allowed"].startswith("allowed: ")
    assert allowed in found["allowed"]


@pytest.mark.parametrize("query", ["after=-2", "after=1.0", "after=9" + "0" * 30, "limit=1001"])
async def test_reading_events_takes_no_nonsense(browser: httpx.AsyncClient, query: str) -> None:
    run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    assert (await browser.get(f"/api/runs/{run}/events?{query}")).status_code == 422


@pytest.mark.parametrize("paused", ["1", "yes", "True", ""])
async def test_paused_is_true_or_false(browser: httpx.AsyncClient, paused: str) -> None:
    answer = await browser.post(f"/api/runs?paused={paused}", json=SMALL)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "paused is neither true nor false; allowed: true, false"


@pytest.mark.parametrize("name", ["zzzzzzzzzz", "short", "ZZZZZZZZZZ", "%00", "a" * 500])
async def test_what_is_not_there_is_not_found(browser: httpx.AsyncClient, name: str) -> None:
    for kind in ("runs", "studies"):
        for path in ("", "/export"):
            answer = await browser.get(f"/api/{kind}/{name}{path}")
            assert answer.status_code == 404
        answer = await browser.post(f"/api/{kind}/{name}/control", json={"action": "stop"})
        assert answer.status_code == 404
        assert (await browser.delete(f"/api/{kind}/{name}")).status_code == 404
    assert (await browser.get(f"/api/runs/{name}/events")).status_code == 404


async def test_only_who_started_a_run_may_touch_it(held: Served) -> None:
    async with held.browser() as owner, held.browser() as other:
        run = (await owner.post("/api/runs", json=SMALL)).json()["id"]
        assert (await other.get(f"/api/runs/{run}")).json()["mine"] is False
        stop = {"action": "stop"}
        assert (await other.post(f"/api/runs/{run}/control", json=stop)).status_code == 403
        assert (await other.delete(f"/api/runs/{run}")).status_code == 403
        assert (await owner.post(f"/api/runs/{run}/control", json=stop)).status_code == 200
        assert (await ended(owner, run))["state"] == "stopped"
        assert (await owner.delete(f"/api/runs/{run}")).status_code == 204
        assert (await owner.get(f"/api/runs/{run}")).status_code == 404


async def test_what_has_ended_takes_no_more_orders(browser: httpx.AsyncClient) -> None:
    run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    await ended(browser, run)
    answer = await browser.post(f"/api/runs/{run}/control", json={"action": "pause"})
    assert answer.status_code == 409
    assert answer.json()["detail"]


@pytest.mark.parametrize("body", [{}, {"action": "fly"}, {"action": 1}, {"action": "stop", "x": 1}])
async def test_an_order_is_one_of_five(browser: httpx.AsyncClient, body: dict[str, object]) -> None:
    run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    answer = await browser.post(f"/api/runs/{run}/control", json=body)
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["problems"]} <= {"action", "x"}


async def test_waiting_runs_know_who_is_before_them(held: Served) -> None:
    async with held.browser() as browser:
        before = []
        for _ in range(3):
            run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
            before.append((await browser.get(f"/api/runs/{run}")).json()["waits"]["runs"])
    # the engine of this test takes none of them up
    assert before == [0, 1, 2]


async def test_too_many_may_not_wait(held: Served) -> None:
    waiting = held.context.queue_limits
    waiting._most_each, waiting._most_together = 3, 5
    async with held.browser() as one, held.browser() as two:
        for _ in range(3):
            assert (await one.post("/api/runs", json=SMALL)).status_code == 201
        refused = await one.post("/api/runs", json=SMALL)
        assert refused.status_code == 429
        assert refused.headers["retry-after"]
        assert "3 of your runs" in refused.json()["detail"]
        assert (await two.post("/api/runs", json=SMALL)).status_code == 201
        assert (await two.post("/api/studies", json={"study": "twins"})).status_code == 429
        assert (await two.post("/api/runs", json=SMALL)).status_code == 201
        refused = await two.post("/api/runs", json=SMALL)
        assert "runs in all" in refused.json()["detail"]
        # without a cookie everybody is somebody new; all together are bounded all the same
        async with held.browser() as third:
            assert (await third.post("/api/runs", json=SMALL)).status_code == 429
        held.executor.go.set()

        async def room() -> bool:
            return (await one.post("/api/runs", json=SMALL)).status_code == 201

        await until(room)


async def test_one_machine_leaves_room_for_others_whoever_it_says_it_is(held: Served) -> None:
    waiting = held.context.queue_limits
    waiting._most_machine, waiting._most_together = 3, 6

    async def curl(machine: str, spec: Mapping[str, object] = SMALL) -> httpx.Response:
        async with held.browser(machine=machine) as program:  # no cookie: a new owner each time
            return await program.post("/api/studies" if "study" in spec else "/api/runs", json=spec)

    twins = {"study": "twins", "base": SMALL}
    assert (await curl("10.0.0.7", twins)).status_code == 201
    assert (await curl("10.0.0.7", twins)).status_code == 429
    assert (await curl("10.0.0.7")).status_code == 201
    for same in ("10.0.0.7", "::ffff:10.0.0.7"):
        refused = await curl(same)
        assert refused.status_code == 429
        assert "3 runs from one address" in refused.json()["detail"]
    for here in ("127.0.0.1", "127.0.0.2", "::1"):
        assert (await curl(here)).status_code == 201
    assert "from one address" in (await curl("127.0.0.1")).json()["detail"]
    assert "runs in all" in (await curl("10.0.0.8")).json()["detail"]


async def test_at_once_is_counted_like_one_after_another(held: Served) -> None:
    held.context.queue_limits._most_each = 5
    async with held.browser() as browser:
        await browser.get("/")
        answers = await asyncio.gather(*(browser.post("/api/runs", json=SMALL) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [429] * 7


async def test_a_description_is_asked_for_once(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe = Describer.describe
    waiting: list[RunSpec] = []

    async def counted(describer: Describer, spec: RunSpec) -> bytes:
        waiting.append(spec)
        if len(waiting) == 5:
            served.executor.answering.set()
        return await describe(describer, spec)

    monkeypatch.setattr(Describer, "describe", counted)
    served.executor.answering.clear()
    async with served.browser() as browser:
        answers = await asyncio.gather(
            *(browser.post("/api/describe", json=SMALL) for _ in range(5))
        )
        assert {answer.status_code for answer in answers} == {200}
        assert served.executor.described == 1
        assert len({answer.text for answer in answers}) == 1
        await browser.post("/api/describe", json={**SMALL, "seed": 1})
        assert served.executor.described == 2


@pytest.mark.parametrize(
    ("data", "measured", "kept"),
    [("digits", True, True), ("digits", False, False), ("mnist", True, False)],
)
async def test_only_a_description_that_stays_true_is_kept(
    served: Served, data: str, measured: bool, kept: bool
) -> None:
    if measured:
        served.executor.measured = {"loss": 2.3, "error": 0.9, "measures": {}}
    async with served.browser() as browser:
        for _ in range(3):
            answer = await browser.post("/api/describe", json={**SMALL, "data": data})
            assert answer.status_code == 200, answer.text
    assert served.executor.described == (1 if kept else 3)


async def test_a_network_that_does_not_fit_is_refused_by_name(browser: httpx.AsyncClient) -> None:
    spec = {"net": {"family": "mlp", "depth": 4, "width": 1000}}
    answer = await browser.post("/api/describe", json=spec)
    assert answer.status_code == 422
    assert json.loads(answer.text)["problems"][0]["field"] == "net.width"
