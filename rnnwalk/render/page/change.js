// Change: any number that was given, and what is read.
"use strict";

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
