"""Where the files of the front end are, in a source checkout or an installed package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder ``static`` or ``templates``: the checkout's, or the one inside the package."""
    places = [HERE.parent / name, HERE / "_assets" / name]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the folder {name} is in none of {', '.join(map(str, places))}")


def plotly() -> Path:
    """Plotly's JavaScript, in the installed Python package."""
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def templates() -> Environment:
    """The templates of all pages; what stands in them is escaped, what they lack is an error."""
    # Not above: who only reads words needs no templates.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder("templates")), autoescape=True, undefined=StrictUndefined
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "separators": (",", ":")}
    return environment
