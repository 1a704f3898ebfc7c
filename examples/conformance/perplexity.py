#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares `alcedo perplexity` with llama.cpp's llama-perplexity on the same files and prints a table.

    perplexity.py MODEL-f16.gguf... [--file TEXT] [--context N] [--types T,...] [--alcedo PROGRAM]
                  [--llama-perplexity COMMAND] [--folder FOLDER]

Each model is scored as it is and as each of the types, which `alcedo quantize` makes of it. TEXT is by
default what this repository's pages say. What must hold: the two figures differ by at most 0.5 %.
FOLDER (default: a new one under /tmp, removed at the end) must be visible to both programs.
Exit code 1 if a line does not hold.
"""
import argparse
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
DIFFERENCE_MAX = 0.005


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or ["exit code %d" % done.returncode])[-1])
    return done.stdout + done.stderr


def ours(options, model, text):
    command = [options.alcedo, "perplexity", "--model", model, "--file", text, "--context", str(options.context), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def peers(options, model, text):
    log = text + ".log"  # more reliable than its streams, yet now and then without the last line
    for _ in range(3):
        run(shlex.split(options.llama_perplexity)
            + ["-m", model, "-f", text, "-c", str(options.context), "--log-file", log])
        with open(log, encoding="utf-8", errors="replace") as f:
            found = re.search(r"Final estimate: PPL = ([0-9.]+)", f.read())
        os.remove(log)
        if found:
            return float(found[1])
    raise RuntimeError("llama-perplexity gave no estimate")


def compare(options, name, dtype, model, text):
    try:
        mine, theirs = ours(options, model, text), peers(options, model, text)
    except RuntimeError as e:
        print("| %s | %s | %s | | | | FAILED |" % (name, dtype, e))
        return False
    difference = mine["perplexity"] / theirs - 1
    ok = abs(difference) <= DIFFERENCE_MAX
    print("| %s | %s | %d x %d | %.4f | %.4f | %+.3f %% | %s |" % (
        name, dtype, mine["chunkCount"], options.context, mine["perplexity"], theirs, 100 * difference,
        "ok" if ok else "FAILED"))
    sys.stdout.flush()
    return ok


def pages():
    names = sorted(glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True))
    return "\n".join(open(name, encoding="utf-8").read() for name in names)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--file")
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--types", default="Q8_0,Q4_K_M")
    parser.add_argument("--alcedo", default=os.path.join(ROOT, "alcedo"))
    parser.add_argument("--llama-perplexity", default="llama-perplexity")
    parser.add_argument("--folder")
    options = parser.parse_args()
    folder = options.folder or tempfile.mkdtemp(prefix="alcedo-perplexity-", dir="/tmp")
    text = os.path.join(folder, "text.txt")
    with open(text, "w", encoding="utf-8") as f:
        f.write(open(options.file, encoding="utf-8").read() if options.file else pages())
    print("| model | type | chunks | Alcedo | llama.cpp | difference | |")
    print("|---|---|---|---|---|---|---|")
    ok = True
    try:
        for model in options.models:
            name = os.path.splitext(os.path.basename(model))[0]
            ok &= compare(options, name, "as it is", model, text)
            for dtype in [t for t in options.types.split(",") if t]:
                made = os.path.join(folder, "%s-%s.gguf" % (name, dtype))
                run([options.alcedo, "quantize", model, made, "--type", dtype, "--allow-requantize", "--force"])
                ok &= compare(options, name, dtype, made, text)
    finally:
        if not options.folder:
            shutil.rmtree(folder)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
