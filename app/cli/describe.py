"""``depthscope describe``: what a network is made of, before it is trained."""

from __future__ import annotations

import json as jsonlib
import sys
from typing import Annotated, Any

import typer

from app.cli.configuration import with_options
from app.cli.problems import Usage
from app.spec import RunSpec
from app.validation import BadField


@with_options()
def describe(
    spec: RunSpec,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show a network's layers, parameters, memory and gradients at step 0; trains nothing."""
    from app.training.describe import describe as measure

    try:
        description = measure(spec)
    except BadField as error:
        raise Usage([str(error)]) from error
    if json:
        typer.echo(jsonlib.dumps(description))
    else:
        _show(description)


def _show(description: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from app.cli.report import name_of

    flows = _flows(description)
    table = Table(box=None, pad_edge=False)
    for heading in ("layer", "kind", "shape", "parameters", "gradient flow at step 0"):
        table.add_column(heading, justify="left" if heading in ("layer", "kind") else "right")
    last_of = {layer["block"]: layer["name"] for layer in description["layers"]}
    for layer in (*description["layers"], *description["other_layers"]):
        is_last = last_of.get(layer["block"]) == layer["name"]
        table.add_row(
            layer["name"],
            layer["kind"],
            "x".join(map(str, layer["shape"])),
            f"{layer['params']:,}",
            flows.get(layer["block"], "") if is_last else "",
        )
    console = Console(file=sys.stdout)
    console.print(table)
    spec = RunSpec.model_validate_json(jsonlib.dumps(description["spec"]))
    needed, free = (description["memory"][key] / 2**20 for key in ("needed", "available"))
    console.print(
        f"{name_of(spec)}: {description['params']:,} parameters; "
        f"needs about {needed:,.0f} of {free:,.0f} MiB free; "
        f"{description['steps_per_epoch']} steps an epoch; {description['device']}",
        soft_wrap=True,
        highlight=False,
    )


def _flows(description: dict[str, Any]) -> dict[str, str]:
    """The gradient flow by point, in words; empty where step 0 was not measured."""
    measured = description["measured"] or {"measures": {}}
    too_small = measured.get("underflowed", {}).get("flow", ())
    names = (point["name"] for point in description["points"])
    flows = measured["measures"].get("flow", ())
    return {
        name: _flow(flow, place in too_small)
        for place, (name, flow) in enumerate(zip(names, flows, strict=False))
    }


def _flow(value: float | None, too_small: bool) -> str:
    if value is None:
        return "not finite"
    if value == 0:
        return "too small for float32 (below 1e-45)" if too_small else "exactly 0"
    return f"{value:.2e}"
