# SPDX-License-Identifier: Apache-2.0
"""Reads what a GGUF file says of the bytes of each token, the number of blocks and the types of their
matrices; nothing else."""
import mmap
import re
import struct

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
STRING, ARRAY, INT32, UINT32 = 8, 9, 5, 4
UNKNOWN, CONTROL = 2, 3


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, form):
        value, = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def string(self):
        length = self.number("Q")
        self.at += length
        return self.data[self.at - length:self.at]

    def value(self, kind):
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            inner, count = self.number("I"), self.number("Q")
            if inner == STRING:
                return [self.string() for _ in range(count)]
            self.at += SIZES[inner] * count
            if inner == INT32:
                return struct.unpack_from("<%di" % count, self.data, self.at - 4 * count)
            return None
        if kind == UINT32:
            return self.number("I")
        self.at += SIZES[kind]
        return None


def metadata(path):
    """Values by key; those of kinds that nobody needs are None."""
    return _header(path)[0]


def block_types(path):
    """Numbers of the types that the blocks' matrices have."""
    return {kind for name, shape, kind in _header(path)[1] if name.startswith(b"blk.") and len(shape) == 2}


def _header(path):
    found = {}
    with open(path, "rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as data:
        reader = Reader(data)
        reader.at = 8  # magic, version
        tensor_count = reader.number("Q")
        for _ in range(reader.number("Q")):
            key = reader.string()
            found[key] = reader.value(reader.number("I"))
        tensors = []
        for _ in range(tensor_count):
            name = reader.string()
            shape = [reader.number("Q") for _ in range(reader.number("I"))]
            tensors.append((name, shape, reader.number("I")))
            reader.number("Q")  # where it lies
    return found, tensors


def block_count(path):
    """Transformer blocks of a text model."""
    found = metadata(path)
    return found[found[b"general.architecture"] + b".block_count"]


def token_bytes(path):
    """The output bytes of each token of a SentencePiece vocabulary; control tokens have none."""
    found = metadata(path)
    return [output(piece, kind) for piece, kind in
            zip(found[b"tokenizer.ggml.tokens"], found[b"tokenizer.ggml.token_type"])]


def output(piece, kind):
    if kind in (UNKNOWN, CONTROL):
        return b""
    byte = re.fullmatch(rb"<0x([0-9A-F]{2})>", piece)
    return bytes([int(byte[1], 16)]) if byte else piece.replace("\u2581".encode(), b" ")
