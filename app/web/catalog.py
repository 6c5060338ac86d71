"""What can be chosen, in words and numbers: what the form is made of. Loads no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app import __version__
from app.analyses import ANALYSES, Analysis
from app.data.entry import DataEntry
from app.data.own import OwnImages
from app.data.registry import DATASETS
from app.figures.themes import looks
from app.measures import MEASURES, Measure
from app.spec.fields import live_fields, run_fields
from app.spec.optimizer import OPTIMIZERS, TITLES
from app.spec.run import DEVICES, STATISTICS
from app.studies.fields import study_fields
from app.studies.presets import PRESETS
from app.studies.registry import STUDIES
from app.studies.spec import MAX_RUNS, MAX_SKIPS, MAX_VALUES, SWEEPABLE
from models.activations import ACTIVATIONS
from models.branches import BRANCHES, PLACEMENTS
from models.families import FAMILIES
from models.inits import INITS
from models.norms import NORMS
from models.registry import Entry, parameters
from models.shortcuts import SHORTCUTS
from models.skips import SKIPS, SkipEntry
from models.tails import TAILS

NOTHING = OwnImages()


def catalog(own: OwnImages = NOTHING) -> dict[str, Any]:
    """The whole catalog with one's own images, ready for JSON."""
    return {
        "version": __version__,
        "families": [
            {**_entry(family), "takes": list(family.takes), "pixels": family.spec.pixels}
            for family in FAMILIES.values()
        ],
        "skips": [_skip(skip) for skip in SKIPS.values()],
        "downsamples": _entries(SHORTCUTS),
        "branches": _entries(BRANCHES),
        "placements": _entries(PLACEMENTS),
        "tails": _entries(TAILS),
        "norms": [{**_entry(norm), "ties": norm.ties, "own": norm.own} for norm in NORMS.values()],
        "activations": _entries(ACTIVATIONS),
        "inits": _entries(INITS),
        "devices": _entries(DEVICES),
        "statistics": _entries(STATISTICS),
        "measures": [_measure(measure) for measure in MEASURES.values()],
        "analyses": [_analysis(analysis) for analysis in ANALYSES.values()],
        "data": [_facts(data) for data in (*DATASETS.values(), *own.usable)],
        "unusable": [asdict(data) for data in own.unusable],
        "optimizers": [
            {
                "name": name,
                "title": TITLES[name],
                "summary": _first_line(model),
                "defaults": model().model_dump(mode="json", exclude={"name"}),
            }
            for name, model in OPTIMIZERS.items()
        ],
        "studies": [
            {
                "name": study.name,
                "title": study.title,
                "question": study.question,
                "look_for": study.look_for,
                "source": study.source,
                "measures": list(study.measures),
                "fields": [asdict(field) for field in study_fields(study.name)],
            }
            for study in STUDIES.values()
        ],
        "presets": [
            {
                "name": preset.name,
                "title": preset.title,
                "summary": preset.summary,
                "question": preset.question,
                "spec": preset.spec.model_dump(mode="json"),
            }
            for preset in PRESETS
        ],
        "fields": [asdict(field) for field in run_fields()],
        "live": [asdict(field) for field in live_fields()],
        "sweepable": list(SWEEPABLE),
        "most": {"runs": MAX_RUNS, "values": MAX_VALUES, "skips": MAX_SKIPS},
    }


def _entries(registry: Mapping[str, Entry]) -> list[dict[str, Any]]:
    return [_entry(entry) for entry in registry.values()]


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "summary": entry.summary,
        "formula": entry.formula,
        "source": entry.source,
        "needs": [asdict(need) for need in entry.needs],
    }


def _skip(skip: SkipEntry) -> dict[str, Any]:
    """``looks``: dash and marker of its first line on a chart, and of further ones."""
    paint = {"hue": skip.paint.hue, "looks": looks(skip.paint.dash, skip.paint.marker)}
    return {
        **_entry(skip),
        "called": skip.called,
        "paint": paint,
        "drawing": skip.drawing,
        "adds": skip.adds,
        "roads": asdict(skip.roads),
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        **_entry(measure),
        "at": measure.at,
        "unit": measure.unit,
        "scale": measure.scale,
        "relative": measure.relative,
        "usual": measure.usual,
    }


def _analysis(analysis: Analysis) -> dict[str, Any]:
    return {
        **_entry(analysis),
        "question": analysis.question,
        "look_for": analysis.look_for,
        "limits": analysis.limits,
        "skips": list(analysis.skips),
        "fields": [
            {
                "name": name,
                "default": default,
                "kind": parameter.kind,
                "title": parameter.title,
                "help": parameter.help,
                "minimum": parameter.minimum,
                "maximum": parameter.maximum,
                "names": list(parameter.names),
            }
            for name, default, parameter in parameters(analysis.parameters)
        ],
    }


def _facts(data: DataEntry) -> dict[str, Any]:
    """What a reader wants to know of a set: not where its code and its files come from.

    ``download``: bytes to download once, 0 where it comes with the program; whether they have
    been downloaded is told at /api/data.
    """
    facts = asdict(data)
    del facts["code"], facts["published"]
    return {**facts, "download": data.published.size if data.published else 0}


def _first_line(model: type) -> str:
    return (model.__doc__ or "").partition("\n")[0]
