# SPDX-License-Identifier: Apache-2.0
"""Writes a checkpoint as two GGUF files: python3 export.py CHECKPOINT OUT_DIR [--type q8_0|f16|f32].

load() is the way back: the model with the weights that the files hold, dequantised.
"""
import argparse
import os

import numpy as np
import torch

import gguf_file
import tokenizer
from draw import PAD, PATCH, TILE
from model import AlcedoTiny

TEMPLATE = (
    "{{ bos_token }}"
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}"
    "{{ '[|AI|]:' }}{% if message['content'] is string %}{{ message['content'] }}"
    "{% else %}{% for part in message['content'] %}{% if part['type'] == 'text' %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}"
    "{{ eos_token }}"
    "{% elif message['role'] == 'user' %}"
    "{{ '[|Human|]:' }}{% if message['content'] is string %}{{ message['content'] }}"
    "{% else %}{% for part in message['content'] %}{% if part['type'] == 'text' %}{{ part['text'] }}"
    "{% else %}{{ '<im_start><image><im_end>' }}{% endif %}{% endfor %}{% endif %}"
    "{{ '\n' }}"
    "{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '[|AI|]:' }}{% endif %}")

FILE_TYPES = {"f32": 0, "f16": 1, "q8_0": 7}
PROJECTOR = {"norm": "mm.model.mlp.0", "up": "mm.model.mlp.1", "down": "mm.model.mlp.3"}


def tensor_name(name):
    """The exported name of a parameter, e.g. tower.blk.0.ln1.weight -> v.blk.0.ln1.weight."""
    part, rest = name.split(".", 1)
    if part == "decoder":
        return rest
    if part == "projector":
        layer, kind = rest.split(".")
        return f"{PROJECTOR[layer]}.{kind}"
    return "v." + rest + (".weight" if rest == "position_embd" else "")


def _form(name, array, kind):
    if array.ndim != 2 or array.shape[1] % 32 or "position_embd" in name:
        return gguf_file.F32
    return {"f32": gguf_file.F32, "f16": gguf_file.F16, "q8_0": gguf_file.Q8_0}[kind]


def text_metadata(c, kind):
    return [
        ("general.architecture", "string", "llama"), ("general.name", "string", "Alcedo-Tiny"), ("general.license", "string", "Apache-2.0"),
        ("general.file_type", "u32", FILE_TYPES[kind]),
        ("llama.context_length", "u32", c.context), ("llama.embedding_length", "u32", c.width), ("llama.block_count", "u32", c.blocks),
        ("llama.feed_forward_length", "u32", c.ffn), ("llama.attention.head_count", "u32", c.heads),
        ("llama.attention.head_count_kv", "u32", c.kv_heads), ("llama.attention.key_length", "u32", c.head_size),
        ("llama.attention.value_length", "u32", c.head_size), ("llama.attention.layer_norm_rms_epsilon", "f32", c.eps),
        ("llama.rope.freq_base", "f32", c.rope_base), ("llama.rope.dimension_count", "u32", c.head_size), ("llama.vocab_size", "u32", c.vocab),
        ("tokenizer.ggml.model", "string", "llama"), ("tokenizer.ggml.tokens", "string[]", tokenizer.PIECES),
        ("tokenizer.ggml.scores", "f32[]", tokenizer.SCORES), ("tokenizer.ggml.token_type", "i32[]", tokenizer.TYPES),
        ("tokenizer.ggml.bos_token_id", "u32", tokenizer.BOS), ("tokenizer.ggml.eos_token_id", "u32", tokenizer.EOS),
        ("tokenizer.ggml.unknown_token_id", "u32", tokenizer.UNK), ("tokenizer.ggml.add_bos_token", "bool", True),
        ("tokenizer.ggml.add_eos_token", "bool", False), ("tokenizer.ggml.add_space_prefix", "bool", True),
        ("tokenizer.chat_template", "string", TEMPLATE)]


def vision_metadata(c, kind):
    v = "clip.vision."
    return [
        ("general.architecture", "string", "clip"), ("general.name", "string", "Alcedo-Tiny"), ("general.license", "string", "Apache-2.0"),
        ("general.file_type", "u32", FILE_TYPES[kind]),
        ("clip.has_vision_encoder", "bool", True), ("clip.projector_type", "string", "bluelmv"), ("clip.use_gelu", "bool", True),
        (v + "image_size", "u32", TILE), (v + "patch_size", "u32", PATCH), (v + "embedding_length", "u32", c.vision_width),
        (v + "feed_forward_length", "u32", c.vision_mlp), (v + "block_count", "u32", c.vision_blocks), (v + "projection_dim", "u32", c.width),
        (v + "attention.head_count", "u32", c.vision_heads), (v + "attention.layer_norm_epsilon", "f32", c.vision_eps),
        (v + "image_mean", "f32[]", [0.5] * 3), (v + "image_std", "f32[]", [0.5] * 3), (v + "projector.scale_factor", "u32", 2),
        (v + "bluelmv.grid_cols_max", "u32", 3), (v + "bluelmv.grid_rows_max", "u32", 3), (v + "bluelmv.aspect_alpha", "f32", 0.1),
        (v + "bluelmv.pad_color", "u32[]", list(PAD)),
        (v + "bluelmv.image_begin", "string", "<im_start>"), (v + "bluelmv.image_end", "string", "<im_end>")]


def export(model, folder, kind="q8_0"):
    os.makedirs(folder, exist_ok=True)
    text, vision = [], []
    for name, p in model.state_dict().items():
        array, gguf_name = p.float().numpy(), tensor_name(name)
        (text if name.startswith("decoder.") else vision).append((gguf_name, array, _form(gguf_name, array, kind)))
    paths = [os.path.join(folder, f"{prefix}alcedo-tiny-{kind}.gguf") for prefix in ("", "mmproj-")]
    gguf_file.write(paths[0], text_metadata(model.config, kind), text)
    gguf_file.write(paths[1], vision_metadata(model.config, kind), vision)
    return paths


def load(folder, kind="q8_0"):
    """The model as the two files hold it, in float32."""
    held = gguf_file.read(os.path.join(folder, f"alcedo-tiny-{kind}.gguf"))[1] | gguf_file.read(os.path.join(folder, f"mmproj-alcedo-tiny-{kind}.gguf"))[1]
    model = AlcedoTiny()
    model.load_state_dict({n: torch.from_numpy(np.array(held[tensor_name(n)])) for n in model.state_dict()})
    return model.eval()


def from_checkpoint(path):
    state, model = torch.load(path, map_location="cpu"), AlcedoTiny()
    if "model" in state:
        model.load_state_dict(state["model"])
    else:
        for part in ("tower", "projector", "decoder"):
            if part in state:
                getattr(model, part).load_state_dict(state[part])
    return model.eval()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("checkpoint")
    p.add_argument("out")
    p.add_argument("--type", choices=FILE_TYPES, default="q8_0")
    a = p.parse_args()
    for path in export(from_checkpoint(a.checkpoint), a.out, a.type):
        print(path, os.path.getsize(path))


if __name__ == "__main__":
    main()
