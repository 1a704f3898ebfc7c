#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Loads a server with many clients, some of which vanish in the middle of an answer or send broken
// bodies and pictures; checks every reply; looks through /metrics whether anything is left.
//
//   load.mjs [--url http://127.0.0.1:8080] [--clients 32] [--seconds 300] [--deadline 60] [--seed 1]
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:8080" },
    clients: { type: "string", default: "32" },
    seconds: { type: "string", default: "300" },
    deadline: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
  },
});
const pictures = new URL("../models/alcedo-tiny/pictures/", import.meta.url);
const questions = readFileSync(new URL("questions.jsonl", pictures), "utf8").trim().split("\n").map(JSON.parse);
const encoded = new Map(questions.map(q => [q.picture, readFileSync(new URL(q.picture, pictures), "base64")]));
const deadlineMillis = Number(options.deadline) * 1000;

// Seeded, so that a run can be had again (mulberry32).
let state = Number(options.seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const counts = new Map();
const times = [];
const failures = [];
const expected = new Map();

function count(kind) {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

function body(question, stream, data = encoded.get(question.picture)) {
  return JSON.stringify({
    stream, temperature: 0, max_tokens: 64,
    messages: [{
      role: "user",
      content: [
        { type: "image_url", image_url: { url: "data:image/png;base64," + data } },
        { type: "text", text: question.question },
      ],
    }],
  });
}

async function post(text, signal) {
  for (;;) {
    const response = await fetch(options.url + "/v1/chat/completions", {
      method: "POST", body: text, signal, headers: { "Content-Type": "application/json" },
    });
    if (response.status !== 429) return response;
    await response.arrayBuffer();
    count("told to come again (429)");
    await new Promise(r => setTimeout(r, 200 + 300 * random()));
  }
}

async function readStream(response, vanishAfter) {
  let rest = "", text = "", isDone = false, pieces = 0;
  for await (const bytes of response.body) {
    const lines = (rest + Buffer.from(bytes).toString()).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line === "data: [DONE]") isDone = true;
      else if (line.startsWith("data: ")) {
        const event = JSON.parse(line.slice(6));
        if (event.error) throw new Error(event.error.message);
        text += event.choices[0]?.delta.content ?? "";
        if (++pieces > vanishAfter) return null;
      }
    }
  }
  if (!isDone) throw new Error("the stream broke off");
  return text;
}

function check(question, text) {
  if (text !== expected.get(question)) {
    failures.push(`${question.picture} "${question.question}": expected "${expected.get(question)}", got "${text}"`);
  }
}

const kinds = [
  ["vanished in the middle", 0.10, async q => {
    const abort = new AbortController();
    await readStream(await post(body(q, true), abort.signal), 1 + Math.floor(4 * random()));
    abort.abort();
  }],
  ["broken body", 0.10, async q => {
    const whole = body(q, false);
    const broken = [
      whole.slice(0, Math.floor(whole.length * random())), whole.replace("temperature", "temprature"),
      whole.replace("user", "nobody"), "[".repeat(5000), "", "{}", whole.replace('"text"', "7"),
    ][Math.floor(7 * random())];
    const response = await post(broken);
    const reply = await response.json();
    if (response.status !== 400 || !reply.error?.code) failures.push(`broken body: status ${response.status}`);
  }],
  ["broken picture", 0.05, async q => {
    const bytes = Buffer.from(encoded.get(q.picture), "base64");
    const broken = [
      bytes.subarray(0, Math.floor(bytes.length / 2)), Buffer.from("no picture"),
      Buffer.concat([bytes.subarray(0, 16), Buffer.from([0x7f, 0xff, 0xff, 0xff]), bytes.subarray(20)]),
    ][Math.floor(3 * random())];
    const response = await post(body(q, false, broken.toString("base64")));
    const reply = await response.json();
    if (response.status !== 400 || reply.error?.code !== "invalid_request") {
      failures.push(`broken picture: status ${response.status} ${JSON.stringify(reply)}`);
    }
  }],
  ["streamed answer", 0.40, async q => check(q, await readStream(await post(body(q, true)), Infinity))],
  ["whole answer", 1, async q => {
    const response = await post(body(q, false));
    const reply = await response.json();
    if (response.status !== 200) throw new Error(`status ${response.status}: ${reply.error.message}`);
    check(q, reply.choices[0].message.content);
  }],
];

async function client(end) {
  while (performance.now() < end) {
    const question = questions[Math.floor(questions.length * random())];
    let draw = random();
    const [kind, , work] = kinds.find(([, share]) => (draw -= share) < 0);
    const start = performance.now();
    try {
      await work(question);
      count(kind);
    } catch (problem) {
      failures.push(`${kind}: ${problem.message}`);
    }
    const millis = performance.now() - start;
    if (kind.endsWith("answer")) times.push(millis);
    if (millis > deadlineMillis) failures.push(`${kind}: took ${Math.round(millis)} ms`);
  }
}

async function metrics() {
  const text = await (await fetch(options.url + "/metrics")).text();
  return name => Number(text.match(new RegExp(`^${name.replace(/[{}]/g, "\\$&")} (.*)$`, "m"))?.[1] ?? NaN);
}

// Each question alone first: nothing that happens beside it may change its answer.
for (const question of questions) {
  const reply = await (await post(body(question, false))).json();
  expected.set(question, reply.choices[0].message.content);
}
const right = questions.filter(q => q.answer === expected.get(q)).length;
const before = await metrics();
const start = performance.now();
const samples = [];
const sampler = setInterval(async () => samples.push((await metrics())("alcedo_heap_bytes")), 5000);
await Promise.all(Array.from({ length: Number(options.clients) }, () => client(start + Number(options.seconds) * 1000)));
clearInterval(sampler);
const seconds = (performance.now() - start) / 1000;
let after;
for (let i = 0; i < 100; i++) {
  after = await metrics();
  if (after("alcedo_requests_running") + after("alcedo_requests_waiting") === 0) break;
  await new Promise(r => setTimeout(r, 100));
}
for (const [name, most] of [["alcedo_requests_running", 0], ["alcedo_requests_waiting", 0], ["alcedo_body_bytes", 0]]) {
  if (after(name) !== most) failures.push(`${name} is ${after(name)} at the end`);
}
const third = Math.floor(samples.length / 3);
const lowest = part => Math.min(...part) / 2 ** 20;
times.sort((a, b) => a - b);
const at = share => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
const generated = after("alcedo_generated_tokens_total") - before("alcedo_generated_tokens_total");
console.log(`${options.clients} clients for ${seconds.toFixed(0)} s, seed ${options.seed}; alone, ${right} of ${questions.length} answers are right`);
for (const [kind, n] of [...counts].sort()) console.log(`${kind.padEnd(28)} ${String(n).padStart(7)}`);
console.log(`${"answers a second".padEnd(28)} ${(times.length / seconds).toFixed(1).padStart(7)}`);
console.log(`${"generated tokens a second".padEnd(28)} ${(generated / seconds).toFixed(0).padStart(7)}  (whole answers only)`);
console.log(`${"milliseconds for an answer".padEnd(28)} p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)}`);
if (third > 0) {
  console.log(`${"lowest heap, MiB".padEnd(28)} first third ${lowest(samples.slice(0, third)).toFixed(1)}, last third ${lowest(samples.slice(-third)).toFixed(1)}`);
}
for (const name of ["direct", "mapped"]) {
  const series = `alcedo_buffer_bytes{kind="${name}"}`;
  console.log(`${(name + " buffers, MiB").padEnd(28)} before ${(before(series) / 2 ** 20).toFixed(1)}, after ${(after(series) / 2 ** 20).toFixed(1)}`);
}
console.log(`${"threads".padEnd(28)} before ${before("alcedo_threads")}, after ${after("alcedo_threads")}`);
console.log(`${"failures".padEnd(28)} ${String(failures.length).padStart(7)}`);
for (const failure of failures.slice(0, 20)) console.log("  " + failure);
process.exitCode = failures.length ? 1 : 0;
