# SPDX-License-Identifier: Apache-2.0
"""BlueLM-V-3B's architecture in small: SigLIP-style tower, 2x2 downsampler, two-layer projector, Llama decoder.

Module attributes carry the names that the exported tensors get, so that export.py is a plain renaming.
"""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from draw import PATCH, TILE
from tokenizer import PIECES

GRID = TILE // PATCH  # patches on a side
TOKENS = (GRID // 2) ** 2  # image tokens per tile


@dataclass(frozen=True)
class Config:
    vision_width: int = 128
    vision_heads: int = 4
    vision_mlp: int = 320
    vision_blocks: int = 4
    vision_eps: float = 1e-6
    width: int = 192
    heads: int = 6
    kv_heads: int = 3
    ffn: int = 512
    blocks: int = 4
    eps: float = 1e-5
    rope_base: float = 10000.0
    context: int = 2048
    vocab: int = len(PIECES)

    @property
    def head_size(self):
        return self.width // self.heads


class VisionBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        w = c.vision_width
        self.heads = c.vision_heads
        self.ln1, self.ln2 = nn.LayerNorm(w, c.vision_eps), nn.LayerNorm(w, c.vision_eps)
        self.attn_q, self.attn_k, self.attn_v, self.attn_out = (nn.Linear(w, w) for _ in range(4))
        self.ffn_up, self.ffn_down = nn.Linear(w, c.vision_mlp), nn.Linear(c.vision_mlp, w)

    def forward(self, x):
        b, t, w = x.shape
        h = self.ln1(x)
        q, k, v = (f(h).view(b, t, self.heads, -1).transpose(1, 2) for f in (self.attn_q, self.attn_k, self.attn_v))
        scores = torch.softmax((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2), -1)
        x = x + self.attn_out((scores @ v).transpose(1, 2).reshape(b, t, w))
        return x + self.ffn_down(F.gelu(self.ffn_up(self.ln2(x)), approximate="tanh"))


class Tower(nn.Module):
    """uint8 tiles [n, 64, 64, 3] to patch features [n, 64, width]."""

    def __init__(self, c):
        super().__init__()
        self.patch_embd = nn.Conv2d(3, c.vision_width, PATCH, PATCH)
        self.position_embd = nn.Parameter(0.02 * torch.randn(GRID * GRID, c.vision_width))
        self.blk = nn.ModuleList(VisionBlock(c) for _ in range(c.vision_blocks))
        self.post_ln = nn.LayerNorm(c.vision_width, c.vision_eps)

    def forward(self, tiles):
        n = len(tiles)
        pixels = (tiles.float() / 255 - 0.5) / 0.5
        # A convolution whose stride is its kernel is one matrix product over patches.
        patches = pixels.view(n, GRID, PATCH, GRID, PATCH, 3).permute(0, 1, 3, 5, 2, 4).reshape(n, GRID * GRID, -1)
        x = F.linear(patches, self.patch_embd.weight.flatten(1), self.patch_embd.bias) + self.position_embd
        for block in self.blk:
            x = block(x)
        return self.post_ln(x.float())


def merge(x):
    """The downsampler: 2x2 neighbours side by side (r0c0, r0c1, r1c0, r1c1); [n, 64, w] to [n, 16, 4 w]."""
    n, _, w = x.shape
    x = x.view(n, GRID // 2, 2, GRID // 2, 2, w).transpose(2, 3)
    return x.reshape(n, TOKENS, 4 * w)


class Projector(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm = nn.LayerNorm(4 * c.vision_width)  # mm.model.mlp.0
        self.up = nn.Linear(4 * c.vision_width, c.width)  # mm.model.mlp.1
        self.down = nn.Linear(c.width, c.width)  # mm.model.mlp.3

    def forward(self, merged):
        return self.down(F.gelu(self.up(self.norm(merged)), approximate="tanh"))


class RMSNorm(nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x):
        x = x.float()
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.eps) * self.weight


def rope_tables(positions, c):
    """cos and sin [b, 1, t, head_size / 2] of integer positions [b, t]."""
    step = c.rope_base ** (-torch.arange(0, c.head_size, 2, dtype=torch.float32) / c.head_size)
    angle = positions.float()[:, None, :, None] * step
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    """RoPE on interleaved pairs (0, 1), (2, 3), ...: llama.cpp's NORM mode."""
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


class DecoderBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c, kv = c, c.kv_heads * c.head_size
        self.attn_norm, self.ffn_norm = RMSNorm(c.width, c.eps), RMSNorm(c.width, c.eps)
        self.attn_q, self.attn_output = nn.Linear(c.width, c.width, bias=False), nn.Linear(c.width, c.width, bias=False)
        self.attn_k, self.attn_v = nn.Linear(c.width, kv, bias=False), nn.Linear(c.width, kv, bias=False)
        self.ffn_gate, self.ffn_up = nn.Linear(c.width, c.ffn, bias=False), nn.Linear(c.width, c.ffn, bias=False)
        self.ffn_down = nn.Linear(c.ffn, c.width, bias=False)

    def forward(self, x, cos, sin, mask):
        b, t, w = x.shape
        c, group = self.c, self.c.heads // self.c.kv_heads
        h = self.attn_norm(x)
        q = rotate(self.attn_q(h).view(b, t, c.heads, -1).transpose(1, 2), cos, sin)
        k = rotate(self.attn_k(h).view(b, t, c.kv_heads, -1).transpose(1, 2), cos, sin)
        v = self.attn_v(h).view(b, t, c.kv_heads, -1).transpose(1, 2)
        q = (q * c.head_size ** -0.5).reshape(b, c.kv_heads, group * t, -1)  # query heads that share a key head, stacked
        scores = (q.to(v.dtype) @ k.to(v.dtype).transpose(-1, -2)).view(b, c.kv_heads, group, t, t) + mask
        mixed = torch.softmax(scores, -1).to(v.dtype).view(b, c.kv_heads, group * t, t) @ v
        mixed = mixed.view(b, c.heads, t, -1).transpose(1, 2).reshape(b, t, w)
        x = x + self.attn_output(mixed)
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))


class Decoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.token_embd = nn.Embedding(c.vocab, c.width)
        self.blk = nn.ModuleList(DecoderBlock(c) for _ in range(c.blocks))
        self.output_norm = RMSNorm(c.width, c.eps)
        self.output = nn.Linear(c.width, c.vocab, bias=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                nn.init.normal_(p, std=0.02 if name == "output.weight" else 0.05 if name == "token_embd.weight" else p.shape[1] ** -0.5)
        for block in self.blk:
            for f in (block.attn_output, block.ffn_down):
                f.weight.data *= 0.3

    def forward(self, x, positions, mask, wanted=None):
        """Input vectors [b, t, width], positions [b, t], additive mask [b, 1, 1, t, t]; logits, of the `wanted` places only if given."""
        cos, sin = rope_tables(positions, self.c)
        for block in self.blk:
            x = block(x, cos, sin, mask)
        if wanted is not None:
            x = x[wanted]
        return self.output(self.output_norm(x))


class AlcedoTiny(nn.Module):
    def __init__(self, config=Config()):
        super().__init__()
        self.config = config
        self.tower, self.projector, self.decoder = Tower(config), Projector(config), Decoder(config)

    def image_tokens(self, tiles):
        return self.projector(merge(self.tower(tiles)))

    def inputs(self, ids, image, slots):
        """Embeds the ids and puts the image tokens (all tiles of the batch, in order) into the slots."""
        x = self.decoder.token_embd(ids)
        return x if image is None else x.masked_scatter(slots[..., None], image.to(x.dtype).reshape(-1, x.shape[-1]))
