# SPDX-License-Identifier: Apache-2.0
"""Writes goldens.json and its pictures from the shipped Q8_0 files, dequantised and run in float32 in PyTorch.

For each picture: sums of its tiles' pixels, the prompt's ids, the image tokens (first and last three; mean and norm of
each), and for each question the greedy answer with the eight likeliest next tokens (natural logarithms) of each step.
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import ask  # noqa: E402
import draw  # noqa: E402
import export  # noqa: E402
import questions  # noqa: E402
import tokenizer  # noqa: E402

# (name, grid, with text, exact multiple of the tile: otherwise the picture is resized and padded)
SCENES = [("one-tile", (1, 1), False, True), ("wide", (3, 1), True, True), ("tall", (1, 2), True, False), ("large", (3, 3), True, True)]


def numbers(values, digits=7):
    return [float(f"{v:.{digits}g}") for v in values]


def find(name, grid, text, exact):
    for attempt in range(10000):
        scene = draw.make_scene(f"eval/goldens/{name}/{attempt}", grid, text)
        if exact == ((scene.width, scene.height) == (64 * grid[0], 64 * grid[1])) and len(scene.things) >= 2 and bool(scene.text) == text:
            return scene
    raise RuntimeError("no such scene")


def golden(model, name, grid, text, exact):
    scene = find(name, grid, text, exact)
    picture = draw.render(scene)
    picture.save(os.path.join(HERE, f"{name}.png"))
    tiles, image = draw.tiles(picture), ask.image_tokens(model, picture)
    found = {"picture": f"{name}.png", "grid": "%d:%d" % scene.grid, "tiles": len(tiles),
             "pixel_sums": [int(t.astype(int).sum()) for t in tiles],
             "first_pixels": [[int(v) for v in t[0, :4].flatten()] for t in tiles],
             "image_tokens": {"count": len(image), "first": [numbers(v) for v in image[:3].tolist()], "last": [numbers(v) for v in image[-3:].tolist()],
                              "means": numbers(image.double().mean(1).tolist()), "norms": numbers(image.double().norm(dim=1).tolist())}, "turns": []}
    dialogue = questions.conversation(f"eval/goldens/{name}", scene, 3)
    if scene.text and all(task != "read" for task, _, _ in dialogue):
        dialogue[0] = ("read", "What does it say?", scene.text)
    for task, question, right in dialogue:
        before, after = ask.prompt(len(image), [question])
        ids, steps = ask.greedy(model, before, image, after)
        found["turns"].append({
            "task": task, "question": question, "right": right, "answer": tokenizer.decode(ids), "ids_before_image": before, "ids_after_image": after,
            "answer_ids": ids, "top8": [[[int(i), float(f"{v:.6g}")] for v, i in zip(*s.topk(8))] for s in steps]})
    return found


def main():
    model = export.load(os.path.dirname(HERE))
    texts = ["What colour is the circle?\n", "FOX", "Is it 407?", "a large red circle left of a small blue star on a white background.", "caf\u00e9 & IS isle"]
    found = {"tokenizer": [{"text": t, "ids": list(tokenizer.encode(t))} for t in texts],
             "pictures": [golden(model, *s) for s in SCENES]}
    with open(os.path.join(HERE, "goldens.json"), "w", encoding="utf-8") as f:
        json.dump(found, f, indent=None, separators=(",", ":"))
        f.write("\n")
    for p in found["pictures"]:
        for t in p["turns"]:
            print(p["picture"], "|", t["question"], "|", t["answer"], "|", t["right"])


if __name__ == "__main__":
    main()
