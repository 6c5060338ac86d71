"""An empty page on which a test mounts charts, fed with runs made up here."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from playwright.sync_api import Page

from tests.app.measured import usual

Json = dict[str, Any]
PLAIN: Json = {"run": "p", "label": "plain", "skip": "none"}
RESIDUAL: Json = {"run": "r", "label": "residual", "skip": "identity"}

SWEEP: Json = {
    "measure": "train_error",
    "field": "net.depth",
    "values": [8, 20, 56],
    "chance": 0.898,
    "specs": [],
    "points": [
        {
            "run": f"run{depth}{seed}",
            "skip": "none",
            "label": "plain",
            "value": depth,
            "seed": seed,
            "standing": "finished",
            "y": y,
            "count": 1437,
        }
        for depth, ys in ((8, (0.0, 0.01)), (20, (0.03, 0.05)))
        for seed, y in enumerate(ys)
    ]
    + [
        {
            "run": "run560",
            "skip": "none",
            "label": "plain",
            "value": 56,
            "seed": 0,
            "standing": "diverged",
            "lost": "became NaN at step 7",
            "y": None,
            "count": None,
        }
    ],
}

_STAGE = """
async () => {
  const load = (name) => import(`#${name}.js`);
  const { figures } = await load("given");
  const { RunHistory } = await load("logic/history");
  const main = document.getElementById("main");
  main.replaceChildren();
  main.style.cssText = "display:block;inline-size:100%";
  // A tip of Plotly's ("double-click to zoom back out") would stay on for some seconds.
  document.querySelector(".plotly-notifier")?.remove();
  window.heard = [];
  window.histories = {};
  window.charts = {};
  window.stage = {
    load,
    history(id, spec, events) {
      const history = histories[id] ?? new RunHistory(id, spec);
      histories[id] = history;
      history.add(events);
    },
    async mount(name, options = {}, size = [640, 300]) {
      const holder = document.createElement("div");
      holder.style.cssText = `inline-size:${size[0]}px;block-size:${size[1]}px`;
      const box = document.createElement("div"); // a chart sets its own size on paper
      holder.append(box);
      main.append(holder);
      const { mount } = await load(`charts/${name}`);
      const hear = (what) => (value) => heard.push([what, value]);
      charts[name] = mount(box, figures()[name], {
        onHover: hear("hover"), onStep: hear("step"), onPoint: hear("point"), ...options,
      });
    },
    show(name, series, more = {}) {
      const all = series.map(({ run, ...rest }) => ({ ...rest, history: histories[run] }));
      charts[name].update(all, more);
    },
    drawn: (name) => {
      const { plot } = charts[name].view;
      return JSON.parse(JSON.stringify({ data: plot.data, layout: plot.layout }));
    },
  };
}
"""


class Stage:
    """Charts on a page; every call waits until what it asked for has been drawn."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.goto("/gradients")
        page.wait_for_function("() => window.Plotly")
        page.wait_for_selector("#gradients:not([data-state=loading])")

    def clear(self) -> None:
        """Take everything off the stage."""
        self.page.evaluate("Object.values(window.charts ?? {}).forEach((chart) => chart.destroy())")
        self.page.evaluate(_STAGE)
        self.page.locator("#theme-choice").select_option("light")
        self.page.mouse.move(0, 0)

    def mount(self, name: str, width: int = 640, height: int = 300, **options: Any) -> None:
        """Mount a chart; its callbacks are heard in :attr:`heard`."""
        self.page.evaluate(
            "([name, options, size]) => stage.mount(name, options, size)",
            [name, options, [width, height]],
        )

    def tell(self, run: str, spec: Json, events: list[Json]) -> None:
        """Give a run's history these events."""
        self.page.evaluate("(all) => stage.history(...all)", [run, spec, events])

    def show(self, name: str, series: list[Json], **more: Any) -> Json:
        """Update a chart and return what is then drawn; a series is {run, label, skip, ghost?}."""
        self.page.evaluate("(all) => stage.show(...all)", [name, series, more])
        return self.drawn(name)

    def update(self, name: str, data: Json) -> Json:
        """Update a chart that shows no histories and return what is then drawn."""
        self.page.evaluate("([name, data]) => charts[name].update(data)", [name, data])
        return self.drawn(name)

    def drawn(self, name: str) -> Json:
        """What a chart shows once everything asked for is drawn: ``data`` and ``layout``."""
        self.settle(name)
        drawn: Json = self.page.evaluate("(name) => stage.drawn(name)", name)
        return drawn

    def settle(self, name: str) -> None:
        """Wait until a chart has drawn its last update."""
        self.page.wait_for_function("(name) => charts[name].view.settled", arg=name)

    @property
    def heard(self) -> list[Any]:
        """What the callbacks were called with so far."""
        heard: list[Any] = self.page.evaluate("heard")
        return heard


def spec(skip: str = "none", depth: int = 8, steps: int = 40) -> Json:
    """As much of a RunSpec as charts read, in the form the server sends it."""
    net = {"family": "convnet", "depth": depth, "skip": skip, "width": 8}
    optimizer = {"name": "sgd", "lr": 0.05}
    return {"net": net, "data": "digits", "optimizer": optimizer, "steps": steps, "batch_size": 64,
            "seed": 0}  # fmt: skip


def events(
    of: Json, upto: int | None = None, *, seed: int = 0, zeros: int = 0, diverged: bool = False
) -> list[Json]:
    """What a run says up to a step: started, an evaluation every ten steps, a frame every step.

    The first ``zeros`` points have no gradient at all.
    """
    depth, steps = of["net"]["depth"], of["steps"]
    random = np.random.default_rng(seed)
    names = ["stem", *(f"block{i}" for i in range(1, (depth - 2) // 2 + 1)), "head"]
    layers = [
        "stem",
        *(f"block{i}.layer{j}" for i in range(1, (depth - 2) // 2 + 1) for j in "12"),
        "head",
    ]
    said: list[Json] = [
        {
            "type": "started",
            "spec": of,
            "points": [{"name": name, "kind": name.rstrip("0123456789")} for name in names],
            "layers": [{"name": name, "block": name.split(".")[0]} for name in layers],
            "other_layers": [],
            "measures": [one.model_dump() for one in usual(names, layers)],
            "params": 1,
            "steps_per_epoch": 22,
        }
    ]
    last = steps if upto is None else upto
    for step in range(last + 1):
        if step:
            flow = 10 ** random.uniform(-4, 0, len(names))
            flow[:zeros] = 0
            lost = diverged and step == last
            frame = {
                "type": "frame",
                "step": step,
                "loss": [None if lost else 2.3 * float(np.exp(-step / 20))],
                "error": [int(random.integers(0, 65)) / 64],
                "measures": {
                    "flow": flow.tolist(),
                    "weight_grad": (10 ** random.uniform(-3, 0, len(layers))).tolist(),
                    "update_ratio": (10 ** random.uniform(-4, -2, len(layers))).tolist(),
                },
                "lr": 0.05,
                "time": step / 100,
            }
            said.append(frame)
        if step % 10 == 0:
            error = int(1437 * 0.9 * np.exp(-step / 20)) / 1437
            evaluated = {"train_error": error, "train_loss": 2 * error + 0.01, "count": 1437}
            evaluated |= {"test_error": 0.5, "test_loss": 1.0, "test_count": 360}
            said.append({"type": "evaluated", "step": step, **evaluated})
    if upto is None or diverged:
        ending = {"diverged": True, "became": "nan"} if diverged else {"diverged": False}
        said.append({"type": "finished", "step": last, **ending})
    return json.loads(json.dumps([{**event, "seq": i} for i, event in enumerate(said)]))  # type: ignore[no-any-return]
