"""``depthscope describe``: what a network is made of, before it is trained."""

from __future__ import annotations

import json as jsonlib
import sys
from typing import Annotated, Any

import typer

from app.cli.configuration import with_options
from app.cli.problems import Usage
from app.mistakes import BadField
from app.spec import RunSpec


@with_options()
def describe(
    spec: RunSpec,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show a network's layers, parameters, memory and gradients at step 0; trains nothing."""
    import torch

    from app.training.describe import describe as measure

    torch.set_num_threads(1)
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

    measured = description["measured"] or {}
    flows = dict(
        zip(
            (point["name"] for point in description["points"]),
            measured.get("flow_norm", ()),
            strict=False,  # empty where step 0 was not measured
        )
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("layer", "kind", "shape", "parameters", "gradient flow at step 0"):
        table.add_column(heading, justify="left" if heading in ("layer", "kind") else "right")
    last_of = {layer["block"]: layer["name"] for layer in description["layers"]}
    for layer in (*description["layers"], *description["projections"]):
        is_last = last_of.get(layer["block"]) == layer["name"]
        flow = flows.get(layer["block"]) if is_last else None
        table.add_row(
            layer["name"],
            layer["kind"],
            "x".join(map(str, layer["shape"])),
            f"{layer['params']:,}",
            "" if flow is None else f"{flow:.2e}",
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
