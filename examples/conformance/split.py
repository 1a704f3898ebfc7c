#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Splits models with llama.cpp's llama-gguf-split and checks that Alcedo answers from the parts as from the whole.

    split.py MODEL.gguf... [--tensors N] [--alcedo PROGRAM] [--llama-gguf-split COMMAND] [--folder FOLDER]

Each model is split into parts of at most N tensors, with tensors in the first part and without. Whichever part
is given, greedy ids must be those of the whole file, and log-probabilities within 0.001 (the JIT may add up a
vector's lanes in another order from run to run); without one of the parts there must
be an error that names it. FOLDER (default: a new one under /tmp, removed at the end) must be visible to both
programs. Exit code 1 if a line does not hold.
"""
import argparse
import glob
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def answer(options, model):
    command = [options.alcedo, "complete", "--model", model, "--prompt", "the cat sees", "-n", "6", "--greedy",
               "--ignore-eos", "--logprobs", "4", "--json"]
    run = subprocess.run(command, capture_output=True, text=True)
    return json.loads(run.stdout)["steps"] if run.returncode == 0 else run.stderr.strip()


def is_alike(whole, part):
    if not isinstance(whole, list) or not isinstance(part, list):
        return False
    return [s["id"] for s in whole] == [s["id"] for s in part] and all(
        abs(dict(map(tuple, b["top"])).get(i, p) - p) < 0.001 for a, b in zip(whole, part) for i, p in a["top"])


def check(options, model, flags):
    name = os.path.basename(model)
    stem = os.path.join(options.folder, os.path.splitext(name)[0] + ("-bare" if flags else ""))
    command = shlex.split(options.llama_gguf_split) + ["--split", "--split-max-tensors", str(options.tensors)]
    run = subprocess.run(command + flags + [model, stem], capture_output=True, text=True)
    parts = sorted(glob.glob(glob.escape(stem) + "-*-of-*.gguf"))
    if run.returncode != 0 or len(parts) < 2:
        print("| %s | llama-gguf-split made %d parts: %s | FAILED |" % (name, len(parts), run.stderr.strip()[-200:]))
        return False
    whole = answer(options, model)
    different = [os.path.basename(part) for part in parts if not is_alike(whole, answer(options, part))]
    os.rename(parts[-1], parts[-1] + ".away")
    refusal = answer(options, parts[0])
    os.rename(parts[-1] + ".away", parts[-1])
    ok = isinstance(whole, list) and not different and os.path.basename(parts[-1]) in str(refusal)
    print("| %s | %d parts%s | %s | %s |" % (name, len(parts), ", the first without tensors" if flags else "",
                                            ", ".join(different) or "all answer alike", "ok" if ok else "FAILED"))
    sys.stdout.flush()
    return ok


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--tensors", type=int, default=12)
    parser.add_argument("--alcedo", default=os.path.join(HERE, "..", "..", "alcedo"))
    parser.add_argument("--llama-gguf-split", default="llama-gguf-split")
    parser.add_argument("--folder")
    options = parser.parse_args()
    kept = options.folder
    options.folder = kept or tempfile.mkdtemp(prefix="alcedo-split-", dir="/tmp")
    print("| model | split | answers | |")
    print("|---|---|---|---|")
    ok = True
    try:
        for model in options.models:
            for flags in ([], ["--no-tensor-first-split"]):
                ok &= check(options, model, flags)
    finally:
        if not kept:
            shutil.rmtree(options.folder)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
