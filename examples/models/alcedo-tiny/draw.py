# SPDX-License-Identifier: Apache-2.0
"""Scenes: what is in a picture, its pixels, and the tiles that the model looks at.

A scene is a pure function of its seed string. Positions are kept in "overview units": the picture squashed to
64 x 64, which is what the first tile shows. Training seeds start with "train", held-out ones with "eval".
"""
import math
import random
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

TILE, PATCH, CELL = 64, 8, 16
GRIDS = [(m, n) for m in range(3, 0, -1) for n in range(3, 0, -1)]  # (columns, rows), largest first
PAD = (127, 127, 127)

KINDS = ["circle", "square", "triangle", "star", "diamond", "cross"]
COLOURS = {"red": (220, 30, 35), "green": (30, 150, 50), "blue": (40, 75, 225), "yellow": (245, 220, 30),
           "orange": (250, 135, 20), "purple": (135, 40, 170), "pink": (250, 140, 190), "cyan": (40, 205, 220)}
SIZES = ["small", "large"]
BACKGROUNDS = {"white": (250, 250, 250), "black": (12, 12, 12), "grey": (150, 150, 150), "beige": (232, 215, 180),
               "navy": (15, 25, 80)}
CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WORDS = ("ACT ADD AIR ANT ARM ART BAG BED BEE BIG BIRD BLUE BOAT BOOK BOX BUS CAB CAKE CAR CAT CITY COLD COW CUP DAY DOG DOOR DUCK "
         "EAR EAST EGG END EXIT EYE FAN FISH FLY FOX FROG GAS GATE GO GOLD HAT HELP HEN HOT HOUR ICE INK IRON JAM JAR JET JOB "
         "KEY KING KITE LAKE LAMP LEFT LEG LION LOVE MAP MILK MOON MUG NEST NET NEW NINE NO NORTH NUT OAK OFF OIL ON OPEN OWL OX "
         "PARK PEN PIG PLUM POST PULL PUSH QUIZ RAIN RAT RED RING ROAD ROSE SALE SEA SHIP SHOP SKY SNOW STAR STOP SUN TAXI TEA "
         "TEN TOY TREE TWO UP VAN VASE WALK WAVE WEST WIND WOLF YAK YES ZERO ZIP ZOO").split()
WORDS = [w for w in WORDS if len(w) <= 4]

# 5 x 7 glyphs, one string of seven rows each; hexadecimal pairs, bit 4 is the leftmost column.
_GLYPHS = {
    "0": "0E11131519110E", "1": "040C040404040E", "2": "0E11010204081F", "3": "1F02040201110E", "4": "02060A121F0202",
    "5": "1F101E0101110E", "6": "0608101E11110E", "7": "1F010204080808", "8": "0E11110E11110E", "9": "0E11110F01020C",
    "A": "0E11111F111111", "B": "1E11111E11111E", "C": "0E11101010110E", "D": "1C12111111121C", "E": "1F10101E10101F",
    "F": "1F10101E101010", "G": "0E11101711110F", "H": "1111111F111111", "I": "1F04040404041F", "J": "0702020202120C",
    "K": "11121418141211", "L": "1010101010101F", "M": "111B1515111111", "N": "11111915131111", "O": "0E11111111110E",
    "P": "1E11111E101010", "Q": "0E11111115120D", "R": "1E11111E141211", "S": "0F10100E01011E", "T": "1F040404040404",
    "U": "1111111111110E", "V": "11111111110A04", "W": "1111111515150A", "X": "11110A040A1111", "Y": "1111110A040404",
    "Z": "1F01020408101F"}
GLYPHS = {c: np.array([[int(h[2 * r:2 * r + 2], 16) >> (4 - x) & 1 for x in range(5)] for r in range(7)], bool) for c, h in _GLYPHS.items()}

_NOISE = np.random.default_rng(7).standard_normal((512, 512, 3)).astype(np.float32)


@dataclass
class Thing:
    kind: str
    colour: str
    size: str
    x: float  # centre, overview units
    y: float
    radius: float  # of the shape when drawn at 64 x 64


@dataclass
class Scene:
    width: int
    height: int
    background: str
    things: list  # ordered from left to right
    texts: list = field(default_factory=list)  # (string, x, y) in pixels of the picture
    ink: tuple = (0, 0, 0)
    noise: float = 3.0
    seed: int = 0

    @property
    def text(self):
        return self.texts[0][0] if self.texts else ""

    @property
    def grid(self):
        return choose_grid(self.width, self.height)


def choose_grid(w, h, base=TILE, alpha=0.1):
    """BlueLM-V-3B's relaxed aspect-ratio matching: (columns, rows)."""
    best, best_used, best_wasted = None, 0, math.inf
    for m, n in GRIDS:
        s = min(base * m / w, base * n / h)
        used = min(int(w * s) * int(h * s), w * h)
        wasted = base * m * base * n - used
        if used - best_used > alpha * best_used or (best_used - used < alpha * best_used and wasted < best_wasted):
            best, best_used, best_wasted = (m, n), used, wasted
    return best or (1, 1)


def placement(w, h, grid):
    """How a w x h picture lies on its grid's canvas: scale, width, height, left, top."""
    W, H = TILE * grid[0], TILE * grid[1]
    s = min(W / w, H / h)
    dw, dh = int(w * s), int(h * s)
    return s, dw, dh, (W - dw) // 2, (H - dh) // 2


def tiles(picture, tiling=True):
    """The model's view of a picture: uint8 [n, 64, 64, 3]; the overview first, then the grid's tiles in rows."""
    grid = choose_grid(*picture.size)
    if not tiling and grid != (1, 1):
        return np.asarray(picture.resize((TILE, TILE), Image.BICUBIC))[None]
    _, dw, dh, left, top = placement(*picture.size, grid)
    canvas = picture
    if picture.size != (TILE * grid[0], TILE * grid[1]):
        canvas = Image.new("RGB", (TILE * grid[0], TILE * grid[1]), PAD)
        canvas.paste(picture.resize((dw, dh), Image.BICUBIC), (left, top))
    cut = np.asarray(canvas).reshape(grid[1], TILE, grid[0], TILE, 3).swapaxes(1, 2).reshape(-1, TILE, TILE, 3)
    if grid == (1, 1):
        return cut
    return np.concatenate([np.asarray(picture.resize((TILE, TILE), Image.BICUBIC))[None], cut])


# ---- choosing what is in the picture ----

def _text(rng):
    pick = rng.random()
    if pick < 0.35:
        return "".join(rng.choice(CHARS[:10]) for _ in range(rng.randint(1, 4)))
    if pick < 0.6:
        return rng.choice(WORDS)
    return "".join(rng.choice(CHARS[10:]) for _ in range(rng.randint(2, 4)))


def _things(rng, count, stretch):
    """Shapes that do not touch, at least 10 units apart from left to right, each in a cell of its own."""
    sx, sy = stretch
    mean = math.sqrt(sx * sy)
    colours = [c for c in COLOURS]
    for _ in range(40):
        made = []
        for _ in range(count):
            size = rng.choice(SIZES)
            radius = rng.uniform(8.3, 10) if size == "large" else rng.uniform(4.4, 5.4)
            made.append(Thing(rng.choice(KINDS), rng.choice(colours), size, 0, 0, radius))
            if len(made) > 1 and rng.random() < 0.3:  # more scenes with something to count
                made[-1].kind = made[0].kind
            elif len(made) > 1 and rng.random() < 0.2:
                made[-1].colour = made[0].colour
        edge_x = max(t.radius for t in made) * mean / sx + 2
        room = TILE - 2 * edge_x - 10 * (count - 1)
        if room < 0:
            continue
        for i, u in enumerate(sorted(rng.uniform(0, room) for _ in made)):
            t = made[i]
            edge_y = t.radius * mean / sy + 2
            t.x, t.y = edge_x + u + 10 * i, rng.uniform(edge_y, TILE - edge_y)
        apart = all(abs(a.x - b.x) > (a.radius + b.radius) * mean / sx + 1.5 or abs(a.y - b.y) > (a.radius + b.radius) * mean / sy + 1.5
                    for i, a in enumerate(made) for b in made[:i])
        if apart and len({(int(t.x) // CELL, int(t.y) // CELL) for t in made}) == count:
            return made
    return _things(rng, count - 1, stretch) if count > 1 else []


def _place_text(rng, scene, words, box, taken):
    """Puts a string inside the pixel box (x0, y0, x1, y1), clear of the taken boxes; False when there is no room."""
    w, h = 8 * len(words) - 3, 7
    x0, y0, x1, y1 = box
    if x1 - x0 < w + 4 or y1 - y0 < h + 4:
        return False
    for _ in range(30):
        x, y = rng.randint(int(x0) + 2, int(x1) - w - 2), rng.randint(int(y0) + 2, int(y1) - h - 2)
        if all(x + w + 3 < a or c < x - 3 or y + h + 3 < b or d < y - 3 for a, b, c, d in taken):
            scene.texts.append((words, x, y))
            taken.append((x - 5, y - 2, x + w + 5, y + h + 2))
            return True
    return False


def make_scene(seed, grid=(1, 1), text=False, lines=1):
    """A scene whose picture falls on the given grid; with text=True it holds one string (or more: lines)."""
    rng = random.Random(seed)
    while True:
        width, height = TILE * grid[0], TILE * grid[1]
        if rng.random() < 0.1:
            width, height = (int(v * rng.uniform(0.94, 1.07)) for v in (width, height))
        if choose_grid(width, height) == grid:
            break
    sx, sy = width / TILE, height / TILE
    background = rng.choice(list(BACKGROUNDS))
    count = min(2 if text and grid == (1, 1) else 3, rng.choices([1, 2, 3], [20, 40, 40])[0])
    if text and lines > 1:
        count = rng.choice([0, 0, 1])
    things = _things(rng, count, (sx, sy)) if count else []
    dark = sum(BACKGROUNDS[background]) < 300
    ink = rng.choice([(255, 255, 255), (255, 250, 170)] if dark else [(0, 0, 0), (10, 10, 90), (110, 0, 0)])
    scene = Scene(width, height, background, things, [], ink, rng.uniform(0, 5), rng.randrange(1 << 16))
    if text:
        mean = math.sqrt(sx * sy)
        taken = [(t.x * sx - 1.1 * t.radius * mean, t.y * sy - 1.1 * t.radius * mean,
                  t.x * sx + 1.1 * t.radius * mean, t.y * sy + 1.1 * t.radius * mean) for t in things]
        cells = [(width * i / grid[0], height * j / grid[1], width * (i + 1) / grid[0], height * (j + 1) / grid[1])
                 for i in range(grid[0]) for j in range(grid[1])]
        for _ in range(lines):
            words = _text(rng)
            for _ in range(3):
                if _place_text(rng, scene, words, rng.choice(cells), taken):
                    break
    return scene


# ---- pixels ----

def _outline(kind, x, y, r):
    if kind == "square":
        return [(x - .86 * r, y - .86 * r), (x + .86 * r, y - .86 * r), (x + .86 * r, y + .86 * r), (x - .86 * r, y + .86 * r)]
    if kind == "triangle":
        return [(x, y - r), (x + r, y + .85 * r), (x - r, y + .85 * r)]
    if kind == "diamond":
        return [(x, y - 1.1 * r), (x + .8 * r, y), (x, y + 1.1 * r), (x - .8 * r, y)]
    if kind == "star":
        turn = [math.pi * i / 5 for i in range(10)]
        return [(x + math.sin(a) * r * (1.1 if i % 2 == 0 else .45), y - math.cos(a) * r * (1.1 if i % 2 == 0 else .45)) for i, a in enumerate(turn)]
    a = .32 * r  # cross
    return [(x + r * dx + a * ex, y + r * dy + a * ey) for dx, dy, ex, ey in (
        (-1, 0, 0, 1), (-1, 0, 0, -1), (0, 0, -1, -1), (0, -1, -1, 0), (0, -1, 1, 0), (0, 0, 1, -1),
        (1, 0, 0, -1), (1, 0, 0, 1), (0, 0, 1, 1), (0, 1, 1, 0), (0, 1, -1, 0), (0, 0, -1, 1))]


def render(scene):
    """The scene's picture: shapes drawn at twice the size and box-filtered, text with strokes of one pixel, light noise."""
    rng = random.Random(scene.seed)

    def shade(rgb, by):
        return tuple(min(255, max(0, v + rng.randint(-by, by))) for v in rgb)
    w, h = scene.width, scene.height
    sx, sy = w / TILE, h / TILE
    big = Image.new("RGB", (2 * w, 2 * h), shade(BACKGROUNDS[scene.background], 6))
    pen = ImageDraw.Draw(big)
    for t in scene.things:
        x, y, r, fill = 2 * t.x * sx, 2 * t.y * sy, 2 * t.radius * math.sqrt(sx * sy), shade(COLOURS[t.colour], 12)
        if t.kind == "circle":
            pen.ellipse([x - r, y - r, x + r, y + r], fill=fill)
        else:
            pen.polygon(_outline(t.kind, x, y, r), fill=fill)
    pixels = np.array(big.reduce(2))
    ink = shade(scene.ink, 15)
    for string, x, y in scene.texts:
        for i, c in enumerate(string):
            pixels[y:y + 7, x + 8 * i:x + 8 * i + 5][GLYPHS[c]] = ink
    ox, oy = rng.randrange(512 - 208), rng.randrange(512 - 208)
    noisy = pixels + scene.noise * _NOISE[oy:oy + h, ox:ox + w]
    return Image.fromarray(np.clip(noisy + 0.5, 0, 255).astype(np.uint8))


# ---- what the drawing program knows about each tile ----

CELL_LABELS = ("kind", "colour", "size", "quarter", "background")  # per 16 x 16 cell; 0 is "nothing here"
PATCH_LABELS = ("char", "place")  # per 8 x 8 patch: character + 1; 1 + 2 * index in the string + (1 for the last)


def labels(scene, tiling=True):
    """int64 arrays: cells [tiles, 16, 5] (CELL_LABELS) and patches [tiles, 64, 2] (PATCH_LABELS, row-major)."""
    grid = scene.grid
    m, n = grid
    single = grid == (1, 1)
    count = 1 if single or not tiling else 1 + m * n
    cells, patches = np.zeros((count, 16, 5), np.int64), np.zeros((count, 64, 2), np.int64)
    cells[:, :, 4] = list(BACKGROUNDS).index(scene.background)
    s, _, _, left, top = placement(scene.width, scene.height, grid)

    def put(tile, x, y, thing, size):
        cells[tile, int(y) // CELL * 4 + int(x) // CELL, :4] = (
            1 + KINDS.index(thing.kind), 1 + list(COLOURS).index(thing.colour), size,
            1 + int(y) % CELL // PATCH * 2 + int(x) % CELL // PATCH)

    def locate(px, py):  # picture pixel -> tile and place in it
        x, y = px * s + left, py * s + top
        i, j = min(int(x) // TILE, m - 1), min(int(y) // TILE, n - 1)
        return (0 if single else 1 + j * m + i), min(x - i * TILE, 63.9), min(y - j * TILE, 63.9)
    for t in scene.things:
        size = 1 + SIZES.index(t.size)
        if not single:
            put(0, t.x, t.y, t, size)
        if single or tiling:
            tile, x, y = locate(t.x * scene.width / TILE, t.y * scene.height / TILE)
            put(tile, x, y, t, size)
    if single or tiling:
        for string, x, y in scene.texts:
            for i, c in enumerate(string):
                tile, u, v = locate(x + 8 * i + 2.5, y + 3.5)
                patches[tile, int(v) // PATCH * 8 + int(u) // PATCH] = (1 + CHARS.index(c), 1 + 2 * i + (i == len(string) - 1))
    return cells, patches
