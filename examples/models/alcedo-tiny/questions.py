# SPDX-License-Identifier: Apache-2.0
"""Questions about a scene and their one right answer. Every function returns (question, answer), or None if it does not fit."""
import random

from draw import COLOURS, KINDS, SIZES

SINGLE_TASKS = ("describe", "count", "colour", "shape", "size", "exist", "side", "extreme", "background")
TASKS = SINGLE_TASKS + ("read",)

PLURAL = {k: k + "s" for k in KINDS} | {"cross": "crosses"}
SIDES = {"left": ["left of", "to the left of", "on the left of"], "right": ["right of", "to the right of", "on the right of"],
         "above": ["above", "over"], "below": ["below", "under"]}
EXTREMES = {"left": ["on the left", "on the far left", "on the left side", "furthest to the left"],
            "right": ["on the right", "on the far right", "on the right side", "furthest to the right"],
            "above": ["at the top", "highest"], "below": ["at the bottom", "lowest"]}

PHRASES = {
    "describe": ["Describe {pic}.", "Please describe {pic}.", "What do you see?", "What do you see in {pic}?", "What is in {pic}?", "What's in {pic}?",
                 "What does {pic} show?", "What is shown in {pic}?", "Tell me what you see.", "What can you see?", "What is this?", "Can you describe {pic}?",
                 "Describe what you see.", "Describe the scene."],
    "count": ["How many {x} are there?", "How many {x} are in {pic}?", "How many {x} do you see?", "How many {x} can you see?", "Count the {x}.",
              "How many {x}?", "How many {x} are there in {pic}?", "What is the number of {x}?", "How many {x} does {pic} have?", "How many {x} are shown?"],
    "colour": ["What {colour} is {x}?", "What is the {colour} of {x}?", "Which {colour} is {x}?", "What {colour} does {x} have?", "Which {colour} does {x} have?",
               "Tell me the {colour} of {x}.", "{x} is what {colour}?"],
    "shape": ["What shape is {x}?", "What is {x}?", "Which shape is {x}?", "What kind of shape is {x}?", "What is the shape of {x}?", "What is {x} called?"],
    "which": ["What shape is {x}?", "Which shape is {x}?", "What kind of shape is {x}?", "What is {x}?"],  # {x}: a colour
    "size": ["How big is {x}?", "How large is {x}?", "What size is {x}?", "Is {x} large or small?", "Is {x} small or large?", "Is {x} big or small?",
             "What is the size of {x}?", "Is {x} small or big?"],
    "exist": ["Is there {x}?", "Is there {x} in {pic}?", "Do you see {x}?", "Can you see {x}?", "Does {pic} have {x}?", "Does {pic} show {x}?",
              "Does {pic} contain {x}?", "Is {x} in {pic}?"],
    "side": ["What is {side} {x}?", "What shape is {side} {x}?", "Which shape is {side} {x}?", "What's {side} {x}?", "What do you see {side} {x}?",
             "Which object is {side} {x}?"],
    "extreme": ["What is {side}?", "Which shape is {side}?", "What shape is {side}?", "What's {side}?", "What do you see {side}?", "Which object is {side}?"],
    "background": ["What {colour} is the background?", "What is the {colour} of the background?", "Which {colour} is the background?",
                   "What is the background {colour}?", "Tell me the {colour} of the background.", "What {colour} does the background have?"],
    "read": ["What does it say?", "What does {pic} say?", "What does the text say?", "Read the text.", "Please read the text.", "What is written here?",
             "What is written in {pic}?", "What is the text?", "What text is in {pic}?", "Can you read the text?", "Read it.", "What text do you see?"],
    "word": ["What is the word?", "What word is it?", "Read the word.", "What word is written here?", "Which word is in {pic}?", "What word do you see?",
             "What does the word say?"],
    "number": ["What is the number?", "What number is it?", "Read the number.", "What number is written here?", "Which number is in {pic}?",
               "What number do you see?", "Which number is shown?"],
}
PICTURES = ["the picture", "the image", "this picture", "this image", "the picture", "the picture"]


# ---- naming things ----

def article(words):
    return ("an " if words[0] in "aeiou" else "a ") + words


def full_name(t):
    return article(f"{t.size} {t.colour} {t.kind}")


def short_name(t):
    return article(f"{t.colour} {t.kind}")


def describe(scene):
    names = [full_name(t) for t in scene.things]
    ground = f"on a {scene.background} background."
    return f"{' left of '.join(names)} {ground}"


def _refer(rng, scene, thing, without=()):
    """A phrase that fits this thing alone, or None; never uses the attributes in `without`."""
    ways = [("kind",), ("colour",), ("colour", "kind"), ("size", "kind"), ("size", "colour", "kind"), ("size",), ("size", "colour")]
    ways = [w for w in ways if not set(w) & set(without)
            and all(o is thing or any(getattr(o, a) != getattr(thing, a) for a in w) for o in scene.things)]
    if not ways:
        return None
    weights = [3 if len(w) == 1 and w != ("size",) else 4 if w == ("colour", "kind") else 1 for w in ways]
    way = rng.choices(ways, weights)[0]
    noun = [] if "kind" in way else [rng.choice(["shape", "one", "object"])]
    return " ".join(["the"] + [_say_size(rng, getattr(thing, a)) if a == "size" else getattr(thing, a) for a in way] + noun)


def _say_size(rng, size):
    return "big" if size == "large" and rng.random() < 0.25 else size


def _fill(rng, task, **values):
    phrase = rng.choice(PHRASES[task])
    text = phrase.format(pic=rng.choice(PICTURES), colour=rng.choice(["colour", "colour", "color"]), **values)
    if rng.random() < 0.3 and text[-1] in "?.":
        text = text[:-1]
    return (text[0].lower() if rng.random() < 0.4 else text[0].upper()) + text[1:]


# ---- one function per task ----

def ask_describe(rng, scene):
    return (_fill(rng, "describe"), describe(scene)) if scene.things else None


def ask_count(rng, scene):
    pick, t = rng.random(), rng.choice(scene.things) if scene.things else None
    if t is None or pick < 0.3:
        what, found = rng.choice(["shapes", "shapes", "objects", "things"]), scene.things
    elif pick < 0.6:
        kind = t.kind if rng.random() < 0.8 else rng.choice(KINDS)
        what, found = PLURAL[kind], [o for o in scene.things if o.kind == kind]
    elif pick < 0.85:
        colour = t.colour if rng.random() < 0.8 else rng.choice(list(COLOURS))
        what, found = f"{colour} {rng.choice(['shapes', 'shapes', 'objects'])}", [o for o in scene.things if o.colour == colour]
    else:
        size = rng.choice(SIZES)
        what, found = f"{_say_size(rng, size)} {rng.choice(['shapes', 'shapes', 'objects'])}", [o for o in scene.things if o.size == size]
    return _fill(rng, "count", x=what), str(len(found))


def _ask_about(task, attribute, answer):
    def ask(rng, scene):
        if not scene.things:
            return None
        t = rng.choice(scene.things)
        name = _refer(rng, scene, t, [attribute])
        return (_fill(rng, task, x=name), answer(t)) if name else None
    return ask


def ask_shape(rng, scene):
    if not scene.things:
        return None
    t = rng.choice(scene.things)
    if rng.random() < 0.25 and sum(o.colour == t.colour for o in scene.things) == 1:
        return _fill(rng, "which", x=t.colour), article(t.kind)
    name = _refer(rng, scene, t, ["kind"])
    return (_fill(rng, "shape", x=name), article(t.kind)) if name else None


def ask_exist(rng, scene):
    if not scene.things:
        return None
    t = rng.choice(scene.things)
    want = rng.random() < 0.5
    kind, colour, size = t.kind, t.colour, t.size
    way = rng.choices(["kind", "colour", "both", "size"], [3, 2, 4, 1])[0]
    if not want:  # change one thing about it, or borrow from another: near misses
        if way == "kind" or (way == "both" and rng.random() < 0.5) or (way == "size" and rng.random() < 0.5):
            kind = rng.choice(KINDS + [o.kind for o in scene.things] * 2)
        elif way == "size":
            size = rng.choice(SIZES)
        else:
            colour = rng.choice(list(COLOURS) + [o.colour for o in scene.things] * 2)
    if way == "kind":
        what, there = article(kind), any(o.kind == kind for o in scene.things)
    elif way == "colour":
        what = rng.choice([f"{article(colour)} shape", f"anything {colour}", f"{article(colour)} object"])
        there = any(o.colour == colour for o in scene.things)
    elif way == "both":
        what, there = article(f"{colour} {kind}"), any(o.colour == colour and o.kind == kind for o in scene.things)
    else:
        what, there = article(f"{_say_size(rng, size)} {kind}"), any(o.size == size and o.kind == kind for o in scene.things)
    if rng.random() < 0.12 and way == "kind":
        text = rng.choice(["Are there any {x}?", "Are there {x} in the picture?", "Do you see any {x}?"]).format(x=PLURAL[kind])
        return (text if rng.random() < 0.6 else text[0].lower() + text[1:]), "yes" if there else "no"
    return _fill(rng, "exist", x=what), "yes" if there else "no"


def _toward(a, b, side):
    """How far a lies on this side of b."""
    return {"left": b.x - a.x, "right": a.x - b.x, "above": b.y - a.y, "below": a.y - b.y}[side]


def _clear(scene, t, side):
    return side in ("left", "right") or all(o is t or abs(o.y - t.y) >= 12 for o in scene.things)


def ask_side(rng, scene):
    """What is on one side of a thing: asked where only one is there."""
    options = []
    for t in scene.things:
        for side in SIDES:
            if _clear(scene, t, side):
                there = [o for o in scene.things if o is not t and _toward(o, t, side) > 0]
                if len(there) == 1:
                    options.append((t, side, there[0]))
    rng.shuffle(options)
    for t, side, there in options:
        name = _refer(rng, scene, t)
        if name:
            return _fill(rng, "side", x=name, side=rng.choice(SIDES[side])), short_name(there)
    return None


def ask_extreme(rng, scene):
    if len(scene.things) < 2:
        return None
    side = rng.choice(list(EXTREMES))
    best = max(scene.things, key=lambda t: _toward(t, scene.things[0], side))
    if not _clear(scene, best, side):
        return None
    return _fill(rng, "extreme", side=rng.choice(EXTREMES[side])), short_name(best)


def ask_background(rng, scene):
    return _fill(rng, "background"), scene.background


def ask_read(rng, scene):
    if len(scene.texts) > 1:
        return None
    if not scene.text:
        return _fill(rng, "read"), "no text"
    return _fill(rng, "read" if rng.random() < 0.6 else "number" if scene.text.isdigit() else "word"), scene.text


ASK = {"describe": ask_describe, "count": ask_count, "colour": _ask_about("colour", "colour", lambda t: t.colour), "shape": ask_shape,
       "size": _ask_about("size", "size", lambda t: t.size), "exist": ask_exist, "side": ask_side, "extreme": ask_extreme, "background": ask_background, "read": ask_read}
WEIGHTS = {"describe": 6, "count": 6, "colour": 4, "shape": 3, "size": 4, "exist": 6, "side": 8, "extreme": 6, "background": 0.5, "read": 30}


def conversation(seed, scene, turns):
    """`turns` different questions about a scene: (task, question, answer)."""
    rng = random.Random(seed)
    weights = dict(WEIGHTS)
    if not scene.text:
        weights["read"] = 0.5
    asked = []
    for _ in range(turns * 6):
        task = rng.choices(list(weights), list(weights.values()))[0]
        pair = ASK[task](rng, scene)
        if pair and all(pair[0] != q for _, q, _ in asked):
            asked.append((task, *pair))
            weights[task] *= {"describe": 0.0, "background": 0.0, "read": 0.3}.get(task, 0.6)
        if len(asked) == turns:
            break
    return asked
