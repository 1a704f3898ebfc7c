# SPDX-License-Identifier: Apache-2.0
"""Writes clip-tile-cases.tsv: CRC-32 of each tile that Pillow cuts, from pictures that ClipTilePlanTest draws, by the rules
of the models that llama.cpp runs (the README's table names them).

Columns: model, width, height, tile size, option, grid (- for none), CRC-32 of each tile in the order of encoding, comma-separated.
The option is the most tiles (internvl), the longest edge (idefics3), the pinpoint grids (llava16).
Run: python3 clip_tile_goldens.py OUT_DIR   (Pillow 13.0.0)
"""
import math
import struct
import sys
import zlib

from PIL import Image

from resize_goldens import picture


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def resize(source, size, filter):
    """Across first, then down: newer versions of Pillow begin with the other pass where that is less work."""
    return source.resize((size[0], source.height), filter).resize(tuple(size), filter)


def padded(source, w, h, filter, colour):
    if source.size == (w, h):
        return source
    scale = min(f32(w / source.width), f32(h / source.height))
    size = [min(math.ceil(f32(side * scale)), most) for side, most in ((source.width, w), (source.height, h))]
    canvas = Image.new("RGB", (w, h), colour)
    canvas.paste(resize(source, size, filter), ((w - size[0]) // 2, (h - size[1]) // 2))
    return canvas


def crops(canvas, tile):
    return [canvas.crop((x, y, x + tile, y + tile)) for y in range(0, canvas.height, tile) for x in range(0, canvas.width, tile)]


def best(grids, w, h, tile):
    def key(i):
        cw, ch = grids[i][0] * tile, grids[i][1] * tile
        scale = min(f32(cw / w), f32(ch / h))
        effective = min(int(f32(w * scale)) * int(f32(h * scale)), w * h)
        return (-effective, cw * ch - effective, i)
    return grids[min(range(len(grids)), key=key)]


def overview_last(source, tile, grids):
    overview = resize(source, (tile, tile), Image.BICUBIC)
    if source.width <= tile and source.height <= tile:
        return None, [overview]
    cols, rows = best(grids, *source.size, tile)
    return (cols, rows), crops(padded(source, cols * tile, rows * tile, Image.BICUBIC, (0, 0, 0)), tile) + [overview]


def gemma3(source, tile, _):
    return None, [padded(source, tile, tile, Image.BILINEAR, (0, 0, 0))]


def llava(source, tile, _):
    return None, [padded(source, tile, tile, Image.BICUBIC, (122, 116, 104))]


def llava16(source, tile, option):
    return overview_last(source, tile, [tuple(map(int, grid.split(":"))) for grid in option.split(";")])


def internvl(source, tile, option):
    most = int(option)
    return overview_last(source, tile, [(a, b) for a in range(1, most + 1) for b in range(1, most // a + 1)])


def idefics3(source, tile, option):
    edge = int(option)
    aspect = source.width / source.height
    if source.width >= source.height:
        w, h = edge, int(edge / aspect)
        h = max(1, h + h % 2)
    else:
        w, h = int(edge * aspect), edge
        w = max(1, w + w % 2)
    scaled = resize(source, (w, h), Image.LANCZOS)
    w, h = math.ceil(w / tile) * tile, math.ceil(h / tile) * tile
    whole = resize(scaled, (w, h), Image.LANCZOS)
    return (w // tile, h // tile), crops(whole, tile) + [resize(whole, (tile, tile), Image.LANCZOS)]


SIZES = [(1, 1), (24, 24), (48, 40), (64, 64), (65, 64), (100, 260), (300, 120), (333, 37), (5, 400), (17, 67), (84, 112), (273, 364)]
PINPOINTS = "1:2;2:1;2:2;3:1;1:3"

with open(sys.argv[1] + "/clip-tile-cases.tsv", "w") as out:
    for model, option in ((gemma3, "-"), (llava, "-"), (llava16, PINPOINTS), (llava16, "1:1;2:2;3:3"), (internvl, "6"), (internvl, "12"),
                          (idefics3, "256"), (idefics3, "64"), (idefics3, "150")):
        for w, h in SIZES:
            for tile in (64, 24):
                grid, tiles = model(picture(w, h), tile, option)
                text = "%d:%d" % grid if grid else "-"
                crcs = ",".join(str(zlib.crc32(t.tobytes())) for t in tiles)
                out.write("%s\t%d\t%d\t%d\t%s\t%s\t%s\n" % (model.__name__, w, h, tile, option, text, crcs))
