# SPDX-License-Identifier: Apache-2.0
"""Writes unseen pictures and questions.jsonl: python3 make_eval.py OUT_DIR [--seed N] [--count N] [--margin N].

Of every 15 questions, nine are the single-tile tasks, four are reading in pictures of several tiles, and two are
shape questions about pictures of several tiles. With --margin, every second run of 15 pictures is up to N pixels larger
each way than its tiles, as pictures are that nobody drew for tiles; what is added repeats the edge.
"""
import argparse
import json
import os
import random

import numpy as np
from PIL import Image

import draw
import questions

LARGE = draw.GRIDS[:-1]
CYCLE = [(t, False) for t in questions.SINGLE_TASKS] + [("read", True)] * 4 + [(None, True)] * 2


def example(seed, task, grid):
    """A scene on this grid with a question of this task (None: any about shapes) that it allows."""
    for attempt in range(1000):
        name = f"eval/{seed}/{attempt}"
        rng = random.Random(name)
        scene = draw.make_scene(name, grid, task == "read" or (grid != (1, 1) and rng.random() < 0.7))
        if task == "read" and not scene.text:
            continue
        chosen = task or rng.choice(questions.SINGLE_TASKS)
        pair = questions.ASK[chosen](rng, scene)
        if pair:
            return scene, chosen, *pair
    raise RuntimeError(f"no scene for {task}")


def examples(seed, count):
    """(scene, task, question, answer), the same for the same seed."""
    large = 0
    for i in range(count):
        task, tiled = CYCLE[i % len(CYCLE)]
        grid = LARGE[large % len(LARGE)] if tiled else (1, 1)
        large += tiled
        yield example(f"{seed}/{i}", task, grid)


def widened(picture, rng, margin):
    """A picture with 1 to `margin` more columns and rows."""
    right, below = rng.randint(1, margin), rng.randint(1, margin)
    return Image.fromarray(np.pad(np.asarray(picture), ((0, below), (0, right), (0, 0)), mode="edge"))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--count", type=int, default=160)
    p.add_argument("--margin", type=int, default=0)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    with open(os.path.join(a.out, "questions.jsonl"), "w", encoding="utf-8") as f:
        for i, (scene, task, question, answer) in enumerate(examples(a.seed, a.count)):
            picture = f"{i + 1:04d}.png"
            drawn = draw.render(scene)
            is_widened = a.margin > 0 and i // len(CYCLE) % 2 == 1
            if is_widened:
                drawn = widened(drawn, random.Random(f"margin/{a.seed}/{i}"), a.margin)
            drawn.save(os.path.join(a.out, picture))
            line = {"picture": picture, "task": task, "tiles": "%d:%d" % scene.grid, "question": question, "answer": answer}
            if is_widened:
                line["isWidened"] = True
            f.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
