"""From options, a file or a link to a configuration."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from urllib.parse import parse_qsl, urlsplit

import typer
from pydantic import ValidationError

from app.cli.options import BadText, Option, run_options, study_options
from app.cli.problems import Usage, told
from app.cli.text import is_file, standard_input, text_of
from app.data.errors import sayable
from app.spec import RunSpec
from app.spec.upgrade import VERSION
from app.spec.values import put, shallow
from app.studies.presets import PRESETS
from app.studies.spec import STUDY_SPEC, DepthSpec, SweepSpec, TwinsSpec
from app.validation import problems
from models.registry import nearest

# Names in a link that say what is shown, not what is configured.
SHOWN = ("v", "study", "run", "scale")
# What settings were called in version 1; what has no name any more changed nothing.
FIRST = {"data.name": "data", "optimizer.name": "optimizer", "net.block": ""}
PANELS = {
    "net": "Network",
    "data": "Data",
    "optimizer": "Training",
    "evaluate": "Measuring",
    "every": "Measuring",
    "measures": "Measuring",
}
SOURCE = "--spec"

Spec = Annotated[
    str | None,
    typer.Option(
        SOURCE,
        metavar="FILE|-|LINK|PRESET",
        help="Start from this: a JSON file, JSON on standard input (-), a page's link, or a preset "
        f"({', '.join(preset.name for preset in PRESETS)}).",
    ),
]


def with_options(study: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for every field of a RunSpec, and of a study where one is named.

    The command gets the configuration made of them as its first argument.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own_fields = study_options(study) if study else ()
        fields = [*own_fields, *run_options()]
        hints = get_type_hints(command, include_extras=True)
        own = list(signature(command).parameters.values())[1:]

        @wraps(command)
        def configured(*, spec: str | None, **given: Any) -> None:
            values = {f.path: given.pop(f.parameter) for f in fields}
            chosen = {path: value for path, value in values.items() if value is not None}
            with told():
                command(configure(spec, chosen, study), **given)

        parameters = [
            _option(Parameter("spec", Parameter.KEYWORD_ONLY, default=None), Spec),
            *(_option(parameter, hints[parameter.name]) for parameter in own),
            *(_field_option(field, "Study") for field in own_fields),
            *(_field_option(field, _panel(field)) for field in run_options()),
        ]
        configured.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        configured.__annotations__ = {p.name: p.annotation for p in parameters}
        return configured

    return decorate


def _option(parameter: Parameter, annotation: Any) -> Parameter:
    return parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=annotation)


def _panel(field: Option) -> str:
    return PANELS.get(field.path.split(".")[0], "Training")


def _field_option(field: Option, panel: str) -> Parameter:
    option = typer.Option(
        field.option,
        help=field.help,
        rich_help_panel=panel,
        show_default=False,
        metavar=field.metavar,
    )
    return Parameter(
        field.parameter,
        Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[field.type | None, option],
    )


def configure(
    source: str | None, chosen: dict[str, Any], study: str | None
) -> RunSpec | TwinsSpec | DepthSpec | SweepSpec:
    """The configuration of ``source`` (None: the defaults) with the chosen values put in.

    Raises:
        Usage: names the field, what is wrong with it and what is allowed.
    """
    fields = {field.path: field for field in (*run_options(), *study_options(study or "twins"))}
    try:
        config = _read(source, study) if source else {}
        own = [field.path for field in study_options(study)] if study else []
        base = config.setdefault("base", {}) if study else config
        if not source:
            put(base, "version", VERSION)
        for path in sorted(chosen, key=shallow):
            read = fields[path].value(value) if isinstance(value := chosen[path], str) else value
            put(config if path in own else base, path, read)
        full = {**config, **({"study": study} if study else {})}
        text = sayable(json.dumps(full, ensure_ascii=False))  # an option may be no UTF-8
        return STUDY_SPEC.validate_json(text) if study else RunSpec.model_validate_json(text)
    except BadText as error:
        raise Usage([str(error)]) from error
    except ValidationError as error:
        found = problems(error, list(fields))
        raise Usage(f"{p['field']}: {p['problem']}; {p['allowed']}" for p in found) from None


def _read(source: str, study: str | None) -> dict[str, Any]:
    if source == "-":
        return _from_json(standard_input(), "standard input", study)
    if is_file(source):
        return _from_json(text_of(Path(source)), source, study)
    for preset in PRESETS:
        if source == preset.name:
            return _from_json(preset.spec.model_dump_json(), source, study)
    query = urlsplit(source).query or source.lstrip("?")
    if "=" not in query:
        allowed = ", ".join(preset.name for preset in PRESETS)
        raise Usage(
            [f"{SOURCE}: no such file; allowed: a file, -, a page's link, or a preset: {allowed}"]
        )
    return _from_link(parse_qsl(query, keep_blank_values=True), study)


def _from_json(text: str, name: str, study: str | None) -> dict[str, Any]:
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Usage([f"{SOURCE}: {name} is not JSON ({error})"]) from error
    if not isinstance(config, dict):
        raise Usage([f"{SOURCE}: {name} is not a JSON object"])
    is_study = "base" in config
    if is_study and not isinstance(config["base"], dict):
        raise Usage(["base: is not a configuration; allowed: a JSON object"])
    if study and not is_study:
        return {"base": config}
    if is_study and not study:
        base: dict[str, Any] = config["base"]
        return base
    if study and config.get("study", study) != study:
        raise Usage([f"study: {name} holds a study of another kind; allowed here: {study}"])
    return config


def _from_link(query: Iterable[tuple[str, str]], study: str | None) -> dict[str, Any]:
    """The configuration in a page's address: dotted paths that differ from the defaults."""
    query = list(query)
    version = dict(query).get("v", "1")  # links say so since version 2
    if version not in ("1", str(VERSION)):
        raise Usage([f"v: is not a known version of a link; allowed: 1, {VERSION}"])
    first = version == "1"
    run = {option.path: option for option in run_options()}
    own = {option.path: option for option in study_options(study)} if study else {}
    # A link to the Lab trains as one run too: that of its own skip.
    ignored = {*SHOWN, *(() if study else (option.path for option in study_options("twins")))}
    asked = [(name, text) for name, text in query if name not in ignored]
    if first:
        asked = [(path, text) for name, text in asked if (path := FIRST.get(name, name))]
    if unknown := [name for name, _ in asked if name not in {**own, **run}]:
        names = [*own, *run]
        raise Usage(
            f"{name}: is not a known field; allowed: {', '.join(names)}{nearest(name, names)}"
            for name in unknown
        )
    config: dict[str, Any] = {}
    base = config.setdefault("base", {}) if study else config
    base["version"] = 1 if first else VERSION
    # A choice comes before its parameters, in whatever order the link has them.
    for name, text in sorted(asked, key=lambda pair: shallow(pair[0])):
        put(config if name in own else base, name, {**run, **own}[name].value(text))
    return config
