"""The protocol as a page: docs/protocol.md's own text as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt


@dataclass(frozen=True)
class Heading:
    """A heading of the text; ``id`` is what it is called in an address, ``level`` 1 to 6."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Reference:
    """A text as HTML, and its headings in order."""

    html: str
    headings: list[Heading]


def reference(text: str) -> Reference:
    """Markdown (CommonMark and tables) as HTML; HTML within it is shown, not obeyed."""
    markdown = MarkdownIt("js-default")
    tokens = markdown.parse(text)
    headings = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            heading = Heading(int(opening.tag[1:]), anchor(inline.content), inline.content)
            opening.attrSet("id", heading.id)
            headings.append(heading)
    return Reference(markdown.renderer.render(tokens, markdown.options, {}), headings)


def anchor(heading: str) -> str:
    """What a heading is called in an address, as where Markdown is commonly read."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
