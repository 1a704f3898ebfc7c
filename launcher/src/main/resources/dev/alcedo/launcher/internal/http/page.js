// Asks Alcedo about a picture. Talks to this server alone; keeps nothing when it is closed.

const at = id => document.getElementById(id);
const steps = { image: "looking at the picture", prefill: "reading the question" };

let key = "";
let picture = null; // {url: as requests name it}
let messages = []; // the conversation as the API takes it
let running = null; // the AbortController of the answer that streams

async function call(path, body, signal) {
  const headers = key ? { Authorization: "Bearer " + key } : {};
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method: body ? "POST" : "GET", headers, signal, body: body && JSON.stringify(body),
  });
  if (response.ok) return response;
  at("key").hidden = response.status !== 401;
  const failure = await response.json().catch(() => null);
  throw new Error(failure?.error?.message ?? `the server answered with status ${response.status}`);
}

function tell(problem) {
  at("problem").textContent = problem ? String(problem.message ?? problem) : "";
}

// The model and where it runs; asks again while it is being loaded.
async function showModel() {
  try {
    const model = (await (await call("v1/models")).json()).data[0];
    at("model").textContent = `${model.id}: ${model.meta.family}`;
    const rows = model.meta.placement.map(p => {
      const row = document.createElement("tr");
      for (const text of [p.stage, p.backend, p.device]) {
        row.append(Object.assign(document.createElement("td"), { textContent: text }));
      }
      row.title = p.reason;
      return row;
    });
    at("placement").tBodies[0].replaceChildren(...rows);
    at("drop").hidden = !model.meta.has_pictures;
    tell(null);
  } catch (problem) {
    if (at("key").hidden) setTimeout(showModel, 1000);
    else tell(problem);
  }
}

function readAsUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

// Shows a picture and hands it in at once, so that it is encoded while the question is typed.
async function take(file) {
  if (!file) return;
  reset();
  try {
    const data = await readAsUrl(file);
    const report = await (await call("v1/images", { image: data })).json();
    draw(data, report);
    picture = { url: "alcedo:" + report.id };
    at("question").focus();
  } catch (problem) {
    tell(problem);
  }
}

// The canvas of the grid with the picture in its middle, as the model gets it.
function draw(data, report) {
  const { columns, rows } = report.grid;
  const scale = Math.min(columns / report.width, rows / report.height);
  const width = report.width * scale, height = report.height * scale;
  const image = at("picture");
  image.src = data;
  image.style.left = (columns - width) / 2 / columns * 100 + "%";
  image.style.top = (rows - height) / 2 / rows * 100 + "%";
  image.style.width = width / columns * 100 + "%";
  image.style.height = height / rows * 100 + "%";
  const grid = at("grid");
  grid.setAttribute("viewBox", `-0.01 -0.01 ${columns + 0.02} ${rows + 0.02}`);
  grid.replaceChildren();
  for (const style of ["halo", "tile"]) {
    for (let i = 0; i < columns * rows; i++) {
      const tile = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const box = { x: i % columns, y: Math.floor(i / columns), width: 1, height: 1, class: style };
      for (const name in box) tile.setAttribute(name, box[name]);
      grid.append(tile);
    }
  }
  at("canvas").hidden = false;
  at("invitation").hidden = true;
  at("tiles").textContent = `${report.width} × ${report.height} pixels, ${columns} × ${rows} ` +
    `tile${columns * rows > 1 ? "s" : ""}${report.has_overview ? " and an overview" : ""}, ` +
    `${report.image_tokens} image tokens`;
}

function addTurn(role, text) {
  const turn = Object.assign(document.createElement("p"), { className: role, textContent: text });
  at("turns").append(turn);
  turn.scrollIntoView({ block: "nearest" });
  return turn;
}

function reset() {
  running?.abort();
  messages = [];
  picture = null;
  at("turns").replaceChildren();
  at("canvas").hidden = true;
  at("invitation").hidden = false;
  at("picture").removeAttribute("src");
  for (const id of ["tiles", "figures", "problem"]) at(id).textContent = "";
}

// The JSON objects of an event stream.
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error("the answer broke off");
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines.filter(l => l.startsWith("data: "))) {
      if (line === "data: [DONE]") return;
      yield JSON.parse(line.slice(6));
    }
  }
}

function showProgress(progress) {
  at("work").hidden = !progress || progress.done >= progress.total;
  if (!progress) return;
  at("step").textContent = steps[progress.step] ?? progress.step;
  at("progress").max = progress.total;
  at("progress").value = progress.done;
}

function showFigures(times, count, end) {
  const parts = [`first token after ${Math.round(times.first - times.start)} ms`];
  if (end?.image_ms > 0) parts.unshift(`picture ${Math.round(end.image_ms)} ms`);
  const rate = end ? end.predicted_per_second : (count - 1) / (times.last - times.first) * 1000;
  parts.push(`${count} tokens`);
  if (Number.isFinite(rate) && rate > 0) parts.push(`${rate.toFixed(1)} tokens/s`);
  at("figures").textContent = parts.join(" · ");
}

async function ask(question) {
  const content = [{ type: "text", text: question }];
  if (picture && messages.length === 0) {
    content.unshift({ type: "image_url", image_url: { url: picture.url } });
  }
  const asked = [...messages, { role: "user", content }];
  tell(null);
  at("figures").textContent = "";
  addTurn("user", question);
  const turn = addTurn("assistant running", "");
  const mine = running = new AbortController();
  setRunning(true);
  const times = { start: performance.now() };
  let count = 0, isWhole = false;
  try {
    const body = { messages: asked, stream: true, return_progress: true };
    for await (const event of events(await call("v1/chat/completions", body, mine.signal))) {
      if (event.error) throw new Error(event.error.message);
      if (event.progress) showProgress(event.progress);
      const text = event.choices[0]?.delta.content;
      if (text) {
        times.last = performance.now();
        times.first ??= times.last;
        showProgress(null);
        turn.append(text);
        showFigures(times, ++count);
      }
      if (event.timings && times.first) showFigures(times, event.timings.predicted_n, event.timings);
    }
    isWhole = true;
  } catch (problem) {
    if (problem.name !== "AbortError") tell(problem);
    else if (running === mine) at("figures").textContent += " · stopped";
  }
  turn.classList.remove("running");
  if (running !== mine) return; // a new conversation has begun
  if (isWhole || turn.textContent) {
    messages = [...asked, { role: "assistant", content: turn.textContent || " " }];
  } else {
    turn.remove();
  }
  running = null;
  setRunning(false);
}

function setRunning(isRunning) {
  at("stop").hidden = !isRunning;
  at("send").hidden = isRunning;
  if (!isRunning) showProgress(null);
}

function stop() {
  running?.abort();
  at("question").focus();
}

at("ask").addEventListener("submit", event => {
  event.preventDefault();
  const question = at("question").value.trim();
  if (!question || running) return;
  at("question").value = "";
  ask(question);
});
at("question").addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at("ask").requestSubmit();
  }
});
addEventListener("keydown", event => { if (event.key === "Escape") stop(); });
at("stop").addEventListener("click", stop);
at("again").addEventListener("click", () => { reset(); running = null; setRunning(false); at("question").focus(); });
at("key").addEventListener("submit", event => {
  event.preventDefault();
  key = at("secret").value;
  at("key").hidden = true;
  tell(null);
  showModel();
});

at("drop").addEventListener("click", () => at("file").click());
at("drop").addEventListener("keydown", event => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    at("file").click();
  }
});
at("file").addEventListener("change", () => { take(at("file").files[0]); at("file").value = ""; });
addEventListener("dragover", event => { event.preventDefault(); at("drop").classList.add("over"); });
addEventListener("dragleave", () => at("drop").classList.remove("over"));
addEventListener("drop", event => {
  event.preventDefault();
  at("drop").classList.remove("over");
  take(event.dataTransfer.files[0]);
});
addEventListener("paste", event => {
  const file = [...event.clipboardData.files].find(f => f.type.startsWith("image/"));
  if (file) {
    event.preventDefault();
    take(file);
  }
});

showModel();
