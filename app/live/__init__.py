"""Serves everyone who follows a run from what was encoded once."""

from app.live.live import Live, Source, StateMessage

__all__ = ["Live", "Source", "StateMessage"]
