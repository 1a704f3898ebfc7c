# SPDX-License-Identifier: Apache-2.0
"""What `ablate` prints, section by section: the paper's results and ours."""
import os
import statistics

from runs import busy, picture

BATCHES = (1, 2, 4, 6)
BATCH = 4  # the paper's
CHUNKS = (32, 128, 512, 2048)
CONTEXT = ["--context", "2048"]
DECODED = 16
PAIRS = 2
EXAMPLES = (
    ("394x390", "2:2", "-", "1:1"),
    ("380x76", "-", "5:1", "1:1"),
    ("380x393", "1:2", "-", "1:1"),
    ("500x102", "-", "5:1", "2:1"),
)
QUESTION = "<image> Describe it."


def say(text=""):
    print(text, flush=True)


def heading(text):
    say()
    say("## " + text)


def mebibytes(count):
    return count / (1 << 20)


def text_ids(count, first=0):
    return [3 + (first + i) % 1000 for i in range(count)]


def run_count(prompt):
    """Measured runs of all sections."""
    return len(BATCHES) + 2 + 1 + 3 + len(chunks_of(prompt))


def tiling(alcedo, sizes):
    heading("Tiling: the paper's worked examples (section 3.2)")
    arguments = []
    for example in EXAMPLES:
        arguments += ["--size", example[0]]
    lines = alcedo.run("tiles", *arguments).splitlines()[1:]
    say("%-10s %24s %24s %24s" % ("picture", "relaxed (paper / ours)", "llava-next", "internvl"))
    for (size, nxt, ivl, relaxed), line in zip(EXAMPLES, lines):
        _, ours, ours_next, ours_ivl = line.split()
        say("%-10s %24s %24s %24s" % (size, relaxed + " / " + ours, nxt + " / " + ours_next,
                                      ivl + " / " + ours_ivl))
    say("%-10s %24s" % ("768x1536", "2:4 / " + alcedo.run(
        "tiles", "--size", "768x1536", "--grid", "4").splitlines()[1].split()[1]))
    heading("Tiling: statistics of the rules")
    say("paper, 624 thousand pictures of LLaVA-665k, grids up to 3x3: relaxed takes a smaller grid than")
    say("llava-next in 4.6 %; than internvl a smaller one in 83.8 %, a larger one in 4.0 %.")
    say("ours, %s:" % os.path.basename(sizes))
    say(alcedo.run("tiles", "--sizes", sizes, "--grid", "3").rstrip())


def tile_batches(alcedo, size):
    """Figure 7. Returns load time, machine and the picture's image tokens."""
    heading("Latency by tile batch (figure 7), picture of %s" % size)
    say("paper: 4 tiles at a time are fastest of 1, 2, 4, 6 (bars without numbers); 800 ms for 4 tiles,")
    say("300 ms for one; tile by tile 2.7 s, in fours 1.9 s: 1.42 times as fast")
    seconds = {}
    loads = []
    for batch in BATCHES:
        result = alcedo.bench("tile batch %d" % batch, "-p", "0", "-n", "0", "--image-size", size,
                              "--tile-batch", str(batch))
        by_name = {r["test"]: r for r in result["results"]}
        encode = by_name["encode"]
        loads.append(by_name["load"]["loadSeconds"])
        seconds[batch] = encode["secondsPerTile"] * encode["tiles"]
        say("ours, batch %d: %8.2f s for %d tiles, %.2f times as fast as tile by tile"
            % (batch, seconds[batch], encode["tiles"], seconds[1] / seconds[batch]))
    spread = max(seconds.values()) / min(seconds.values()) - 1
    say("fastest here: %d tiles at a time; slowest to fastest %.0f %%. What follows takes the paper's %d."
        % (min(seconds, key=seconds.get), 100 * spread, BATCH))
    return statistics.median(loads), result["machine"], encode["imageTokens"]


def residence(alcedo):
    """Memory after encoding. Returns how many tokens the question has besides image tokens."""
    heading("The encoder kept or released (the paper frees it after use)")
    warm = {"prompt": QUESTION, "images": [picture(alcedo.folder, "384x384", 2)], "maxTokens": 2}
    options = [*CONTEXT, "--tile-batch", "1"]  # one tile: what is planned is then also touched
    plan = alcedo.plan(*options)
    encoder = plan["encoderBytes"] + plan["encoderScratchBytes"]
    after = {}
    for kind in ("keep", "release"):
        timings = alcedo.answer("encoder " + kind, [warm], *options, "--encoder", kind)[0]
        after[kind] = timings["residentMemoryBytes"]
        say("ours, --encoder %-8s %6.0f MiB resident after the answer (%.0f MiB at the peak)"
            % (kind + ":", mebibytes(after[kind]), mebibytes(timings["peakMemoryBytes"])))
    fallen = after["keep"] - after["release"]
    say("it falls by %.0f MiB; by the plan the encoder has %.0f MiB (%.0f of weights, %.0f of buffers)"
        % (mebibytes(fallen), mebibytes(encoder), mebibytes(plan["encoderBytes"]),
           mebibytes(plan["encoderScratchBytes"])))
    return timings["promptTokens"] - timings["imageTokens"]


def deployment(alcedo, shown, load, tokens):
    """Table 5. Returns the timings of the question with its picture, encoded in batches."""
    heading("Deployment (table 5): load, encode, prefill, decode, memory; decoupled or not")
    say("paper, Dimensity 9300: 0.47 s load + 2.06 s encode, 2.7 s for 2048 tokens, 24.4 tokens/s,")
    say("2.2 GB at most")
    options = [*CONTEXT, "--tile-batch", str(BATCH), "--encoder", "keep"]
    requests = [warming(alcedo), {"prompt": QUESTION, "images": [shown], "maxTokens": DECODED}]
    for pair in range(PAIRS):
        requests.append({"prompt": QUESTION, "images": [shown], "maxTokens": 1})
        requests.append({"promptTokens": text_ids(tokens, pair), "maxTokens": 1})
    timings = alcedo.answer("deployment", requests, *options)
    asked = timings[1]
    say("ours: load %.2f s, encode %.2f s for %d tiles, prefill %.2f s for %d image tokens and %d of"
        % (load, asked["imageSeconds"], asked["tiles"], asked["prefillSeconds"],
           asked["imageTokens"], asked["promptTokens"] - asked["imageTokens"]))
    say("text (%.1f tokens/s), decode %.1f tokens/s" % (asked["prefillRate"], asked["decodeRate"]))
    plan = alcedo.plan(*options)
    planned = sum(value for value in plan.values() if isinstance(value, int))
    peak = max(t["peakMemoryBytes"] for t in timings)
    say("memory: %.0f MiB at most, %.0f by the plan (%+.1f %%)"
        % (mebibytes(peak), mebibytes(planned), 100 * (peak / planned - 1)))
    prepared = [t["timeToFirstToken"] for t in timings[2::2]]
    text = [t["timeToFirstToken"] for t in timings[3::2]]
    counts = {t["promptTokens"] for t in timings[1:]}
    if len(counts) != 1:
        raise ValueError("prompts of one length were to be compared, got %s" % sorted(counts))
    say("question to first token, %d tokens each, in turn:" % counts.pop())
    say("  picture handed in with the question %8.2f s" % asked["timeToFirstToken"])
    say("  picture prepared before             %8.2f s (%s)" % (mean(prepared), each(prepared)))
    say("  as many tokens of text              %8.2f s (%s)" % (mean(text), each(text)))
    say("  prepared against text               %+8.1f %%" % (100 * (mean(prepared) / mean(text) - 1)))
    return asked


def mean(values):
    return sum(values) / len(values)


def each(values):
    return ", ".join("%.2f" % value for value in values)


def warming(alcedo):
    """A small picture first: Java compiles what runs often, and is not what is measured."""
    return {"prompt": QUESTION, "images": [picture(alcedo.folder, "384x384", 3)], "maxTokens": 4}


def pipeline(alcedo, shown, in_batches):
    heading("Pipelined stages (figure 5), and prefill that follows encoding (ours)")
    say("paper: convolution on the CPU, blocks on the NPU: 2.06 s overlapped, 2.26 s in order:")
    say("1.10 times as fast")
    request = {"prompt": QUESTION, "images": [shown], "maxTokens": DECODED}
    base = None
    for name, tiles, options in (
            ("tile by tile, in order", 1, []),
            ("in batches of %d, in order" % BATCH, BATCH, None),
            ("pipelined", BATCH, ["--scheduler", "pipelined"]),
            ("pipelined, prefill follows", BATCH,
             ["--scheduler", "pipelined", "--prefill-follows", "on", "--trace", alcedo.trace])):
        timings = in_batches
        if options is not None:
            timings = alcedo.answer(name, [warming(alcedo), request], *CONTEXT, "--encoder", "keep",
                                    "--tile-batch", str(tiles), *options)[1]
        base = base or timings["timeToFirstToken"]
        say("ours, %-28s picture to first token %8.2f s (encoding %.2f s), %.2f times as fast"
            % (name + ":", timings["timeToFirstToken"], timings["imageSeconds"],
               base / timings["timeToFirstToken"]))
    whole, one, two = busy(alcedo.trace)
    say("trace of the last: a stage ran in %.1f of %.1f s (%.1f %%), two at once in %.1f s. Where one"
        % (one, whole, 100 * one / whole, two))
    say("processor does everything and never waits, overlapping has no time to fill: 'pipelined' then")
    say("runs stages in order, as without it, and prefill follows only if told to.")


def chunks_of(prompt):
    return sorted({min(chunk, prompt) for chunk in CHUNKS})


def chunks(alcedo, prompt):
    heading("Chunked prefill (figure 8), %d tokens" % prompt)
    say("paper, 2048 tokens: chunks of 128 are fastest of 32, 128, 512, 2048 (bars between 2.5 and 5 s):")
    say("2.7 s; 24.4 tokens/s after it")
    requests = [{"promptTokens": text_ids(min(64, prompt), 500), "maxTokens": 4},
                {"promptTokens": text_ids(prompt), "maxTokens": DECODED}]
    for chunk in chunks_of(prompt):
        timings = alcedo.answer("chunks of %d" % chunk, requests, "--context",
                                str(prompt + 2 * DECODED), "--chunk", str(chunk))[1]
        say("ours, chunks of %4d: prefill %8.2f s (%.1f tokens/s), decode %.1f tokens/s"
            % (chunk, timings["prefillSeconds"], timings["prefillRate"], timings["decodeRate"]))
