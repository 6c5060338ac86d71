"""Activations: what comes between weighted layers."""

from __future__ import annotations

from dataclasses import dataclass

from models.registry import Choice, Entry, number, registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaky(Choice):
    """A ReLU that lets a little through."""

    slope: float = number(0.01, "Slope below 0", 0, 1, above=True)


ACTIVATIONS = registry(
    Entry(
        name="relu",
        title="ReLU",
        summary="max(0, x)",
        code="models.activations.activations:relu",
    ),
    Entry(
        name="leaky-relu",
        title="Leaky ReLU",
        summary="x above 0, a small multiple of x below: no unit is ever without a gradient.",
        source="Maas et al. 2013",
        code="models.activations.activations:leaky_relu",
        parameters=Leaky,
    ),
    Entry(
        name="gelu",
        title="GELU",
        summary="x times the probability that a standard normal number is less than x: "
        "a smooth ReLU.",
        source="Hendrycks and Gimpel 2016, arXiv:1606.08415",
        code="models.activations.activations:gelu",
    ),
    Entry(
        name="silu",
        title="SiLU (Swish)",
        summary="x times its sigmoid: a smooth ReLU.",
        source="Elfwing et al. 2017, arXiv:1702.03118; Ramachandran et al. 2017, arXiv:1710.05941",
        code="models.activations.activations:silu",
    ),
    Entry(
        name="tanh",
        title="tanh",
        summary="The hyperbolic tangent: between -1 and 1, nearly x close to 0.",
        code="models.activations.activations:tanh",
    ),
    Entry(
        name="sigmoid",
        title="Sigmoid",
        summary="1 / (1 + exp(-x)): between 0 and 1. Its slope is at most 1/4, so that each layer "
        "shrinks the gradient.",
        code="models.activations.activations:sigmoid",
    ),
)
