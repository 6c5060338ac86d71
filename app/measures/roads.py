"""The two roads by which a gradient arrives at a block's input.

Where a block writes shortcut(x) + F(x), the gradient by x is the sum of that through the shortcut
and that through the branch: exactly, as vectors; their norms do not add up. He et al. 2016
(arXiv:1603.05027), equation 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan

import torch

from app.measures.look import Look
from app.measures.norms import SAFE, norms, norms_where


def shortcut_grad(look: Look, places: Sequence[str]) -> list[float]:
    """The L2 norm of the gradient through each block's shortcut."""
    return norms_where([look.grads[f"{place}.shortcut"] for place in places])


def branch_grad(look: Look, places: Sequence[str]) -> list[float]:
    """The L2 norm of the gradient through each block's branch."""
    return norms_where([look.grads[f"{place}.branch"] for place in places])


def branch_share(look: Look, places: Sequence[str]) -> list[float]:
    """<g_branch, g> / |g|^2 of each block, g the sum of both; nan where g is 0.

    Of a branch that the step leaves out it is 0.
    """
    shares = [0.0 if look.grads[f"{place}.branch"] is None else nan for place in places]
    both = {
        n: (branch, shortcut)
        for n, place in enumerate(places)
        if (branch := look.grads[f"{place}.branch"]) is not None
        and (shortcut := look.grads[f"{place}.shortcut"]) is not None
    }
    if not both:
        return shares
    ours, others = zip(*both.values(), strict=True)
    whole = torch._foreach_add(ours, others)
    sizes = norms(whole)
    along = torch.stack([one.sum() for one in torch._foreach_mul(ours, whole)]).tolist()
    for at, (n, size) in enumerate(zip(both, sizes, strict=True)):
        if not SAFE[0] < size < SAFE[1] or not isfinite(along[at]):
            along[at] = (ours[at].double() * whole[at].double()).sum().item()
        shares[n] = along[at] / size / size if size else nan
    return shares
