# SPDX-License-Identifier: Apache-2.0
"""A small GGUF version 3 writer and reader: scalars, strings, arrays; tensors in F32, F16 and Q8_0."""
import struct

import numpy as np

ALIGNMENT = 32
F32, F16, Q8_0 = 0, 1, 8
_SCALARS = {"u8": (0, "<B"), "i8": (1, "<b"), "u16": (2, "<H"), "i16": (3, "<h"), "u32": (4, "<I"), "i32": (5, "<i"), "f32": (6, "<f"),
            "bool": (7, "<?"), "u64": (10, "<Q"), "i64": (11, "<q"), "f64": (12, "<d")}
_STRING, _ARRAY = 8, 9


def quantize(x):
    """Rows of 32 values as ggml's Q8_0 blocks: an fp16 scale amax / 127, then 32 signed bytes."""
    blocks = x.reshape(-1, 32).astype(np.float32)
    scale = np.abs(blocks).max(1, keepdims=True) / np.float32(127)
    inverse = np.divide(1, scale, out=np.zeros_like(scale), where=scale > 0)
    scaled = blocks * inverse
    q = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)).astype(np.int8)  # halves away from zero, as roundf
    return np.concatenate([scale.astype("<f2").view(np.uint8), q.view(np.uint8)], 1)


def dequantize(raw, shape):
    blocks = raw.reshape(-1, 34)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    return (blocks[:, 2:].copy().view(np.int8).astype(np.float32) * scale).reshape(shape)


def _string(s):
    b = s.encode()
    return struct.pack("<Q", len(b)) + b


def _value(kind, value):
    """The type code and bytes of a metadata value; kind is "string", a scalar's name, or one of them with "[]"."""
    if kind.endswith("[]"):
        parts = [_value(kind[:-2], v) for v in value]
        return _ARRAY, struct.pack("<IQ", _value(kind[:-2], "" if kind == "string[]" else 0)[0], len(parts)) + b"".join(p for _, p in parts)
    if kind == "string":
        return _STRING, _string(value)
    code, form = _SCALARS[kind]
    return code, struct.pack(form, value)


def write(path, metadata, tensors):
    """metadata: (key, kind, value) triples; tensors: (name, float32 array, F32 | F16 | Q8_0) triples."""
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(metadata))
    for key, kind, value in metadata:
        code, data = _value(kind, value)
        head += _string(key) + struct.pack("<I", code) + data
    offset, bodies = 0, []
    for name, array, form in tensors:
        array = np.ascontiguousarray(array, dtype=np.float32)
        data = (array.astype("<f4") if form == F32 else array.astype("<f2") if form == F16 else quantize(array)).tobytes()
        head += _string(name) + struct.pack("<I", array.ndim) + struct.pack(f"<{array.ndim}Q", *reversed(array.shape)) + struct.pack("<IQ", form, offset)
        bodies.append(data + bytes(-len(data) % ALIGNMENT))
        offset += len(bodies[-1])
    with open(path, "wb") as f:
        f.write(head + bytes(-len(head) % ALIGNMENT) + b"".join(bodies))


def read(path):
    """(metadata, tensors as float32 arrays) of a file in these formats."""
    with open(path, "rb") as f:
        data = f.read()
    at = 0

    def take(form):
        nonlocal at
        values = struct.unpack_from(form, data, at)
        at += struct.calcsize(form)
        return values if len(values) > 1 else values[0]

    def string():
        nonlocal at
        n = take("<Q")
        at += n
        return data[at - n:at].decode()

    def value(code):
        if code == _STRING:
            return string()
        if code == _ARRAY:
            inner, n = take("<IQ")
            return [value(inner) for _ in range(n)]
        return take(next(form for c, form in _SCALARS.values() if c == code))
    magic, version, tensor_count, key_count = take("<4sIQQ")
    if magic != b"GGUF" or version != 3:
        raise ValueError(f"{path}: not a GGUF version 3 file")
    metadata = {}
    for _ in range(key_count):
        key = string()
        metadata[key] = value(take("<I"))
    infos = []
    for _ in range(tensor_count):
        name, rank = string(), take("<I")
        shape = [take("<Q") for _ in range(rank)][::-1]
        infos.append((name, shape, *take("<IQ")))
    base, tensors = at + -at % ALIGNMENT, {}
    for name, shape, form, offset in infos:
        n, start = int(np.prod(shape)), base + offset
        if form == Q8_0:
            tensors[name] = dequantize(np.frombuffer(data, np.uint8, n // 32 * 34, start), shape)
        else:
            tensors[name] = np.frombuffer(data, {F32: "<f4", F16: "<f2"}[form], n, start).reshape(shape).astype(np.float32)
    return metadata, tensors
