// SPDX-License-Identifier: Apache-2.0
// OpenAI's own client for JavaScript.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { answer, dataUrl, question, url } from "./server.mjs";

const client = new OpenAI({ baseURL: url + "/v1", apiKey: "none" });
const model = "alcedo-tiny-q8_0";
const messages = [{
  role: "user",
  content: [{ type: "image_url", image_url: { url: dataUrl("02") } }, { type: "text", text: question }],
}];

test("models are listed", async () => {
  assert.deepEqual((await client.models.list()).data.map(m => m.id), [model]);
});

test("a picture is answered about", async () => {
  const reply = await client.chat.completions.create({ model, messages });
  assert.equal(reply.choices[0].message.content, answer);
  assert.equal(reply.choices[0].finish_reason, "stop");
});

test("an answer streams", async () => {
  const stream = await client.chat.completions.create({
    model, messages, stream: true, stream_options: { include_usage: true },
  });
  const pieces = [];
  let usage;
  for await (const chunk of stream) {
    pieces.push(chunk.choices[0]?.delta.content ?? "");
    usage = chunk.usage ?? usage;
  }
  assert.equal(pieces.join(""), answer);
  assert.ok(usage.prompt_tokens_details.image_tokens > 0);
});

test("a stream that is left is no trouble", async () => {
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  for await (const _ of stream) break;
  assert.equal((await client.chat.completions.create({ model, messages })).choices[0].message.content, answer);
});

test("an answer keeps to a schema", async () => {
  const schema = {
    type: "object", additionalProperties: false, required: ["colour", "count"],
    properties: {
      colour: { type: "string", enum: ["blue", "green", "red"] },
      count: { type: "integer", minimum: 0, maximum: 9 },
    },
  };
  const reply = await client.chat.completions.create({
    model, messages, response_format: { type: "json_schema", json_schema: { name: "s", strict: true, schema } },
  });
  const json = JSON.parse(reply.choices[0].message.content);
  assert.ok(schema.properties.colour.enum.includes(json.colour) && Number.isInteger(json.count));
});

test("what is not supported is said", async () => {
  await assert.rejects(client.chat.completions.create({ model, messages, n: 2 }), e =>
    e instanceof OpenAI.BadRequestError && e.code === "unsupported_parameter" && e.param === "n");
  await assert.rejects(client.chat.completions.create({ model: "gpt-0", messages }), OpenAI.NotFoundError);
});
