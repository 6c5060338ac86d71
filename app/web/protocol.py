"""The interface in Markdown, from the code's own types: the page /api, and docs/protocol.md."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any

from app.spec import RunSpec
from app.spec.run import MAX_KEPT
from app.web import bodies, connection, downloads, queue_limits, socket_connection, sockets
from app.web.bodies import MAX_BODY, parsed
from app.web.problems import ABOUT, Problem
from app.web.reference import anchor
from app.web.socket_connection import PERIOD

HEAD = """# The HTTP interface

Everything the pages do, a program can do too. This text is generated from the code by
`python -m docs.protocol`; a server shows it at `/api`, and as OpenAPI at `/openapi.json`.

JSON is strict: no unknown fields, no `NaN`, no `true` or `"7"` where a number is meant. Readers
ignore event types and fields that they don't know. Errors inside the data are fractions; times
are ISO 8601 in UTC; a number that is not finite is `null`.

A browser is known by a signed cookie (with curl: `-c jar -b jar`). Everybody may look at every
run; only who started a run may control or delete it, and only who began a download may cancel
it. Writes and sockets are refused from pages of other origins.

## Train a network from a shell

Send what differs from the defaults, then ask for the run until its state is `finished`. The server
may have another address than this:

```sh
curl -c jar -b jar -X POST http://127.0.0.1:8000/api/runs \\
  -H 'Content-Type: application/json' \\
  -d '{"net": {"depth": 20}, "steps": 100}'

curl http://127.0.0.1:8000/api/runs/<id>
curl 'http://127.0.0.1:8000/api/runs/<id>/events?after=-1'
curl -OJ 'http://127.0.0.1:8000/api/runs/<id>/export?format=csv'
```

While it trains, settings that are `live` in the catalog can be changed from the next step on; the
run's `changes` then hold them with that step, so its configuration repeats what happened:

```sh
curl -b jar -X POST http://127.0.0.1:8000/api/runs/<id>/control \\
  -H 'Content-Type: application/json' \\
  -d '{"action": "set", "values": {"optimizer.lr": 0.01}}'
```
"""

SOCKETS = """## Sockets

`/api/runs/{run_id}/live?after=-1&frames=true` follows one run from the event after `after` on.
`/api/studies/{study_id}/live` follows all runs of a study; the client's first message says where
it stands, as [`Follow`](#follow), within FIRST seconds. After that the client only listens.

Each message is either a JSON array of events of one run, in order, or a single object of
`"type": "state"` that says where a run stands: once at the start for each run, and at each
change, after the events before it. `{"type": "alive"}` comes every ALIVE seconds: a connection can
die without a word, so connect again when nothing has come for much longer. First load, replay,
live and reconnecting are the same: give the last `seq` that you have, and there is no gap and no
duplicate. Where a proxy lets no socket through, ask for the run's events again and again. The
server closes with 1000 when all has been said. A viewer that takes no message for SEND seconds is
let go.

```js
const socket = new WebSocket("ws://127.0.0.1:8000/api/runs/<id>/live?after=-1");
socket.onmessage = ({ data }) => console.log(JSON.parse(data));
```

| code | meaning |
|---|---|
"""

CODES = {
    sockets.ENDED: "every run has ended (or was deleted), and everything was sent",
    sockets.GOING_AWAY: "the server is going away; connect again with your cursors",
    socket_connection.NOT_TEXT: "text that is not UTF-8",
    sockets.UNWANTED: "the client spoke when it had nothing more to say, or sent too many frames",
    1009: f"a message of more than {MAX_BODY:,} bytes",
    sockets.TRY_LATER: "too many viewers, or nothing can be read now; try again later",
    sockets.BAD_REQUEST: "the address or the first message is not as described here",
    sockets.NOT_FOUND: "there is no such run or study",
    sockets.TOO_SLOW: "the viewer does not read",
}

EVENTS = ("Started", "Frame", "Evaluated", "Predicted", "Changed", "Finished", "Stopped", "Failed")
REFUSED = '{"net": {"depth": 21}}'
FIRST_SHAPES = (
    "RunSpec",
    "StudySpec",
    "AnalysisSpec",
    "Run",
    "Study",
    "Control",
    "Follow",
    "StateMessage",
)


def protocol(described: dict[str, Any]) -> str:
    """The whole text of an interface that this OpenAPI document describes."""
    shapes: dict[str, Any] = described["components"]["schemas"]
    rest = [name for name in shapes if name not in (*FIRST_SHAPES, *EVENTS, "Event")]
    parts = [HEAD, *_operations(described), *_problems(), *_limits(), _sockets()]
    parts.append("## Events\n\nEach also has `run` (its id) and `seq` (from 0, without holes).\n")
    parts += [_shape(name, shapes[name]) for name in EVENTS]
    parts.append("## Shapes\n")
    parts += [_shape(name, shapes[name]) for name in (*FIRST_SHAPES, *rest)]
    return "\n".join(parts)


def _operations(description: dict[str, Any]) -> Iterator[str]:
    yield "## HTTP\n"
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            yield f"### {method.upper()} {path}\n\n{operation['summary']}.\n"
            rows = [
                f"| `{one['name']}` | {_given(one['schema'])} | {one.get('description', '')} |"
                for one in operation.get("parameters", [])
                if one["in"] == "query"
            ]
            if rows:
                yield "\n".join(["| query | value | meaning |", "|---|---|---|", *rows]) + "\n"
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                yield f"Takes {_kind(content['schema'])}.\n"
            yield "Answers " + "; ".join(_answers(operation)) + ".\n"


def _answers(operation: dict[str, Any]) -> Iterator[str]:
    for status, response in sorted(operation["responses"].items()):
        if status >= "400":
            yield status
            continue
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        shape = f" ({_kind(schema)})" if schema else ""
        yield f"{status}: {response['description']}{shape}"


def _problems() -> Iterator[str]:
    yield "## Problems\n"
    yield f"Every error is `application/problem+json` (RFC 9457): {_link('ProblemBody')}.\n"
    yield f"For example, `POST /api/runs` answers `{REFUSED}` with\n\n```json\n{_refusal()}\n```\n"
    rows = [f"| {status} | {text} |" for status, text in ABOUT.items()]
    yield "\n".join(["| status | meaning |", "|---|---|", *rows]) + "\n"


def _refusal() -> str:
    try:
        parsed(RunSpec.model_validate_json, REFUSED.encode())
    except Problem as problem:
        # RFC 9110's name of the status, which differs between versions of Python
        said = json.loads(bytes(problem.response().body)) | {"title": "Unprocessable Content"}
        return json.dumps(said, indent=2)
    raise AssertionError(REFUSED)


def _limits() -> Iterator[str]:
    rows = [
        ("bytes of a body", MAX_BODY),
        ("bytes of an address, or of a header", connection.MAX_LINE),
        ("headers of a request", connection.MOST_HEADERS),
        ("bytes of all its headers", connection.MAX_HEAD),
        ("seconds for them to come", int(connection.HEAD_WITHIN)),
        ("seconds for a body to come", int(bodies.BODY_WITHIN)),
        ("requests of a connection that wait", connection.MOST_PIPELINED),
        ("frames of a run, times its depth", MAX_KEPT),
        ("runs of one browser that wait", queue_limits.MOST_EACH),
        ("runs from one address that wait", queue_limits.MOST_MACHINE),
        ("runs of everybody that wait", queue_limits.MOST_TOGETHER),
        ("downloads of data sets that go on", downloads.MOST),
        ("connections of one address", connection.MOST_MACHINE),
        ("connections", connection.MOST),
        ("open sockets of one address", sockets.MOST_MACHINE),
        ("open sockets", sockets.MOST),
        (f"frames from a socket's client in {PERIOD:.0f} seconds", socket_connection.MOST_FRAMES),
    ]
    yield "## Limits\n"
    table = [f"| {what} | {most:,} |" for what, most in rows]
    yield "\n".join(["| what | at most |", "|---|---|", *table]) + "\n"


def _sockets() -> str:
    text = SOCKETS.replace("FIRST", f"{sockets.FIRST_WITHIN:.0f}")
    text = text.replace("ALIVE", f"{sockets.ALIVE_EVERY:.0f}")
    text = text.replace("SEND", f"{sockets.SEND_WITHIN:.0f}")
    return text + "".join(f"| {code} | {meaning} |\n" for code, meaning in sorted(CODES.items()))


def _shape(name: str, schema: dict[str, Any]) -> str:
    lines = [f"### {name}\n"]
    if "description" in schema:
        lines.append(inspect.cleandoc(schema["description"]).replace("``", "`") + "\n")
    properties = schema.get("properties")
    if properties is None and any("properties" in one for one in schema.get("oneOf", [])):
        lines.append("One of these objects.\n")
        return "\n".join([*lines, *_forms(name, schema["oneOf"])])
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


def _forms(name: str, forms: list[dict[str, Any]]) -> Iterator[str]:
    """The fields of each form of an object, which one constant tells from the others."""
    for form in forms:
        which = next(one["const"] for one in form["properties"].values() if "const" in one)
        yield _shape(f"{name}: {which}", form)


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return _link(schema["$ref"].rpartition("/")[2])
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


def _given(schema: dict[str, Any]) -> str:
    """Of a parameter: null means that it is left out, which an address has no word for."""
    return _kind(schema).removesuffix(" or null")


def _link(name: str) -> str:
    return f"[`{name}`](#{anchor(name)})"


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
