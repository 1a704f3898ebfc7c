# SPDX-License-Identifier: Apache-2.0
"""Writes resize-cases.tsv: CRC-32 of what Pillow makes of pictures that ResizerTest draws from the same formula.

Columns: filter, source width and height, target width and height, CRC-32 of the target's RGB bytes.
Run: python3 resize_goldens.py OUT_DIR   (Pillow 9.4.0)
"""
import sys
import zlib

import numpy as np
from PIL import Image

FILTERS = {"BILINEAR": Image.BILINEAR, "BICUBIC": Image.BICUBIC, "LANCZOS": Image.LANCZOS}
SIZES = [(1, 1, 1, 1), (1, 1, 5, 7), (2, 3, 64, 64), (7, 5, 7, 9), (7, 5, 11, 5), (64, 64, 64, 64), (100, 75, 64, 48), (97, 211, 29, 64),
         (640, 480, 128, 96), (333, 222, 384, 256), (1, 1000, 1, 64), (1000, 1, 64, 1), (1000, 3, 64, 64), (129, 65, 128, 64), (1280, 960, 64, 64),
         (13, 9, 192, 133), (500, 102, 313, 64), (255, 256, 256, 255)]


def picture(width, height):
    """Any bytes will do, as long as both sides draw the same: a linear congruential generator's upper byte."""
    state, out = 12345, bytearray()
    for _ in range(width * height * 3):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        out.append(state >> 16 & 255)
    return Image.frombytes("RGB", (width, height), bytes(out))


if __name__ == "__main__":
    with open(sys.argv[1] + "/resize-cases.tsv", "w") as out:
        for w, h, w2, h2 in SIZES:
            source = picture(w, h)
            for name, kind in FILTERS.items():
                out.write(f"{name}\t{w}\t{h}\t{w2}\t{h2}\t{zlib.crc32(source.resize((w2, h2), kind).tobytes())}\n")
