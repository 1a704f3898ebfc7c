#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints how fast Alcedo and llama.cpp tokenize the same text with the same vocabularies.

    tokenize_speed.py MODEL... --folder FOLDER [--server COMMAND] [--modules FOLDER] [--java PROGRAM]
                      [--text FILE] [--megabytes N] [--runs N]

Only the tokenizer of each MODEL is used: FOLDER gets copies with weights that llama-server can load.
llama.cpp's time is the best of `llama-server /tokenize`, JSON and HTTP included (a few hundredths of a second
for 3 MB); Alcedo's is that of `Tokenizer.encode` in one process: the first time, and the best. Ids are
compared, too. Without --text, a mixture of prose, code and other scripts is used, and, second,
one word without spaces. Exit code 1 if ids differ.
"""
import argparse
import os
import random
import subprocess
import sys
import time

import gguf_writer
from llama_server import Server
from tokenizer_texts import FIXED

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = ("the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were all "
         "her she there would their we him been has when who will no more if out so up said what its about than into them can only other "
         "time new some could these two may first then do any like my now over such our man me even most made after also did many before must "
         "through back years where much your way well down should because each just those people how too little state good very make world still "
         "see own work long here get both between life being under never day same another know while last might us great old year off come since "
         "against go came right used take three states himself few house use during without again place American around however home small found "
         "Bundesgesundheitsministerium internationalization déjà-vu Übergröße Москва университет компьютер 東京都 機械学習 한국어 العربية हिन्दी").split()


def mixture(size, seed=3):
    rng, parts, length = random.Random(seed), [], 0
    while length < size:
        kind = rng.random()
        if kind < 0.75:
            part = " ".join(rng.choice(WORDS) for _ in range(rng.randint(5, 25))).capitalize() + rng.choice((". ", ", ", "?\n", "!\n\n"))
        elif kind < 0.9:
            part = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 9))) + "_%d(%s);\n    " % (
                rng.randint(0, 99999), rng.choice(WORDS))
        else:
            part = rng.choice(FIXED) + " "
        parts.append(part)
        length += len(part.encode())
    return "".join(parts).replace("\0", "")


def one_word(size, seed=4):
    rng = random.Random(seed)
    return "".join(rng.choice("etaoinshrdlucmfwypvbgkqjxz") for _ in range(size))


def alcedo(options, model, file):
    command = [options.java, "-XX:+UseSerialGC", "-p", options.modules, "--add-modules", "ALL-MODULE-PATH",
               os.path.join(HERE, "TokenizeSpeed.java"), model, file, str(options.runs)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {}
    for line in run.stdout.splitlines():
        key, value = line.split()
        found.setdefault(key, []).append(float(value))
    return found["run"][0], min(found["run"]), int(found["ids"][0]), int(found["hash"][0])


def java_hash(ids):
    value = 1
    for i in ids:
        value = value * 31 + i & 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def llama(server, text, runs):
    times = []
    for _ in range(runs):
        start = time.monotonic()
        ids = server.tokenize(text)
        times.append((time.monotonic() - start) * 1e3)
    return min(times), ids


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--folder", required=True, help="for the copies; llama-server must see it, too")
    parser.add_argument("--server", default="llama-server", help="command that starts llama.cpp's server")
    parser.add_argument("--modules", default=os.path.join(HERE, "..", "..", "launcher", "target", "modules"))
    parser.add_argument("--java", default="java", help="a Java 25")
    parser.add_argument("--text")
    parser.add_argument("--megabytes", type=float, default=3)
    parser.add_argument("--runs", type=int, default=6, help="in Alcedo; llama.cpp gets a third of them")
    parser.add_argument("--port", type=int, default=18190)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    if options.text:
        with open(options.text, encoding="utf-8", newline="") as f:
            texts = [("text", f.read())]
    else:
        size = int(options.megabytes * 1e6)
        texts = [("mixture", mixture(size)), ("one word", one_word(size // 3))]
    print("%-24s %-9s %6s %18s %18s %12s %s" % ("vocabulary", "text", "MB", "Alcedo MB/s (cold)", "llama.cpp MB/s", "ratio", "ids"))
    failed = False
    for model in options.models:
        copy = os.path.join(options.folder, "speed-" + os.path.basename(model))
        gguf_writer.write_raw(copy, *gguf_writer.tokenizer_of(model))
        with Server(options.server, copy, options.port, copy + ".log") as server:
            for name, text in texts:
                file = os.path.join(options.folder, "speed.txt")
                with open(file, "w", encoding="utf-8", newline="") as f:
                    f.write(text)
                size = len(text.encode()) / 1e6
                first, best, count, digest = alcedo(options, copy, file)
                theirs, ids = llama(server, text, max(1, options.runs // 3))
                equal = count == len(ids) and digest == java_hash(ids)
                failed |= not equal
                print("%-24s %-9s %6.1f %10.2f (%5.2f) %18.2f %12.1f %s" % (
                    os.path.basename(model)[:24], name, size, size / best * 1e3, size / first * 1e3, size / theirs * 1e3,
                    theirs / best, "equal" if equal else "DIFFER"), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
