"""Writes what is changed of a run while it trains."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from app.store.records import UNFINISHED
from app.store.tables import RUN, STUDY


def amend(connection: Connection, runs: Mapping[str, str], study: tuple[str, str] | None) -> bool:
    """Replace the specs of these runs and of their study, by id; only if all are under way."""
    under_way = select(RUN.c.id).where(RUN.c.id.in_(runs), RUN.c.state.in_(UNFINISHED))
    if len(connection.execute(under_way.with_for_update()).all()) < len(runs):
        return False
    for run, spec in runs.items():
        connection.execute(update(RUN).where(RUN.c.id == run).values(spec=spec))
    if study:
        name, spec = study
        connection.execute(update(STUDY).where(STUDY.c.id == name).values(spec=spec))
    return True
