"""The service that joins engine, store and live: what can be done with runs and studies."""

from app.runs.errors import NotFound, NotNow, NotOwner
from app.runs.service import Runs
from app.runs.views import EventPage, Page, Run, Study

__all__ = ["EventPage", "NotFound", "NotNow", "NotOwner", "Page", "Run", "Runs", "Study"]
