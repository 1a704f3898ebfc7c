# SPDX-License-Identifier: Apache-2.0
"""Training batches as numpy arrays, made in a process of their own while the model trains."""
import multiprocessing as mp
import os
import random
from queue import Full

import numpy as np

import draw
import questions
from tokenizer import BOS, EOS, HUMAN, IM_END, IM_START, answer_ids, question_ids

# How often a batch is about pictures of each grid.
GRIDS = {(1, 1): .75, (2, 1): .09, (1, 2): .09, (3, 1): .05, (1, 3): .05, (2, 2): .08, (3, 2): .05, (2, 3): .05, (3, 3): .04}
MOSTLY_ONE = {g: 3 * p if g == (1, 1) else p / 2 for g, p in GRIDS.items()}
TOKENS = 16


def tile_count(grid):
    return 1 if grid == (1, 1) else 1 + grid[0] * grid[1]


def pack(conversations, images, chained=False):
    """Conversations about pictures of `images` tiles each, as one padded batch.

    Each turn sees the picture and itself only, at the positions that it would have as the first question; or, if chained,
    all turns follow one another as in a dialogue. Labels are the next token inside answers, else -100. Tokens of long answers
    weigh less than those of short ones; readings weigh more.
    """
    head = [BOS, HUMAN, IM_START] + [0] * (TOKENS * images) + [IM_END] if images else [BOS, HUMAN]
    rows = []
    for conversation in conversations:
        ids, turn, place, label = list(head), [0] * len(head), list(range(len(head))), [-100] * len(head)
        weight = [0.0] * len(head)
        for k, (task, question, answer) in enumerate(conversation):
            q, a = list(question_ids(question)), list(answer_ids(answer))
            if chained and k:
                q = [HUMAN] + q
            ids += q + a
            turn += [0 if chained else 1 + k] * len(q + a)
            start = place[-1] + 1 if chained else len(head)
            place += range(start, start + len(q + a))
            label += [-100] * (len(q) - 1) + a + [-100]
            weight += [(2.0 if task == "read" else 1.0) / len(a) ** 0.5] * len(q + a)
        rows.append((ids, turn, place, label, weight))
    longest = max(len(r[0]) for r in rows)

    def padded(i, fill):
        return np.array([r[i] + [fill] * (longest - len(r[i])) for r in rows], np.int64)
    batch = {"ids": padded(0, EOS), "turn": padded(1, -1), "place": padded(2, 0), "label": padded(3, -100)}
    batch["weight"] = np.array([r[4] + [0.0] * (longest - len(r[4])) for r in rows], np.float32)
    batch["slots"] = np.zeros_like(batch["ids"], bool)
    batch["slots"][:, 3:3 + TOKENS * images] = images > 0
    return batch


def view(scene, pixels=True, tiling=True):
    cells, patches = draw.labels(scene, tiling)
    return cells, patches, draw.tiles(draw.render(scene), tiling) if pixels else None


def dialogue_batch(seed, pixels=True, size=0.5, turns=6, grids=GRIDS):
    """Conversations about pictures of one random grid."""
    rng = random.Random(seed)
    if rng.random() < 0.015:  # no picture
        scenes = [draw.make_scene(f"{seed}/{i}") for i in range(24)]
        talks = [[(t, q, "no picture") for t, q, _ in questions.conversation(f"{seed}/{i}", s, 2)] for i, s in enumerate(scenes)]
        return pack(talks, 0) | {"talks": talks}
    grid = rng.choices(list(grids), list(grids.values()))[0]
    count = tile_count(grid)
    scenes = [draw.make_scene(f"{seed}/{i}", grid, rng.random() < (0.4 if count == 1 else 0.9)) for i in range(int(size * 44 / (1 + 0.15 * count)))]
    batch = scenes_batch(seed, scenes, pixels, turns, rng.random() < 0.15)
    if pixels:  # pages of text, for the tower alone: nowhere else are there enough characters
        pages = [view(draw.make_scene(f"{seed}/page{i}", (1, 1), True, lines=6)) for i in range(14)]
        for i, name in enumerate(("cells", "patches", "tiles")):
            batch[name] = np.concatenate([batch[name]] + [p[i] for p in pages])
        batch["overview"] = np.concatenate([batch["overview"], np.ones(len(pages), bool)])
    return batch


def scenes_batch(seed, scenes, pixels=True, turns=6, chained=False, tiling=True):
    views = [view(s, pixels, tiling) for s in scenes]
    talks = [questions.conversation(f"{seed}/{i}", s, turns) for i, s in enumerate(scenes)]
    batch = pack(talks, len(views[0][0]), chained) | {"talks": talks}
    batch["cells"], batch["patches"] = (np.concatenate([v[i] for v in views]) for i in range(2))
    batch["overview"] = np.concatenate([np.arange(len(v[0])) == 0 for v in views])
    if pixels:
        batch["tiles"] = np.concatenate([v[2] for v in views])
    return batch


def tile_batch(seed, size=1.0):
    """Single tiles with labels: ordinary scenes, pages of text, and overviews and tiles of larger pictures."""
    rng = random.Random(seed)
    views = [view(draw.make_scene(f"{seed}/{i}")) for i in range(int(size * 24))]
    views += [view(draw.make_scene(f"{seed}/t{i}", (1, 1), True, lines=rng.choice([1, 6, 6]))) for i in range(int(size * 18))]
    for i in range(int(size * 10)):
        cells, patches, tiles = view(draw.make_scene(f"{seed}/l{i}", rng.choice(draw.GRIDS[:-1]), True, lines=3))
        keep = [0, 1 + int(patches[1:, :, 0].sum(1).argmax()), rng.randrange(1, len(tiles))]
        views.append((cells[keep], patches[keep], tiles[keep]))
    overview = np.concatenate([np.arange(len(v[0])) == 0 for v in views])
    return {n: np.concatenate([v[i] for v in views]) for i, n in enumerate(("cells", "patches", "tiles"))} | {"overview": overview}


def _feed(queue, make, first, args, parent):
    while os.getppid() == parent:
        batch = make(first, *args)
        while os.getppid() == parent:
            try:
                queue.put(batch, timeout=5)
                break
            except Full:
                pass
        name, number = first.rsplit("/", 1)
        first = f"{name}/{int(number) + 1}"


class Feeder:
    """Yields make(f"{name}/{number}", *args) for number = start, start + 1, ... from a background process."""

    def __init__(self, make, name, start, *args):
        context = mp.get_context("fork")
        self.queue = context.Queue(4)
        self.process = context.Process(target=_feed, args=(self.queue, make, f"{name}/{start}", args, os.getpid()), daemon=True)
        self.process.start()

    def next(self):
        return self.queue.get()

    def close(self):
        self.process.terminate()
