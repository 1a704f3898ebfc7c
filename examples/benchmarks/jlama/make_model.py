#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a Hugging Face folder of random BF16 weights in the shape of a Llama of 1.1B weights, the
one of `alcedo synth --preset tinyllama-1.1b`:

    make_model.py FOLDER [--blocks 22]

The weights of a file repeat a few million random numbers, which no speed depends on.
"""
import argparse
import json
import os
import struct
import sys

import numpy

HIDDEN, HEADS, HEADS_KV, FFN, VOCAB, CONTEXT = 2048, 32, 4, 5632, 32000, 2048
NORMAL_COUNT = 1 << 22


def shapes(blocks):
    kv = HIDDEN // HEADS * HEADS_KV
    yield "model.embed_tokens.weight", (VOCAB, HIDDEN)
    for block in range(blocks):
        base = "model.layers.%d." % block
        yield base + "input_layernorm.weight", (HIDDEN,)
        yield base + "self_attn.q_proj.weight", (HIDDEN, HIDDEN)
        yield base + "self_attn.k_proj.weight", (kv, HIDDEN)
        yield base + "self_attn.v_proj.weight", (kv, HIDDEN)
        yield base + "self_attn.o_proj.weight", (HIDDEN, HIDDEN)
        yield base + "post_attention_layernorm.weight", (HIDDEN,)
        yield base + "mlp.gate_proj.weight", (FFN, HIDDEN)
        yield base + "mlp.up_proj.weight", (FFN, HIDDEN)
        yield base + "mlp.down_proj.weight", (HIDDEN, FFN)
    yield "model.norm.weight", (HIDDEN,)
    yield "lm_head.weight", (VOCAB, HIDDEN)


def bf16(values):
    return (values.astype("<f4").view("<u4") >> 16).astype("<u2")


def write_weights(path, blocks):
    header, end = {}, 0
    for name, shape in shapes(blocks):
        start, end = end, end + 2 * int(numpy.prod(shape))
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    normal = bf16(numpy.random.default_rng(1).standard_normal(NORMAL_COUNT, "f4") * 0.02)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)))
        f.write(text)
        for name, shape in shapes(blocks):
            left = int(numpy.prod(shape))
            source = bf16(numpy.ones(left, "f4")) if len(shape) == 1 else normal
            while left > 0:
                f.write(source[:left].tobytes())
                left -= len(source)


def write_json(path, value):
    with open(path, "w") as f:
        json.dump(value, f)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--blocks", type=int, default=22)
    args = parser.parse_args()
    if args.blocks < 1:
        parser.error("--blocks: expected at least 1, got %d" % args.blocks)
    try:
        os.makedirs(args.folder, exist_ok=True)
        inside = lambda name: os.path.join(args.folder, name)
        write_json(inside("config.json"), {
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
            "hidden_size": HIDDEN, "intermediate_size": FFN, "num_attention_heads": HEADS,
            "num_key_value_heads": HEADS_KV, "num_hidden_layers": args.blocks,
            "max_position_embeddings": CONTEXT, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
            "vocab_size": VOCAB, "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": "bfloat16",
            "tie_word_embeddings": False})
        special = ["<unk>", "<s>", "</s>"]
        tokens = special + ["<0x%02X>" % byte for byte in range(256)]
        tokens += ["token%d" % i for i in range(len(tokens), VOCAB)]
        write_json(inside("tokenizer.json"), {
            "added_tokens": [{"id": i, "content": s, "special": True} for i, s in enumerate(special)],
            "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True,
                      "vocab": {token: i for i, token in enumerate(tokens)}, "merges": []}})
        with open(inside("README.md"), "w") as f:
            f.write("Random weights to measure speed with.\n")
        write_weights(inside("model.safetensors"), args.blocks)
    except OSError as e:
        sys.exit("make_model.py: %s: %s" % (e.filename, e.strerror))


if __name__ == "__main__":
    main()
