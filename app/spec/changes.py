"""What can be changed while a network trains, and changes by their steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import annotated_types as bounds
from pydantic import Field
from pydantic.fields import FieldInfo

from app.spec.model import Model
from app.spec.net import blocks
from app.spec.optimizer import Adam, Sgd
from app.validation import BadField
from models.registry import BadNet, Parameter, parameters
from models.skips import ADDING
from models.spec import NetSpec

MAX_STEPS = 100_000
STRENGTH_PATH = "net.skip.strength"
STRENGTH = Parameter(
    kind="number",
    title="Strength of the shortcuts",
    help="What each shortcut gives is multiplied by this: 1 as it is, 0 not at all.",
    minimum=0,
    maximum=1,
    live=True,
)

Values = Mapping[str, float]


class Change(Model):
    """From step ``step`` on (steps count from 1), these settings have these values.

    A setting is one that the catalogue lists as ``live``: ``optimizer.lr``, ``net.skip.shortcut``;
    or ``net.skip.strength`` of all shortcuts, ``net.skip.strength.block3`` of one.
    """

    step: int = Field(ge=1, le=MAX_STEPS)
    set: dict[str, float] = Field(min_length=1)


def changeable(net: NetSpec, optimizer: Sgd | Adam) -> dict[str, Parameter]:
    """What can be changed of such a run, by path, and what each takes."""
    found = {
        f"optimizer.{name}": _number(info)
        for name, info in type(optimizer).model_fields.items()
        if isinstance(info.json_schema_extra, dict) and info.json_schema_extra.get("live")
    }
    for choice, _, parameter in parameters(type(net)):
        if parameter.kind == "choice":
            for name, _, what in parameters(type(getattr(net, choice))):
                if what.live:
                    found[f"net.{choice}.{name}"] = what
    if net.skip.name in ADDING:
        found[STRENGTH_PATH] = STRENGTH
        found |= {f"{STRENGTH_PATH}.block{n}": STRENGTH for n in range(1, blocks(net) + 1)}
    return found


def _number(info: FieldInfo) -> Parameter:
    """What a setting takes that pydantic describes."""
    limits: dict[str, Any] = {}
    for one in info.metadata:
        match one:
            case bounds.Ge():
                limits["minimum"] = one.ge
            case bounds.Gt():
                limits |= {"minimum": one.gt, "above": True}
            case bounds.Le():
                limits["maximum"] = one.le
    return Parameter(kind="number", title=info.title or "", **limits)


def check_values(values: Values, net: NetSpec, optimizer: Sgd | Adam, field: str) -> None:
    """See that each of these values can be set; ``field`` is what holds them.

    Raises:
        BadField: one can't be changed here, or is out of its range.
    """
    known = changeable(net, optimizer)
    for path, value in values.items():
        place = f"{field}.{path}"
        if path not in known:
            raise BadField(place, *_unchangeable(path, net, known))
        try:
            # A setting that may be left open can't be left so by a change: that takes a number.
            known[path].read(place, value)
        except BadNet as error:
            raise BadField(place, error.problem, error.allowed) from None


def _unchangeable(path: str, net: NetSpec, known: Mapping[str, Parameter]) -> tuple[str, str]:
    """Why it can't be changed, and what can."""
    if f"{path}.".startswith(f"{STRENGTH_PATH}."):
        if net.skip.name not in ADDING:
            return (
                f"has no meaning with the skip {net.skip.name}, which adds no shortcut to a branch",
                f"allowed with the skips {', '.join(ADDING)}",
            )
        allowed = f"{STRENGTH_PATH}, or {STRENGTH_PATH}.block1 to .block{blocks(net)} of one block"
        return "names no block of this network", f"allowed: {allowed}"
    block = f"{STRENGTH_PATH}.block"
    others = ", ".join(one for one in known if not one.startswith(block))
    of_one = f", or {block}1 and so on of one block" if STRENGTH_PATH in known else ""
    return "can't be changed while it trains", f"allowed: {others}{of_one}"


def fitting(values: Values, net: NetSpec, optimizer: Sgd | Adam) -> dict[str, float]:
    """Those of the values that such a network or its optimizer has a setting for."""
    known = changeable(net, optimizer)
    return {path: value for path, value in values.items() if path in known}


def changed(changes: Sequence[Change], step: int, values: Values) -> tuple[Change, ...]:
    """The changes with these values from ``step`` on; of two at one step the last counts."""
    sets = {change.step: change.set for change in changes}
    kept = {path: value for path, value in sets.get(step, {}).items() if not _covered(path, values)}
    sets[step] = {**kept, **values}
    return tuple(Change(step=at, set=sets[at]) for at in sorted(sets))


def _covered(path: str, values: Values) -> bool:
    """Whether the values say the same anew, of one block or of all."""
    return path in values or (path.startswith(f"{STRENGTH_PATH}.") and STRENGTH_PATH in values)


def in_order(values: Values) -> list[tuple[str, float]]:
    """The values as they are set one after another: of all blocks before that of one."""
    return sorted(values.items(), key=lambda item: item[0].count("."))
