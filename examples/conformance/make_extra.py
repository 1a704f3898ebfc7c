#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes small random text models of the families and rope variants that few generators cover, asks
llama.cpp's llama-server what it answers on them, and writes goldens.json for compare.py. Weights are
F32: with others llama.cpp rounds activations too, and the noise of that hides small errors of ours.

    make_extra.py OUT_FOLDER [--seed N] [--port P] [--only NAME,...]

Needs llama-server, and Python with gguf and numpy. Seeds draw other shapes and weights.
"""
import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request

import gguf
import numpy as np

CONTEXT = 2048
STEPS = 12
WORDS = ("a the some every red green blue small large old new fox owl river stone cloud tree walks sleeps sings over "
         "under near and or not with without seven eight nine how many where is are").split()
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def vocabulary(size):
    """SentencePiece pieces with byte fallback: bytes, letters, beginnings of words, fillers."""
    pieces = [("<unk>", 2), ("<s>", 3), ("</s>", 3), ("<|endoftext|>", 3)] + [("<0x%02X>" % b, 6) for b in range(256)]
    seen = {piece for piece, _ in pieces}
    words = ["\u2581"] + list(ALPHABET) + [w[:n] for word in WORDS for w in ("\u2581" + word, word)
                                           for n in range(2, len(w) + 1)]
    for piece in words + ["\u2581qq%d" % i for i in range(size)]:
        if piece not in seen and len(pieces) < size:
            seen.add(piece)
            pieces.append((piece, 1))
    return pieces


class Weights:
    """A GGUF file in the making."""

    def __init__(self, path, architecture, seed):
        self.path = path
        self.writer = gguf.GGUFWriter(path, architecture)
        self.random = np.random.default_rng(seed)

    def matrix(self, name, rows, cols, gain=1.0):
        values = self.random.standard_normal((rows, cols), dtype=np.float32) * np.float32(gain / np.sqrt(cols))
        self.writer.add_tensor(name, values)

    def vector(self, name, length, mean=1.0, spread=0.1):
        values = mean + spread * self.random.standard_normal(length, dtype=np.float32)
        self.writer.add_tensor(name, values.astype(np.float32))

    def numbers(self, name, values):
        self.writer.add_tensor(name, np.asarray(values, dtype=np.float32))

    def close(self):
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()


class Shape:
    """Sizes of one model, drawn by seed."""

    def __init__(self, random, kv_same=False, square=False):
        self.head = int(random.choice([32, 48, 64, 80]))
        self.kv = int(random.choice([1, 2]))
        self.heads = self.kv * int(random.choice([2, 3]))
        if kv_same:
            self.kv = self.heads
        self.width = self.heads * self.head if square else int(random.choice([192, 256, 320]))
        self.inner = int(random.choice([384, 512, 640]))
        self.blocks = int(random.choice([2, 3, 4]))


# What each model has beyond a plain one: keys under its architecture's prefix, and features.
YARN = {"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0, "rope.scaling.original_context_length": 512}
MODELS = {
    "internlm2": dict(arch="internlm2", square=True, base=1e6),
    "granite": dict(arch="granite", keys={"embedding_scale": 6.0, "residual_scale": 0.22, "attention.scale": 0.09,
                                          "logit_scale": 3.0}),
    "granite-still": dict(arch="granite", keys={"logit_scale": 1.5, "rope.scaling.finetuned": False}),
    "minicpm": dict(arch="minicpm", keys={"embedding_scale": 5.0, "residual_scale": 0.4, "logit_scale": 2.0}),
    "minicpm-old": dict(arch="minicpm"),
    "mistral": dict(arch="llama", keys={"attention.sliding_window": 32}, base=1e6),
    "llama-linear": dict(arch="llama", keys={"rope.scaling.type": "linear", "rope.scaling.factor": 4.0}),
    "llama-yarn": dict(arch="llama", keys=YARN),
    "llama-yarn-factors": dict(arch="llama", keys={**YARN, "rope.scaling.attn_factor": 0.8}, freqs=True),
    "llama-longrope": dict(arch="llama", longrope=True, keys={
        "rope.scaling.type": "longrope", "rope.scaling.original_context_length": 1024}),
    "qwen2-yarn": dict(arch="qwen2", square=True, keys={**YARN, "rope.scaling.factor": 2.5}, biases=True, tied=True,
                       output_bias=True),
    "qwen2vl": dict(arch="qwen2vl", square=True, sections=True, biases=True, base=1e6),
    "qwen2vl-yarn": dict(arch="qwen2vl", square=True, sections=True, biases=True, keys=YARN),
    "qwen3-yarn": dict(arch="qwen3", head_norms=True, keys=YARN, base=1e6),
    "phi3-long": dict(arch="phi3", square=True, kv_same=True, fused=True, longrope=True, keys={
        "rope.scaling.original_context_length": 512, "rope.scaling.attn_factor": 1.19}),
    "phi3-short": dict(arch="phi3", square=True, fused=True, longrope=True, keys={
        "rope.scaling.original_context_length": 4096, "rope.scaling.attn_factor": 1.19}),
    "phi3-partial": dict(arch="phi3", square=True, fused=True, partial=True, tied=True, keys={
        "attention.sliding_window": 48}),
    "gemma3-linear": dict(arch="gemma3", head_norms=True, sandwich=True, tied=True, base=1e6, blocks=7, keys={
        "attention.sliding_window": 40, "rope.scaling.type": "linear", "rope.scaling.factor": 8.0}),
    "gemma3-period": dict(arch="gemma3", head_norms=True, sandwich=True, tied=True, base=1e6, keys={
        "attention.sliding_window": 24, "attention.sliding_window_pattern": 2, "rope.freq_base_swa": 5000.0}),
    "smollm3": dict(arch="smollm3", base=5e6, blocks=5, tied=True),
}


def add_key(writer, key, value):
    if isinstance(value, bool):
        writer.add_bool(key, value)
    elif isinstance(value, str):
        writer.add_string(key, value)
    elif isinstance(value, int):
        writer.add_uint32(key, value)
    else:
        writer.add_float32(key, value)


def sections(pairs):
    """Qwen2-VL's shares of 64 pairs: 16, 24 and 24."""
    first, second = pairs // 4, (pairs - pairs // 4) // 2
    return [first, second, pairs - first - second, 0]


def write(path, seed, arch, keys=None, base=10000.0, biases=False, head_norms=False, tied=False, fused=False, sandwich=False,
          freqs=False, longrope=False, partial=False, square=False, kv_same=False, output_bias=False, blocks=None, **more):
    file = Weights(path, arch, seed)
    shape = Shape(file.random, kv_same, square)
    shape.blocks = blocks or shape.blocks
    turning = shape.head * 3 // 4 // 2 * 2 if partial else shape.head
    writer = file.writer
    writer.add_name(os.path.basename(path))
    writer.add_file_type(0)
    writer.add_context_length(4096)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.blocks)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(base)
    writer.add_rope_dimension_count(turning)
    if more.get("sections"):
        writer.add_array(arch + ".rope.dimension_sections", sections(turning // 2))
    for key, value in (keys or {}).items():
        add_key(writer, arch + "." + key, value)
    pieces = vocabulary(600)
    writer.add_vocab_size(len(pieces))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([piece.encode() for piece, _ in pieces])
    writer.add_token_types([kind for _, kind in pieces])
    writer.add_token_scores([-float(i) if kind == 1 else 0.0 for i, (_, kind) in enumerate(pieces)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)

    width, q, kv = shape.width, shape.heads * shape.head, shape.kv * shape.head
    file.matrix("token_embd.weight", len(pieces), width, 1.0 if sandwich else 2.0 if tied else np.sqrt(width))
    if not tied:
        file.matrix("output.weight", len(pieces), width, 4.0)
    if output_bias:
        file.vector("output.bias", len(pieces), 0.0, 0.5)
    file.vector("output_norm.weight", width)
    if freqs:
        file.numbers("rope_freqs.weight", np.linspace(1, 6, turning // 2))
    if longrope:
        file.numbers("rope_factors_long.weight", np.linspace(1, 30, turning // 2))
        file.numbers("rope_factors_short.weight", np.linspace(1, 1.6, turning // 2))
    for i in range(shape.blocks):
        p = "blk.%d." % i
        file.vector(p + "attn_norm.weight", width)
        if fused:
            file.matrix(p + "attn_qkv.weight", q + 2 * kv, width, 1.5)
        else:
            for role, length, gain in (("attn_q", q, 1.5), ("attn_k", kv, 1.5), ("attn_v", kv, 1.0)):
                file.matrix(p + role + ".weight", length, width, gain)
                if biases:
                    file.vector(p + role + ".bias", length, 0.0, 0.3)
        if head_norms:
            file.vector(p + "attn_q_norm.weight", shape.head)
            file.vector(p + "attn_k_norm.weight", shape.head)
        file.matrix(p + "attn_output.weight", width, q, 1.5)
        file.vector(p + "ffn_norm.weight", width)
        if sandwich:
            file.vector(p + "post_attention_norm.weight", width)
            file.vector(p + "post_ffw_norm.weight", width)
        if not fused:
            file.matrix(p + "ffn_gate.weight", shape.inner, width)
        file.matrix(p + "ffn_up.weight", shape.inner * (2 if fused else 1), width)
        file.matrix(p + "ffn_down.weight", width, shape.inner, 2.0)
    file.close()


class Server:
    """llama-server on one model; a context manager."""

    def __init__(self, model, port):
        self.url = "http://127.0.0.1:%d" % port
        self.log = model + ".log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["llama-server", "-m", model, "--host", "127.0.0.1", "--port", str(port), "-c", str(CONTEXT), "-t", "1", "-np",
                 "1", "-fa", "off", "--no-webui", "--cache-ram", "0", "-fit", "off"], stdout=log, stderr=subprocess.STDOUT)

    def __enter__(self):
        for _ in range(600):
            if self.process.poll() is not None:
                with open(self.log, errors="replace") as log:
                    raise RuntimeError("llama-server ended: " + log.read()[-400:])
            try:
                urllib.request.urlopen(self.url + "/health", timeout=1)
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("llama-server did not come up")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def ask(self, path, body):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=300) as reply:
            return json.load(reply)

    def case(self, prompt):
        ids = self.ask("/tokenize", {"content": prompt, "add_special": True})["tokens"]
        reply = self.ask("/completion", {"prompt": ids, "n_predict": STEPS, "temperature": 0, "top_k": 1, "n_probs": 8,
                                         "cache_prompt": False, "ignore_eos": True})
        steps = [{"id": step["id"], "top": [[t["id"], round(t["logprob"], 5)] for t in step["top_logprobs"]]}
                 for step in reply["completion_probabilities"]]
        return {"prompt": prompt, "tokens": ids, "steps": steps}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--port", type=int, default=18270)
    parser.add_argument("--only", default=",".join(MODELS), help="names, separated by commas")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    random = np.random.default_rng(options.seed)
    prompts = ["the red fox sleeps near a stone", "how many owls? \u00e9\u6771",
               " ".join(random.choice(WORDS, 120)), " ".join(random.choice(WORDS, 700))]
    text, failed = {}, 0
    for number, (name, features) in enumerate(MODELS.items()):
        if name not in options.only.split(","):
            continue
        path = os.path.join(options.folder, name + "-f32.gguf")
        try:
            write(path, options.seed * 1000 + number, **features)
            with Server(path, options.port) as server:
                text[name + "-f32"] = [server.case(prompt) for prompt in prompts]
            print(name, [len(case["tokens"]) for case in text[name + "-f32"]], flush=True)
        except (RuntimeError, OSError) as e:
            failed += 1
            print("%s FAILED: %s" % (name, e), file=sys.stderr)
    with open(os.path.join(options.folder, "goldens.json"), "w", encoding="utf-8") as f:
        json.dump({"seed": options.seed, "context": CONTEXT, "text": text}, f, ensure_ascii=False)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
