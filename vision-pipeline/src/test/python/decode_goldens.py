# SPDX-License-Identifier: Apache-2.0
"""Writes decode-cases.tsv: small pictures in every form that we read, and what Pillow makes of them.

Columns: name, width, height, largest allowed difference per sample, encoded file (base64), RGB over white (base64).
Run: python3 decode_goldens.py OUT_DIR   (Pillow 9.4.0, libjpeg-turbo and libwebp of Debian 12)
"""
import base64
import io
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

W, H = 13, 9
rng = np.random.default_rng(7)
smooth = np.stack(np.broadcast_arrays(np.arange(W) * 19, np.arange(H)[:, None] * 28, 255 - np.arange(W) * 9), -1).astype(np.uint8)
noisy = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)
alpha = rng.integers(0, 256, (H, W), dtype=np.uint8)
alpha[0, :3] = 0, 255, 1
rows = []


def over_white(image):
    rgba = np.asarray(image.convert("RGBA")).astype(int)
    a = rgba[..., 3:]
    return ((rgba[..., :3] * a + 255 * (255 - a) + 127) // 255).astype(np.uint8)


def case(name, data, tolerance=0, expected=None):
    if expected is None:
        expected = over_white(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    height, width, _ = expected.shape
    rows.append("\t".join([name, str(width), str(height), str(tolerance), base64.b64encode(data).decode(), base64.b64encode(expected.tobytes()).decode()]))


def save(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(samples, colour, depth, extra=b"", adam7=False):
    """samples [h, w, c] of `depth` bits, written without a library: Pillow writes few of the forms."""
    h, w, c = samples.shape

    def pack(part):
        lines = b""
        for line in part:
            if depth == 16:
                body = line.astype(">u2").tobytes()
            elif depth == 8:
                body = line.astype(np.uint8).tobytes()
            else:
                bits = "".join(format(int(v), f"0{depth}b") for v in line.ravel())
                bits += "0" * (-len(bits) % 8)
                body = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
            lines += b"\0" + body
        return lines

    if adam7:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        parts = [samples[y::dy, x::dx] for x, y, dx, dy in passes]
        raw = b"".join(pack(p) for p in parts if p.size)
    else:
        raw = pack(samples)
    header = struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, int(adam7))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def white(rgb, a):
    rgb, a = rgb.astype(int), a.astype(int)[..., None]
    return ((rgb * a + 255 * (255 - a) + 127) // 255).astype(np.uint8)


def exif(value, big):
    o = ">" if big else "<"
    return (b"MM" if big else b"II") + struct.pack(o + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, value, 0, 0)


rgb, soft = Image.fromarray(noisy), Image.fromarray(smooth)
grey = rgb.convert("L")
rgba = Image.fromarray(np.dstack([noisy, alpha]))
grey3 = np.repeat(np.asarray(grey)[..., None], 3, -1)

case("png-rgb8", save(rgb, "PNG"))
case("png-rgba8", save(rgba, "PNG"))
case("png-grey8", save(grey, "PNG"))
case("png-grey-alpha8", save(rgba.convert("LA"), "PNG"))
case("png-palette8", save(rgb.quantize(200), "PNG"))
case("png-palette4", save(rgb.quantize(16), "PNG", bits=4))
case("png-palette-alpha", save(rgb.quantize(8), "PNG", transparency=bytes([0, 128, 255])))
case("png-bilevel", save(rgb.convert("1"), "PNG"))
for bits in (2, 4):
    v = rng.integers(0, 1 << bits, (H, W, 1))
    case(f"png-grey{bits}", png(v, 0, bits), expected=np.repeat(v * 255 // ((1 << bits) - 1), 3, -1).astype(np.uint8))
v16 = rng.integers(0, 65536, (H, W, 4))
case("png-grey16", png(v16[..., :1], 0, 16), expected=np.repeat(v16[..., :1] >> 8, 3, -1).astype(np.uint8))
case("png-rgb16", png(v16[..., :3], 2, 16), expected=(v16[..., :3] >> 8).astype(np.uint8))
case("png-rgba16", png(v16, 6, 16), expected=white(v16[..., :3] >> 8, v16[..., 3] >> 8))
case("png-grey-alpha16", png(v16[..., :2], 4, 16), expected=white(np.repeat(v16[..., :1] >> 8, 3, -1), v16[..., 1] >> 8))
case("png-adam7", png(noisy, 2, 8, adam7=True), expected=noisy)
key = struct.pack(">HHH", *noisy[2, 3])
keyed = np.full((H, W), 255)
keyed[2, 3] = 0
case("png-rgb-key", png(noisy, 2, 8, chunk(b"tRNS", key)), expected=white(noisy, keyed))
key = struct.pack(">H", grey3[4, 5, 0])
case("png-grey-key", png(grey3[..., :1], 0, 8, chunk(b"tRNS", key)), expected=white(grey3, np.where(grey3[..., 0] == grey3[4, 5, 0], 0, 255)))
case("png-gamma", png(noisy, 2, 8, chunk(b"gAMA", struct.pack(">I", 100000))), expected=noisy)
case("png-exif-6", png(noisy, 2, 8, chunk(b"eXIf", exif(6, True))), expected=np.rot90(noisy, -1))

case("jpeg-444", save(soft, "JPEG", quality=90, subsampling=0), 2)
case("jpeg-420", save(soft, "JPEG", quality=90, subsampling=2), 3)
case("jpeg-progressive", save(soft, "JPEG", quality=80, progressive=True), 3)
case("jpeg-grey", save(soft.convert("L"), "JPEG"), 1)
cmyk = Image.fromarray(np.dstack([smooth, (smooth[..., 0] // 3)]), "CMYK")
data = save(cmyk, "JPEG", quality=95)
case("jpeg-cmyk", data, 2)
place = data.index(b"Adobe") + 11
case("jpeg-ycck", data[:place] + b"\x02" + data[place + 1:], 3)
case("jpeg-restart", save(soft, "JPEG", quality=90, restart_marker_blocks=1), 3)
for value in range(1, 9):
    data = save(soft, "JPEG", quality=90, subsampling=0, exif=b"Exif\0\0" + exif(value, value % 2 == 0))
    case(f"jpeg-exif-{value}", data, 2)

case("gif", save(rgb.quantize(64), "GIF"))
case("gif-transparent", save(rgb.quantize(64), "GIF", transparency=3))
case("gif-interlaced", save(rgb.quantize(16), "GIF", interlace=1))
case("gif-animated", save(rgb.quantize(16), "GIF", save_all=True, append_images=[soft.quantize(16)]))
data = bytearray(save(rgb.quantize(16), "GIF", transparency=1))
struct.pack_into("<HH", data, 6, W + 5, H + 4)  # a larger screen, the frame at (3, 2)
at = data.index(b"\x2c" + struct.pack("<HHHH", 0, 0, W, H))
struct.pack_into("<HH", data, at + 1, 3, 2)
frame = over_white(Image.open(io.BytesIO(save(rgb.quantize(16), "GIF", transparency=1))))
canvas = np.full((H + 4, W + 5, 3), 255, np.uint8)
canvas[2:2 + H, 3:3 + W] = frame
case("gif-offset", bytes(data), expected=canvas)

case("bmp-24", save(rgb, "BMP"))
case("bmp-8", save(rgb.quantize(200), "BMP"))
case("bmp-grey", save(grey, "BMP"))
case("bmp-1", save(rgb.convert("1"), "BMP"))
data = bytearray(save(rgb, "BMP"))
struct.pack_into("<i", data, 22, -H)
case("bmp-top-down", bytes(data), expected=noisy[::-1])
body = b"".join(bytes([3, int(line[0]), 4, int(line[1]), 6, int(line[2]), 0, 0]) for line in noisy[..., 0] % 4) + b"\0\1"
palette = b"".join(bytes([int(b), int(g), int(r), 0]) for r, g, b in noisy[0, :4])
rle = struct.pack("<2sIHHI", b"BM", 54 + 16 + len(body), 0, 0, 54 + 16) + struct.pack("<IiiHHIIiiII", 40, W, H, 1, 8, 1, len(body), 0, 0, 4, 0) + palette + body
lines = [np.repeat(noisy[0, :4][line[:3] % 4], [3, 4, 6], 0) for line in noisy[..., 0]]
case("bmp-rle8", rle, expected=np.stack(lines[::-1]))

case("webp-lossless", save(rgb, "WEBP", lossless=True))
case("webp-lossless-alpha", save(rgba, "WEBP", lossless=True, exact=True))
case("webp-lossy", save(soft, "WEBP", quality=90))
case("webp-lossy-alpha", save(Image.fromarray(np.dstack([smooth, alpha])), "WEBP", quality=90))
for place, level in enumerate((60, 80, 95)):
    plane = (np.add.outer(np.arange(H) * (11 + place), np.arange(W) * 5) % 256).astype(np.uint8)
    case(f"webp-lossy-alpha-{level}", save(Image.fromarray(np.dstack([smooth, plane])), "WEBP", quality=level, alpha_quality=level, method=place * 3))
case("webp-exif-8", save(rgb, "WEBP", lossless=True, exif=b"Exif\0\0" + exif(8, False)))
big = np.asarray(soft.resize((64, 48), Image.BICUBIC))
case("webp-lossy-large", save(Image.fromarray(big), "WEBP", quality=80))
case("webp-lossy-noise", save(Image.fromarray(rng.integers(0, 256, (50, 67, 3), dtype=np.uint8)), "WEBP", quality=50))
case("webp-lossy-simple-filter", save(Image.fromarray(big), "WEBP", quality=10, method=0))

with open(sys.argv[1] + "/decode-cases.tsv", "w") as out:
    out.write("\n".join(rows) + "\n")
