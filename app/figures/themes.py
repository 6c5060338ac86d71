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

# Cividis (Nunez et al. 2018, doi:10.1371/journal.pone.0199239): rises evenly in lightness and looks
# alike to colour-blind eyes; static/js/logic/colour.js has the same stops for the strips.
SCALE = (
    (0, "#00224e"), (0.125, "#123570"), (0.25, "#3b496c"), (0.375, "#575d6d"), (0.5, "#707173"),
    (0.625, "#8a8678"), (0.75, "#a59c74"), (0.875, "#c3b369"), (0.9375, "#e1cc55"), (1, "#fee838"),
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
    line: float = 2.5
    marker: float = 8

    @property
    def thin(self) -> float:
        """A line that stays behind; still at least 4 px for a projector."""
        return max(1.5, self.line * 0.6) if self.font < 20 else 4

    @property
    def powers(self) -> float:
        """The font size of ticks on log axes, which Plotly draws a quarter larger."""
        return self.font if self.font >= 20 else 0.85 * self.font

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


# The same colours and sizes as static/css/tokens.css.
_LIGHT: dict[str, Any] = {
    "ink": "#16202b",
    "muted": "#4c5a68",
    "grid": "#e3e8ed",
    "paper": "#ffffff",
    "ghost": "#a3adb7",
    "roles": {"plain": "#d55e00", "residual": "#0072b2", "other": "#7a5c99"},
}

THEMES: Mapping[str, Theme] = {
    theme.name: theme
    for theme in (
        Theme(name="light", **_LIGHT),
        Theme(
            name="dark",
            ink="#e9eef3",
            muted="#a5b3c0",
            grid="#26303a",
            paper="#171e26",
            ghost="#5d6975",
            roles={"plain": "#f28c45", "residual": "#4fb2ec", "other": "#bfa0de"},
        ),
        Theme(
            name="projector",
            font=22,
            line=4.5,
            marker=14,
            **{**_LIGHT, "ink": "#000000", "muted": "#1f2933", "ghost": "#8f99a3"},
        ),
    )
}


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` moved by ``share`` (0 to 1) towards ``other``; both ``#rrggbb``."""
    pairs = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
