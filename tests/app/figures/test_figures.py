"""How every chart looks."""

from __future__ import annotations

import json
from dataclasses import astuple
from itertools import combinations, pairwise

import numpy as np
import pytest

from app.assets import folder
from app.figures import CHARTS, all_figures
from app.figures.themes import RATIO_SCALE, THEMES, VARIANTS, Theme, looks
from models.skips import SKIPS

LIGHT = THEMES["light"]


def test_all_charts_are_ready_for_json_in_all_themes() -> None:
    figures = json.loads(json.dumps(all_figures(), allow_nan=False))
    assert set(figures) == {
        "errorByStep",
        "lossByStep",
        "flowByDepth",
        "flowHeatmap",
        "errorByDepth",
        "lesion",
        "paths",
    }
    for figure in figures.values():
        assert set(figure["themes"]) == {"light", "dark", "projector"}


def test_no_chart_needs_eval_or_can_upload_anything() -> None:
    text = json.dumps(all_figures())
    assert "scattergl" not in text
    for figure in all_figures().values():
        assert figure["config"]["plotlyServerURL"] == ""
        assert figure["config"]["displayModeBar"] is False


def test_any_two_skips_are_told_apart_with_and_without_colour() -> None:
    paints = [astuple(skip.paint) for skip in SKIPS.values()]
    for one, other in combinations(paints, 2):
        assert sum(a == b for a, b in zip(one, other, strict=True)) <= 1
    assert astuple(SKIPS["none"].paint) == ("vermillion", "dash", "square")
    assert astuple(SKIPS["identity"].paint) == ("blue", "solid", "circle")


def test_no_two_lines_of_any_skips_look_alike() -> None:
    lines = [
        (skip.paint.hue, *look)
        for skip in SKIPS.values()
        for look in looks(skip.paint.dash, skip.paint.marker)
    ]
    assert len(set(lines)) == len(lines) == VARIANTS * len(SKIPS)


@pytest.mark.parametrize("name", SKIPS)
def test_five_runs_of_a_skip_differ_by_dash_and_marker_and_colour(name: str) -> None:
    paint = SKIPS[name].paint
    dashes, markers = zip(*looks(paint.dash, paint.marker), strict=True)
    assert (dashes[0], markers[0]) == (paint.dash, paint.marker)
    for theme in THEMES.values():
        for part in (dashes, markers, theme.shades(paint.hue)):
            assert len(set(part)) == VARIANTS


def test_vermillion_and_blue_are_those_of_okabe_and_ito() -> None:
    assert LIGHT.hues["vermillion"].upper() == "#D55E00"
    assert LIGHT.hues["blue"].upper() == "#0072B2"


def test_pages_have_the_colours_of_the_charts() -> None:
    tokens = (folder("static") / "css" / "tokens.css").read_text("utf-8")
    for theme in (LIGHT, THEMES["dark"]):
        for hue, colour in theme.hues.items():
            assert f"--{hue}: {colour};" in tokens


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_every_line_stands_out_from_the_paper(theme: Theme) -> None:
    # WCAG 2.2, 1.4.11: 3:1 for graphics, those that stay behind as well.
    brush = CHARTS["errorByStep"].themed(theme)["brush"]
    assert {skip.paint.hue for skip in SKIPS.values()} <= set(brush["hues"])
    for colour in [*(one for shades in brush["hues"].values() for one in shades), brush["ghost"]]:
        assert contrast(colour, theme.paper) >= 3, colour
    assert contrast(theme.ink, theme.paper) >= 7
    assert contrast(theme.muted, theme.paper) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two ``#rrggbb``."""

    def luminance(colour: str) -> float:
        channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return float(linear @ [0.2126, 0.7152, 0.0722])

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_projector_has_large_text_and_thick_lines() -> None:
    for chart in CHARTS.values():
        themed = chart.themed(THEMES["projector"])
        assert themed["layout"]["template"]["layout"]["font"]["size"] >= 22
        assert min(themed["brush"]["width"], themed["brush"]["thin"]) >= 4


def test_colours_of_ratios_rise_in_lightness_blue_below_one_and_yellow_above() -> None:
    lightness = [light(colour) for _, colour in RATIO_SCALE]
    assert all(low + 2 < high for low, high in pairwise(lightness))
    for place, colour in RATIO_SCALE:
        red, _, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        assert (blue > red) == (place < 0.5)
        assert (red > blue) == (place > 0.5)


def light(colour: str) -> float:
    """CIE 1976 lightness, from 0 to 100, of an sRGB colour."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    ]
    luminance = sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return float(116 * luminance ** (1 / 3) - 16)
