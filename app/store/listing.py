"""Which runs and studies a listing shows: filters, as statements."""

from __future__ import annotations

from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from app.store.records import PRECEDENCE
from app.store.tables import RUN, STUDY


def runs(
    state: str | None, study: str | None, text: str | None, after: int | None, limit: int
) -> Select[Any]:
    """Runs, newest first, those before number ``after``.

    ``study`` is a kind of study or the id of one; every word of ``text`` must occur in the
    configuration, or be the id.
    """
    found = select(RUN).order_by(RUN.c.number.desc()).limit(limit)
    if state is not None:
        found = found.where(RUN.c.state == state)
    if study is not None:
        of_kind = select(STUDY.c.id).where(or_(STUDY.c.kind == study, STUDY.c.id == study))
        found = found.where(RUN.c.study.in_(of_kind))
    if text is not None:
        found = found.where(_says(RUN.c.spec, RUN.c.id, text))
    if after is not None:
        found = found.where(RUN.c.number < after)
    return found


def studies(
    state: str | None, kind: str | None, text: str | None, after: int | None, limit: int
) -> Select[Any]:
    """Studies, newest first, those before number ``after``; a study's state is its runs'."""
    found = select(STUDY).order_by(STUDY.c.number.desc()).limit(limit)
    if state is not None:
        ranks = {name: rank for rank, name in enumerate(PRECEDENCE)}
        first = func.min(case(ranks, value=RUN.c.state, else_=len(ranks)))
        in_state = (
            select(RUN.c.study).group_by(RUN.c.study).having(first == ranks.get(state, len(ranks)))
        )
        found = found.where(STUDY.c.id.in_(in_state))
    if kind is not None:
        found = found.where(STUDY.c.kind == kind)
    if text is not None:
        found = found.where(_says(STUDY.c.spec, STUDY.c.id, text))
    if after is not None:
        found = found.where(STUDY.c.number < after)
    return found


# What a network can do without, beside a skip: a bare "none" means plain networks.
WITHOUT = ('"tail":"none"', '"norm":"none"')


def _says(spec: ColumnElement[str], name: ColumnElement[str], text: str) -> ColumnElement[bool]:
    has: ColumnElement[str] = reduce(lambda rest, one: func.replace(rest, one, ""), WITHOUT, spec)
    words = (
        or_((spec if '"' in word else has).icontains(word, autoescape=True), name == word)
        for word in _words(text)
    )
    return and_(true(), *words)


def _words(text: str) -> list[str]:
    return text.replace("\0", " ").split()  # which PostgreSQL refuses, and no text holds
