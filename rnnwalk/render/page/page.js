// The page: ask a number, step through time, change what was given, train.
"use strict";

const record = JSON.parse(document.getElementById("record").textContent);
const { nodes, heads, model } = record;
const special = { inf: Infinity, "-inf": -Infinity, nan: NaN };
for (const node of nodes) node.data = Float64Array.from(node.data, (v) => (typeof v === "string" ? special[v] : v));

const byKey = new Map(nodes.map((node, i) => [node.key, i]).filter(([key]) => key));
const recorded = nodes.map((node) => ({ rows: node.shape[0], columns: node.shape[1], data: node.data }));
const first = evaluate(nodes, new Map()); // as this browser computes it: its tanh may differ from NumPy's in the last bit
let given = new Map(); // what was changed: the number of a node and its new data
let values = recorded;
let past = []; // for undo
const asked = document.getElementById("asked");
const tools = document.getElementById("tools");
const place = (i, at) => [Math.floor(at / nodes[i].shape[1]), at % nodes[i].shape[1]];

// ---- What is shown ----

const differs = (i, at) => values !== recorded && values[i].data[at] !== first[i].data[at];
const number = (i, at) => (differs(i, at) ? values[i].data[at] : recorded[i].data[at]);

/** How many decimals a number has: given ones as few as show them, changed ones all. */
const decimals = (i, at) => (differs(i, at) && nodes[i].group !== "input" ? record.digits : nodes[i].digits);
const text = (i, at) => shown(number(i, at), decimals(i, at));

/** [row, column] as an element is named: by its headings, where there are some. */
function index(i, at) {
  const parts = place(i, at).map((where, axis) => heads[nodes[i].heads[axis]][where]).filter((part) => part !== undefined);
  return parts.length ? `[${parts.join(",")}]` : "";
}

function symbol(i, at) {
  const name = nodes[i].symbol, found = index(i, at);
  return found && nodes[i].binding < CALL ? `(${name})${found}` : name + found;
}

const key = (i, at) => nodes[i].key + index(i, at);

/** symbol = formula = numbers put in = result. */
function line(i, at) {
  const expr = unfold(nodes, current(), i, ...place(i, at));
  const result = text(i, at);
  if (expr.op === "leaf") return [symbol(i, at), result];
  const short = shorten(expr);
  const names = write(short, record.notation, (leaf) => [symbol(leaf.node, flat(leaf)), ATOM]);
  const numbers = write(short, record.notation, (leaf) => {
    const shownHere = text(leaf.node, flat(leaf));
    return [shownHere, shownHere.startsWith("-") ? SIGN : ATOM];
  });
  return [symbol(i, at), names, numbers, result];
}

const flat = (leaf) => leaf.at[0] * nodes[leaf.node].shape[1] + leaf.at[1];
const current = () => (values === recorded ? recorded : values);

/** Write every number of the page anew. */
function show() {
  const changed = values !== recorded;
  document.body.classList.toggle("changed", changed);
  for (const cell of document.querySelectorAll("td[data-n]")) {
    const i = +cell.dataset.n, at = +cell.dataset.i;
    cell.textContent = text(i, at);
    cell.classList.toggle("differs", differs(i, at));
  }
  for (const code of document.querySelectorAll("[data-line]")) {
    code.dataset.first ??= code.innerHTML;
    if (!changed) code.innerHTML = code.dataset.first;
    else code.textContent = line(+code.dataset.line, +code.dataset.i).filter((_, part) => part !== 1).join(" = ");
  }
  for (const rect of document.querySelectorAll("[data-shade]")) {
    const value = number(+rect.dataset.n, +rect.dataset.i);
    rect.setAttribute("fill-opacity", (0.6 * Math.min(Math.abs(value) || 0, 1)).toFixed(2));
    rect.nextElementSibling.textContent = shown(value, 2);
  }
  for (const bar of document.querySelectorAll("[data-bar]")) {
    if (!model.gives_numbers) bar.setAttribute("width", (46 * (number(+bar.dataset.bar, +bar.dataset.i) || 0)).toFixed(1));
  }
  for (const meter of document.querySelectorAll("[data-meter]")) meter.value = number(+meter.dataset.meter, +meter.dataset.i);
  for (const said of document.querySelectorAll("[data-said]")) said.textContent = answer(+said.dataset.said);
  for (const read of document.querySelectorAll("[data-read]")) read.textContent = letterOf(`x_${read.dataset.read}`) ?? read.textContent;
  for (const [name, select] of selects) select.value = String(hot(name));
  if (tools.querySelector("#loss") && byKey.has("loss")) tools.querySelector("#loss").textContent = `loss ${text(byKey.get("loss"), 0)}`;
  tools.querySelector("#undo").disabled = !past.length;
  tools.querySelector("#reset").disabled = !changed;
  if (now) ask(...now, false);
}

/** The row of the largest number, the first of those that are nearly equal. */
function largest(data) {
  const most = Math.max(...data);
  return data.findIndex((value) => value >= most - 1e-12);
}

function answer(letter) {
  if (model.gives_numbers) return [...nodes[byKey.get(`y_${letter}`)].data.keys()].map((at) => text(byKey.get(`y_${letter}`), at)).join(" ");
  const i = byKey.get(`p_${letter}`);
  return model.answers[largest(nodes[i].data.map((_, at) => number(i, at)))];
}

const hot = (name) => (byKey.has(name) ? [...nodes[byKey.get(name)].data.keys()].findIndex((at) => number(byKey.get(name), at) === 1) : -1);
const letterOf = (name) => (model.reads_symbols ? model.vocabulary[hot(name)] : undefined);

// ---- Ask ----

let now = null;
let trail = [];
const marked = [];

/** The named values that use each value, through values without a name. */
const users = nodes.map(() => new Set());
nodes.forEach((node, i) => {
  const found = new Set(), stack = [...(node.of ?? [])];
  while (stack.length) {
    const j = stack.pop();
    if (found.has(j)) continue;
    found.add(j);
    if (!nodes[j].key) stack.push(...(nodes[j].of ?? []));
  }
  if (node.key) for (const j of found) users[j].add(i);
});
const isHot = (i) => nodes[i].group === "input" || nodes[i].group === "target";
const sources = (i, at) => leaves(unfold(nodes, current(), i, ...place(i, at)), isHot).filter((leaf) => leaf.node !== i);

function goesInto(i, at) {
  const found = [];
  for (const user of users[i]) {
    for (let each = 0; each < nodes[user].data.length && found.length < 200; each++) {
      if (sources(user, each).some((leaf) => leaf.node === i && flat(leaf) === at)) found.push([user, each]);
    }
  }
  return found;
}

function mark(list, kind) {
  for (const [i, at] of list) {
    for (const cell of document.querySelectorAll(`[data-n="${i}"][data-i="${at}"]`)) {
      cell.classList.add(kind);
      marked.push([cell, kind]);
    }
  }
}

function ask(i, at, anew = true) {
  for (const [cell, kind] of marked.splice(0)) cell.classList.remove(kind);
  now = [i, at];
  if (anew) {
    trail = trail.filter(([j, b]) => j !== i || b !== at).concat([now]).slice(-12);
    history.replaceState(null, "", `#${encodeURIComponent(key(i, at)).replaceAll("%5B", "[").replaceAll("%5D", "]").replaceAll("%2C", ",")}`);
  }
  const from = [...new Map(sources(i, at).map((leaf) => [`${leaf.node} ${flat(leaf)}`, [leaf.node, flat(leaf)]])).values()];
  const into = goesInto(i, at);
  mark(from, "source");
  mark(into, "user");
  mark([now], "now");
  const panel = document.createDocumentFragment();
  const path = element("nav", { className: "trail", ariaLabel: "What was asked" });
  path.append(...trail.map(([j, b]) => button(symbol(j, b), () => ask(j, b), j === i && b === at ? "here" : "")));
  const close = button("×", hide, "close");
  close.ariaLabel = "Close";
  const told = element("p", { className: "told" });
  line(i, at).forEach((part, n) => told.append(n ? element("span", { textContent: " = " }) : "", element("code", { textContent: part })));
  panel.append(path, close, told);
  if (differs(i, at)) panel.append(element("p", { textContent: `It was ${shown(recorded[i].data[at], nodes[i].digits)}.` }));
  if (editable(i)) panel.append(editor(i, at));
  panel.append(list("Made of", from, "◂"), list("Goes into", into, "▸"));
  const held = asked.contains(document.activeElement) && document.activeElement.id;
  asked.replaceChildren(panel);
  asked.hidden = false;
  if (held && asked.querySelector(`#${held}`)) asked.querySelector(`#${held}`).focus();
}

function hide() {
  for (const [cell, kind] of marked.splice(0)) cell.classList.remove(kind);
  now = null;
  asked.hidden = true;
}

function list(title, found, sign) {
  const part = element("p", { className: "list" });
  part.append(element("b", { textContent: `${sign} ${title}: ` }));
  if (!found.length) part.append(title === "Made of" ? "it was given." : "nothing on this page.");
  part.append(...found.slice(0, 24).map(([i, at]) => button(`${symbol(i, at)} ${text(i, at)}`, () => ask(i, at))));
  if (found.length > 24) part.append(` … ${found.length - 24} more`);
  return part;
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function button(label, act, className = "") {
  const made = element("button", { type: "button", textContent: label, className });
  made.addEventListener("click", act);
  return made;
}

// ---- Change ----

const editable = (i) =>
  record.edited.includes(nodes[i].group) || (nodes[i].group === "input" && !model.reads_symbols) || (nodes[i].group === "target" && model.gives_numbers);

function editor(i, at) {
  const value = number(i, at), reach = Math.max(2, 2 * Math.abs(value));
  const label = element("label", { className: "edit", textContent: "Change it: " });
  const box = element("input", { type: "number", id: "value", step: "any", value: String(value) });
  const slider = element("input", { type: "range", id: "slider", min: String(-reach), max: String(reach), step: String(reach / 200), value: String(value), ariaLabel: "Change it by dragging" });
  box.addEventListener("change", () => Number.isFinite(box.valueAsNumber) && change([[i, at, box.valueAsNumber]]));
  let begun = false;
  slider.addEventListener("input", () => {
    change([[i, at, slider.valueAsNumber]], !begun);
    begun = true;
  });
  label.append(box, slider);
  return label;
}

/** Change numbers: of node i at a place to a value. undoable: whether this begins something to be undone. */
function change(list, undoable = true) {
  if (undoable) past.push(new Map(given));
  given = new Map(given);
  for (const [i, at, value] of list) {
    const data = Float64Array.from(given.get(i) ?? nodes[i].data);
    data[at] = value;
    given.set(i, data);
  }
  compute();
}

function compute() {
  values = given.size ? evaluate(nodes, given) : recorded;
  show();
}

/** What is read at a letter, or aimed at, becomes another symbol; a letter is also what the one before it aims at. */
function choose(name, row) {
  const list = [];
  const set = (each) => {
    if (byKey.has(each)) nodes[byKey.get(each)].data.forEach((_, at) => list.push([byKey.get(each), at, at === row ? 1 : 0]));
  };
  set(name);
  const letter = +name.split("_")[1];
  if (model.names_next && name.startsWith("x_")) set(`target_${letter - 1}`);
  if (model.names_next && name.startsWith("target_")) set(`x_${letter + 1}`);
  change(list);
}

const selects = new Map();
function selector(name, options, label) {
  const select = element("select", { ariaLabel: label });
  select.append(...options.map((option, row) => element("option", { value: String(row), textContent: option })));
  select.addEventListener("change", () => choose(name, +select.value));
  selects.set(name, select);
  return select;
}

function download() {
  const file = { ...model.file, weights: {} };
  for (const [name, form] of Object.entries(model.weights)) {
    const i = byKey.get(name), [, columns] = nodes[i].shape;
    const data = Array.from(nodes[i].data, (_, at) => number(i, at));
    file.weights[name] = form === "column" ? data : [...Array(nodes[i].shape[0]).keys()].map((r) => data.slice(r * columns, (r + 1) * columns));
  }
  for (const [i, node] of nodes.entries()) {
    if (node.group === "initial" && values[i].data.some((value) => value !== 0)) file[node.key.replace("_", "")] = Array.from(values[i].data);
  }
  const link = element("a", { download: "weights.json", href: URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// ---- Train ----

const losses = [];
let running = false;

function train(steps) {
  if (!losses.length) losses.push(number(byKey.get("loss"), 0));
  for (let step = 0; step < steps; step++) {
    const after = new Map(given);
    for (const [name, i] of Object.entries(record.updated)) after.set(byKey.get(name), Float64Array.from(values[i].data));
    given = after;
    values = evaluate(nodes, given);
    losses.push(values[byKey.get("loss")].data[0]);
  }
}

function learn(steps) {
  past.push(new Map(given));
  running = true;
  let left = steps;
  const go = () => {
    if (!running || left <= 0) {
      running = false;
      show();
      return;
    }
    train(1);
    left -= 1;
    draw();
    show();
    requestAnimationFrame(go);
  };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    train(steps);
    running = false;
    draw();
    show();
  } else go();
}

function draw() {
  const most = Math.max(...losses.filter(Number.isFinite)) || 1;
  const points = losses.map((loss, i) => `${(200 * i) / Math.max(losses.length - 1, 1)},${44 - 40 * (loss / most || 0)}`);
  tools.querySelector("#curve polyline").setAttribute("points", points.join(" "));
  const said = letters.filter((letter) => byKey.has(`p_${letter}`)).map(answer).join(model.vocabulary.every((each) => each.length === 1) ? "" : " ");
  tools.querySelector("#said").textContent = `after ${losses.length - 1} step${losses.length === 2 ? "" : "s"} it says “${said}”`;
}

function back() {
  running = false;
  losses.length = 0;
  tools.querySelector("#curve polyline")?.setAttribute("points", "");
  if (tools.querySelector("#said")) tools.querySelector("#said").textContent = "";
}

// ---- The tools ----

const letters = [...byKey.keys()].filter((name) => /^x_\d+$/.test(name)).map((name) => +name.slice(2));
const sections = [...document.querySelectorAll("main > section")];
let open = 0;

function go(step) {
  open = Math.min(Math.max(open + step, 0), sections.length - 1);
  sections[open].scrollIntoView({ block: "start" });
  slider.value = String(open);
  slider.ariaValueText = sections[open].querySelector("h2")?.textContent ?? "";
}

const slider = element("input", { type: "range", min: "0", max: String(sections.length - 1), value: "0", ariaLabel: "Step of the walk" });
slider.addEventListener("input", () => {
  open = +slider.value;
  go(0);
});

function build() {
  const steps = element("div", { className: "group" });
  steps.append(button("◀", () => go(-1)), slider, button("▶", () => go(1)));
  steps.firstChild.ariaLabel = "Step back";
  steps.lastChild.ariaLabel = "Step on";
  const edits = element("div", { className: "group" });
  edits.append(
    element("output", { id: "loss" }),
    Object.assign(button("Undo", () => { back(); given = past.pop() ?? given; compute(); }), { id: "undo" }),
    Object.assign(button("Reset", () => { back(); past.push(given); given = new Map(); compute(); }), { id: "reset" }),
    button("Download weights", download),
    button("Large type", () => document.body.classList.toggle("large")),
  );
  tools.append(steps);
  if (model.reads_symbols) {
    const word = element("div", { className: "group", ariaLabel: "What is read" });
    word.setAttribute("role", "group");
    for (const letter of letters) word.append(selector(`x_${letter}`, model.vocabulary, `${model.noun} ${letter}`));
    const aim = `target_${letters.at(-1)}`;
    if (byKey.has(aim) && !model.gives_numbers) word.append("→", selector(aim, model.answers, "what is true at the end"));
    tools.append(word);
  }
  tools.append(edits);
  if (Object.keys(record.updated).length) {
    const learning = element("div", { className: "group" });
    const box = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    box.id = "curve";
    box.setAttribute("viewBox", "0 0 200 46");
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", "The loss, step by step");
    box.append(document.createElementNS("http://www.w3.org/2000/svg", "polyline"));
    learning.append(button("Learn: 1 step", () => learn(1)), button("100 steps", () => learn(100)), button("Pause", () => (running = false)), box, element("output", { id: "said" }));
    tools.append(learning);
  }
  tools.hidden = false;
}

function find(name) {
  const base = name.split("[")[0], i = byKey.get(base);
  if (i === undefined || !name.includes("[")) return i === undefined ? null : [i, 0];
  const at = [...nodes[i].data.keys()].find((each) => key(i, each) === name);
  return at === undefined ? null : [i, at];
}

document.addEventListener("click", (event) => {
  const cell = event.target.closest("[data-n]");
  if (cell) ask(+cell.dataset.n, +cell.dataset.i);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches("td[data-n]")) ask(+event.target.dataset.n, +event.target.dataset.i);
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select")) return;
  const cell = event.target.closest?.("td[data-n]");
  if (event.key === "Escape") hide();
  else if (cell && event.key.startsWith("Arrow")) {
    const [r, c] = [cell.parentElement.rowIndex, cell.cellIndex];
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const next = cell.closest("table").rows[r + down]?.cells[c + right];
    if (next?.dataset.n) next.focus();
    event.preventDefault();
  } else if (event.key === "ArrowRight") go(1);
  else if (event.key === "ArrowLeft") go(-1);
  else if (cell && event.key === "Enter") asked.querySelector("#value")?.focus();
});
window.addEventListener("hashchange", arrive);
window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => (each.open = true)));

function arrive() {
  const found = find(decodeURIComponent(location.hash.slice(1)));
  if (!found) return;
  ask(...found);
  document.querySelector(`td[data-n="${found[0]}"][data-i="${found[1]}"]`)?.scrollIntoView({ block: "center" });
}

for (const table of document.querySelectorAll("table.matrix")) {
  table.querySelectorAll("td[data-n]").forEach((cell, n) => (cell.tabIndex = n ? -1 : 0));
}
build();
show();
if (location.hash) arrive();
else if (document.body.dataset.open) {
  open = Math.max(0, sections.findIndex((each) => `${each.dataset.letter}-${each.dataset.step}` === document.body.dataset.open));
  go(0);
}
