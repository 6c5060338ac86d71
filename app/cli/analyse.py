"""``depthscope analyse``: questions to a trained network, here and now."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError

from app.analyses import ANALYSES, Analysis
from app.cli.problems import Usage, told
from app.events import Evaluated, Event, Finding, Started, encode
from app.validation import problems
from models.registry import Parameter as Takes
from models.registry import parameters

RUN = "analyse"  # what the analysis is called in its events
NOBODY = "a" * 10  # a file has no id

analyse = typer.Typer(
    no_args_is_help=True, help="Ask a question of a trained network that was kept."
)

Network = Annotated[
    str,
    typer.Argument(
        metavar="ID|FILE",
        help="A run's id in the data folder, or a network's file (safetensors).",
    ),
]
Data = Annotated[
    Path | None, typer.Option("--data", help="The server's data folder; the server may be running.")
]
Json = Annotated[bool, typer.Option("--json", help="Print every event as a line of JSON.")]


def command_of(entry: Analysis) -> Callable[..., None]:
    """The command of an analysis, with an option for each of its parameters."""
    known = list(parameters(entry.parameters))

    def command(**given: Any) -> None:
        settings = {name: given[name] for name, _, _ in known}
        with told():
            _run(entry.name, given["network"], given["data"], settings, json=given["json"])

    options = [_option(*one) for one in known]
    keyword = Parameter.KEYWORD_ONLY
    all_of_it = [
        Parameter("network", keyword, annotation=Network),
        *options,
        Parameter("data", keyword, default=None, annotation=Data),
        Parameter("json", keyword, default=False, annotation=Json),
    ]
    command.__signature__ = Signature(all_of_it)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in all_of_it}
    command.__doc__ = entry.summary
    return command


def _option(name: str, default: Any, takes: Takes) -> Parameter:
    option = typer.Option(help=f"{takes.title}; {takes.allowed}.")
    annotation: Any = Annotated[str, option]
    if takes.kind == "integer":
        annotation = Annotated[int, option]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


for _entry in ANALYSES.values():
    analyse.command(_entry.name)(command_of(_entry))


def _run(
    name: str, network: str, data: Path | None, settings: dict[str, Any], *, json: bool
) -> None:
    """Say what comes of it.

    Raises:
        Usage: there is no such network, or a setting is not allowed.
    """
    from app.analyses.spec import ANALYSIS_SPEC, Asked

    path = _file(network, data)
    try:
        spec = ANALYSIS_SPEC.validate_python({"analysis": name, "of": NOBODY, **settings})
    except ValidationError as error:
        raise Usage(
            [f"--{one['field']}: {one['problem']}; {one['allowed']}" for one in problems(error)]
        ) from error
    try:
        for number, event in enumerate(filter(None, Asked(spec, path).program())):
            typer.echo(encode(RUN, number, event) if json else _line(event))
    except ValueError as error:
        raise Usage([f"{network}: {error}"]) from error


def _file(network: str, data: Path | None) -> Path:
    from app.cli.serve import settings

    if (path := Path(network)).is_file():
        return path
    folder = settings({"data": data}).networks_folder
    if (path := folder / f"{network}.safetensors").is_file():
        return path
    raise Usage([f"{network}: no such network in {folder}, and no such file"])


def _line(event: Event) -> str:
    match event:
        case Started():
            net = event.spec.net
            return f"{net.skip.name} {net.family}, {net.depth} layers, on {event.spec.data.name}"
        case Evaluated():
            return _told("intact", _values(event, "train"), _values(event, "test"))
        case Finding(absent=str(reason)):
            return f"{_what(event)}: {reason}"
        case Finding(values=dict(values)):
            told = ", ".join(f"{name} {_shown(value)}" for name, value in values.items())
            return f"{event.what}: {told}"
        case Finding():
            return _told(_what(event), event.train or {}, event.test or {})
        case _:
            return "done"


def _values(event: Evaluated, which: Literal["train", "test"]) -> dict[str, float | None]:
    error = getattr(event, f"{which}_error")
    found = {"loss": getattr(event, f"{which}_loss")}
    return found if error is None else {**found, "error": error}


def _what(event: Finding) -> str:
    return f"{event.what} {' '.join(event.blocks)}"


def _shown(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.4g}"


def _told(what: str, train: dict[str, float | None], test: dict[str, float | None]) -> str:
    """Errors where there are some, else losses."""
    said = []
    for name, values in (("training", train), ("test", test)):
        kind = "error" if "error" in values else "loss"
        value = values[kind]
        shown = f"{value:.1%}" if kind == "error" and value is not None else _shown(value)
        said.append(f"{name} {kind} {shown}")
    return f"{what}: {', '.join(said)}"
