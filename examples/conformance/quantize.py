#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares `alcedo quantize` with llama.cpp's llama-quantize on the same files and prints a table.

    quantize.py MODEL.gguf... [--types T,...] [--alcedo PROGRAM] [--llama-quantize COMMAND] [--folder FOLDER]

For each model and type, both write a file as the type says and, with --pure, one of that type alone.
What must hold: every tensor has the same type in both; tensors of types other than K-quants are equal
byte for byte; the root mean square error of the K-quants is at most 1.03 times llama-quantize's.
FOLDER (default: a new one under /tmp, removed at the end) must be visible to both programs.
Exit code 1 if a line does not hold.
"""
import argparse
import array
import math
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

from gguf_tensors import tensors

HERE = os.path.dirname(os.path.abspath(__file__))
K_QUANTS = ("Q4_K", "Q5_K", "Q6_K")
ERROR_RATIO_MAX = 1.03
KEPT = {"mm.input_projection.weight"}  # Gemma 3's, transposed before use: quantised, it breaks llama.cpp


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["exit code %d" % done.returncode])[-1]


def floats(options, path):
    """All tensors as F32, written by alcedo: reading quant blocks is held to account elsewhere."""
    out = path + ".f32"
    problem = run([options.alcedo, "quantize", path, out, "--type", "F32", "--allow-requantize", "--force"])
    if problem:
        raise RuntimeError(problem)
    result = {name: array.array("f", data) for name, (dtype, _, data) in tensors(out).items() if dtype == "F32"}
    os.remove(out)
    return result


def error(exact, got):
    return sum((a - b) * (a - b) for a, b in zip(exact, got))


def compare(options, model, original, type_name, pure):
    name = os.path.basename(model)
    ours, peers = (os.path.join(options.folder, who + "-" + name) for who in ("alcedo", "peer"))
    flags = ["--pure"] if pure else []
    requantize = ["--allow-requantize"]
    problem = run([options.alcedo, "quantize", model, ours, "--type", type_name, "--force"] + flags + requantize)
    if problem:
        return report(name, type_name, pure, problem, False)
    if os.path.exists(peers):
        os.remove(peers)
    problem = run(shlex.split(options.llama_quantize) + flags + requantize + [model, peers, type_name])
    if problem or not os.path.exists(peers):
        return report(name, type_name, pure, "llama-quantize: %s" % problem, None)
    a, b = tensors(ours), tensors(peers)
    wrong = sorted(set(a) ^ set(b))
    wrong += ["%s %s/%s" % (t, a[t][0], b[t][0]) for t in a if t in b and a[t][0] != b[t][0]]
    wrong = [w for w in wrong if w.split()[0] not in KEPT]
    same = {t for t in a if t in b and a[t] == b[t]}
    loose = {t for t in a if t in b and a[t][0] == b[t][0] and a[t][0] in K_QUANTS}
    wrong += ["bytes of %s (%s)" % (t, a[t][0]) for t in a if t in b and a[t][0] == b[t][0] and t not in same | loose]
    ratio = ""
    if loose:
        x, y = floats(options, ours), floats(options, peers)
        squares = [(sum(error(original[t], z[t]) for t in loose)) for z in (x, y)]
        ratio = math.sqrt(squares[0] / squares[1]) if squares[1] else 1.0
        if ratio > ERROR_RATIO_MAX:
            wrong.append("error ratio %.4f" % ratio)
        ratio = "%.4f" % ratio
    text = "%d of %d tensors equal" % (len(same), len(a))
    return report(name, type_name, pure, "; ".join([text] + wrong[:3]), not wrong, len(loose), ratio)


def report(name, type_name, pure, text, ok, loose="", ratio=""):
    verdict = {True: "ok", False: "FAILED", None: "skipped"}[ok]
    print("| %-22s | %-6s | %-6s | %s | %s | %s | %s |" % (
        name, type_name, "--pure" if pure else "", text, loose, ratio, verdict))
    sys.stdout.flush()
    return ok is not False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--types", default="Q8_0,Q4_0,Q4_1,Q5_0,Q5_1,Q4_K_S,Q4_K_M,Q5_K_S,Q5_K_M,Q6_K,F16,BF16,F32")
    parser.add_argument("--alcedo", default=os.path.join(HERE, "..", "..", "alcedo"))
    parser.add_argument("--llama-quantize", default="llama-quantize")
    parser.add_argument("--folder")
    options = parser.parse_args()
    kept = options.folder
    options.folder = kept or tempfile.mkdtemp(prefix="alcedo-quantize-", dir="/tmp")
    print("| model | type | | against llama-quantize | K-quants | RMSE ratio | |")
    print("|---|---|---|---|---|---|---|")
    ok = True
    try:
        for model in options.models:
            original = floats_of(options, model)
            for type_name in options.types.split(","):
                for pure in (True, False):
                    ok &= compare(options, model, original, type_name, pure)
    finally:
        if not kept:
            shutil.rmtree(options.folder)
    sys.exit(0 if ok else 1)


def floats_of(options, model):
    copy = os.path.join(options.folder, os.path.basename(model))
    shutil.copyfile(model, copy)
    return floats(options, copy)


if __name__ == "__main__":
    main()
