// SPDX-License-Identifier: Apache-2.0
// Ollama's own client for JavaScript.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ollama } from "ollama";
import { answer, picture, question, url } from "./server.mjs";

const client = new Ollama({ host: url });
const model = "alcedo-tiny-q8_0";
const messages = [{ role: "user", content: question, images: [picture("02")] }];

test("models are listed and shown", async () => {
  assert.deepEqual((await client.list()).models.map(m => m.name), [model]);
  assert.equal((await client.ps()).models.length, 1);
  assert.ok((await client.show({ model })).capabilities.includes("vision"));
  assert.match((await client.version()).version, /^\d/);
});

test("a picture is answered about", async () => {
  const reply = await client.chat({ model, messages });
  assert.equal(reply.message.content, answer);
  assert.ok(reply.done && reply.prompt_eval_count > 16 && reply.eval_duration > 0);
});

test("an answer streams", async () => {
  const pieces = [];
  for await (const part of await client.chat({ model, messages, stream: true })) pieces.push(part);
  assert.equal(pieces.map(p => p.message.content).join(""), answer);
  assert.equal(pieces.at(-1).done_reason, "stop");
  assert.ok(pieces.length > 5);
});

test("a prompt is generated from", async () => {
  const reply = await client.generate({ model, prompt: question, images: [picture("02")] });
  assert.equal(reply.response, answer);
});

test("an answer keeps to a schema", async () => {
  const format = {
    type: "object", required: ["count"], properties: { count: { type: "integer", minimum: 0, maximum: 9 } },
  };
  const reply = await client.chat({ model, messages, format, options: { temperature: 0 }, keep_alive: "5m" });
  assert.ok(Number.isInteger(JSON.parse(reply.message.content).count), reply.message.content);
});

test("what is not supported is said", async () => {
  await assert.rejects(client.chat({ model, messages, think: true }), /think: is not supported/);
});
