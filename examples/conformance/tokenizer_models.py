# SPDX-License-Identifier: Apache-2.0
"""Small vocabularies, one for each pre-tokenizer and kind of tokenizer."""
import collections
import json

import gguf_writer
from gguf_writer import ARRAY, BOOL, FLOAT32, INT32, STRING, UINT32

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
NAMES = BYTE_LEVEL + CHARACTER_LEVEL


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
    """All texts but those on which llama.cpp itself aborts or that differ in the Unicode version."""
    if name in CHARACTER_LEVEL:
        return [text.replace("\u2581", "") for text in all_texts]
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


def write(path, name, all_texts):
    """Writes the model; answers the id of the mark."""
    model, pieces, types, merges = (character_level if name in CHARACTER_LEVEL else byte_level)(name, all_texts)
    pieces, types = pieces + [MARK, "<|begin|>"], types + [CONTROL, CONTROL]
    mark = len(pieces) - 2
    gguf_writer.write(path, [
        ("tokenizer.ggml.model", STRING, model), ("tokenizer.ggml.pre", STRING, name),
        ("tokenizer.ggml.tokens", ARRAY, pieces, STRING), ("tokenizer.ggml.token_type", ARRAY, types, INT32),
        ("tokenizer.ggml.merges", ARRAY, ["%s %s" % pair for pair in merges], STRING),
        ("tokenizer.ggml.bos_token_id", UINT32, mark + 1), ("tokenizer.ggml.eos_token_id", UINT32, mark + 1),
        ("tokenizer.ggml.seperator_token_id", UINT32, mark + 1)])
    with open(path + ".pieces.json", "w", encoding="utf-8") as f:
        json.dump(pieces, f)
    return mark


def pieces(path, ids):
    with open(path + ".pieces.json", encoding="utf-8") as f:
        known = json.load(f)
    return " ".join(known[i] for i in ids)
