"""The pages' ES modules: how they name each other, and what each needs.

A module imports another by a bare name, ``#logic/words.js`` for ``static/js/logic/words.js``. That
means the same to the pages (an import map), to Node (``imports`` in package.json) and to a file
that carries its modules inside.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256

ROOT = "js/"  # below static/
IMPORT = re.compile(rb"""^\s*(?:import|export)\b[^;'"]*?["']#([^"']+)["']""", re.MULTILINE)


def import_map(names: Iterable[str], prefix: str) -> dict[str, dict[str, str]]:
    """The import map of all modules among ``names`` (paths below static/), served at ``prefix``.

    A folder is one entry, a module beside the folders another.
    """
    own = sorted(name.removeprefix(ROOT) for name in names if name.startswith(ROOT))
    heads = dict.fromkeys(_head(name) for name in own if name.endswith(".js"))
    return {"imports": {f"#{head}": f"{prefix}/{ROOT}{head}" for head in heads}}


def _head(name: str) -> str:
    folder, separator, _ = name.partition("/")
    return folder + separator


def imported(entry: str, source: Callable[[str], bytes | None]) -> list[str]:
    """A module and all that it imports, itself first, as paths below static/.

    ``source(name)`` is what such a file holds, or None where there is none.
    """
    found: dict[str, None] = {}
    queue = [entry]
    while queue:
        name = queue.pop(0)
        text = source(name)
        if name in found or text is None:
            continue
        found[name] = None
        queue += [ROOT + target.decode() for target in IMPORT.findall(text)]
    return list(found)


def carried(entries: Iterable[str], source: Callable[[str], bytes | None]) -> dict[str, str]:
    """The imports of an import map that holds these modules and all that they import inside."""
    names = dict.fromkeys(name for entry in entries for name in imported(entry, source))
    return {f"#{name.removeprefix(ROOT)}": _inside(source(name) or b"") for name in names}


def _inside(module: bytes) -> str:
    return f"data:text/javascript;base64,{b64encode(module).decode()}"


def digest(script: str) -> str:
    """What a content security policy calls a script that stands in the page itself."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
