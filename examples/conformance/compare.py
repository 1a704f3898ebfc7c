#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares Alcedo's answers with llama.cpp's on the same GGUF files and prints one table.

    compare.py GOLDENS.json... [--models FOLDER] [--alcedo PROGRAM] [--only PATTERN,...]
               [--backend ID] [--precision NAME]

GOLDENS.json holds under `text`, per model and prompt, the prompt's token ids, the greedy ids that
follow and the best natural-log probabilities of each step; quantised models also carry `exact`, the
same prompt on the same weights dequantised. Under `vision` it holds, per model, the text model, the
mmproj file and per picture how many tokens the prompt has and the same steps. Model files and
images/*.png lie beside it unless --models says otherwise.

Everything is compared unless --only names some, e.g. `--only 'llama-Q*,vision/llava'`; vision
models are called vision/NAME. One process of Alcedo answers all prompts of a model.

What must hold (docs/adr/0006-tolerances.md):
 * unquantised: ids equal, except from a step on where llama.cpp's best two are closer than 0.05; all
   log-probabilities that both report within 0.02, with a picture within 0.05. BF16 weights miss the
   0.02 and are held to 0.1, and 0.02 for the mean: the ADR says why, and what was tried;
 * quantised: against `exact`, ids equal except where its best two are closer than 0.2, within 0.35,
   and the mean distance from `exact` at most 1.25 times llama.cpp's own;
 * prompts have as many tokens;
 * with --precision, which backend apu computes in (f16, w8a16, w8a8), the limits of PRECISIONS
   instead, for quantised models against `exact`. w8a8 answers twice, so that the answers compared
   are those after calibration.
Exit code 1 if a line does not hold.
"""
import argparse
import fnmatch
import json
import math
import os
import subprocess
import sys
import tempfile

from gguf_tokens import block_count, block_types, token_bytes

HERE = os.path.dirname(os.path.abspath(__file__))
EXTRA = 8  # steps beyond those of the goldens, see `visible`
REPORTED = 32  # more than the goldens hold, so that an id of theirs is rarely missing from ours
CONTEXT = 2048  # positions that llama-server was given, unless the goldens say otherwise
DRIFT_MAX = 1.25  # our mean distance from exact over llama.cpp's
BF16_LIMIT, BF16_MEAN = 0.1, 0.02  # llama.cpp with and without flash attention: 0.06 and 0.038
# What backend apu's precisions may cost, over the square root of the number of text blocks: of a
# log-probability, of the mean; and how close llama.cpp's best two are where ids may differ.
PRECISIONS = {
    "f16": (0.025, 0.0045, 0.06),
    "w8a16": (0.25, 0.055, 0.25),
    "w8a8": (0.75, 0.165, 0.6),
}
# Weights that backend apu does not read: Q2_K, Q3_K, IQ4_NL, IQ4_XS, MXFP4. A model that has no other
# has nothing to calibrate; its products run on cpu, and what is left is compared all the same.
LEFT_TO_CPU = {10, 11, 20, 23, 39}
CALIBRATION_ROWS = 64  # fewer than the prompts and answers of a model have
PICTURE = "<image here>"  # stands for the picture in a golden's prompt


class Model:
    """A model of the goldens: its files, its cases and what must hold of them."""

    def __init__(self, name, model, cases, mmproj=None, limit=0.02, tie=0.05):
        self.name, self.model, self.mmproj, self.cases = name, model, mmproj, cases
        self.is_quantised = "exact" in cases[0]
        self.is_bf16 = "BF16" in name
        self.tie, self.limit = (0.2, 0.35) if self.is_quantised else (tie, BF16_LIMIT if self.is_bf16 else limit)
        self.mean = BF16_MEAN if self.is_bf16 else float("inf")

    def loosen(self, precision):
        """For computing in a precision: the greater of its limits and those of BF16 weights."""
        root = math.sqrt(block_count(self.model))
        worst, mean_max, tie = [limit * root for limit in PRECISIONS[precision]]
        self.limit, self.mean, self.tie = worst, mean_max, tie
        if self.is_bf16:
            self.limit, self.mean = max(worst, BF16_LIMIT), max(mean_max, BF16_MEAN)


def models(goldens, folder):
    """All models of one goldens file."""
    found = [Model(name, os.path.join(folder, name + ".gguf"), cases)
             for name, cases in goldens.get("text", {}).items()]
    for name, entry in goldens.get("vision", {}).items():
        cases = [dict(case, image=os.path.join(folder, "images", image + ".png"))
                 for image, case in entry["images"].items()]
        found.append(Model("vision/" + name, os.path.join(folder, entry["text"] + ".gguf"), cases,
                           os.path.join(folder, entry["mmproj"] + ".gguf"), limit=0.05))
    return found


def request(case):
    line = {"prompt": case["prompt"], "maxTokens": len(case["steps"]) + EXTRA}
    if "image" in case:
        line["prompt"] = case["prompt"].replace(PICTURE, "<image>")
        line["images"] = [case["image"]]
    return json.dumps(line) + "\n"


def answers(model, context, options):
    """Alcedo's answers to the cases of a model, in order."""
    environment = dict(os.environ)
    if not options.precision:
        return run(model, context, options, environment)
    environment["ALCEDO_NEURON_PRECISION"] = options.precision
    if options.precision != "w8a8":
        return run(model, context, options, environment)
    with tempfile.TemporaryDirectory() as cache:
        environment["ALCEDO_NEURON_CACHE"] = cache
        environment["ALCEDO_NEURON_CALIBRATION"] = str(CALIBRATION_ROWS)
        run(model, context, options, environment)
        calibrated = ranges(cache)
        replies = run(model, context, options, environment)
        if bool(calibrated) != bool(block_types(model.model) - LEFT_TO_CPU) or ranges(cache) != calibrated:
            raise RuntimeError("the first answers did not calibrate all networks")
        return replies


def ranges(cache):
    return sorted(name for name in os.listdir(cache) if name.endswith(".ranges"))


def run(model, context, options, environment):
    """The answers of one process."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as requests:
        requests.writelines(request(case) for case in model.cases)
        requests.flush()
        command = [options.alcedo, "complete", "--model", model.model, "--requests", requests.name,
                   "--greedy", "--ignore-eos", "--logprobs", str(REPORTED), "--context",
                   str(context)]
        if model.mmproj:
            command += ["--mmproj", model.mmproj]
        if options.backend:
            command += ["--backend", options.backend]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for line in lines:
        if "error" in line:
            raise RuntimeError(line["message"])
    if done.returncode != 0 or len(lines) != len(model.cases):
        errors = done.stderr.strip().splitlines()
        raise RuntimeError(errors[-1] if errors else "exit code %d, %d answers for %d prompts" % (
            done.returncode, len(lines), len(model.cases)))
    return lines


def is_cut(text):
    """Whether llama-server holds a text back because its last character looks incomplete."""
    for i, byte in enumerate(reversed(text[-4:]), 1):
        for mask, lead, length in ((0xE0, 0xC0, 2), (0xF0, 0xE0, 3), (0xF8, 0xF0, 4)):
            if byte & mask == lead and i < length:
                return True
    return False


def gap(step):
    """How far the best token of a step is before the second."""
    best = [p for _, p in step["top"][:2]]
    return best[0] - best[1]


def visible(steps, vocabulary):
    """The steps that llama-server reports: not those after which the text ends within a character.
    Each gets the least gap of itself and of those left out before it."""
    text, shown, least = b"", [], float("inf")
    for step in steps:
        text += vocabulary[step["id"]]
        least = min(least, gap(step))
        if not is_cut(text):
            shown.append(dict(step, leastGap=least))
            least = float("inf")
    return shown


def walk(reference, steps, tie):
    """Pairs of steps up to the first difference of ids; `ok` tells whether it was excusable: at a
    near tie, or after one among the steps that llama-server left out. Those it made itself are not
    known, so that ours have to do. Steps that part excusably are no pair: with steps left out they
    may be of different texts."""
    pairs, ok = [], len(steps) >= len(reference)
    for ref, got in zip(reference, steps):
        if ref["id"] != got["id"]:
            ok = gap(ref) < tie or got.get("leastGap", tie) < tie
            return (pairs if ok else pairs + [(ref, got)]), ok
        pairs.append((ref, got))
    return pairs, ok


def distances(pairs):
    """How far apart the log-probabilities are; of a token not among ours, how far at least."""
    for ref, got in pairs:
        found = dict(got["top"])
        least = min(found.values())
        for token, p in ref["top"]:
            yield abs(found[token] - p) if token in found else max(0.0, p - least)


def mean(values):
    return sum(values) / len(values) if values else 0.0


def prompt_length(case):
    return len(case["tokens"]) if "tokens" in case else case["promptTokens"]


def check(model, replies, is_rounded):
    """The line of the table for a model, and whether all holds."""
    vocabulary = token_bytes(model.model)
    ours, peers, steps, ids_ok, prompts_ok = [], [], 0, True, True
    for case, reply in zip(model.cases, replies):
        reference = case["exact"] if model.is_quantised else case["steps"]
        pairs, ok = walk(reference, visible(reply["steps"], vocabulary), model.tie)
        ids_ok &= ok
        steps += len(pairs)
        prompts_ok &= reply["promptTokens"] == prompt_length(case)
        ours += distances(pairs)
        if model.is_quantised:
            peers += distances(walk(reference, case["steps"], model.tie)[0])
    worst = max(ours, default=0.0)
    drift_ok = mean(ours) <= model.mean
    if model.is_quantised and not is_rounded:
        drift_ok &= mean(ours) <= DRIFT_MAX * mean(peers)
    ok = ids_ok and prompts_ok and worst <= model.limit and drift_ok and steps > 0
    return "%5d | %-6s | %-3s | %6.4f | %5.2f | %6.4f | %16s | %-6s |" % (
        steps, "yes" if prompts_ok else "NO", "yes" if ids_ok else "NO", worst, model.limit,
        mean(ours), "%.4f" % mean(peers) if model.is_quantised else "",
        "ok" if ok else "FAILED"), ok


def compare(path, options):
    """Prints a line for each model of a goldens file; yields whether each holds."""
    folder = options.models or os.path.dirname(os.path.abspath(path))
    with open(path, encoding="utf-8") as f:
        goldens = json.load(f)
    for model in models(goldens, folder):
        if not any(fnmatch.fnmatchcase(model.name, p) for p in options.only.split(",")):
            continue
        try:
            if options.precision:
                model.loosen(options.precision)
            replies = answers(model, goldens.get("context", CONTEXT), options)
            line, ok = check(model, replies, options.precision is not None)
        except (RuntimeError, OSError, ValueError) as e:
            line, ok = "FAILED: %s |" % e, False
        print("| %-6s | %-20s | %s" % (os.path.basename(folder)[:12], model.name, line), flush=True)
        yield ok


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("goldens", nargs="+")
    parser.add_argument("--models", help="folder of the model files, if not the goldens'")
    parser.add_argument("--alcedo", default=os.path.join(HERE, "..", "..", "alcedo"))
    parser.add_argument("--only", default="*", help="patterns of names, separated by commas")
    parser.add_argument("--backend")
    parser.add_argument("--precision", choices=sorted(PRECISIONS), help="what --backend apu computes in; sets its limits")
    options = parser.parse_args()
    print("| %-6s | %-20s | steps | prompt | ids | worst  | limit | mean   | llama.cpp's mean |        |"
          % ("folder", "model"))
    print("|---|---|---|---|---|---|---|---|---|---|")
    results = [ok for path in options.goldens for ok in compare(path, options)]
    print("\n%d of %d hold" % (sum(results), len(results)))
    sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()
