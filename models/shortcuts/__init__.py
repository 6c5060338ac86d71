"""What a shortcut does where a block changes the shape of what goes through it."""

from __future__ import annotations

from models.registry import Entry, Need, registry
from models.skips import DOWNSAMPLING

UNUSED = "would change nothing with a skip that never uses it"
USED = Need("skip", DOWNSAMPLING, UNUSED, same="pad")

SHORTCUTS = registry(
    Entry(
        name="pad",
        title="Pad (A)",
        summary="Where the size changes, the shortcut keeps every second pixel and fills the new "
        "channels with zeros. No parameters.",
        source="He et al. 2015, arXiv:1512.03385, option A",
        code="models.shortcuts.shortcuts:Pad",
    ),
    Entry(
        name="project",
        title="Project (B)",
        summary="Where the size changes, the shortcut is a learned 1x1 convolution.",
        source="He et al. 2015, arXiv:1512.03385, option B",
        code="models.shortcuts.shortcuts:Project",
        needs=(USED,),
    ),
    Entry(
        name="error",
        title="Leave it (error)",
        summary="Add the two as they are, and see PyTorch's error where their sizes differ.",
        code="models.shortcuts.shortcuts:Unchanged",
        needs=(USED,),
    ),
)
