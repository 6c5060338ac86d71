"""The service that joins engine, store and live: what can be done with runs and studies."""

from app.runs.errors import NotFound, NotKept, NotNow, NotOwner, Unreadable
from app.runs.service import Runs
from app.runs.views import EventPage, Run, RunPage, Study, StudyPage

__all__ = [
    "EventPage",
    "NotFound",
    "NotKept",
    "NotNow",
    "NotOwner",
    "Run",
    "RunPage",
    "Runs",
    "Study",
    "StudyPage",
    "Unreadable",
]
