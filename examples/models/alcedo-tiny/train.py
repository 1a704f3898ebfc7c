# SPDX-License-Identifier: Apache-2.0
"""Trains Alcedo-Tiny on a CPU: python3 train.py --out DIR [--hours H]. Interrupted, it goes on where it was.

Five stages, each with a share of the time:
  symbols  the decoder learns to answer from symbolic image tokens   } side by side,
  tower    the vision tower learns the drawing program's labels      } one thread each
  answers  the decoder goes on, the symbolic tokens now fixed        } side by side,
  align    tower and projector learn to produce these tokens         } one thread each
  joint    everything together, on the answers; one worker per thread, meeting often
"""
import argparse
import collections
import json
import math
import multiprocessing as mp
import os
import subprocess
import sys
import time

import torch
import torch.nn.functional as F

import batches
import draw
from model import TOKENS, AlcedoTiny, merge
from muon import Muon
from symbols import Probes, Symbols, shuffle_tiles

GROUPS = (("symbols", "tower"), ("answers", "align"), ("joint",))
SHARES = {"symbols": 0.3, "tower": 0.3, "answers": 0.17, "align": 0.17, "joint": 0.53}
RATES = {"symbols": (1.5e-3, 1e-3), "tower": (1.5e-3, 1e-4), "answers": (1.5e-3, 6e-4), "align": (1.5e-3, 2e-4), "joint": (1.2e-3, 1e-5)}


FORK = mp.get_context("fork")


def tensors(batch):
    return {k: torch.from_numpy(v) for k, v in batch.items() if k != "talks"}


def visible(turn):
    """Additive mask [b, 1, 1, t, t]: earlier places of the picture's prefix (turn 0) and of the same turn."""
    t = turn.shape[1]
    see = (turn[:, None, :] == 0) | (turn[:, None, :] == turn[:, :, None])
    see &= torch.ones(t, t, dtype=torch.bool).tril()
    return torch.where(see, 0.0, -1e4)[:, None, None]


def answers(model, b, image):
    """Logits and targets at the places where answer tokens are predicted."""
    wanted = b["label"] >= 0
    x = model.inputs(b["ids"], image, b["slots"])
    return model.decoder(x, b["place"], visible(b["turn"]), wanted).float(), b["label"][wanted]


def answer_loss(logits, target, b):
    weight = b["weight"][b["label"] >= 0]
    return (F.cross_entropy(logits, target, reduction="none") * weight).sum() / weight.sum()


class Run:
    """A stage's modules, optimiser and clock; saved every few minutes."""

    def __init__(self, out, stage, minutes, modules):
        self.stage, self.budget, self.modules = stage, 60 * minutes, modules
        self.path, self.log_path = os.path.join(out, f"{stage}.pt"), os.path.join(out, "train.log")
        matrices, tables, vectors = [], [], []
        for name, module in modules.items():
            for key, p in module.named_parameters():
                if p.requires_grad:
                    (vectors if p.dim() < 2 else matrices if ".blk." in f".{key}" else tables).append(p)
        self.optimizers = [torch.optim.AdamW([{"params": tables, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}], lr=1e-3, betas=(0.9, 0.98))]
        if matrices:
            self.optimizers.append(Muon([{"params": matrices, "weight_decay": 0.05}], lr=1e-3))
        self.params = matrices + tables + vectors
        self.step, self.before, self.saved = 0, 0.0, time.time()
        if os.path.exists(self.path):
            state = torch.load(self.path)
            for name, module in modules.items():
                module.load_state_dict(state[name])
            for optimizer, saved in zip(self.optimizers, state["optimizers"]):
                optimizer.load_state_dict(saved)
            self.step, self.before = state["step"], state["elapsed"]
        self.start, self.means = time.time(), collections.defaultdict(list)

    @property
    def elapsed(self):
        return self.before + time.time() - self.start

    @property
    def done(self):
        return self.elapsed >= self.budget

    def update(self, loss, save=True):
        """One optimiser step; the rate warms up, then falls as a cosine of the time spent."""
        part = min(1.0, self.elapsed / self.budget)
        first, last = RATES[self.stage]
        rate = min(1.0, (self.step + 1) / 60) * (last + (first - last) * 0.5 * (1 + math.cos(math.pi * part)))
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.params, 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.step += 1
        if save and time.time() - self.saved > 150:
            self.save()

    def note(self, **values):
        for k, v in values.items():
            if v == v:
                self.means[k].append(v)

    def log(self, extra=""):
        means = " ".join(f"{k} {sum(v) / len(v):.3f}" for k, v in self.means.items() if v)
        self.means.clear()
        line = f"{time.strftime('%H:%M:%S')} {self.stage} step {self.step} {self.elapsed / 60:.1f} min {means} {extra}"
        print(line, flush=True)
        with open(self.log_path, "a") as f:
            f.write(line + "\n")

    def save(self):
        state = {n: m.state_dict() for n, m in self.modules.items()} | {"step": self.step, "elapsed": self.elapsed}
        state["optimizers"] = [o.state_dict() for o in self.optimizers]
        torch.save(state, self.path + ".new")
        os.replace(self.path + ".new", self.path)
        self.saved = time.time()


def held_out(pixels=True):
    """Batches of unseen scenes: one tile, more tiles, and the latter with their overview only."""
    sets = {}
    for name, grids, tiling, text in (("one", [(1, 1)], True, 0.2), ("more", draw.GRIDS[:-1], True, 0.9), ("off", draw.GRIDS[:-1], False, 0.9)):
        if name == "off" and not pixels:
            continue
        sets[name] = []
        for k in range(8):
            grid = grids[k % len(grids)]
            scenes = [draw.make_scene(f"eval/train/{k}/{i}", grid, (i % 10) < 10 * text) for i in range(24)]
            sets[name].append(batches.scenes_batch(f"eval/train/{k}", scenes, pixels, tiling=tiling))
    return sets


@torch.no_grad()
def exact_match(model, sets, symbols=None):
    """Share of answers that are right to the last token, by set and task. (Right under teacher forcing = right when greedy.)"""
    model.eval()
    report = {}
    for name, list_of in sets.items():
        tally = collections.defaultdict(list)
        for raw in list_of:
            b = tensors(raw)
            with torch.autocast("cpu", torch.bfloat16):
                image = symbols(b["cells"], b["patches"]) if symbols else model.image_tokens(b["tiles"])
                logits, target = answers(model, b, image)
            right = torch.zeros_like(b["label"], dtype=torch.bool)
            right[b["label"] >= 0] = logits.argmax(-1) == target
            for r, talk in enumerate(raw["talks"]):
                for k, (task, _, _) in enumerate(talk):
                    here = (b["turn"][r] == 1 + k) & (b["label"][r] >= 0)
                    tally[task].append(right[r][here].all().item())
        every = sum(tally.values(), [])
        report[name] = {"all": sum(every) / len(every)} | {t: sum(v) / len(v) for t, v in sorted(tally.items())}
    model.train()
    return report


def brief(report):
    return " | ".join(f"{n}: " + " ".join(f"{t} {100 * v:.0f}" for t, v in r.items()) for n, r in report.items())


class Meeting:
    """Workers that train on different pictures meet in shared memory: no one waits, each brings half of the difference."""

    def __init__(self, *modules):
        self.shared = [t.detach().clone().share_memory_() for m in modules for t in m.state_dict().values()]
        self.lock = FORK.Lock()

    @torch.no_grad()
    def join(self, *modules):
        with self.lock:
            for ours, own in zip(self.shared, (t for m in modules for t in m.state_dict().values())):
                own.copy_(ours.lerp_(own, 0.5))


def together(run, workers, make, args, lesson, measure):
    """Trains in `workers` processes, each on batches of its own; the first one measures and saves.

    lesson(batch) gives (loss, numbers to log); measure() gives a line for the log."""
    modules = list(run.modules.values())
    meeting = Meeting(*modules)

    def work(worker):
        feeder, parent = batches.Feeder(make, f"train/{run.stage}{worker or ''}", run.step, *args), os.getppid()
        while not run.done and (worker == 0 or os.getppid() == parent):
            loss, numbers = lesson(tensors(feeder.next()))
            run.update(loss, save=worker == 0)
            run.note(**numbers)
            if run.step % 20 == 0 and workers > 1:
                meeting.join(*modules)
            if run.step % 100 == 0 and worker == 0:
                run.log(measure() if run.step % 400 == 0 else "")
        if workers > 1:
            meeting.join(*modules)
        if worker == 0 and workers > 1:
            time.sleep(10)  # for the others' last meeting
            meeting.join(*modules)
        feeder.close()
    others = [FORK.Process(target=work, args=(k,)) for k in range(1, workers)]
    for other in others:
        other.start()
    work(0)
    for other in others:
        other.join()
    run.log(measure())
    run.save()


def learn_to_answer(out, minutes, stage, workers=1):
    """The decoder answers from symbols. Stage "symbols" learns the symbols' vectors too; "answers" keeps them, as align needs them."""
    model, symbols = AlcedoTiny(), Symbols(AlcedoTiny().config.width)
    if stage == "answers":
        load(os.path.join(out, "symbols.pt"), decoder=model.decoder, symbols=symbols)
        symbols.requires_grad_(False)
    run = Run(out, stage, minutes, {"decoder": model.decoder, "symbols": symbols})
    sets, rng = held_out(pixels=False), torch.Generator().manual_seed(run.step)

    def lesson(b):
        with torch.autocast("cpu", torch.bfloat16):
            image = symbols(shuffle_tiles(b["cells"], b["overview"], rng), b["patches"]) if "cells" in b else None
            logits, target = answers(model, b, image)
        loss = answer_loss(logits, target, b)
        return loss, {"loss": loss.item(), "right": (logits.argmax(-1) == target).float().mean().item()}

    def measure():
        symbols.eval()
        line = brief(exact_match(model, sets, symbols))
        symbols.train()
        return line
    together(run, workers, batches.dialogue_batch, (False, 0.5, 6, batches.MOSTLY_ONE), lesson, measure)


def stage_symbols(out, minutes, workers):
    learn_to_answer(out, minutes, "symbols")


def stage_answers(out, minutes, workers):
    learn_to_answer(out, minutes, "answers", workers)


def stage_tower(out, minutes, workers):
    model = AlcedoTiny()
    probes = Probes(model.config.vision_width)
    run = Run(out, "tower", minutes, {"tower": model.tower, "probes": probes})
    feeder = batches.Feeder(batches.tile_batch, "train/tower", run.step)
    while not run.done:
        b = tensors(feeder.next())
        with torch.autocast("cpu", torch.bfloat16):
            features = model.tower(b["tiles"])
            losses, right = probes.losses(features, merge(features), b["cells"], b["patches"], b["overview"])
        loss = sum(losses.values())
        run.update(loss)
        run.note(loss=loss.item(), **right)
        if run.step % 100 == 0:
            run.log()
    run.log()
    run.save()
    feeder.close()


def load(path, **modules):
    state = torch.load(path)
    for name, module in modules.items():
        module.load_state_dict(state[name])


def stage_align(out, minutes, workers):
    model = AlcedoTiny()
    probes, symbols = Probes(model.config.vision_width), Symbols(model.config.width)
    load(os.path.join(out, "tower.pt"), tower=model.tower, probes=probes)
    load(os.path.join(out, "symbols.pt"), decoder=model.decoder, symbols=symbols)
    symbols.eval().requires_grad_(False)
    run = Run(out, "align", minutes, {"tower": model.tower, "projector": model.projector, "probes": probes})
    feeder, sets = batches.Feeder(batches.tile_batch, "train/align", run.step), held_out()
    scale = symbols(*(tensors(feeder.next())[k] for k in ("cells", "patches"))).var().item()
    while not run.done:
        b = tensors(feeder.next())
        with torch.autocast("cpu", torch.bfloat16):
            features = model.tower(b["tiles"])
            merged = merge(features)
            losses, right = probes.losses(features, merged, b["cells"], b["patches"], b["overview"])
            made = model.projector(merged).float()
        meant = symbols(b["cells"], b["patches"])
        busy = 1 + 3.0 * ((b["cells"][..., 0] > 0) | (b["patches"].view(-1, 4, 2, 4, 2, 2).transpose(2, 3).reshape(-1, 16, 8).sum(-1) > 0))
        distance = ((made - meant).square().mean(-1) * busy).mean() / scale
        run.update(distance + 0.1 * sum(losses.values()))
        run.note(distance=distance.item(), kind=right["kind"], char=right["char"], place=right["place"])
        if run.step % 100 == 0:
            run.log(brief(exact_match(model, sets)) if run.step % 300 == 0 else "")
    run.log(brief(exact_match(model, sets)))
    run.save()
    feeder.close()


def stage_joint(out, minutes, workers):
    model = AlcedoTiny()
    probes = Probes(model.config.vision_width)
    load(os.path.join(out, "answers.pt"), decoder=model.decoder)
    load(os.path.join(out, "align.pt"), tower=model.tower, projector=model.projector, probes=probes)
    run, sets = Run(out, "joint", minutes, {"model": model, "probes": probes}), held_out()

    def lesson(b):
        with torch.autocast("cpu", torch.bfloat16):
            image, losses, right = None, {}, {}
            if "tiles" in b:
                features = model.tower(b["tiles"])
                merged = merge(features)
                losses, right = probes.losses(features, merged, b["cells"], b["patches"], b["overview"])
                image = model.projector(merged[:int(b["slots"].sum()) // TOKENS])  # what follows are pages without questions
            logits, target = answers(model, b, image)
        loss = answer_loss(logits, target, b)
        numbers = {k: right[k] for k in ("kind", "colour", "size", "char") if k in right}
        return loss + 0.3 * sum(losses.values()), numbers | {"loss": loss.item(), "right": (logits.argmax(-1) == target).float().mean().item()}
    together(run, workers, batches.dialogue_batch, (), lesson, lambda: brief(exact_match(model, sets)))


STAGES = {"symbols": stage_symbols, "tower": stage_tower, "answers": stage_answers, "align": stage_align, "joint": stage_joint}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", required=True, help="folder for checkpoints and train.log")
    p.add_argument("--hours", type=float, default=1.5)
    p.add_argument("--threads", type=int, default=2, help="processes of one thread each")
    p.add_argument("--stage", choices=STAGES, help="only this stage")
    p.add_argument("--minutes", type=float, help="with --stage: its time")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    if a.stage:
        torch.set_num_threads(1)
        torch.manual_seed(1)
        STAGES[a.stage](a.out, a.minutes or 60 * a.hours * SHARES[a.stage], a.threads)
        return
    for group in GROUPS:
        running = [subprocess.Popen([sys.executable, __file__, "--out", a.out, "--hours", str(a.hours), "--stage", s, "--threads", str(a.threads // len(group) or 1)])
                   for s in group]
        if any([r.wait() for r in running]):
            sys.exit("a stage failed")
    print(json.dumps({"done": a.out}))


if __name__ == "__main__":
    main()
