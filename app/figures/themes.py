"""The three looks: light, dark and projector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Plotly's dashes and markers. static/js/logic/paint.js draws them beside the names.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MARKERS = (
    "circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star",
)  # fmt: skip
VARIANTS = 5  # lines of one skip on a chart: each has its own dash, marker and shade


def looks(dash: str, marker: str) -> list[tuple[str, str]]:
    """Dash and marker of a skip's first line on a chart, and of its further ones.

    Those of the identity never have the dash or the marker of a plain network's first.
    """
    first, second = DASHES.index(dash), MARKERS.index(marker)
    return [
        (DASHES[(first + 5 * n) % len(DASHES)], MARKERS[(second + 5 * n) % len(MARKERS)])
        for n in range(VARIANTS)
    ]


# Cividis (Nunez et al. 2018, doi:10.1371/journal.pone.0199239): rises evenly in lightness and looks
# alike to colour-blind eyes. The heatmap's; strips take it from there.
SCALE = (
    (0, "#00224e"), (0.125, "#123570"), (0.25, "#3b496c"), (0.375, "#575d6d"), (0.5, "#707173"),
    (0.625, "#8a8678"), (0.75, "#a59c74"), (0.875, "#c3b369"), (0.9375, "#e1cc55"), (1, "#fee838"),
)  # fmt: skip

# Ratios from a thousandth to a thousand times: blue is smaller, grey the same, yellow larger. Rises
# in lightness too.
RATIO_DECADES = 3
RATIO_SCALE = (
    (0, "#0b2559"), (0.17, "#1f4b99"), (0.34, "#4f7fc0"), (0.46, "#8b9bb0"), (0.5, "#a3a3a3"),
    (0.54, "#b5aa88"), (0.66, "#d3ae3f"), (0.83, "#f0cb4c"), (1, "#fff0a8"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours and sizes (pixels) of one look. ``hues`` has the colour of each hue of skips."""

    name: str
    ink: str
    muted: str
    grid: str
    paper: str
    ghost: str
    hues: Mapping[str, str]
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

    def shades(self, hue: str) -> list[str]:
        """A hue's colour and its variants, towards ink: paler ones would be lost on paper."""
        base = self.hues[hue]
        toward, away = (self.ink, self.paper)
        return [
            base,
            mix(base, toward, 0.45),
            mix(base, away, 0.1),
            mix(base, toward, 0.65),
            mix(base, toward, 0.22),
        ]


# The same colours and sizes as static/css/tokens.css. Vermillion and blue are Okabe and Ito's
# (2008, jfly.uni-koeln.de/color); no hue is the only thing that tells two skips apart.
_LIGHT: dict[str, Any] = {
    "ink": "#16202b",
    "muted": "#4c5a68",
    "grid": "#e3e8ed",
    "paper": "#ffffff",
    "ghost": "#87919b",
    "hues": {
        "vermillion": "#d55e00",
        "blue": "#0072b2",
        "purple": "#7a5c99",
        "green": "#00805f",
        "rose": "#b8437f",
        "ochre": "#8a6100",
    },
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
            ghost="#6b7783",
            hues={
                "vermillion": "#f28c45",
                "blue": "#4fb2ec",
                "purple": "#bfa0de",
                "green": "#3fc79a",
                "rose": "#f08cbb",
                "ochre": "#d9b13b",
            },
        ),
        Theme(
            name="projector",
            font=22,
            line=4.5,
            marker=14,
            **{**_LIGHT, "ink": "#000000", "muted": "#1f2933"},
        ),
    )
}


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` moved by ``share`` (0 to 1) towards ``other``; both ``#rrggbb``."""
    pairs = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
