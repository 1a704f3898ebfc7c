# SPDX-License-Identifier: Apache-2.0
"""Runs of the program under measurement, each remembered so that a second start goes on."""
import hashlib
import json
import os
import random
import struct
import subprocess
import sys
import time


class Failure(Exception):
    """What a run had to say."""


class Alcedo:
    """The program with a model, and a folder in which results are kept."""

    def __init__(self, program, folder, threads):
        self.program = program
        self.folder = folder
        self.threads = ["-t", str(threads)] if threads else []
        self.model = None
        self.mmproj = None
        self.done = 0
        self.expected = 0
        self.seconds = 0.0
        self.trace = os.path.join(folder, "trace.json")

    def run(self, *arguments):
        command = [self.program, *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            last = done.stderr.strip().splitlines()[-1:] or ["no message"]
            raise Failure("%s ...: exit status %d: %s"
                          % (" ".join(command[:2]), done.returncode, last[0]))
        return done.stdout

    def measured(self, name, *arguments):
        """A run that takes long, with its progress on standard error: from the folder if known."""
        self.done += 1
        path = os.path.join(self.folder, self._key(arguments) + ".json")
        if os.path.exists(path):
            with open(path) as known:
                result = json.load(known)
            self.seconds += result["seconds"]
            return result["output"]
        progress("%d of %d: %s ..." % (self.done, self.expected, name))
        start = time.monotonic()
        text = self.run(*arguments)
        seconds = time.monotonic() - start
        self.seconds += seconds
        progress("%d of %d: %s: %.0f s" % (self.done, self.expected, name, seconds))
        with open(path + ".part", "w") as out:
            json.dump({"name": name, "seconds": seconds, "output": text}, out)
        os.replace(path + ".part", path)
        return text

    def _key(self, arguments):
        """Names a run by its options and by what the files among them hold that it reads."""
        text = []
        for argument in arguments:
            text.append(argument)
            if os.path.isfile(argument) and argument != self.trace:
                with open(argument, "rb") as content:
                    text.append(hashlib.sha256(content.read(1 << 20)).hexdigest())
        return hashlib.sha256("\0".join(text).encode()).hexdigest()[:16]

    def answer(self, name, requests, *options):
        """The answers of one process, which has loaded the model once, to requests in turn."""
        text = "".join(json.dumps(request) + "\n" for request in requests)
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        path = os.path.join(self.folder, digest + ".jsonl")
        with open(path, "w") as out:
            out.write(text)
        text = self.measured(name, "complete", "--model", self.model, "--mmproj", self.mmproj,
                             "--requests", path, "--json", "--ignore-eos", *self.threads, *options)
        answers = [json.loads(line) for line in text.splitlines()]
        for answer in answers:
            if "error" in answer:
                raise Failure("complete: " + answer["message"])
        for answer in answers:
            answer["timings"]["promptTokens"] = answer["promptTokens"]
        return [answer["timings"] for answer in answers]

    def bench(self, name, *options):
        return json.loads(self.measured(
            name, "bench", "-m", self.model, "--mmproj", self.mmproj, "--json", "--repetitions", "1",
            "--warm-up", "0", "-d", "0", *self.threads, *options))

    def plan(self, *options):
        """The memory plan, from metadata."""
        text = self.run("inspect", self.model, "--mmproj", self.mmproj, "--json", *options)
        return json.loads(text)["info"]["memory"]


def progress(text):
    print("ablate: " + text, file=sys.stderr, flush=True)


def picture(folder, size, seed=1):
    """A picture of noise; Windows' bitmap format needs no library."""
    width, height = (int(side) for side in size.split("x"))
    row = (3 * width + 3) // 4 * 4
    pixels = random.Random(seed).randbytes(row * height)
    path = os.path.join(folder, "%s-%d.bmp" % (size, seed))
    with open(path, "wb") as out:
        out.write(b"BM" + struct.pack("<IIIIiiHHIIiiII", 54 + len(pixels), 0, 54, 40, width, height,
                                      1, 24, 0, len(pixels), 0, 0, 0, 0) + pixels)
    return path


def busy(trace):
    """Of a trace: seconds from the first stage's begin to the last one's end, seconds in which a
    stage ran, and seconds in which two did."""
    with open(trace) as text:
        events = [e for e in json.load(text)["traceEvents"] if e.get("cat") == "stage"]
    marks = sorted([(e["ts"], 1) for e in events] + [(e["ts"] + e["dur"], -1) for e in events])
    one = two = depth = 0
    for (begin, step), (end, _) in zip(marks, marks[1:]):
        depth += step
        one += (end - begin) if depth >= 1 else 0
        two += (end - begin) if depth >= 2 else 0
    return (marks[-1][0] - marks[0][0]) / 1e6, one / 1e6, two / 1e6
