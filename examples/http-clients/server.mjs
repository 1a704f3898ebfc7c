// SPDX-License-Identifier: Apache-2.0
// The server that the tests talk to, and the pictures they ask about.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const url = process.env.ALCEDO_URL ?? "http://127.0.0.1:8080";
export const question = "What is in the picture?";
export const answer = "a small blue star left of a small green triangle on a beige background.";

export function picture(name) {
  return fileURLToPath(new URL(`../models/alcedo-tiny/pictures/${name}.png`, import.meta.url));
}

export function dataUrl(name) {
  return "data:image/png;base64," + readFileSync(picture(name), "base64");
}
