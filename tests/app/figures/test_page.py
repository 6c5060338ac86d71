"""The page of a sweep."""

from __future__ import annotations

import json
import re
from typing import Any

from app.figures.page import page
from tests.app.figures.events import run_view, spec


def test_a_run_that_diverged_is_marked_on_the_page_of_a_sweep() -> None:
    runs = [run_view(f"a{n}", spec("none")) for n in range(2)]
    lost = {"step": 2, "evaluated": 0, "diverged": True}
    runs[1]["result"] |= {**lost, "became": "infinite"}
    view: dict[str, Any] = {"id": "cccccccccc", "study": "depth", "runs": runs}
    view["created"] = runs[0]["created"]
    view["spec"] = {"study": "depth", "base": runs[0]["spec"], "depths": [4]}
    html = page(view, runs, {}).decode()
    assert "<td>Finished: the loss became infinite at step 2</td>" in html
    found = re.search(r'id="figures">(.*?)</script>', html)
    assert found
    figure = json.loads(found[1])[0]["figure"]
    drawn = [[data[0] for data in t["customdata"]] for t in figure["data"] if "customdata" in t]
    assert drawn == [["a0"], ["a1"]]
