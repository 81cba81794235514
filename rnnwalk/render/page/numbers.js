// The record, and every number of the page as it is now.
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
