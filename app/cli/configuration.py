"""From options, a file or a link to a configuration."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from urllib.parse import parse_qsl, urlsplit

import typer
from pydantic import ValidationError

from app.cli.fields import BadText, Field, run_fields, study_fields
from app.cli.problems import Usage, told
from app.mistakes import problems
from app.spec import RunSpec
from app.studies.presets import PRESETS
from app.studies.spec import STUDY_SPEC, DepthSpec, SweepSpec, TwinsSpec

# Names in a link that say what is shown, not what is configured.
SHOWN = ("v", "study", "run")
PANELS = {
    "net": "Network",
    "data": "Data",
    "optimizer": "Training",
    "evaluate": "Measuring",
    "every": "Measuring",
}
EXAMPLES = {"changes": 'such as [{"step": 100, "set": {"optimizer.lr": 0.01}}]'}
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
        own_fields = study_fields(study) if study else ()
        fields = [*own_fields, *run_fields()]
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
            *(_field_option(field, _panel(field)) for field in run_fields()),
        ]
        configured.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        configured.__annotations__ = {p.name: p.annotation for p in parameters}
        return configured

    return decorate


def _option(parameter: Parameter, annotation: Any) -> Parameter:
    return parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=annotation)


def _panel(field: Field) -> str:
    return PANELS.get(field.path.split(".")[0], "Training")


def _field_option(field: Field, panel: str) -> Parameter:
    default = f"default: {_shown(field.default)}" if field.default not in (None, []) else ""
    option = typer.Option(
        field.option,
        help="; ".join(part for part in (EXAMPLES.get(field.path, field.allowed), default) if part),
        rich_help_panel=panel,
        show_default=False,
        metavar={"list": "A,B,...", "json": "JSON"}.get(field.kind),
    )
    return Parameter(
        field.parameter,
        Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[field.type | None, option],
    )


def _shown(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def configure(
    source: str | None, chosen: dict[str, Any], study: str | None
) -> RunSpec | TwinsSpec | DepthSpec | SweepSpec:
    """The configuration of ``source`` (None: the defaults) with the chosen values put in.

    Raises:
        Usage: names the field, what is wrong with it and what is allowed.
    """
    fields = {field.path: field for field in (*run_fields(), *study_fields(study or "twins"))}
    try:
        config = _read(source, study) if source else {}
        own = [field.path for field in study_fields(study)] if study else []
        for path, value in chosen.items():
            field = fields[path]
            read = field.value(value) if isinstance(value, str) else value
            put(config, path if path in own or not study else f"base.{path}", read)
        text = json.dumps({**config, **({"study": study} if study else {})})
        return STUDY_SPEC.validate_json(text) if study else RunSpec.model_validate_json(text)
    except BadText as error:
        raise Usage([str(error)]) from error
    except ValidationError as error:
        raise Usage(
            f"{p['field']}: {p['problem']}; {p['allowed']}" for p in problems(error)
        ) from None


def put(config: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a dotted path; another choice's parameters go when the choice changes."""
    *parents, leaf = path.split(".")
    inner = config
    for parent in parents:
        found = inner.get(parent) or _default_choices().get(parent) or {}
        # a bare name stands for the choice with its defaults
        inner[parent] = {"name": found} if isinstance(found, str) else found
        inner = inner[parent]
    if leaf == "name" and inner.get("name", value) != value:
        inner.clear()
    inner[leaf] = value


def _default_choices() -> dict[str, str]:
    """What is chosen where nothing was said: by the choice's name, the default's."""
    choices = (field for field in run_fields() if field.path.endswith(".name"))
    return {field.path.split(".")[-2]: field.default for field in choices}


def _read(source: str, study: str | None) -> dict[str, Any]:
    if source == "-":
        return _from_json(sys.stdin.read(), "standard input", study)
    if Path(source).is_file():
        return _from_json(Path(source).read_text(encoding="utf-8"), source, study)
    for preset in PRESETS:
        if source == preset.name:
            return _from_json(preset.spec.model_dump_json(), source, study)
    query = urlsplit(source).query or source.lstrip("?")
    if "=" not in query:
        allowed = ", ".join(preset.name for preset in PRESETS)
        raise Usage(
            [f"{SOURCE}: is no file; allowed: a file, -, a page's link, or a preset: {allowed}"]
        )
    return _from_link(parse_qsl(query, keep_blank_values=True), study)


def _from_json(text: str, name: str, study: str | None) -> dict[str, Any]:
    try:
        config = json.loads(text)
    except ValueError as error:
        raise Usage([f"{SOURCE}: {name} is not JSON ({error})"]) from error
    if not isinstance(config, dict):
        raise Usage([f"{SOURCE}: {name} holds no JSON object"])
    is_study = "base" in config
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
    run, own = _by_link(run_fields()), _by_link(study_fields(study) if study else ())
    # A link to the Lab trains as one run too: that of its own skip.
    ignored = {*SHOWN, *(() if study else _by_link(study_fields("twins")))}
    asked = [(name, text) for name, text in query if name not in ignored]
    if unknown := [name for name, _ in asked if name not in {**run, **own}]:
        allowed = ", ".join({**own, **run})
        raise Usage(f"{name}: is not a known field; allowed: {allowed}" for name in unknown)
    config: dict[str, Any] = {}
    for name, text in asked:
        if name in own:
            put(config, name, own[name].value(text))
    # A choice comes before its parameters, in whatever order the link has them.
    chosen = [(run[name], text) for name, text in asked if name not in own]
    for field, text in sorted(chosen, key=lambda pair: not pair[0].path.endswith(".name")):
        put(config, f"base.{field.path}" if study else field.path, field.value(text))
    return config


def _by_link(fields: Sequence[Field]) -> dict[str, Field]:
    named = {field.path.removesuffix(".name"): field for field in fields}
    return {**named, **{field.path: field for field in fields}}
