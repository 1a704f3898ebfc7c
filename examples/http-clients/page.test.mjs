// SPDX-License-Identifier: Apache-2.0
// The web page in a real Chromium: CHROMIUM names its program; SCREENSHOTS a folder to write
// page-light.png and page-dark.png to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import { answer, picture, question, url } from "./server.mjs";

let browser, page, problems;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
});
after(() => browser?.close());

beforeEach(async () => {
  problems = [];
  page = await browser.newPage({ viewport: { width: 1100, height: 760 } });
  page.setDefaultTimeout(60_000);
  page.on("pageerror", e => problems.push(e.message));
  page.on("console", m => m.type() === "error" && problems.push(m.text()));
  page.on("request", r => {
    if (!r.url().startsWith(url) && !r.url().startsWith("data:")) problems.push("asked " + r.url());
  });
  await page.goto(url);
  await page.getByText("llama: 4 blocks").waitFor();
});
afterEach(async () => {
  await page.close();
  assert.deepEqual(problems, [], "no error in the console, no request to anybody else");
});

async function drop(name, kind = "drop") {
  const bytes = readFileSync(picture(name), "base64");
  await page.evaluate(([bytes, kind]) => {
    const data = new DataTransfer();
    const content = Uint8Array.from(atob(bytes), c => c.charCodeAt(0));
    data.items.add(new File([content], "picture.png", { type: "image/png" }));
    document.body.dispatchEvent(kind === "drop"
      ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
      : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, [bytes, kind]);
  await page.getByText("image tokens").waitFor();
}

async function ended() {
  await page.locator("#stop").waitFor({ state: "hidden" });
}

test("a dropped picture is asked about and the right answer streams", async () => {
  await drop("02");
  await page.evaluate(() => {
    globalThis.lengths = [];
    new MutationObserver(() => {
      const length = document.querySelector(".assistant")?.textContent.length ?? 0;
      if (length > (lengths.at(-1) ?? 0)) lengths.push(length);
    }).observe(document.getElementById("turns"), { subtree: true, childList: true, characterData: true });
  });
  await page.keyboard.type(question); // the question has the focus
  await page.keyboard.press("Enter");
  await page.locator(".assistant:not(.running)").waitFor();
  assert.equal(await page.locator(".assistant").textContent(), answer);
  assert.ok((await page.evaluate(() => lengths.length)) > 3, "it came in pieces");
  assert.match(await page.locator("#figures").textContent(),
    /picture \d+ ms · first token after \d+ ms · \d+ tokens · [\d.]+ tokens\/s/);
});

test("the tile grid lies over the picture as the model sees it", async () => {
  await page.setInputFiles("#file", picture("12"));
  await page.getByText("image tokens").waitFor();
  const text = await page.locator("#tiles").textContent();
  const [, width, height, columns, rows] = text.match(/(\d+) × (\d+) pixels, (\d+) × (\d+) tiles/).map(Number);
  assert.equal(await page.locator("#grid .tile").count(), columns * rows);
  assert.ok(columns * rows > 1, text);
  const seen = await page.locator("#picture").boundingBox();
  const grid = await page.locator("#grid").boundingBox();
  assert.ok(Math.abs(seen.width / seen.height - width / height) < 0.05 * width / height, "its shape is kept");
  const gap = Math.min(grid.width - seen.width, grid.height - seen.height);
  assert.ok(gap >= -1 && gap < 12, "it fits the canvas on one side: " + gap);
  assert.ok(Math.abs(grid.x + grid.width / 2 - seen.x - seen.width / 2) < 3, "it is in the middle");
  const shot = (await page.locator("#canvas").screenshot()).toString("base64");
  const shown = await page.evaluate(async ([shot, columns]) => {
    const image = Object.assign(new Image(), { src: "data:image/png;base64," + shot });
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const isOrange = x => {
      const [r, g, b] = canvas.getImageData(x, Math.round(image.height / 9), 1, 1).data;
      return r > 140 && r > g + 50 && g > b;
    };
    const near = x => [-2, -1, 0, 1, 2].some(d => isOrange(Math.round(x) + d));
    return Array.from({ length: columns - 1 }, (_, i) => near((i + 1) / columns * image.width));
  }, [shot, columns]);
  assert.deepEqual(shown, Array(columns - 1).fill(true), "its lines are seen, not hidden by the picture");
});

test("a long answer stops at Escape, and the next one comes", async () => {
  await drop("02", "paste");
  await page.route("**/v1/chat/completions", route => {
    const body = { ...route.request().postDataJSON(), max_tokens: 900, grammar: "root ::= [a-z ]{1500}" };
    return route.continue({ postData: JSON.stringify(body) });
  });
  await page.fill("#question", question);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".assistant")?.textContent.length > 10);
  await page.keyboard.press("Escape");
  await ended();
  assert.match(await page.locator("#figures").textContent(), /stopped/);
  await page.unroute("**/v1/chat/completions");
  await page.click("#again");
  await drop("02");
  await page.fill("#question", question);
  await page.click("#send");
  await page.locator(".assistant:not(.running)").waitFor();
  assert.equal(await page.locator(".assistant").textContent(), answer);
});

test("a conversation goes on about the same picture", async () => {
  await drop("03");
  for (const [i, asked] of ["How many shapes are there?", question].entries()) {
    await page.fill("#question", asked);
    await page.keyboard.press("Enter");
    await page.locator(".assistant:not(.running)").nth(i).waitFor();
    await ended();
  }
  assert.equal(await page.locator(".assistant").first().textContent(), "3");
  assert.equal(await page.locator(".assistant").count(), 2);
});

test("what is no picture is refused in words", async () => {
  await page.setInputFiles("#file", { name: "a.png", mimeType: "image/png", buffer: Buffer.from("no") });
  await page.locator("#problem:not(:empty)").waitFor();
  problems = problems.filter(p => !p.includes("400")); // the browser notes the status
});

test("everything can be reached by keyboard", async () => {
  await page.keyboard.press("Shift+Tab");
  const order = [];
  for (let i = 0; i < 4; i++) {
    order.push(await page.evaluate(() => document.activeElement.id || document.activeElement.tagName));
    await page.keyboard.press("Tab");
  }
  for (const id of ["SUMMARY", "question", "send"]) assert.ok(order.includes(id), id + " in " + order);
  const chooser = page.waitForEvent("filechooser");
  await page.locator("#drop").press("Enter");
  await (await chooser).setFiles(picture("02"));
  await page.getByText("image tokens").waitFor();
});

for (const scheme of ["light", "dark"]) {
  test(`it has enough contrast in ${scheme}`, async () => {
    await page.emulateMedia({ colorScheme: scheme });
    await drop("12");
    await page.fill("#question", question);
    await page.keyboard.press("Enter");
    await page.locator(".assistant:not(.running)").waitFor();
    await ended();
    await page.click("summary");
    const contrast = await page.evaluate(() => {
      const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const light = colour => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v =>
          v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const behind = e => {
        for (; e; e = e.parentElement) {
          const colour = getComputedStyle(e).backgroundColor;
          if (!/, 0\)$/.test(colour) && colour !== "transparent") return colour;
        }
        return "white";
      };
      return ["#model", "#tiles", "#figures", ".user", ".assistant", "#send", "#again", "td", "h1"].map(s => {
        const e = document.querySelector(s);
        const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
        return [s, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
      });
    });
    for (const [s, ratio] of contrast) assert.ok(ratio >= 4.5, `${s}: ${ratio.toFixed(2)}`);
    const folder = process.env.SCREENSHOTS;
    if (folder) await page.screenshot({ path: `${folder}/page-${scheme}.png` });
  });
}
