"""Which test examples stand for the whole set where a few are shown one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import Answers


def choose(answers: Answers, count: int) -> NDArray[np.intp]:
    """The places of ``count`` examples (all, where there are fewer), by their ``answers`` alone.

    Of classes, the first example of each class in turn, then the second of each, and so on; of a
    regression simply the first. Whoever asks of one set gets the same.
    """
    places = np.arange(len(answers))
    if answers.ndim == 1:  # classes
        by_class = np.argsort(answers, kind="stable")
        ordered = answers[by_class]
        turn = np.empty_like(places)  # which example of its class each is, from 0
        turn[by_class] = places - np.searchsorted(ordered, ordered)
        places = np.lexsort((answers, turn))
    return places[:count]
