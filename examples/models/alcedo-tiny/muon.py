# SPDX-License-Identifier: Apache-2.0
"""Muon: momentum whose matrix updates are made orthogonal (K. Jordan and others, 2024), in some forty lines.

Updates are scaled to the size of AdamW's, so that both share one learning rate; everything that is not a hidden matrix goes to AdamW.
"""
import torch


def orthogonal(g, steps=5):
    """Newton-Schulz iteration toward the nearest orthogonal matrix."""
    wide = g.shape[0] <= g.shape[1]
    x = g if wide else g.T
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x if wide else x.T


class Muon(torch.optim.Optimizer):
    def __init__(self, groups, lr, momentum=0.95):
        super().__init__(groups, {"lr": lr, "momentum": momentum, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                m = state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                update = orthogonal(p.grad.lerp(m, group["momentum"]))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(update, alpha=-group["lr"] * 0.2 * max(p.shape) ** 0.5)
