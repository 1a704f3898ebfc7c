# SPDX-License-Identifier: Apache-2.0
"""Reads the tensors of a GGUF file: type, dimensions and bytes of each; nothing else."""
from gguf_tokens import Reader

TYPES = {0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
         7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110),
         12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 20: ("IQ4_NL", 32, 18),
         23: ("IQ4_XS", 256, 136), 30: ("BF16", 1, 2), 39: ("MXFP4", 32, 17)}
ALIGNMENT = 32


def tensors(path):
    """By name: (type, dimensions innermost first, bytes)."""
    with open(path, "rb") as f:
        data = f.read()
    reader = Reader(data)
    reader.at = 8
    count, pairs = reader.number("Q"), reader.number("Q")
    for _ in range(pairs):
        reader.string()
        reader.value(reader.number("I"))
    entries = []
    for _ in range(count):
        name = reader.string().decode()
        dims = [reader.number("Q") for _ in range(reader.number("I"))]
        entries.append((name, dims, reader.number("I"), reader.number("Q")))
    base = -(-reader.at // ALIGNMENT) * ALIGNMENT
    found = {}
    for name, dims, kind, offset in entries:
        dtype, length, size = TYPES[kind]
        elements = 1
        for dim in dims:
            elements *= dim
        start = base + offset
        found[name] = (dtype, dims, data[start:start + elements // length * size])
    return found
