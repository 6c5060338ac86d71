from __future__ import annotations

from pathlib import Path

from app.analyses import ANALYSES
from app.web.protocol import CODES, EVENTS, protocol
from app.web.sockets import StateMessage
from docs.protocol import description
from models.registry import parameters

DOCUMENT = Path(__file__).parents[3] / "docs" / "protocol.md"


def test_the_document_is_what_the_code_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == protocol(description()), (
        "run: python -m docs.protocol > docs/protocol.md"
    )


def test_every_event_and_close_code_is_in_it() -> None:
    text = protocol(description())
    for name in EVENTS:
        assert f"### {name}\n" in text
    for code in CODES:
        assert f"| {code} |" in text
    for name in StateMessage.model_fields:
        assert f"`{name}`" in text


def test_every_setting_of_every_analysis_is_in_it() -> None:
    text = protocol(description())
    for name, entry in ANALYSES.items():
        _, _, told = text.partition(f"### AnalysisSpec: {name}\n")
        told, _, _ = told.partition("\n### ")
        rows = [line.split("`")[1] for line in told.splitlines() if line.startswith("| `")]
        assert rows == ["analysis", "of", *(field for field, _, _ in parameters(entry.parameters))]
