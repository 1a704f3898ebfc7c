# SPDX-License-Identifier: Apache-2.0
"""Writes a GGUF file that llama.cpp loads: a llama model too small to be of use, with any vocabulary."""
import math
import mmap
import struct

from gguf_tokens import Reader

UINT8, UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 0, 4, 5, 6, 7, 8, 9
FORMS = {UINT8: "B", UINT32: "I", INT32: "i", FLOAT32: "f", BOOL: "?"}
WIDTH, HEADS, FEED_FORWARD = 32, 2, 32
ALIGNMENT = 32


def string(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<Q", len(raw)) + raw


def value(kind, data):
    return string(data) if kind == STRING else struct.pack("<" + FORMS[kind], data)


def pair(key, kind, data, inner=None):
    if kind != ARRAY:
        return string(key) + struct.pack("<I", kind) + value(kind, data)
    if inner == STRING:
        body = b"".join(map(string, data))
    else:
        body = struct.pack("<%d%s" % (len(data), FORMS[inner]), *data)
    return string(key) + struct.pack("<IIQ", ARRAY, inner, len(data)) + body


def tokenizer_of(path):
    """The tokenizer's keys of a file, as they are, and the number of its tokens."""
    pairs, size = [], 0
    with open(path, "rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as data:
        reader = Reader(data)
        reader.at = 16  # magic, version, tensor count
        for _ in range(reader.number("Q")):
            start = reader.at
            key = reader.string()
            found = reader.value(reader.number("I"))
            if key.startswith(b"tokenizer."):
                pairs.append(bytes(data[start:reader.at]))
            if key == b"tokenizer.ggml.tokens":
                size = len(found)
    return pairs, size


def write(path, tokenizer):
    """tokenizer: (key, type, value[, element type]) of the keys tokenizer.ggml.*, tokens among them."""
    size = len(next(entry[2] for entry in tokenizer if entry[0] == "tokenizer.ggml.tokens"))
    write_raw(path, [pair(*entry) for entry in tokenizer], size)


def write_raw(path, tokenizer, size):
    keys = [pair(*entry) for entry in (
        ("general.architecture", STRING, "llama"), ("llama.context_length", UINT32, 64),
        ("llama.embedding_length", UINT32, WIDTH), ("llama.block_count", UINT32, 1),
        ("llama.feed_forward_length", UINT32, FEED_FORWARD), ("llama.attention.head_count", UINT32, HEADS),
        ("llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5),
        ("llama.rope.dimension_count", UINT32, WIDTH // HEADS), ("llama.vocab_size", UINT32, size))] + tokenizer
    shapes = [("token_embd.weight", (WIDTH, size)), ("output_norm.weight", (WIDTH,))]
    shapes += [("blk.0.%s.weight" % name, (WIDTH, WIDTH)) for name in
               ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")]
    shapes += [("blk.0.%s.weight" % name, (WIDTH,)) for name in ("attn_norm", "ffn_norm")]
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(keys)) + b"".join(keys)
    data_bytes = 0
    for name, shape in shapes:
        head += string(name) + struct.pack("<I%dQIQ" % len(shape), len(shape), *shape, 0, data_bytes)
        data_bytes += -(-math.prod(shape) * 4 // ALIGNMENT) * ALIGNMENT
    with open(path, "wb") as f:
        f.write(head + bytes(-len(head) % ALIGNMENT) + bytes(data_bytes))  # all weights are 0
