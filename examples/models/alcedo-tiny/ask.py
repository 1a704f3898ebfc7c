# SPDX-License-Identifier: Apache-2.0
"""Asks the exported model about a picture, in PyTorch: python3 ask.py PICTURE QUESTION... [--no-tiling].

Slow and plain on purpose (no key/value cache): the reference that the Java runtime is compared with.
"""
import argparse
import os

import torch
from PIL import Image

import draw
import export
import tokenizer
from tokenizer import BOS, EOS, HUMAN, IM_END, IM_START


def prompt(tiles, turns):
    """(ids before the image, ids after it) of a dialogue: turns are [question, answer, question, ...]."""
    before, after = [BOS, HUMAN], []
    if tiles:
        before, after = before + [IM_START], [IM_END]
    for i, text in enumerate(turns):
        after += tokenizer.answer_ids(text) if i % 2 else ([HUMAN] if i else []) + list(tokenizer.question_ids(text))
    return before, after


@torch.no_grad()
def next_log_probabilities(model, before, image, after):
    embed = model.decoder.token_embd
    x = torch.cat([embed(torch.tensor(before)), image, embed(torch.tensor(after))])[None]
    n = x.shape[1]
    mask = torch.full((n, n), -torch.inf).triu(1)[None, None, None]
    last = torch.zeros(1, n, dtype=torch.bool)
    last[0, -1] = True
    return torch.log_softmax(model.decoder(x, torch.arange(n)[None], mask, last)[0], -1)


@torch.no_grad()
def image_tokens(model, picture, tiling=True):
    """float32 [tokens, width]; no tokens without a picture."""
    if picture is None:
        return torch.zeros(0, model.config.width)
    return model.image_tokens(torch.from_numpy(draw.tiles(picture, tiling).copy())).flatten(0, 1)


def greedy(model, before, image, after, limit=64):
    """The answer's ids (with </s>) and the log-probabilities of each step."""
    ids, steps = [], []
    while len(ids) < limit and (not ids or ids[-1] != EOS):
        steps.append(next_log_probabilities(model, before, image, after + ids))
        ids.append(int(steps[-1].argmax()))
    return ids, steps


def answer(model, picture, turns, tiling=True):
    image = image_tokens(model, picture, tiling)
    return tokenizer.decode(greedy(model, *_around(image, turns))[0])


def _around(image, turns):
    before, after = prompt(len(image), turns)
    return before, image, after


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("picture")
    p.add_argument("question", nargs="+", help="several: turns of one dialogue")
    p.add_argument("--no-tiling", action="store_true", help="show the overview only")
    p.add_argument("--models", default=os.path.dirname(os.path.abspath(__file__)))
    a = p.parse_args()
    model, picture, turns = export.load(a.models), Image.open(a.picture).convert("RGB"), []
    for question in a.question:
        turns.append(question)
        turns.append(answer(model, picture, turns, not a.no_tiling))
        print(turns[-1])


if __name__ == "__main__":
    main()
