"""A run's trained network, over HTTP."""

from __future__ import annotations

import httpx

from tests.app.web.conftest import SMALL, Served
from tests.app.web.test_runs_api import ended


async def kept(served: Served, browser: httpx.AsyncClient, content: bytes = b"weights") -> str:
    """A run that has ended, and what its worker would have kept of it."""
    run: str = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    await ended(browser, run)
    folder = served.context.settings.networks_folder
    folder.mkdir(exist_ok=True)
    (folder / f"{run}.safetensors").write_bytes(content)
    return run


async def test_a_network_is_an_attachment_and_its_size_is_told(
    served: Served, browser: httpx.AsyncClient
) -> None:
    run = await kept(served, browser)
    answer = await browser.get(f"/api/runs/{run}/network")
    assert (answer.status_code, answer.content) == (200, b"weights")
    assert answer.headers["content-type"] == "application/octet-stream"
    name = f"depthscope-{run}.safetensors"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert (await browser.get(f"/api/runs/{run}")).json()["network"] == 7
    assert [one["network"] for one in (await browser.get("/api/runs")).json()["items"]] == [7]


async def test_a_network_goes_with_its_run(served: Served, browser: httpx.AsyncClient) -> None:
    run = await kept(served, browser)
    assert (await browser.delete(f"/api/runs/{run}")).status_code == 204
    assert (await browser.get(f"/api/runs/{run}/network")).status_code == 404
    assert list(served.context.settings.networks_folder.iterdir()) == []


async def test_a_network_goes_with_its_study(served: Served, browser: httpx.AsyncClient) -> None:
    study = (await browser.post("/api/studies", json={"study": "twins", "base": SMALL})).json()
    folder = served.context.settings.networks_folder
    folder.mkdir(exist_ok=True)
    for run in study["runs"]:
        await ended(browser, run["id"])
        (folder / f"{run['id']}.safetensors").write_bytes(b"weights")
    assert (await browser.delete(f"/api/studies/{study['id']}")).status_code == 204
    assert list(folder.iterdir()) == []


async def test_where_there_is_no_network_it_says_why(browser: httpx.AsyncClient) -> None:
    gone = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    await ended(browser, gone)
    answer = await browser.get(f"/api/runs/{gone}/network")
    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        "The network of this run is not kept (any more): the newest ones are."
    )
    assert (await browser.get(f"/api/runs/{gone}")).json()["network"] is None


async def test_a_run_that_goes_on_has_no_network_yet(held: Served) -> None:
    async with held.browser() as browser:
        run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
        answer = await browser.get(f"/api/runs/{run}/network")
        assert (answer.status_code, answer.json()["detail"]) == (
            404, "This run has not ended yet: its network is kept at its end."
        )  # fmt: skip
