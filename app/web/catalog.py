"""What can be chosen, in words and numbers: what the form is made of. Loads no torch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, get_args

from app import __version__
from app.data.entry import DataEntry
from app.data.own import OwnImages
from app.data.registry import DATASETS
from app.spec import RunSpec
from app.spec.optimizer import Adam, Sgd
from app.spec.run import MAX_BATCH, MAX_SEED, MAX_STEPS
from app.studies.presets import PRESETS
from app.studies.registry import STUDIES
from app.studies.spec import MAX_STUDY_RUNS, STUDY_SPEC, Sweepable
from app.web.bodies import MAX_BODY
from models.registry import (
    ACTIVATIONS,
    BLOCKS,
    DOWNSAMPLES,
    FAMILIES,
    INITS,
    NORMS,
    SKIPS,
    Entry,
    Family,
)
from models.spec import MAX_WIDTH

OPTIMIZERS = {"sgd": (Sgd, "SGD with momentum"), "adam": (Adam, "Adam")}


NOTHING = OwnImages()


def catalog(own: OwnImages = NOTHING) -> dict[str, Any]:
    """The whole catalog with one's own images, ready for JSON."""
    return {
        "version": __version__,
        "families": [_family(family) for family in FAMILIES.values()],
        "skips": _entries(SKIPS.values()),
        "downsamples": _entries(DOWNSAMPLES.values()),
        "blocks": _entries(BLOCKS.values()),
        "norms": _entries(NORMS.values()),
        "activations": _entries(ACTIVATIONS.values()),
        "inits": _entries(INITS.values()),
        "data": [_facts(data) for data in (*DATASETS.values(), *own.usable)],
        "unusable": [asdict(data) for data in own.unusable],
        "optimizers": [
            {
                "name": name,
                "title": title,
                "summary": _first_line(model),
                "defaults": model().model_dump(mode="json", exclude={"name"}),
            }
            for name, (model, title) in OPTIMIZERS.items()
        ],
        "studies": [
            {
                "name": study.name,
                "title": study.title,
                "question": study.question,
                "look_for": study.look_for,
                "source": study.source,
            }
            for study in STUDIES.values()
        ],
        "presets": [
            {
                "name": preset.name,
                "title": preset.title,
                "summary": preset.summary,
                "spec": preset.spec.model_dump(mode="json"),
            }
            for preset in PRESETS
        ],
        "sweepable": list(get_args(Sweepable)),
        "limits": {
            "body": MAX_BODY,
            "steps": MAX_STEPS,
            "batch_size": MAX_BATCH,
            "seed": MAX_SEED,
            "width": MAX_WIDTH,
            "study_runs": MAX_STUDY_RUNS,
        },
        "schema": {"run": RunSpec.model_json_schema(), "study": STUDY_SPEC.json_schema()},
    }


def _entries(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [
        {
            "name": entry.name,
            "title": entry.title,
            "summary": entry.summary,
            "formula": entry.formula,
            "source": entry.source,
        }
        for entry in entries
    ]


def _family(family: Family) -> dict[str, Any]:
    depths = family.depths
    return {
        **_entries([family])[0],
        "takes": list(family.takes),
        "depths": {"min": depths[0], "max": depths[-1], "step": depths.step},
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
