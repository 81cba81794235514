// Change: any number that was given, and what is read.

const symbols = ["symbols", "vectors"].includes(model.reads); // else numbers are read, which are typed
const editable = (i) =>
  record.edited.includes(nodes[i].group) || (nodes[i].group === "input" && !symbols) || (nodes[i].group === "target" && model.gives_numbers);

function editor(i, at) {
  const value = number(i, at), reach = Math.max(2, 2 * Math.abs(value));
  const label = element("label", { className: "edit", textContent: "Change it: " });
  const box = element("input", { type: "number", id: "value", step: "any", value: String(value) });
  const slider = element("input", { type: "range", id: "slider", min: String(-reach), max: String(reach), step: String(reach / 200), value: String(value), ariaLabel: "Change it by dragging" });
  box.addEventListener("change", () => Number.isFinite(box.valueAsNumber) && change([[i, at, box.valueAsNumber]]));
  let begun = false; // however far it is dragged, it is one change
  slider.addEventListener("input", () => {
    const first = !begun;
    begun = true;
    change([[i, at, slider.valueAsNumber]], first);
  });
  slider.addEventListener("change", () => (begun = false));
  label.addEventListener("changed", () => {
    if (document.activeElement !== slider) slider.value = number(i, at);
    if (document.activeElement !== box) box.value = number(i, at);
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

/** What one word reads at a letter, or aims at, becomes another symbol; a letter is also what the one before it aims at. */
function choose(name, c, row) {
  const list = [];
  const set = (each) => {
    const i = byKey.get(each);
    if (i !== undefined) for (let r = 0; r < nodes[i].shape[0]; r++) list.push([i, r * words.length + c, r === row ? 1 : 0]);
  };
  const [field, letter] = name.split("_");
  set(name);
  if (model.names_next) set(field === "x" ? `target_${letter - 1}` : `x_${+letter + 1}`);
  change(list);
  if (now) ask(...now); // another letter picks other weights
}

function selector(name, c, options, label) {
  const select = element("select", { ariaLabel: label });
  select.append(...options.map((option, row) => element("option", { value: String(row), textContent: option })));
  select.addEventListener("change", () => choose(name, c, +select.value));
  selects.push({ select, name, c });
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
    if (node.group === "initial" && values[i].data.some((value) => value !== 0)) file[node.key.replace("_", "")] = column(node.key, 0);
  }
  const link = element("a", { download: "weights.json", href: URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
