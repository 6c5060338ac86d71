"""Every setting of a configuration as an option."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from app.spec.fields import Field, Kind, run_fields
from app.studies.fields import study_fields

TYPES: dict[Kind, type] = {"integer": int, "number": float, "boolean": bool}
EXAMPLES = {"changes": 'such as [{"step": 100, "set": {"optimizer.lr": 0.01}}]'}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


class BadText(ValueError):
    """A text that stands for no value of its field."""

    def __init__(self, field: str, kind: str) -> None:
        super().__init__(f"{field}: is not {kind}")


@dataclass(frozen=True, slots=True)
class Option:
    """The option that sets a setting, or several that share a path: those of different choices."""

    fields: tuple[Field, ...]

    @property
    def field(self) -> Field:
        """The first of its settings; the others are of its kind."""
        return self.fields[0]

    @property
    def path(self) -> str:
        """The setting's dotted path."""
        return self.field.path

    @property
    def parameter(self) -> str:
        """A name for it in Python: ``net_depth``."""
        return self.path.replace(".", "_")

    @property
    def option(self) -> str:
        """What it is called on the command line: ``--depth``, ``--evaluate-every``."""
        parts = self.path.split(".")
        if parts[0] == "net":
            short = "-".join(parts[1:])
        elif parts[0] == "evaluate" or parts[-1] == "limit":
            short = "-".join(parts)
        else:
            short = parts[-1]
        flag = f"--{short.replace('_', '-')}"
        return f"{flag}/--no-{flag[2:]}" if self.field.kind == "boolean" else flag

    @property
    def type(self) -> type:
        """What the option's value is read as; names, lists, JSON and null are read from text."""
        return str if self.nullable else TYPES.get(self.field.kind, str)

    @property
    def metavar(self) -> str | None:
        """What stands for its value in the help; None: the type's own name."""
        if self.nullable:
            return f"<{TYPES[self.field.kind].__name__}|null>"
        return {"list": "A,B,...", "json": "JSON"}.get(self.field.kind)

    @property
    def nullable(self) -> bool:
        """Whether one of its settings may be null: left to what else there is."""
        return any(one.nullable for one in self.fields)

    @property
    def help(self) -> str:
        """What it is, which choices have it, what it takes, and its default."""
        field, usual = self.field, self._usual
        takes = " ".join(filter(None, (EXAMPLES.get(self.path, self._widest), field.unit)))
        about = f"{field.title}{self._having}" + (f": {takes}" if takes else "")
        if field.help and all(other.help == field.help for other in self.fields):
            return f"{about}. {field.help}" + (f" Default: {usual}." if usual else "")
        return about + (f"; default: {usual}" if usual else "")

    @property
    def _having(self) -> str:
        """The choices that have it, where not all of their kind do."""
        having = dict.fromkeys(name for field in self.fields for name in owners(field))
        owner = next(reversed(dict(self.field.when)), None)
        every = {name for one in run_fields() if one.path == owner for name in one.choices}
        return f" (of {', '.join(having)})" if every - set(having) else ""

    @property
    def _widest(self) -> str:
        """What any of its settings takes."""
        lows = [one.minimum for one in self.fields if one.minimum is not None]
        highs = [one.maximum for one in self.fields if one.maximum is not None]
        if not (lows and highs):
            return self.field.allowed
        allowed = replace(self.field, minimum=min(lows), maximum=max(highs)).allowed
        return f"{allowed}, or null" if self.nullable else allowed

    @property
    def _usual(self) -> str:
        """Its default; where another choice has another, that, too."""
        first = self.field
        told = [
            one
            for one in self.fields
            if one.default not in (None, []) and (one is first or one.default != first.default)
        ]
        of_all = all(one.default is not None for one in self.fields)
        return ", ".join(
            shown(one.default)
            if of_all and one is first
            else f"{', '.join(owners(one))} {shown(one.default)}"
            for one in told
        )

    def value(self, text: str) -> Any:
        """The value that a text stands for.

        Raises:
            BadText: it stands for none.
        """
        match self.field.kind:
            case "integer" | "number":
                if text in ("", "null"):
                    return None
                if not NUMBER.fullmatch(text):
                    allowed = self._widest and f"; allowed: {self._widest}"
                    raise BadText(self.path, f"a number{allowed}")
                return _item(text)
            case "boolean" if text in ("true", "false"):
                return text == "true"
            case "boolean":
                raise BadText(self.path, "true or false")
            case "value":
                return _item(text)
            case "list" if text.startswith("["):  # as some links of version 1 have it
                return _json(self.path, text)
            case "list":
                return [_item(item.strip()) for item in text.split(",")] if text else []
            case "json":
                return _json(self.path, text)
            case _:
                return text


def _item(text: str) -> int | float | str:
    """A list's item: a number where it looks like one, else a name."""
    if not NUMBER.fullmatch(text):
        return text
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)


def _json(path: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadText(path, "JSON") from error


def run_options() -> tuple[Option, ...]:
    """An option for every setting of a RunSpec."""
    return _options(run_fields())


def study_options(study: str) -> tuple[Option, ...]:
    """An option for every setting that a study has beside its base."""
    return _options(study_fields(study))


def _options(fields: Iterable[Field]) -> tuple[Option, ...]:
    merged: dict[str, list[Field]] = {}
    for field in fields:
        merged.setdefault(field.path, []).append(field)
    return tuple(Option(tuple(one)) for one in merged.values())


def owners(field: Field) -> tuple[str, ...]:
    """The choices that have a setting as a parameter; none where it is no parameter."""
    return next(reversed(dict(field.when).values()), ())


def shown(value: Any) -> str:
    """A value as one would write it."""
    match value:
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}"
        case list():
            return ",".join(map(str, value))
        case _:
            return str(value)
