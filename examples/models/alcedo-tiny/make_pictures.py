# SPDX-License-Identifier: Apache-2.0
"""Draws the demonstration pictures and their questions: python3 make_pictures.py [OUT_DIR]. Unseen seeds, exact tile sizes."""
import json
import os
import random
import sys

import draw
import questions

# (grid, kind of text, number of shapes)
WANTED = [((1, 1), None, n) for n in (1, 2, 3, 3, 2, 3)] + [
    ((1, 1), "word", 1), ((2, 1), "word", 2), ((3, 1), "number", 2), ((1, 2), "word", 2), ((1, 3), "number", 2), ((3, 3), "word", 3)]


def suits(scene, grid, text, things):
    if (scene.width, scene.height) != (draw.TILE * grid[0], draw.TILE * grid[1]) or len(scene.things) != things:
        return False
    return scene.text in draw.WORDS if text == "word" else scene.text.isdigit() and len(scene.text) == 3 if text else not scene.text


def demo(number, grid, text, things):
    names = (f"eval/pictures/{number}/{attempt}" for attempt in range(10000))
    return next(s for s in (draw.make_scene(name, grid, bool(text)) for name in names) if suits(s, grid, text, things))


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "pictures")
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "questions.jsonl"), "w", encoding="utf-8") as f:
        for number, (grid, text, things) in enumerate(WANTED, 1):
            scene, picture = demo(number, grid, text, things), f"{number:02d}.png"
            draw.render(scene).save(os.path.join(out, picture))
            rng = random.Random(f"eval/pictures/{number}")
            asked = [("describe", *questions.ask_describe(rng, scene))]
            asked += [("read", *questions.ask_read(rng, scene))] if text else []
            asked += [q for q in questions.conversation(f"eval/pictures/{number}", scene, 6) if q[0] not in ("describe", "read")][:3]
            for task, question, answer in asked:
                f.write(json.dumps({"picture": picture, "task": task, "tiles": "%d:%d" % grid, "question": question, "answer": answer}) + "\n")


if __name__ == "__main__":
    main()
