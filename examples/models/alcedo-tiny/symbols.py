# SPDX-License-Identifier: Apache-2.0
"""Training aids that use what the drawing program knows; none of this is exported.

Symbols: stands for tower and projector while the decoder learns to answer. Probes: read the labels off the tower.
"""
import torch
import torch.nn.functional as F
from torch import nn

from draw import BACKGROUNDS, CHARS, COLOURS, KINDS

CELL_CLASSES = (1 + len(KINDS), 1 + len(COLOURS), 3, 5, len(BACKGROUNDS))
PATCH_CLASSES = (1 + len(CHARS), 9)


class Symbols(nn.Module):
    """An image token as the sum of learned vectors: cell, shape centre in it (kind, colour, size, quarter), background, characters.

    A character's vector depends on its index in the string, so that the decoder only has to ask for the next index."""

    def __init__(self, width, noise=0.1):
        super().__init__()
        self.noise = noise
        self.cell = nn.Parameter(0.1 * torch.randn(16, width))
        self.labels = nn.ModuleList(nn.Embedding(n, width) for n in CELL_CLASSES)
        self.chars = nn.Embedding(4 * PATCH_CLASSES[0], width)
        self.last = nn.Embedding(PATCH_CLASSES[1], width)
        for table in (*self.labels, self.chars, self.last):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, cells, patches):
        """cells [n, 16, 5], patches [n, 64, 2] to tokens [n, 16, width]."""
        x = self.cell.expand(len(cells), -1, -1)
        there = (cells[..., 0] > 0).float()[..., None]
        for i, table in enumerate(self.labels):
            x = x + table(cells[..., i]) * (there if i < 4 else 1)
        n = len(patches)
        p = patches.view(n, 4, 2, 4, 2, 2).transpose(2, 3).reshape(n, 16, 4, 2)
        index = (p[..., 1] - 1).clamp(min=0) // 2
        vectors = self.chars(index * PATCH_CLASSES[0] + p[..., 0]) + self.last(p[..., 1])
        x = x + (vectors * (p[..., 0] > 0).float()[..., None]).sum(2)
        if self.training and self.noise:
            x = x + self.noise * x.detach().square().mean().sqrt() * torch.randn_like(x)
        return x


def shuffle_tiles(cells, overview, rng):
    """Spoils the shape labels of tiles other than overviews, so that the decoder answers about shapes from the overview."""
    cells = cells.clone()
    tiles = ~overview
    gone = tiles[:, None] & (torch.rand(cells.shape[:2], generator=rng) < 0.5)
    cells[..., :4][gone] = 0
    there = tiles[:, None] & (cells[..., 0] > 0)
    cells[..., 2][there] = torch.randint(1, 3, (int(there.sum()),), generator=rng)
    return cells


class Probes(nn.Module):
    """Linear classifiers on the tower's output: cells from the merged features, characters from the patches."""

    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(4 * width)
        self.cells = nn.Linear(4 * width, sum(CELL_CLASSES))
        self.patches = nn.Linear(width, sum(PATCH_CLASSES))

    def losses(self, features, merged, cells, patches, overview):
        """A dictionary of losses, and one of accuracies where there is something to see."""
        loss, right = {}, {}
        heads = list(zip(("kind", "colour", "size", "quarter", "background"), self.cells(self.norm(merged)).split(CELL_CLASSES, -1), cells.unbind(-1)))
        heads += list(zip(("char", "place"), self.patches(features).split(PATCH_CLASSES, -1), patches.unbind(-1)))
        for name, logits, target in heads:
            logits, target = logits.float().flatten(0, -2), target.clone()
            if name == "size":  # a shape's size class means nothing inside an enlarged tile
                target[(~overview)[:, None] & (target > 0)] = -100
            target = target.flatten()
            some = target > 0 if name != "background" else target >= 0
            weight = 1 + 3.0 * some.float()
            each = F.cross_entropy(logits, target, reduction="none", ignore_index=-100)
            loss[name] = (each * weight).mean()
            right[name] = (logits.argmax(-1) == target)[some].float().mean().item() if some.any() else float("nan")
        return loss, right
