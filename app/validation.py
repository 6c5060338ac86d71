"""Invalid values: which field is wrong, what is wrong with it, and what is allowed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.data.errors import DataError
from app.data.folders import data_folder
from models.registry import BadNet, nearest


class BadField(ValueError):
    """A value that is well-formed but not allowed: names the field and what is allowed."""

    def __init__(self, field: str, problem: str, allowed: str) -> None:
        super().__init__(f"{field}: {problem}; {allowed}")
        self.field = field
        self.problem = problem
        self.allowed = allowed


def of_data(error: DataError) -> BadField:
    """What is wrong with a data set, as what is wrong with the field that names it."""
    public = error.public(data_folder())  # a run's reason is read by everybody
    return BadField("data", public.problem, public.remedy)


def problems(error: ValidationError, known: Collection[str] = ()) -> list[dict[str, str]]:
    """What is wrong, field by field: ``field`` (dotted), ``problem`` and ``allowed``.

    ``known``: dotted paths of settings, of which those nearest to an unknown one are named.
    Never repeats a value.
    """
    return in_words(error.errors(include_url=False, include_input=False), known)


def in_words(details: Iterable[ErrorDetails], known: Collection[str] = ()) -> list[dict[str, str]]:
    """As ``problems``, of the single complaints."""
    return [problem for detail in details for problem in _problems(detail, known)]


def _problems(detail: ErrorDetails, known: Collection[str]) -> Iterator[dict[str, str]]:
    path = _path(detail["loc"])
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, BadNet | BadField):
        for one in (cause, *getattr(cause, "others", ())):
            field = ".".join([*path, *([one.field] if one.field else [])])
            yield {"field": field, "problem": one.problem, "allowed": one.allowed}
        return
    if detail["type"].startswith("union_tag") and not path:
        path.append(detail["ctx"]["discriminator"].strip("'"))
    problem, allowed = _words(detail)
    if detail["type"] == "extra_forbidden":
        above, _, name = ".".join(path).removeprefix("base.").rpartition(".")
        beside = [each.rpartition(".") for each in known]
        allowed += nearest(name, [leaf for owner, _, leaf in beside if owner == above])
    yield {"field": ".".join(path), "problem": problem, "allowed": allowed}


# A tagged union shows in pydantic's path by its tag, which the reader need not know of: the tags
# that may follow each field ("" is the top).
_TAGS = {"": {"twins", "depth", "sweep"}, "optimizer": {"sgd", "adam"}}


def _path(loc: tuple[int | str, ...]) -> list[str]:
    path: list[str] = []
    for part in loc:
        field = next((name for name in reversed(path) if not name.isdigit()), "")
        if part not in _TAGS.get(field, ()) and part != "[key]":
            path.append(str(part))
    return path


def _words(detail: ErrorDetails) -> tuple[str, str]:
    """Pydantic's complaint as (what is wrong, what is allowed)."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            return "is not a known field", "allowed: the paths of `fields` at /api/catalog"
        case "missing" | "union_tag_not_found":
            return "is missing", "a value is required"
        case "json_invalid":
            return "the body is not valid JSON", "allowed: JSON text in UTF-8 (RFC 8259)"
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than" as kind:
            sign = {"greater": "at least", "less": "at most"}[kind.split("_")[0]]
            if not kind.endswith("equal"):
                sign = {"at least": "more than", "at most": "less than"}[sign]
            bound = next(context[key] for key in ("ge", "gt", "le", "lt") if key in context)
            whole = int(bound) if isinstance(bound, float) and bound.is_integer() else bound
            return "is out of range", f"allowed: {sign} {whole:,}"
        case "literal_error" | "enum":
            return "is not a known name", f"allowed: {_names(context['expected'])}"
        case "union_tag_invalid":
            return "is not a known name", f"allowed: {_names(context['expected_tags'])}"
        case "too_long":
            return "has too many entries", f"allowed: at most {context['max_length']:,}"
        case "too_short":
            return "has too few entries", f"allowed: at least {context['min_length']:,}"
        case "string_too_long":
            return "is too long", f"allowed: at most {context['max_length']:,} characters"
        case "string_pattern_mismatch":
            return "has the wrong form", f"allowed: text like {context['pattern']}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "is not an object", "allowed: a JSON object"
        case "list_type" | "tuple_type":
            return "is not a list", "allowed: a list"
        case "string_type":
            return "is not text", "allowed: text"
        case "bool_type" | "bool_parsing":
            return "is neither true nor false", "allowed: true, false"
        case "int_type" | "int_parsing":
            return "is not a whole number", "allowed: a whole number"
        case "int_parsing_size":
            return "is out of range", "allowed: a smaller whole number"
        case "float_type" | "float_parsing":
            return "is not a number", "allowed: a number"
        case "finite_number":
            return "is not a finite number", "allowed: a finite number"
        case _:
            return "has the wrong type or form", detail["msg"]


def _names(expected: str) -> str:
    """Names as pydantic lists them, as we do."""
    return expected.replace("'", "").replace(" or ", ", ")
