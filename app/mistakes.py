"""What is wrong with a value, in words: the field, the problem, and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.data.errors import DataError
from app.data.place import data_folder
from models.spec import BadNet


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


def problems(error: ValidationError) -> list[dict[str, str]]:
    """What is wrong, field by field: ``field`` (dotted), ``problem`` and ``allowed``.

    Never repeats the input.
    """
    return in_words(error.errors(include_url=False, include_input=False))


def in_words(details: Iterable[ErrorDetails]) -> list[dict[str, str]]:
    """As ``problems``, of the single complaints."""
    return [_problem(detail) for detail in details]


def _problem(detail: ErrorDetails) -> dict[str, str]:
    path = _path(detail["loc"])
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, BadNet | BadField):
        path.append(cause.field)
        return {"field": ".".join(path), "problem": cause.problem, "allowed": cause.allowed}
    if detail["type"].startswith("union_tag") and not path:
        path.append(detail["ctx"]["discriminator"].strip("'"))
    problem, allowed = _words(detail)
    return {"field": ".".join(path), "problem": problem, "allowed": allowed}


# A union shows in pydantic's path by its branch, which the reader need not know of: the branches
# that may follow each field ("" is the top).
_BRANCHES = {
    "": {"twins", "depth", "sweep"},
    "optimizer": {"sgd", "adam"},
    "values": {"int", "float", "str"},
}


def _path(loc: tuple[int | str, ...]) -> list[str]:
    path: list[str] = []
    for part in loc:
        field = next((name for name in reversed(path) if not name.isdigit()), "")
        if part not in _BRANCHES.get(field, ()) and part != "[key]":
            path.append(str(part))
    return path


def _words(detail: ErrorDetails) -> tuple[str, str]:
    """Pydantic's complaint as (what is wrong, what is allowed)."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return "is not a known field", "allowed: the fields of the schema at /api/catalog"
        case "missing":
            return "is missing", "a value is required"
        case "json_invalid":
            return "the body is not valid JSON", "allowed: JSON text in UTF-8 (RFC 8259)"
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than" as kind:
            sign = {"greater": "at least", "less": "at most"}[kind.split("_")[0]]
            if not kind.endswith("equal"):
                sign = {"at least": "more than", "at most": "less than"}[sign]
            bound = next(context[key] for key in ("ge", "gt", "le", "lt") if key in context)
            return "is out of range", f"allowed: {sign} {bound:,}"
        case "literal_error" | "enum":
            return "is not a known name", f"allowed: {context['expected']}"
        case "union_tag_invalid":
            return "is not a known name", f"allowed: {context['expected_tags']}"
        case "union_tag_not_found":
            return f"lacks {context['discriminator']}", "a value is required"
        case "too_long":
            return "has too many entries", f"allowed: at most {context['max_length']:,}"
        case "too_short":
            return "has too few entries", f"allowed: at least {context['min_length']:,}"
        case "string_too_long":
            return "is too long", f"allowed: at most {context['max_length']:,} characters"
        case "string_pattern_mismatch":
            return "has the wrong form", f"allowed: text like {context['pattern']}"
        case "string_type":
            return "is not text", "allowed: text"
        case "bool_type" | "bool_parsing":
            return "is neither true nor false", "allowed: true, false"
        case "int_type" | "int_parsing":
            return "is not a whole number", "allowed: a whole number"
        case "float_type":
            return "is not a number", "allowed: a number"
        case "finite_number":
            return "is not a finite number", "allowed: a finite number"
        case _:
            return "has the wrong type or form", detail["msg"]
