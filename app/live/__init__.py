"""Serves everyone who follows a run from what was encoded once."""

from app.live.live import Live, Source, Standing

__all__ = ["Live", "Source", "Standing"]
