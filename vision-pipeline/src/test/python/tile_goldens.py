# SPDX-License-Identifier: Apache-2.0
"""Writes tile-cases.tsv: CRC-32 of each tile that Pillow cuts by the rules of the README from pictures that TileCutterTest draws.

Columns: width, height, tile size, grid, CRC-32 of each tile in order, comma-separated.
Run: python3 tile_goldens.py OUT_DIR   (Pillow 9.4.0)
"""
import sys
import zlib

from PIL import Image

from resize_goldens import picture

CASES = [(64, 64, 64, 1, 1), (100, 40, 64, 1, 1), (40, 100, 64, 1, 1), (200, 70, 64, 3, 1), (128, 128, 64, 2, 2), (130, 190, 64, 2, 3),
         (333, 222, 64, 3, 2), (1, 1000, 64, 1, 1), (1000, 1, 64, 1, 1), (97, 31, 24, 3, 1), (500, 102, 32, 2, 1), (65, 65, 32, 2, 3)]
PAD = (127, 120, 3)

with open(sys.argv[1] + "/tile-cases.tsv", "w") as out:
    for w, h, tile, cols, rows in CASES:
        source = picture(w, h)
        tiles = [source.resize((tile, tile), Image.BICUBIC)] if (cols, rows) != (1, 1) else []
        scale = min(cols * tile / w, rows * tile / h)
        fit = max(1, int(w * scale)), max(1, int(h * scale))
        canvas = Image.new("RGB", (cols * tile, rows * tile), PAD)
        canvas.paste(source.resize(fit, Image.BICUBIC), ((canvas.width - fit[0]) // 2, (canvas.height - fit[1]) // 2))
        for row in range(rows):
            for col in range(cols):
                tiles.append(canvas.crop((col * tile, row * tile, (col + 1) * tile, (row + 1) * tile)))
        out.write(f"{w}\t{h}\t{tile}\t{cols}:{rows}\t{','.join(str(zlib.crc32(t.tobytes())) for t in tiles)}\n")
