"""Named choices and their parameters, in words and numbers, without torch.

The code behind an entry is imported only when it is asked for, so that a process which lists
the names need not load torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as attribute
from difflib import get_close_matches
from importlib import import_module
from math import isfinite
from typing import Any, Literal, Protocol, TypeVar

Kind = Literal["integer", "number", "name", "choice"]


class BadNet(ValueError):
    """A network that can't be: says which field, what is wrong and what is allowed.

    ``field`` is a dotted path from the network's spec on; ``others`` are further problems.
    """

    def __init__(self, field: str, problem: str, allowed: str) -> None:
        super().__init__(f"{field}: {problem}; {allowed}")
        self.field = field
        self.problem = problem
        self.allowed = allowed
        self.others: list[BadNet] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a parameter takes: its kind and range, and what people are told of it.

    ``minimum`` and ``maximum`` are allowed themselves, but for a minimum that is ``above``:
    there, only what is greater is. ``names`` are a name's values, ``registry`` holds a choice's,
    and ``entries`` is what the catalogue calls their list.
    ``nullable``: it may be left open (None); the help says what that means.
    ``live``: it can be changed while a network trains.
    """

    kind: Kind
    title: str
    help: str = ""
    unit: str = ""
    minimum: float = 0
    maximum: float = 0
    above: bool = False
    names: tuple[str, ...] = ()
    registry: Mapping[str, Entry] | None = None
    entries: str = ""
    nullable: bool = False
    live: bool = False

    @property
    def allowed(self) -> str:
        """What it takes, in words."""
        if self.kind in ("name", "choice"):
            return f"allowed: {', '.join(self.registry or self.names)}"
        if self.above:
            return f"allowed: more than {self.minimum:,}, at most {self.maximum:,}"
        return f"allowed: {self.minimum:,} to {self.maximum:,}"

    def read(self, field: str, value: object) -> Any:
        """The value that JSON's ``value`` stands for; a choice may be a name or a Choice.

        Raises:
            BadNet: it stands for none.
        """
        if value is None and self.nullable:
            return None
        match self.kind:
            case "integer" | "number":
                return self._number(field, value)
            case "name":
                if value not in self.names:
                    raise BadNet(field, "is not a known name", self.allowed)
                return value
            case "choice":
                return self._choice(field, value)

    def _number(self, field: str, value: Any) -> int | float:
        whole = self.kind == "integer"
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            problem = f"is not a {'whole ' if whole else ''}number"
            raise BadNet(field, problem, self.allowed)
        if isinstance(value, float) and not isfinite(value):
            raise BadNet(field, "is not a finite number", self.allowed)
        low = value > self.minimum if self.above else value >= self.minimum
        if not (low and value <= self.maximum):
            raise BadNet(field, "is out of range", self.allowed)
        return value if whole else float(value)

    def _choice(self, field: str, value: object) -> Choice:
        assert self.registry is not None
        if isinstance(value, Choice):
            value = value.plain()
        settings = {"name": value} if isinstance(value, str) else value
        if not isinstance(settings, Mapping) or "name" not in settings:
            raise BadNet(field, "is neither a name nor a choice with a name", self.allowed)
        name = settings["name"]
        if not isinstance(name, str) or name not in self.registry:
            raise BadNet(field, "is not a known name", self.allowed)
        values = {key: one for key, one in settings.items() if key != "name"}
        return self.registry[name].choose(
            **read(self.registry[name].parameters, values, name, field)
        )


def number(default: float | None, title: str, minimum: float, maximum: float, **about: Any) -> Any:
    """A field of a choice that holds a number."""
    return _field(
        default, Parameter(kind="number", title=title, minimum=minimum, maximum=maximum, **about)
    )


def integer(default: int, title: str, minimum: int, maximum: int, **about: Any) -> Any:
    """A field of a choice that holds a whole number."""
    return _field(
        default, Parameter(kind="integer", title=title, minimum=minimum, maximum=maximum, **about)
    )


def name(default: str, title: str, names: tuple[str, ...], **about: Any) -> Any:
    """A field of a choice that holds one of a few names."""
    return _field(default, Parameter(kind="name", title=title, names=names, **about))


def choice(
    registry: Mapping[str, Entry], entries: str, default: str, title: str, **about: Any
) -> Any:
    """A field that holds a choice from this registry, the catalogue's list ``entries``."""
    parameter = Parameter(kind="choice", title=title, registry=registry, entries=entries, **about)
    return _field(registry[default].choose(), parameter)


def _field(default: Any, parameter: Parameter) -> Any:
    return attribute(default=default, metadata={"parameter": parameter})


def parameters(kind: type) -> Iterator[tuple[str, Any, Parameter]]:
    """Of a dataclass, the name and the default of each parameter, in order, and what it takes."""
    for one in fields(kind):
        if "parameter" in one.metadata:
            yield one.name, one.default, one.metadata["parameter"]


def read(kind: type, values: Mapping[str, object], owner: str, path: str = "") -> dict[str, Any]:
    """The parameters of ``kind`` that ``values`` give, each as its Parameter reads it.

    Raises:
        BadNet: names each that is not as it should be, or not known to ``owner``.
    """
    known = {name: parameter for name, _, parameter in parameters(kind)}
    found, problems = {}, []
    for name, value in values.items():
        field = f"{path}.{name}" if path else name
        try:
            if name not in known:
                allowed = f"allowed: {', '.join(known)}" if known else "allowed: the name alone"
                raise BadNet(field, f"is no setting of {owner}", allowed + nearest(name, known))
            found[name] = known[name].read(field, value)
        except BadNet as problem:
            problems += [problem, *problem.others]
    if problems:
        first = problems[0]
        first.others = problems[1:]
        raise first
    return found


def nearest(name: str, known: Iterable[str]) -> str:
    """Which of the ``known`` names are most like an unknown one, as the end of a sentence."""
    alike = get_close_matches(name, list(dict.fromkeys(known)))
    return f"; nearest: {', '.join(alike)}" if alike else ""


class Sized(Protocol):
    """What a choice may want to know of the network that it is made for."""

    @property
    def family(self) -> str: ...
    @property
    def pixels(self) -> bool: ...
    @property
    def width(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A choice that was made: an entry's name. Subclasses add its parameters."""

    name: str

    def plain(self) -> Any:
        """As JSON has it: the bare name where every parameter has its default."""
        known = list(parameters(type(self)))
        values = {name: getattr(self, name) for name, _, _ in known}
        usual = {name: default for name, default, _ in known}
        return self.name if values == usual else {"name": self.name, **values}

    def check(self, field: str, net: Sized) -> None:
        """See that a network can have it as this ``field``, beside the entry's ``needs``.

        Raises:
            BadNet: its parameters do not go with the rest of ``net``.
        """


@dataclass(frozen=True, slots=True)
class Need:
    """What an entry asks of another field of its network: one of these names; and why.

    Nothing where any field that ``unless`` has is one of the names there. ``same``: the entry that
    makes the same network where this is not met; none where there would be no such network.
    """

    field: str
    names: tuple[str, ...]
    why: str
    unless: Mapping[str, tuple[str, ...]] = attribute(default_factory=dict)
    same: str = ""

    def met(self, named: Callable[[str], str]) -> bool:
        """Whether a network meets it; ``named`` gives the name that a field's choice has."""
        return named(self.field) in self.names or any(
            named(field) in names for field, names in self.unless.items()
        )

    @property
    def allowed(self) -> str:
        """What meets it, in words."""
        fields = {self.field: self.names, **self.unless}
        return "allowed with " + ", or with ".join(
            f"{field}: {', '.join(names)}" for field, names in fields.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One named choice: what the pages say of it, its parameters, and where its code is.

    ``published`` is what the source, or the paper named there, measured with it: not run here.
    """

    name: str
    title: str
    summary: str
    source: str = ""
    published: str = ""
    formula: str = ""  # MathML content, without the <math> element
    code: str = ""  # "module:attribute"
    parameters: type[Choice] = Choice
    needs: tuple[Need, ...] = ()

    def choose(self, **values: Any) -> Choice:
        """This choice, its parameters at their defaults but for these."""
        return self.parameters(name=self.name, **values)

    def load(self) -> Callable[..., Any]:
        """The code behind the entry; imports torch."""
        module, _, name = self.code.partition(":")
        loaded: Callable[..., Any] = getattr(import_module(module), name)
        return loaded


E = TypeVar("E", bound=Entry)


def registry(*entries: E) -> Mapping[str, E]:
    """A registry of the entries by their names, in the order given."""
    return {entry.name: entry for entry in entries}
