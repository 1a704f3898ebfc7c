#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares Alcedo's answers with llama.cpp's on the same GGUF files and prints a table.

    compare.py GOLDENS.json [--models FOLDER] [--alcedo PROGRAM] [--only NAME,...] [--backend ID]

GOLDENS.json holds, per model and prompt, the prompt's token ids, the greedy ids that follow and the
best natural-log probabilities of each step; quantised models also carry `exact`, the same prompt on
the same weights dequantised. The model files lie beside it unless --models says otherwise.

What must hold (docs/adr/0006-tolerances.md):
 * unquantised: ids equal, except from a step on where llama.cpp's best two are closer than 0.05; all
   log-probabilities that both report within 0.02;
 * quantised: against `exact`, ids equal except where its best two are closer than 0.2, within 0.35,
   and the mean distance from `exact` no larger than llama.cpp's own.
Exit code 1 if a line does not hold.
"""
import argparse
import json
import os
import subprocess
import sys

from gguf_tokens import token_bytes

HERE = os.path.dirname(os.path.abspath(__file__))
EXTRA = 8  # steps beyond those of the goldens, see `visible`
REPORTED = 32  # more than the goldens hold, so that an id of theirs is rarely missing from ours


def complete(program, model, case, steps, backend):
    command = [program, "complete", "--model", model, "--prompt", case["prompt"], "-n", str(steps + EXTRA),
               "--greedy", "--ignore-eos", "--logprobs", str(REPORTED), "--json"]
    if backend:
        command += ["--backend", backend]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(run.stderr.strip().splitlines()[-1] if run.stderr.strip() else
                           "exit code %d" % run.returncode)
    return json.loads(run.stdout)


def is_cut(text):
    """Whether llama-server holds a text back because its last character looks incomplete."""
    for i, byte in enumerate(reversed(text[-4:]), 1):
        for mask, lead, length in ((0xE0, 0xC0, 2), (0xF0, 0xE0, 3), (0xF8, 0xF0, 4)):
            if byte & mask == lead and i < length:
                return True
    return False


def visible(steps, vocabulary):
    """The steps that llama-server reports: not those after which the text ends within a character."""
    text, shown = b"", []
    for step in steps:
        text += vocabulary[step["id"]]
        if not is_cut(text):
            shown.append(step)
    return shown


def walk(reference, steps, tie):
    """Pairs of steps up to the first excusable difference of ids; `ok` tells whether it was one."""
    pairs, ok = [], True
    for ref, got in zip(reference, steps):
        pairs.append((ref, got))
        if ref["id"] != got["id"]:
            best = [p for _, p in ref["top"][:2]]
            ok = best[0] - best[1] < tie
            break
    return pairs, ok


def distances(pairs):
    for ref, got in pairs:
        ours = dict((i, p) for i, p in got["top"])
        for token, p in ref["top"]:
            if token in ours:
                yield abs(ours[token] - p)


def mean(values):
    return sum(values) / len(values) if values else 0.0


def check(name, cases, answers, vocabulary):
    quantised = "exact" in cases[0]
    tie, limit = (0.2, 0.35) if quantised else (0.05, 0.02)
    ours, peers, steps, ids_ok, prompts_ok = [], [], 0, True, True
    for case, answer in zip(cases, answers):
        reference = case["exact"] if quantised else case["steps"]
        pairs, ok = walk(reference, visible(answer["steps"], vocabulary), tie)
        ids_ok &= ok
        steps += len(pairs)
        prompts_ok &= answer["promptTokens"] == len(case["tokens"])
        ours += distances(pairs)
        if quantised:
            peers += distances(walk(reference, case["steps"], tie)[0])
    worst = max(ours, default=0.0)
    drift_ok = not quantised or mean(ours) <= mean(peers)
    ok = ids_ok and prompts_ok and worst <= limit and drift_ok and steps > 0
    print("| %-14s | %5d | %-3s | %-3s | %.4f | %.2f | %.4f | %s | %s |" % (
        name, steps, "yes" if prompts_ok else "NO", "yes" if ids_ok else "NO", worst, limit,
        mean(ours), "%.4f" % mean(peers) if quantised else "", "ok" if ok else "FAILED"))
    sys.stdout.flush()
    return ok


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("goldens")
    parser.add_argument("--models")
    parser.add_argument("--alcedo", default=os.path.join(HERE, "..", "..", "alcedo"))
    parser.add_argument("--only", default="llama-f16,llama3-f16,qwen2-f16,llama-Q8_0,llama-Q4_0")
    parser.add_argument("--backend")
    options = parser.parse_args()
    folder = options.models or os.path.dirname(os.path.abspath(options.goldens))
    with open(options.goldens) as f:
        goldens = json.load(f)["text"]
    print("| model | steps | prompt | ids | worst | limit | mean | llama.cpp's mean | |")
    print("|---|---|---|---|---|---|---|---|---|")
    ok = True
    for name in options.only.split(","):
        if name not in goldens:
            print("| %s | not in the goldens |" % name)
            ok = False
            continue
        cases = goldens[name]
        try:
            model = os.path.join(folder, name + ".gguf")
            answers = [complete(options.alcedo, model, case, len(case["steps"]), options.backend)
                       for case in cases]
            ok &= check(name, cases, answers, token_bytes(model))
        except RuntimeError as e:
            print("| %s | %s | FAILED |" % (name, e))
            ok = False
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
