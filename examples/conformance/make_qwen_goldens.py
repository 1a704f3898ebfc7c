#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes random-weight mmproj files of Qwen2-VL's and Qwen2.5-VL's kind and what llama.cpp answers with them.

    make_qwen_goldens.py TEXT_MODEL OUT_FOLDER [--seed N] [--port P]

TEXT_MODEL is a GGUF file of architecture qwen2vl with a vocabulary that knows <|vision_start|> and
<|vision_end|>. OUT_FOLDER gets the mmproj files, pictures of odd sizes and goldens.json, in which
`vision` holds, per mmproj file and picture, the number of prompt tokens, the greedy ids that follow
and the eight best natural-log probabilities of each step: what compare.py reads. Every seed draws
other shapes, weights and pictures. Needs llama-server, python3-gguf, python3-numpy and python3-pil.
"""
import argparse
import base64
import io
import json
import os
import shutil
import subprocess
import time
import urllib.request

import gguf
import numpy as np
from PIL import Image, ImageDraw

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


class Mmproj:
    """One mmproj file under construction."""

    def __init__(self, path, projector, rng, shape, width):
        self.file, self.rng = gguf.GGUFWriter(path, "clip"), rng
        self.dim, self.ffn, self.patch, self.width = shape["dim"], shape["ffn"], shape["patch"], width
        self.blocks = shape["blocks"]
        w = self.file
        w.add_name(os.path.basename(path))
        w.add_file_type(1)
        w.add_bool("clip.has_vision_encoder", True)
        w.add_string("clip.projector_type", projector)
        for key, value in (("image_size", 560), ("patch_size", self.patch), ("embedding_length", self.dim),
                           ("feed_forward_length", self.ffn), ("block_count", self.blocks),
                           ("attention.head_count", shape["heads"]), ("projection_dim", width)):
            w.add_uint32("clip.vision." + key, value)
        w.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
        w.add_array("clip.vision.image_mean", list(MEAN))
        w.add_array("clip.vision.image_std", list(STD))

    def normal(self, dims, deviation, mean=0.0):
        return np.float32(mean) + np.float32(deviation) * self.rng.standard_normal(dims, dtype=np.float32)

    def vector(self, name, n, mean=0.0):
        self.file.add_tensor(name, self.normal(n, 0.1, mean))

    def linear(self, name, rows, cols, gain):
        self.file.add_tensor(name + ".weight", self.normal((rows, cols), gain / np.sqrt(cols)).astype(np.float16))
        self.vector(name + ".bias", rows)

    def norm(self, name, has_bias):
        self.vector(name + ".weight", self.dim, 1.0)
        if has_bias:
            self.vector(name + ".bias", self.dim)

    def write(self, is_gated):
        for name in ("v.patch_embd.weight", "v.patch_embd.weight.1"):
            dims = (self.dim, 3, self.patch, self.patch)
            self.file.add_tensor(name, self.normal(dims, 0.7 / (np.sqrt(3) * self.patch)))
        for i in range(self.blocks):
            p = "v.blk.%d." % i
            self.norm(p + "ln1", not is_gated)
            self.norm(p + "ln2", not is_gated)
            for name in ("attn_q", "attn_k"):
                self.linear(p + name, self.dim, self.dim, 2.0)
            self.linear(p + "attn_v", self.dim, self.dim, 1.2)
            self.linear(p + "attn_out", self.dim, self.dim, 0.8)
            if is_gated:
                self.linear(p + "ffn_gate", self.ffn, self.dim, 1.2)
            self.linear(p + "ffn_up", self.ffn, self.dim, 1.0)
            self.linear(p + "ffn_down", self.dim, self.ffn, 1.0)
        self.norm("v.post_ln", not is_gated)
        self.linear("mm.0", 4 * self.dim, 4 * self.dim, 1.0)
        self.linear("mm.2", self.width, 4 * self.dim, 1.0)
        self.file.write_header_to_file()
        self.file.write_kv_data_to_file()
        self.file.write_tensors_to_file()
        self.file.close()


def draw_shape(rng, seed):
    if seed == 0:
        return dict(dim=128, heads=4, ffn=256, blocks=4, patch=14, pattern=2)
    heads = int(rng.choice([2, 4]))
    return dict(heads=heads, dim=heads * int(rng.choice([32, 40, 64])), ffn=int(rng.choice([192, 256, 384])),
                blocks=int(rng.choice([2, 3, 5])), patch=int(rng.choice([7, 8, 14, 16])),
                pattern=int(rng.choice([2, 3])))


def make_models(folder, width, seed):
    rng = np.random.default_rng(seed)
    shape = draw_shape(rng, seed)
    m = Mmproj(f"{folder}/mmproj-qwen2vl-f16.gguf", "qwen2vl_merger", rng, shape, width)
    m.write(is_gated=False)
    shape = draw_shape(rng, seed)
    m = Mmproj(f"{folder}/mmproj-qwen2.5vl-f16.gguf", "qwen2.5vl_merger", rng, shape, width)
    m.file.add_bool("clip.use_silu", True)
    m.file.add_uint32("clip.vision.n_wa_pattern", shape["pattern"])
    m.write(is_gated=True)


def draw_picture(width, height, rng):
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 255 // max(1, width - 1), y * 255 // max(1, height - 1), np.full_like(x, 128)], -1)
    image = Image.fromarray(pixels.astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(6):
        left, top = int(rng.integers(0, width)), int(rng.integers(0, height))
        side = int(rng.integers(5, max(6, min(width, height) // 2)))
        shape = draw.ellipse if rng.random() < .5 else draw.rectangle
        shape([left, top, left + side, top + side], fill=tuple(int(v) for v in rng.integers(0, 255, 3)))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def make_pictures(folder, seed):
    rng = np.random.default_rng(seed + 100)
    sizes = {"i%d" % k: (int(rng.integers(17, 420)), int(rng.integers(17, 420))) for k in range(5)}
    sizes |= {"thin": (int(rng.integers(300, 700)), int(rng.integers(9, 30))),
              "high": (int(rng.integers(9, 30)), int(rng.integers(300, 700))),
              "dot": (int(rng.integers(1, 5)), int(rng.integers(1, 5))),
              "large": (int(rng.integers(480, 640)), int(rng.integers(400, 480)))}
    os.makedirs(f"{folder}/images", exist_ok=True)
    pictures = {name: draw_picture(*size, rng) for name, size in sizes.items()}
    for name, png in pictures.items():
        with open(f"{folder}/images/{name}.png", "wb") as f:
            f.write(png)
    return pictures


class Server:
    def __init__(self, model, mmproj, port):
        self.url = "http://127.0.0.1:%d" % port
        command = ["llama-server", "-m", model, "--mmproj", mmproj, "--port", str(port), "--host", "127.0.0.1",
                   "-c", "4096", "-t", "2", "-np", "1", "--no-webui", "-fa", "off", "--cache-ram", "0", "-fit", "off"]
        self.log = mmproj + ".log"
        self.process = subprocess.Popen(command, stdout=open(self.log, "wb"), stderr=subprocess.STDOUT)

    def __enter__(self):
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError("llama-server ended: " + open(self.log).read()[-600:])
            try:
                self.call("/health")
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("llama-server did not come up")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        os.remove(self.log)

    def call(self, path, body=None):
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request, timeout=600))

    def answer(self, png):
        marker = self.call("/props")["media_marker"]
        prompt = {"prompt_string": "the image %s what color" % marker,
                  "multimodal_data": [base64.b64encode(png).decode()]}
        reply = self.call("/completion", {"prompt": prompt, "n_predict": 8, "temperature": 0, "top_k": 1,
                                          "n_probs": 8, "cache_prompt": False, "ignore_eos": True})
        steps = [{"id": c["id"], "top": [[t["id"], round(t["logprob"], 5)] for t in c["top_logprobs"]]}
                 for c in reply["completion_probabilities"]]
        return {"prompt": "the image <image here> what color", "promptTokens": reply["tokens_evaluated"],
                "steps": steps}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--port", type=int, default=18090)
    a = parser.parse_args()
    os.makedirs(a.folder, exist_ok=True)
    key = gguf.GGUFReader(a.text).fields["qwen2vl.embedding_length"]
    make_models(a.folder, int(key.parts[-1][0]), a.seed)
    name = os.path.basename(a.text).removesuffix(".gguf")
    copy = f"{a.folder}/{name}.gguf"
    if os.path.abspath(copy) != os.path.abspath(a.text):
        shutil.copyfile(a.text, copy)
    pictures = make_pictures(a.folder, a.seed)
    goldens = {"seed": a.seed, "text": {}, "vision": {}}
    for kind in ("qwen2vl", "qwen2.5vl"):
        mmproj = f"mmproj-{kind}-f16"
        with Server(a.text, f"{a.folder}/{mmproj}.gguf", a.port) as server:
            images = {k: server.answer(png) for k, png in pictures.items()}
        goldens["vision"][kind] = {"text": name, "mmproj": mmproj, "images": images}
        print(kind, {k: v["promptTokens"] for k, v in images.items()}, flush=True)
    with open(f"{a.folder}/goldens.json", "w") as f:
        json.dump(goldens, f, indent=0)


if __name__ == "__main__":
    main()
