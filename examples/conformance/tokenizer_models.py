# SPDX-License-Identifier: Apache-2.0
"""Small vocabularies, one for each pre-tokenizer and kind of tokenizer."""
import collections
import json
import random
import unicodedata

import gguf_writer
from gguf_writer import ARRAY, BOOL, FLOAT32, INT32, STRING, UINT8, UINT32

MARK = "<|mark|>"
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6
MERGES = 900
BYTE_LEVEL = (
    "default gpt-2 phi-2 mpt olmo jais trillion granite-docling exaone4 modern-bert mellum jina-es jina-de jina-v2-es jina-v2-de "
    "jina-v1-en jina-v2-code roberta-bpe gigachat a.x-4.0 starcoder refact command-r smollm codeshell exaone minerva-7b mellum2 falcon "
    "llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano dbrx smaug-bpe glm4 chatglm-bpe glm5 jais-2 k2-horizon "
    "qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open grok-2 bailingmoe bailingmoe2 llada-moe qwen35 ufakzeka "
    "seed-coder laguna exaone-moe minicpm5 gpt-4o llama4 kanana2 talkie minimax-m2 granite-embed-multi-97m tekken tiny_aya cohere2moe youtu "
    "kimi-k2 superbpe deepseek-v3 hunyuan-dense joyai-llm hy_v4 spark2_5 afmoe deepseek-llm deepseek-coder bloom poro-chat gpt3-finnish viking "
    "chameleon").split()
CHARACTER_LEVEL = "gemma4 granite-embed-multi-311m sarvam-moe".split()
OTHER_KINDS = "spm spm:no-prefix ugm ugm:plain wpm wpm:cased wpm:accents".split()
NAMES = BYTE_LEVEL + CHARACTER_LEVEL + OTHER_KINDS


def byte_chars():
    """GPT-2's visible characters for bytes."""
    chars, extra = {}, 256
    for value in range(256):
        if 0x21 <= value <= 0x7E or 0xA1 <= value <= 0xAC or 0xAE <= value <= 0xFF:
            chars[value] = chr(value)
        else:
            chars[value], extra = chr(extra), extra + 1
    return chars


def learn(sequences, count):
    """The merges of the most frequent neighbours, and what they make."""
    merges, made = [], []
    for _ in range(count):
        pairs = collections.Counter()
        for sequence in sequences:
            pairs.update(zip(sequence, sequence[1:]))
        if not pairs:
            break
        (left, right), _ = max(pairs.items(), key=lambda pair: (pair[1], pair[0]))
        merges.append((left, right))
        made.append(left + right)
        for i, sequence in enumerate(sequences):
            sequences[i] = join(sequence, left, right)
    return merges, made


def join(sequence, left, right):
    joined, i = [], 0
    while i < len(sequence):
        if i + 1 < len(sequence) and sequence[i] == left and sequence[i + 1] == right:
            joined.append(left + right)
            i += 2
        else:
            joined.append(sequence[i])
            i += 1
    return joined


_LEARNED = {}


def learned(key, sequences):
    if key not in _LEARNED:
        _LEARNED[key] = learn(sequences, MERGES)
    return _LEARNED[key]


def suited(name, all_texts):
    """The texts that say something of a model."""
    if name in CHARACTER_LEVEL or name in OTHER_KINDS:
        return [text.replace("\u2581", "") for text in all_texts]  # a space to these
    return all_texts


def byte_level(name, all_texts):
    chars = byte_chars()
    merges, made = learned("bytes", [[chars[b] for b in text.encode()] for text in all_texts])
    pieces = list(dict.fromkeys(list(chars.values()) + made))
    return "gpt2", pieces, [NORMAL] * len(pieces), merges


def character_level(name, all_texts):
    # The last texts' characters have no pieces: they become byte tokens.
    merges, made = learned("characters", [list(t.replace(" ", "\u2581")) for t in all_texts if "\n" not in t])
    merges += [("\n", "\n"), ("\n\n", "\n")]
    chars = sorted({c for text in all_texts[:-100] for c in text.replace(" ", "\u2581")} - {"\0"})  # llama.cpp ends pieces there
    tokens = ["<0x%02X>" % value for value in range(256)]
    pieces = list(dict.fromkeys(tokens + chars + made + ["\n\n", "\n\n\n"]))
    return "gpt2", pieces, [BYTE] * 256 + [NORMAL] * (len(pieces) - 256), merges


def byte_pairs(name, all_texts):
    build = character_level if name in CHARACTER_LEVEL else byte_level
    model, pieces, types, merges = build(name, all_texts)
    return pieces, types, [
        ("tokenizer.ggml.model", STRING, model), ("tokenizer.ggml.pre", STRING, name),
        ("tokenizer.ggml.merges", ARRAY, ["%s %s" % pair for pair in merges], STRING)]


def spm(name, all_texts):
    """SentencePiece's BPE: the later a piece was learned, the lower its score."""
    # The last texts' characters have no pieces: they become byte tokens.
    spelled = [text.replace(" ", "\u2581") for text in all_texts]
    _, made = learned("characters", [list(t) for t in spelled if "\n" not in t])
    chars = sorted({c for text in spelled[:-100] for c in text} - {"\0"})
    tokens = ["<unk>", "<s>", "</s>"] + ["<0x%02X>" % value for value in range(256)]
    pieces = list(dict.fromkeys(tokens + made + chars))
    types = [UNKNOWN, CONTROL, CONTROL] + [BYTE] * 256
    types += [NORMAL] * (len(pieces) - len(types))
    return pieces, types, [
        ("tokenizer.ggml.model", STRING, "llama"),
        ("tokenizer.ggml.scores", ARRAY, [-float(i // 3) for i in range(len(pieces))], FLOAT32),
        ("tokenizer.ggml.add_space_prefix", BOOL, name != "spm:no-prefix")]


def substrings(rng, words, count, length_max):
    found = {}
    while len(found) < count:
        word = rng.choice(words)
        start = rng.randrange(len(word))
        found[word[start:start + rng.randint(1, length_max)]] = True
    return list(found)


def ugm(name, all_texts):
    """Unigram: parts of the texts with random scores; not all characters have a piece."""
    rng = random.Random(5)
    words = ["\u2581" + word for text in all_texts for word in unicodedata.normalize("NFKC", text).replace("\0", "").split()]
    parts = substrings(rng, words, 2500, 6) + sorted({c for word in words for c in word if rng.random() < 0.9})
    pieces = list(dict.fromkeys(["<pad>", "</s>", "<unk>", "<user>", "\u2581"] + parts))
    types = [CONTROL, CONTROL, UNKNOWN, USER_DEFINED] + [NORMAL] * (len(pieces) - 4)
    scores = [0.0] * 4 + [-rng.uniform(2, 14) - 2 / len(piece) for piece in pieces[4:]]
    keys = [("tokenizer.ggml.model", STRING, "t5"), ("tokenizer.ggml.scores", ARRAY, scores, FLOAT32)]
    if name == "ugm":
        chars = {c for text in all_texts for c in text} - {"\0"}
        table = {c: unicodedata.normalize("NFKC", c) for c in chars}
        table.update({"\t": " ", "\n": " ", "\r": " ", "\u200b": "", "\u200c": "", "e\u0301": "\u00e9", "...": "\u2026"})
        table = {key: value for key, value in table.items() if key != value}
        keys += [("tokenizer.ggml.add_space_prefix", BOOL, True), ("tokenizer.ggml.remove_extra_whitespaces", BOOL, True),
                 ("tokenizer.ggml.precompiled_charsmap", ARRAY, chars_map(table), UINT8)]
    return pieces, types, keys


def chars_map(table):
    """SentencePiece's normalisation table: a double-array trie with XORed offsets, then the replacements."""
    root, text = {}, b""
    for key, replacement in sorted(table.items()):
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[None] = len(text)
        text += replacement.encode() + b"\0"
    units, taken, bases = collections.defaultdict(int), {0}, set()

    def place(node):
        labels = [label or 0 for label in node]
        base = next(b for b in range(1, 1 << 20) if b not in bases and not any(b ^ label in taken for label in labels))
        bases.add(base)
        taken.update(base ^ label for label in labels)
        for label, child in node.items():
            if label is None:
                units[base] = child | 1 << 31
            else:
                at = base ^ label
                units[at] = label | (None in child) << 8 | (at ^ place(child)) << 10
        return base
    units[0] = place(root) << 10
    size = (max(units) | 255) + 1
    trie = b"".join(units[i].to_bytes(4, "little") for i in range(size))
    return list(len(trie).to_bytes(4, "little") + trie + text)


def wpm(name, all_texts):
    """WordPiece: parts of the texts; those that begin a word have the mark of a space."""
    rng = random.Random(6)
    words = [word for text in all_texts for word in (text if name == "wpm:cased" else text.lower()).replace("\0", "").split()]
    parts = substrings(rng, ["\u2581" + word for word in words], 1500, 6) + substrings(rng, words, 1500, 5)
    chars = sorted({c for word in words for c in word if rng.random() < 0.9})
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + parts + chars + ["\u2581" + c for c in chars]
    pieces = list(dict.fromkeys(pieces))
    keys = [("tokenizer.ggml.model", STRING, "bert"), ("tokenizer.ggml.unknown_token_id", UINT32, 1)]
    if name != "wpm":
        keys += [("tokenizer.ggml.normalizer.lowercase", BOOL, name == "wpm:accents")]
    if name == "wpm:accents":
        keys += [("tokenizer.ggml.normalizer.strip_accents", BOOL, False)]
    return pieces, [CONTROL] * 5 + [NORMAL] * (len(pieces) - 5), keys


def write(path, name, all_texts):
    """Writes the model; answers the id of the mark."""
    build = {"spm": spm, "ugm": ugm, "wpm": wpm}.get(name.split(":")[0], byte_pairs)
    pieces, types, keys = build(name, all_texts)
    pieces, types = pieces + [MARK, "<|begin|>"], types + [CONTROL, CONTROL]
    mark = len(pieces) - 2
    keys = [(key, kind, value + [0.0] * 2 if key == "tokenizer.ggml.scores" else value, *inner)
            for key, kind, value, *inner in keys]
    gguf_writer.write(path, keys + [
        ("tokenizer.ggml.tokens", ARRAY, pieces, STRING), ("tokenizer.ggml.token_type", ARRAY, types, INT32),
        ("tokenizer.ggml.bos_token_id", UINT32, mark + 1), ("tokenizer.ggml.eos_token_id", UINT32, mark + 1),
        ("tokenizer.ggml.seperator_token_id", UINT32, mark + 1)])
    with open(path + ".pieces.json", "w", encoding="utf-8") as f:
        json.dump(pieces, f)
    return mark


def pieces(path, ids):
    with open(path + ".pieces.json", encoding="utf-8") as f:
        known = json.load(f)
    return " ".join(known[i] for i in ids)
