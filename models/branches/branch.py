"""A branch: weighted layers with norm and activation, in the order of a placement."""

from __future__ import annotations

from torch import Tensor, nn

from models.branches import BranchEntry, PlacementEntry
from models.layers import Layers
from models.sites import Site, Sites
from models.skips.skip import Place


class Parts(nn.Sequential):
    """Layers, norms and activations one after another, by name: layer1, norm1, act1, layer2 ..."""

    def forward(self, x: Tensor) -> Tensor:
        for module in self._modules.values():
            # A site is passed thousands of times a second: what calling a module costs is saved.
            x = module.forward(x) if type(module) is Site else module(x)
        return x

    def put(self, name: str, module: nn.Module | None) -> None:
        """Put a module, where there is one, at the end."""
        if module is not None:
            self.add_module(name, module)

    def put_between(self, part: str, number: int | str, width: int, layers: Layers) -> None:
        """Put a norm (``n``) of so many channels or an activation (``a``) at the end."""
        if part == "a":
            self.put(f"act{number}", layers.activation())
        else:
            self.put(f"norm{number}", layers.norm(width))


class Branch(Parts):
    """The weighted layers of one block.

    It reads ``reads`` channels. He et al. 2015 (arXiv:1512.03385), figures 2 and 5; He et al.
    2016 (arXiv:1603.05027), figure 4. The first layer has the block's stride. Each layer's
    response, with its norm where one follows it, is a site.
    """

    def __init__(
        self,
        sites: Sites,
        entry: BranchEntry,
        placement: PlacementEntry,
        place: Place,
        reads: int,
        *,
        shared: bool,
    ) -> None:
        super().__init__()
        layers, count = place.layers, len(entry.sizes)
        inside = reads
        for n, size in enumerate(entry.sizes, 1):
            outside = place.outside if n == count else place.outside // entry.wider
            order = placement.last if n == count else placement.layer
            if n == 1 and shared:
                order = order.removeprefix(placement.before)
            for at, part in enumerate(order):
                if part == "l":
                    stride = place.stride if n == 1 else 1
                    self.put(f"bias{n}", layers.scalar_bias())
                    self.put(f"layer{n}", layers.weighted(inside, outside, stride, size))
                    self.put(f"scale{n}", layers.scalar_scale() if n == count else None)
                    inside = outside
                else:
                    self.put_between(part, n, inside, layers)
                if order[: at + 1].endswith(("l", "ln")) and order[at + 1 : at + 2] != "n":
                    self.put(f"response{n}", Site(sites, f"{place.name}.layer{n}", "response"))


def follow(order: str, width: int, layers: Layers, sites: Sites) -> Parts:
    """What follows the stem's layer, by ``order``, with the site of its response."""
    parts = Parts()
    for part in order.removesuffix("a"):
        parts.put_between(part, "", width, layers)
    parts.put("response", Site(sites, "stem", "response"))
    if order.endswith("a"):
        parts.put_between("a", "", width, layers)
    return parts


def between(order: str, width: int, layers: Layers) -> nn.Module | None:
    """The norm and activation that ``order`` names, of so many channels; None where it is empty."""
    parts = Parts()
    for part in order:
        parts.put_between(part, "", width, layers)
    return parts if len(parts) > 1 else next(iter(parts), None)
