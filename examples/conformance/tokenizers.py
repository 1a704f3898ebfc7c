#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares Alcedo's token ids with llama.cpp's, for every pre-tokenizer and kind of tokenizer.

    tokenizers.py [--server COMMAND] [--alcedo PROGRAM] [--folder FOLDER] [--only NAME,...] [--random N] [--seed N]

Makes a small vocabulary for each (llama.cpp need only be able to load it), asks `llama-server` and
`alcedo tokenize` for the ids of the same texts, and prints a table. The texts are parted by a control
token, so that each model is asked once. Byte-pair merges are learned from the texts as a whole, across
all words: whatever is cut at another place gets other ids. Exit code 1 if any text differs.
"""
import argparse
import json
import os
import subprocess
import sys

import tokenizer_models
from llama_server import Server
from tokenizer_texts import texts

HERE = os.path.dirname(os.path.abspath(__file__))
MARK = tokenizer_models.MARK


def parts(ids, mark):
    """The ids between the marks."""
    found = [[]]
    for i in ids:
        if i == mark:
            found.append([])
        else:
            found[-1].append(i)
    return found


def alcedo(program, model, file):
    run = subprocess.run([program, "tokenize", "--model", model, "--file", file, "--json"],
                         capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "exit code %d" % run.returncode)
    return json.loads(run.stdout)["ids"]


def compare(options, name, all_texts, path, file):
    mark = tokenizer_models.write(path, name, all_texts)
    joined = MARK.join(all_texts)
    with open(file, "w", encoding="utf-8", newline="") as f:
        f.write(joined)
    try:
        with Server(options.server, path, options.port, path + ".log") as server:
            theirs = parts(server.tokenize(joined, special=True), mark)
    except RuntimeError as e:
        return "not in this llama.cpp: %s" % e, False
    ours = parts(alcedo(options.alcedo, path, file), mark)
    wrong = [i for i in range(len(all_texts)) if ours[i:i + 1] != theirs[i:i + 1]]
    for i in wrong[:options.show]:
        print("  %s: %r\n    alcedo    %s\n    llama.cpp %s" % (
            name, all_texts[i], pieces(path, ours[i]), pieces(path, theirs[i])))
    result = "%4d of %d texts equal" % (len(all_texts) - len(wrong), len(all_texts))
    return result, bool(wrong)


def pieces(path, ids):
    return tokenizer_models.pieces(path, ids)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", default="llama-server", help="command that starts llama.cpp's server")
    parser.add_argument("--alcedo", default=os.path.join(HERE, "..", "..", "alcedo"))
    parser.add_argument("--folder", required=True, help="for the models; llama-server must see it, too")
    parser.add_argument("--port", type=int, default=18180)
    parser.add_argument("--only", help="names, with commas")
    parser.add_argument("--random", type=int, default=300, help="how many random texts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="how many differences to show per name")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    failed = 0
    for name in options.only.split(",") if options.only else tokenizer_models.NAMES:
        model = os.path.join(options.folder, name.replace(":", "-") + ".gguf")
        chosen = tokenizer_models.suited(name, texts(options.random, options.seed))
        result, wrong = compare(options, name, chosen, model, os.path.join(options.folder, "texts.txt"))
        failed += wrong
        print("%-28s %s%s" % (name, result, "   DIFFERS" if wrong else ""), flush=True)
    print("%d differ" % failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
