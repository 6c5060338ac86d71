"""Downloads of published data sets that the server itself does, each in a thread of its own.

What other processes download (a run's worker, the command line) is seen as well, by the lock that
they hold and the file that grows.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from pydantic import BaseModel, Field

from app.data.download import collect
from app.data.entry import DataEntry
from app.data.errors import Cancelled, DataError
from app.data.leftovers import clear_all
from app.data.registry import DATASETS
from app.data.status import Presence, coming, so_far, status_of
from app.runs import NotNow, NotOwner
from app.web.problems import Problem

log = logging.getLogger(__name__)

MOST = 4  # at once, counting those that were cancelled and have yet to leave
LEAVE = 3.0  # seconds that all of them get when the server stops
RETRY_AFTER = "10"  # seconds


class DownloadProgress(BaseModel):
    """How much has come, in bytes; where all has, it is being checked and unpacked."""

    done: int
    total: int


class DownloadProblem(BaseModel):
    """Why a download failed, and what helps."""

    problem: str = Field(description="what went wrong, mirror by mirror")
    remedy: str = Field(description="what to do, or which file to put where")


class DataSet(BaseModel):
    """A data set, and how much of it is on the server's machine. Sizes are in bytes."""

    name: str
    title: str
    presence: Presence = Field(description="embedded: it comes with the program")
    bytes: int = Field(description="on the disk")
    download: int = Field(description="to download before all of it is there")
    examples: int = Field(description="training examples that can be trained on as it is")
    missing: list[str] = Field(description="files, below the data folder")
    damaged: list[str] = Field(description="files that have not the published size")
    progress: DownloadProgress | None = Field(
        description="of the download that goes on, whichever process does it"
    )
    mine: bool = Field(description="whether the viewer began that download, and may cancel it")
    error: DownloadProblem | None = Field(description="of the server's last download, if it failed")


class DataSets(BaseModel):
    """Every registered data set."""

    items: list[DataSet]


@dataclass
class Job:
    """One download: whose it is, whether it was cancelled, and why it failed."""

    owner: str
    cancelled: Event = field(default_factory=Event)
    error: DataError | None = None
    thread: Thread | None = None

    @property
    def alive(self) -> bool:
        """Whether its thread has yet to leave."""
        return self.thread is not None and self.thread.is_alive()

    @property
    def going(self) -> bool:
        """Whether it goes on, and is meant to."""
        return self.alive and not self.cancelled.is_set() and self.error is None


class Downloads:
    """At most one download a set. ``begin`` and ``cancel`` are for the server's own loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._jobs: dict[str, Job] = {}  # the last one of each set
        self._leaving: list[tuple[str, Job]] = []  # cancelled, but not gone

    def clear(self) -> None:
        """Take away what killed processes left half-done."""
        try:
            clear_all(self._folder)
        except OSError as error:
            log.warning("what is left of a data set can't be taken away: %s", error)

    def sets(self, viewer: str | None) -> DataSets:
        """All data sets as a viewer sees them; looks at the disk."""
        return DataSets(items=[self.look(entry, viewer) for entry in DATASETS.values()])

    def look(self, entry: DataEntry, viewer: str | None) -> DataSet:
        """One data set as a viewer sees it; looks at the disk."""
        job = self._jobs.get(entry.name)
        going = job is not None and job.going
        progress = None
        if going:
            progress = so_far(entry, self._folder)
        elif not any(name == entry.name and one.alive for name, one in self._leaving):
            progress = coming(entry, self._folder)
        found = status_of(entry, self._folder)  # after the progress: what is there comes no more
        there = not found.missing
        error = job.error if job and not going and not there else None
        return DataSet(
            **asdict(found),
            title=entry.title,
            progress=None if progress is None or there else DownloadProgress(**asdict(progress)),
            mine=going and not there and job is not None and job.owner == viewer,
            error=error and DownloadProblem(problem=error.problem, remedy=error.remedy),
        )

    def begin(self, entry: DataEntry, owner: str) -> bool:
        """Download a set, or join whoever does; whether anything is to be downloaded.

        Raises:
            NotNow: it comes with the program, or a file of it is damaged.
            Problem: 429, too many are being downloaded.
        """
        found = self.look(entry, owner)
        if entry.published is None:
            raise NotNow(f"{entry.title}: comes with Depthscope; there is nothing to download.")
        if found.damaged:
            raise NotNow(
                f"{', '.join(found.damaged)}: not as published. "
                "Delete it in the data folder, and it can be downloaded again."
            )
        if not found.missing or found.progress:
            return bool(found.missing)
        if sum(job.alive for job in self._all()) >= MOST:
            raise Problem(
                429,
                f"At most {MOST} data sets can be downloaded at a time; "
                "try again when one has finished.",
                headers={"retry-after": RETRY_AFTER},
            )
        job = Job(owner)
        job.thread = Thread(
            target=self._get, args=(entry, job), name=f"get {entry.name}", daemon=True
        )
        self._jobs[entry.name] = job
        job.thread.start()
        return True

    def cancel(self, entry: DataEntry, owner: str) -> Thread:
        """Give a set's download up; the thread that ends once nothing of it is left.

        Raises:
            NotNow: the server downloads nothing of it.
            NotOwner: another browser began it.
        """
        job = self._jobs.get(entry.name)
        if job is None or not job.going or job.thread is None:
            if coming(entry, self._folder):
                raise NotNow(
                    f"{entry.title} is being downloaded by a run, or on the command line: "
                    "whoever began it there can stop it."
                )
            raise NotNow(f"{entry.title} is not being downloaded.")
        if job.owner != owner:
            raise NotOwner("Only the browser that began it may do this.")
        job.cancelled.set()
        leaving = [(name, one) for name, one in self._leaving if one.alive]
        self._leaving = [*leaving, (entry.name, self._jobs.pop(entry.name))]
        return job.thread

    def cancel_all(self) -> None:
        """Give all downloads up."""
        for job in self._jobs.values():
            job.cancelled.set()

    def wait(self) -> None:
        """Wait until what was given up is gone: a moment, but for a mirror that does not answer.

        Of such a one nothing has been written.
        """
        until = monotonic() + LEAVE
        for job in self._all():
            if job.thread is not None:
                job.thread.join(max(0.0, until - monotonic()))

    def _all(self) -> list[Job]:
        return [*self._jobs.values(), *(job for _, job in self._leaving)]

    def _get(self, entry: DataEntry, job: Job) -> None:
        try:
            collect(entry, self._folder, lambda done, total: None, job.cancelled.is_set)
        except DataError as error:
            job.error = error.public(self._folder)
        except Cancelled:
            return  # as was asked for
