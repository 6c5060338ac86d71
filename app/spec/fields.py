"""Every setting of a configuration as one flat list: what form, link and command line are made of.

A setting's path is dotted. Where a choice has parameters, its own path holds its name, and theirs
lie below it: ``optimizer`` is ``"sgd"``, ``optimizer.lr`` its learning rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types as bounds
from pydantic.fields import FieldInfo

from app.data import images
from app.data.registry import DATASETS
from app.spec.changes import STRENGTH, STRENGTH_PATH
from app.spec.data import Data
from app.spec.model import Model
from app.spec.optimizer import OPTIMIZERS
from app.spec.run import Evaluate, RunSpec
from models.branches import BRANCHES
from models.families import FAMILIES, FAMILY
from models.registry import Parameter, parameters
from models.skips import ADDING

Kind = Literal["integer", "number", "boolean", "choice", "value", "list", "json"]
When = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting: its path, what it takes, and what people are told of it.

    A ``value`` is a number where it looks like one, else a name.

    ``minimum`` and ``maximum`` are allowed themselves unless ``above`` or ``below``; a whole
    number's values lie ``step`` apart. ``choices`` are a choice's names (a text of the form
    ``pattern`` is one, too), ``entries`` the list in which the catalogue tells of them. ``each`` is
    what a list holds, from ``minimum`` to ``maximum`` of them. ``when``: it exists only where each
    of these other settings has one of these names. ``live``: it can be changed while a network
    trains.
    """

    path: str
    kind: Kind
    default: Any
    title: str
    help: str = ""
    unit: str = ""
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: bool = False
    below: bool = False
    step: int = 1
    choices: tuple[str, ...] = ()
    pattern: str = ""
    entries: str = ""
    each: Field | None = None
    when: When = field(default_factory=dict)
    live: bool = False

    @property
    def allowed(self) -> str:
        """What it takes, in words; empty where its kind says all."""
        if self.each:
            return self.each.allowed
        if self.choices:
            other = ", or folder:NAME" if self.pattern else ""
            return ", ".join(self.choices) + other
        if self.minimum is None or self.maximum is None:
            return ""
        if not (self.above or self.below):
            return f"{self.minimum:,} to {self.maximum:,}"
        low = "more than" if self.above else "at least"
        high = "less than" if self.below else "at most"
        return f"{low} {self.minimum:,}, {high} {self.maximum:,}"


@cache
def run_fields() -> tuple[Field, ...]:
    """The settings of a RunSpec, but for its version."""
    return tuple(_run_fields())


@cache
def live_fields() -> tuple[Field, ...]:
    """What can be changed while a network trains, see ``app.spec.changes``.

    A strength, which is no setting of a RunSpec, comes after those that are.
    """
    strength = _of(STRENGTH_PATH, 1.0, STRENGTH, {"net.skip": ADDING})
    return (*(field for field in run_fields() if field.live), *strength)


def _run_fields() -> Iterator[Field]:
    for name, info in RunSpec.model_fields.items():
        match name:
            case "version":
                continue
            case "net":
                yield from _net()
            case "data":
                yield from _data()
            case "optimizer":
                yield from _optimizers()
            case "evaluate":
                yield from leaves(Evaluate, "evaluate.")
            case _:
                yield leaf(name, info)


def _net() -> Iterator[Field]:
    yield Field(
        path="net.family",
        kind="choice",
        default=FAMILY,
        title="Architecture",
        choices=tuple(FAMILIES),
        entries="families",
    )
    settings: dict[str, dict[str, tuple[Any, Parameter]]] = {}
    for family in FAMILIES.values():
        for name, default, parameter in parameters(family.spec):
            settings.setdefault(name, {})[family.name] = (default, parameter)
    for name, owners in settings.items():
        default, parameter = next(iter(owners.values()))
        when = {} if len(owners) == len(FAMILIES) else {"net.family": tuple(owners)}
        path = f"net.{name}"
        if name == "depth":
            yield from _depths(path, default, parameter)
        else:
            yield from _of(path, default, parameter, when)


def _depths(path: str, default: int, parameter: Parameter) -> Iterator[Field]:
    """A depth that counts whole blocks: a range for each family and length of branch."""
    for family in FAMILIES.values():
        lengths: dict[int, list[str]] = {}
        for branch in BRANCHES.values():
            if family.offers(branch):
                lengths.setdefault(branch.layers, []).append(branch.name)
        for branches in lengths.values():
            depths = family.depths(branches[0])
            (whole,) = _of(path, default, parameter, {"net.family": (family.name,)})
            when = {"net.branch": tuple(branches)} if len(lengths) > 1 else {}
            yield replace(
                whole,
                minimum=depths[0],
                maximum=depths[-1],
                step=depths.step,
                when={**whole.when, **when},
            )


def _of(path: str, default: Any, parameter: Parameter, when: When) -> Iterator[Field]:
    about: dict[str, Any] = {
        "path": path,
        "title": parameter.title,
        "help": parameter.help,
        "unit": parameter.unit,
        "live": parameter.live,
        "when": when,
    }
    match parameter.kind:
        case "choice":
            entries = parameter.registry or {}
            yield Field(
                kind="choice",
                default=default.name,
                choices=tuple(entries),
                entries=parameter.entries,
                **about,
            )
            owners: list[tuple[tuple[str, Any, Parameter], list[str]]] = []
            for entry in entries.values():  # what several have alike is one setting
                for inner in parameters(entry.parameters):
                    alike = next((names for one, names in owners if one == inner), None)
                    if alike is None:
                        owners.append((inner, alike := []))
                    alike.append(entry.name)
            for (name, usual, what), names in owners:
                yield from _of(f"{path}.{name}", usual, what, {**when, path: tuple(names)})
        case "name":
            yield Field(kind="choice", default=default, choices=parameter.names, **about)
        case kind:
            yield Field(
                kind=kind,
                default=default,
                minimum=parameter.minimum,
                maximum=parameter.maximum,
                above=parameter.above,
                nullable=parameter.nullable,
                **about,
            )


def _data() -> Iterator[Field]:
    yield Field(
        path="data",
        kind="choice",
        default=Data().name,
        title="Data",
        choices=tuple(DATASETS),
        pattern=f"^{images.NAME.pattern}$",
        entries="data",
    )
    yield from leaves(Data, "data.")


def _optimizers() -> Iterator[Field]:
    yield Field(
        path="optimizer",
        kind="choice",
        default=next(iter(OPTIMIZERS)),
        title="Optimiser",
        choices=tuple(OPTIMIZERS),
        entries="optimizers",
    )
    for name, optimizer in OPTIMIZERS.items():
        for one in leaves(optimizer, "optimizer."):
            yield replace(one, when={"optimizer": (name,)})


def leaves(
    model: type[Model], prefix: str = "", but: tuple[str, ...] = ("name",)
) -> Iterator[Field]:
    """The settings of a model that holds none with settings of their own."""
    for name, info in model.model_fields.items():
        if name not in but:
            yield leaf(prefix + name, info)


def leaf(path: str, info: FieldInfo) -> Field:
    """One setting, as pydantic describes it."""
    default = list(info.default) if isinstance(info.default, tuple) else info.default
    return _leaf(
        path,
        info.annotation,
        [*info.metadata],
        default=default,
        title=info.title or path,
        help=info.description or "",
        **_extra(info),
    )


def _extra(info: FieldInfo) -> dict[str, Any]:
    """The catalogue's list that tells of the choices, their names where their type does not, and
    whether it can be changed while a network trains."""
    extra = info.json_schema_extra
    if not isinstance(extra, dict):
        return {}
    known: dict[str, Any] = {key: extra[key] for key in ("entries", "live") if key in extra}
    names = extra.get("enum")
    return {"choices": tuple(names), **known} if isinstance(names, list) else known


def _leaf(path: str, kind: Any, metadata: list[Any], **about: Any) -> Field:
    while get_origin(kind) is not None and hasattr(kind, "__metadata__"):
        metadata += kind.__metadata__
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        inner = [one for one in get_args(kind) if one is not NoneType]
        about["nullable"] = len(inner) < len(get_args(kind))
        kind = inner[0] if len(inner) == 1 else Any
    for one in metadata:
        match one:
            case FieldInfo():
                metadata.extend(one.metadata)
                about |= _extra(one)
            case bounds.Ge():
                about["minimum"] = one.ge
            case bounds.Gt():
                about |= {"minimum": one.gt, "above": True}
            case bounds.Le():
                about["maximum"] = one.le
            case bounds.Lt():
                about |= {"maximum": one.lt, "below": True}
            case bounds.MinLen():
                about["minimum"] = one.min_length
            case bounds.MaxLen():
                about["maximum"] = one.max_length
    if get_origin(kind) is Literal:
        return Field(path=path, kind="choice", choices=get_args(kind), **about)
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]
        if isinstance(item, type) and issubclass(item, Model):
            return Field(path=path, kind="json", **about)
        each = _leaf("", item, [], default=None, title="")
        return Field(path=path, kind="list", each=each, **about)
    simple: dict[Any, Kind] = {int: "integer", float: "number", bool: "boolean", str: "choice"}
    return Field(path=path, kind=simple.get(kind, "value"), **about)
