"""Formulas, written as text, in MathML."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"(?P<name>[^\W\d_]+)(?:_(?P<index>\w))?|(?P<number>[\d.]+)|(?P<sign>\S)")

BRACKETS = {"(": 1, "[": 1, ")": -1, "]": -1}  # how many more are open after it


def mathml(formula: str) -> str:
    """The content of a ``<math>``: of words names, of the rest numbers and signs; x_j has an index.

    ``y = x + F(x)`` is read token by token; spaces say nothing.
    """
    return "".join(_element(token) for token in _TOKEN.finditer(formula))


def _element(token: re.Match[str]) -> str:
    name, index, number, sign = token.group("name", "index", "number", "sign")
    if number:
        return f"<mn>{number}</mn>"
    if sign in BRACKETS:
        return f'<mo stretchy="false">{sign}</mo>'
    if sign:
        return f"<mo>{'−' if sign == '-' else sign}</mo>"
    if not index:
        return f"<mi>{name}</mi>"
    kind = "mn" if index.isdigit() else "mi"
    return f"<msub><mi>{name}</mi><{kind}>{index}</{kind}></msub>"


def equations(formula: str) -> list[str]:
    """The equations of a formula's MathML that commas part, each without its comma."""
    found, depth = [""], 0
    for element in re.findall(r"<msub>.*?</msub>|<(?:mi|mn|mo).*?</(?:mi|mn|mo)>", formula):
        sign = re.sub("<.*?>", "", element)
        depth += BRACKETS.get(sign, 0)
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += element
    return found
