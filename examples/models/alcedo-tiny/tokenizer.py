# SPDX-License-Identifier: Apache-2.0
"""A small SentencePiece-style vocabulary and the encoder that llama.cpp's `llama` tokenizer model defines.

Words of the scenes are one piece each ("▁circle"), reached by merging prefixes. Everything else is spelled in single
characters, so that a word or number in a picture is read character by character. Capitalised words are reached as "Wh",
"Wha", "What", "▁What": there is no piece "▁W", which would begin the reading of "WORD". vocabulary.txt lists the pieces, best first.
"""
import os
from functools import lru_cache

SPACE = "\u2581"
UNK, BOS, EOS = 0, 1, 2
CONTROLS = ["[|Human|]:", "[|AI|]:", "<im_start>", "<im_end>"]
HUMAN, AI, IM_START, IM_END = 3, 4, 5, 6
NORMAL, UNKNOWN, CONTROL, UNUSED, BYTE = 1, 2, 3, 5, 6


def build():
    """(pieces, types, scores)."""
    pieces, types = ["<unk>", "<s>", "</s>"] + CONTROLS, [UNKNOWN] + [CONTROL] * (2 + len(CONTROLS))
    pieces += [f"<0x{b:02X}>" for b in range(256)]
    types += [BYTE] * 256
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "vocabulary.txt"), encoding="utf-8") as f:
        normal = f.read().split("\n")[:-1]
    pieces += normal
    types += [NORMAL] * len(normal)
    spare = -len(pieces) % 32
    pieces += [f"<spare{i}>" for i in range(spare)]
    types += [UNUSED] * spare
    return pieces, types, [float(-i) if t == NORMAL else 0.0 for i, t in enumerate(types)]


PIECES, TYPES, SCORES = build()
_IDS = {p: i for i, (p, t) in enumerate(zip(PIECES, TYPES)) if t == NORMAL}


@lru_cache(1 << 16)
def encode(text):
    """Ids of a text that follows a control token (or the beginning): a space is put before it, as add_space_prefix says."""
    symbols = list((" " + text).replace(" ", SPACE))
    while True:
        best, where = None, -1
        for i in range(len(symbols) - 1):
            score = _IDS.get(symbols[i] + symbols[i + 1])
            if score is not None and (best is None or score < best):  # lower id, higher score
                best, where = score, i
        if best is None:
            break
        symbols[where:where + 2] = [symbols[where] + symbols[where + 1]]
    ids = []
    for s in symbols:
        ids += [_IDS[s]] if s in _IDS else [3 + len(CONTROLS) + b for b in s.encode()]
    return tuple(ids)


def decode(ids):
    out = bytearray()
    for i in ids:
        if TYPES[i] == NORMAL:
            out += PIECES[i].replace(SPACE, " ").encode()
        elif TYPES[i] == BYTE:
            out.append(int(PIECES[i][3:5], 16))
    return out.decode(errors="replace").removeprefix(" ")


def question_ids(question):
    return encode(question + "\n") + (AI,)


def answer_ids(answer):
    return encode(answer) + (EOS,)
