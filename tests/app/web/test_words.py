"""Every word of the pages is said somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
WORDS: dict[str, Any] = json.loads((ROOT / "templates/words.json").read_text("utf-8"))
KEY = r"[A-Za-z_]\w*"


def leaves(words: dict[str, Any], path: str = "") -> Iterator[str]:
    """The dotted keys of all words."""
    for name, value in words.items():
        if isinstance(value, str):
            yield path + name
        else:
            yield from leaves(value, f"{path}{name}.")


def sources(folder: str, pattern: str) -> Iterator[str]:
    for path in sorted((ROOT / folder).rglob(pattern)):
        yield path.read_text("utf-8")


def in_scripts() -> Iterator[str]:
    """Patterns of the keys in quotes, in scripts and Python; what is filled in may be anything."""
    filled = r"\$?\{(?:[^{}]|\{[^{}]*\})*\}"
    quoted = re.compile(rf"""(["'`])({KEY}(?:\.(?:{filled}|\w)+)+)\1""")
    for text in (*sources("static/js", "*.js"), *sources("app", "*.py")):
        for _, key in quoted.findall(text):
            yield re.escape(re.sub(filled, "\0", key)).replace("\0", ".*")


def in_templates() -> Iterator[str]:
    """Patterns of the keys that templates name, ``w`` being the page's own."""
    for text in sources("templates", "*.html"):
        own = re.search(r"set w = words\.(\w+)", text)
        for start, rest in re.findall(r"\b(words|w)((?:\.\w+|\[[^\]]+\])+)", text):
            path = re.sub(r"\[[^\]]+\]", "[]", rest)
            if start == "w" and own:
                path = f".{own[1]}{path}"
            whole = re.escape(path.replace("[]", ".\0").strip("."))
            yield whole.replace("\0", ".+")


def test_every_word_is_used() -> None:
    used = re.compile("|".join(f"(?:{one})" for one in {*in_scripts(), *in_templates()}))
    unused = [key for key in leaves(WORDS) if not used.fullmatch(key)]
    assert unused == []
