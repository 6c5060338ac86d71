"""Writes docs/protocol.md from the code's own types: ``python -m app.web.protocol > docs/...``."""

from __future__ import annotations

import inspect
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.spec.run import MAX_KEPT
from app.web import downloads, sockets, waiting
from app.web.bodies import MAX_BODY
from app.web.problems import ABOUT

HEAD = """# The protocol

This file is generated from the code by `python -m app.web.protocol`; a test holds it to that.
The same, for programs, is at `/openapi.json`; with ready-made curl commands, at `/api`.

JSON is strict: no unknown fields, no `NaN`, no `true` or `"7"` where a number is meant. Readers
ignore event types and fields that they don't know. Errors inside the data are fractions; times
are ISO 8601 in UTC; a number that is not finite is `null`.

A browser is known by a signed cookie (with curl: `-c jar -b jar`). Everybody may look at every
run; only who started a run may control or delete it, and only who began a download may cancel
it. Writes and sockets are refused from pages of other origins.
"""

SOCKETS = """## Sockets

`/api/runs/{run_id}/live?after=-1&frames=true` follows one run from the event after `after` on.
`/api/studies/{study_id}/live` follows all runs of a study; the client's first message says where
it stands, as `Follow` below, within FIRST seconds. After that the client only listens.

Each message is either a JSON array of events of one run, in order, or a single object of
`"type": "state"` that says where a run stands: once at the start for each run, and at each
change, after the events before it. First load, replay, live and reconnecting are the same: give
the last `seq` that you have, and there is no gap and no duplicate. The server closes with 1000
when all has been said. A viewer that takes no message for SEND seconds is let go.

| code | meaning |
|---|---|
"""

CODES = {
    sockets.ENDED: "every run has ended (or was deleted), and everything was sent",
    sockets.GOING_AWAY: "the server is going away; connect again with your cursors",
    sockets.UNWANTED: "the client spoke when it had nothing more to say",
    1009: f"a message of more than {MAX_BODY:,} bytes",
    sockets.TRY_LATER: "too many viewers, or nothing can be read now; try again later",
    sockets.BAD_REQUEST: "the address or the first message is not as described here",
    sockets.NOT_FOUND: "there is no such run or study",
    sockets.TOO_SLOW: "the viewer does not read",
}

EVENTS = ("Started", "Frame", "Evaluated", "Predicted", "Changed", "Finished", "Stopped", "Failed")
FIRST_SHAPES = ("RunSpec", "StudySpec", "Run", "Study", "Control", "Follow", "StateMessage")


def protocol() -> str:
    """The whole text."""
    description = _description()
    shapes: dict[str, Any] = description["components"]["schemas"]
    rest = [name for name in shapes if name not in (*FIRST_SHAPES, *EVENTS, "Event")]
    parts = [HEAD, *_operations(description), *_problems(), *_limits(), _sockets()]
    parts.append("## Events\n\nEach also has `run` (its id) and `seq` (from 0, without holes).\n")
    parts += [_shape(name, shapes[name]) for name in EVENTS]
    parts.append("## Shapes\n")
    parts += [_shape(name, shapes[name]) for name in (*FIRST_SHAPES, *rest)]
    return "\n".join(parts)


def _description() -> dict[str, Any]:
    from app.executors.local import LocalExecutor
    from app.live import Live
    from app.runs import Runs
    from app.settings import Settings
    from app.store.store import Store
    from app.web.factory import create_app
    from app.web.openapi import document
    from app.web.server import make_site

    with tempfile.TemporaryDirectory() as folder:  # nothing is started; the secret needs a place
        executor = LocalExecutor(2)
        runs = Runs(executor, Store("sqlite://"), Live())
        site = make_site(Settings(data=Path(folder)), runs, executor.queue)
        return document(create_app(site))


def _operations(description: dict[str, Any]) -> Iterator[str]:
    yield "## HTTP\n"
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            yield f"### {method.upper()} {path}\n\n{operation['summary']}.\n"
            rows = [
                f"| `{one['name']}` | {_kind(one['schema'])} | {one.get('description', '')} |"
                for one in operation.get("parameters", [])
                if one["in"] == "query"
            ]
            if rows:
                yield "\n".join(["| query | | |", "|---|---|---|", *rows]) + "\n"
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                yield f"Takes {_kind(content['schema'])}.\n"
            yield "Answers " + "; ".join(_answers(operation)) + ".\n"


def _answers(operation: dict[str, Any]) -> Iterator[str]:
    for status, response in operation["responses"].items():
        if status >= "400":
            yield status
            continue
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        shape = f" ({_kind(schema)})" if schema else ""
        yield f"{status}: {response['description']}{shape}"


def _problems() -> Iterator[str]:
    yield "## Problems\n"
    yield "Every error is `application/problem+json` (RFC 9457), the shape `ProblemBody` below.\n"
    rows = [f"| {status} | {text} |" for status, text in ABOUT.items()]
    yield "\n".join(["| status | meaning |", "|---|---|", *rows]) + "\n"


def _limits() -> Iterator[str]:
    rows = [
        ("bytes of a body", MAX_BODY),
        ("frames of a run, times its depth", MAX_KEPT),
        ("runs of one browser that wait", waiting.MOST_EACH),
        ("runs from one address that wait", waiting.MOST_MACHINE),
        ("runs of everybody that wait", waiting.MOST_TOGETHER),
        ("downloads of data sets that go on", downloads.MOST),
        ("open sockets of one address", sockets.MOST_MACHINE),
        ("open sockets", sockets.MOST),
    ]
    yield "## Limits\n"
    table = [f"| {what} | {most:,} |" for what, most in rows]
    yield "\n".join(["| what | at most |", "|---|---|", *table]) + "\n"


def _sockets() -> str:
    text = SOCKETS.replace("FIRST", f"{sockets.FIRST_WITHIN:.0f}")
    text = text.replace("SEND", f"{sockets.SEND_WITHIN:.0f}")
    return text + "".join(f"| {code} | {meaning} |\n" for code, meaning in sorted(CODES.items()))


def _shape(name: str, schema: dict[str, Any]) -> str:
    lines = [f"### {name}\n"]
    if "description" in schema:
        lines.append(inspect.cleandoc(schema["description"]).replace("``", "`") + "\n")
    properties = schema.get("properties")
    if properties is None:
        lines.append(f"{_kind(schema)}.\n".capitalize() if "enum" in schema else _kind(schema))
        return "\n".join(lines).rstrip() + "\n"
    lines += ["| field | type | default |", "|---|---|---|"]
    for field, inner in properties.items():
        default = f"`{_json(inner['default'])}`" if "default" in inner else ""
        text = f" — {inner['description']}" if "description" in inner else ""
        lines.append(f"| `{field}` | {_kind(inner)}{text} | {default} |")
    within = [
        _shape(f"{name}.{field}", inner)
        for field, inner in properties.items()
        if "properties" in inner
    ]
    return "\n".join(lines) + "\n" + "".join(f"\n{shape}" for shape in within)


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "const" in schema:
        return f"`{_json(schema['const'])}`"
    if "enum" in schema:
        return " or ".join(f"`{_json(one)}`" for one in schema["enum"])
    if "pattern" in schema and "type" not in schema:  # one of the forms of a text
        return f"`{_json(schema['title'])}`"
    for options in ("anyOf", "oneOf"):
        if options in schema:
            return " or ".join(dict.fromkeys(_kind(one) for one in schema[options]))
    kind = schema.get("type", "anything")
    if kind == "array":
        inner = _kind(schema.get("items", {}))
        return f"list of ({inner})" if " or " in inner else f"list of {inner}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_kind(schema['additionalProperties'])}"
    return f"{kind}{_range(schema)}"


def _range(schema: dict[str, Any]) -> str:
    words = {
        "minimum": "from {}",
        "exclusiveMinimum": "above {}",
        "maximum": "to {}",
        "exclusiveMaximum": "below {}",
    }
    return "".join(f", {text.format(schema[key])}" for key, text in words.items() if key in schema)


def _json(value: object) -> str:
    return json.dumps(value)


if __name__ == "__main__":
    print(protocol(), end="")
