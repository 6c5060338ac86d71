"""The three looks: light, dark and projector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VARIANTS = 5  # runs of one role on a chart, told apart by lightness

# Colour-blind safe (Okabe and Ito 2008, jfly.uni-koeln.de/color); dash and marker say it again.
DASH = {"plain": "dash", "residual": "solid", "other": "dashdot"}
SYMBOL = {"plain": "square", "residual": "circle", "other": "diamond"}
ROLES = tuple(DASH)

# Viridis (van der Walt and Smith 2015): rises evenly in lightness, so it also reads in grey.
SCALE = (
    "#440154", "#482878", "#3e4a89", "#31688e", "#26828e",
    "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours and sizes (pixels) of one look. ``roles`` has each role's colour."""

    name: str
    ink: str
    muted: str
    grid: str
    paper: str
    ghost: str
    roles: Mapping[str, str]
    font: int = 13
    line: float = 2
    marker: float = 8

    def shades(self, role: str) -> list[str]:
        """A role's colour and its darker and lighter variants, which stay legible on paper."""
        base = self.roles[role]
        toward, away = (self.ink, self.paper)
        return [
            base,
            mix(base, toward, 0.45),
            mix(base, away, 0.3),
            mix(base, toward, 0.7),
            mix(base, away, 0.5),
        ]


_LIGHT: dict[str, Any] = {
    "ink": "#1b1b1b",
    "muted": "#555555",
    "grid": "#e4e4e4",
    "paper": "#ffffff",
    "ghost": "#a0a0a0",
    "roles": {"plain": "#D55E00", "residual": "#0072B2", "other": "#009E73"},
}

THEMES: Mapping[str, Theme] = {
    theme.name: theme
    for theme in (
        Theme(name="light", **_LIGHT),
        Theme(
            name="dark",
            ink="#f1f1f1",
            muted="#b9bcc2",
            grid="#3a3e45",
            paper="#1b1e23",
            ghost="#757a83",
            roles={"plain": "#FF9B4A", "residual": "#56B8F0", "other": "#3DD6AA"},
        ),
        Theme(name="projector", font=22, line=4, marker=13, **_LIGHT),
    )
}


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` moved by ``share`` (0 to 1) towards ``other``; both ``#rrggbb``."""
    pairs = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
