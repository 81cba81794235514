// Change: any number that was given, and what is read.

const symbols = model.reads !== "numbers"; // which are typed
const editable = (i) =>
  record.edited.includes(nodes[i].group) || (nodes[i].group === "input" && (ranked || !symbols)) || (nodes[i].group === "target" && model.gives_numbers);

function editor(i, at) {
  const written = () => (Number.isFinite(number(i, at)) ? String(number(i, at)) : "");
  const value = +written(), reach = Math.max(2, 2 * Math.abs(value)), rank = ranked && nodes[i].group === "input", most = model.vocabulary.length - 1;
  const [from, to, step] = rank ? [0, most, 1] : [-reach, reach, reach / 200];
  const label = element("label", { className: "edit", textContent: "Change it: " });
  const box = element("input", { type: "text", id: "value", autocomplete: "off", value: written() }); // a number field makes 5 of 0,5
  const slider = element("input", { type: "range", id: "slider", min: String(from), max: String(to), step: String(step), value: String(value), ariaLabel: "Change it by dragging" });
  const wrong = element("small", { className: "wrong", role: "alert" });
  const expected = rank ? `a word's rank, a whole number from 0 to ${most}` : "one with a decimal point, as 0.5, of at most 1e100";
  const good = (asked_for) => (rank ? Number.isInteger(asked_for) && asked_for >= 0 && asked_for <= most : fits(asked_for));
  const list = (asked_for) => (rank ? chosen(nodes[i].key, at % words.length, asked_for) : [[i, at, asked_for]]);
  const take = () => {
    const typed_now = box.value.trim().replace("−", "-"), asked_for = /^[-+.\deE]+$/.test(typed_now) ? Number(typed_now) : NaN;
    wrong.textContent = good(asked_for) ? "" : `That is no number here: give ${expected}.`;
    if (good(asked_for) && asked_for !== number(i, at)) change(list(asked_for));
  };
  box.addEventListener("focus", () => box.select());
  box.addEventListener("change", take);
  box.addEventListener("keydown", (event) => event.key === "Enter" && take()); // what is no number changes nothing
  let frame = 0, resting = 0, mine = null; // what is given, as the slider left it: however far it is moved, it is one change
  const slide = () => {
    if (!frame) return; // it was done already
    frame = 0;
    change(list(slider.valueAsNumber), given !== mine, true);
    mine = given;
  };
  slider.addEventListener("input", () => (frame ||= requestAnimationFrame(slide))); // once a frame is enough
  slider.addEventListener("change", () => { // keys change it step by step, with little rest between them
    slide();
    clearTimeout(resting);
    resting = setTimeout(() => (mine = null), 1000);
  });
  for (const kind of ["pointerdown", "blur"]) slider.addEventListener(kind, () => (mine = null));
  label.addEventListener("changed", () => {
    const now = Math.abs(+written());
    if (!rank && now > +slider.max) [slider.min, slider.max] = [String(-2 * now), String(2 * now)]; // a key is a small step from there
    if (document.activeElement !== slider) slider.value = +written();
    if (document.activeElement === box) return;
    box.value = written();
    wrong.textContent = "";
  });
  label.addEventListener("cancelled", () => (box.value = written()));
  label.append(box, slider, wrong);
  return label;
}

/** Whether a number may stand in a weight file. */
const fits = (value) => Math.abs(value) <= 1e100; // NaN does not

/** Change numbers: of node i at a place to a value. undoable: whether this begins something to be undone. moving: see compute. */
function change(list, undoable = true, moving = false) {
  running = false;
  if (undoable) remember();
  given = new Map(given);
  for (const [i, at, value] of list) {
    const data = Float64Array.from(given.get(i) ?? nodes[i].data);
    data[at] = value;
    given.set(i, data);
  }
  compute(moving);
}

/** Compute and show what is given now. moving: whether more is to come at once. */
function compute(moving = false) {
  values = given.size ? computed(given) : recorded;
  show(moving);
}

/** The numbers that change where one word reads, or aims at, another symbol; a letter is also what the one before it aims at. */
function chosen(name, c, row) {
  const list = [];
  const set = (each) => {
    const i = byKey.get(each);
    if (i === undefined) return;
    const rows = nodes[i].shape[0];
    for (let r = 0; r < rows; r++) list.push([i, r * words.length + c, rows === 1 && ranked ? row : +(r === row)]);
  };
  const [field, letter] = name.split("_");
  set(name);
  if (model.names_next) set(field === "x" ? `target_${letter - 1}` : `x_${+letter + 1}`);
  return list;
}

function choose(name, c, row) {
  change(chosen(name, c, row));
  if (now) ask(...now, true); // another letter picks other weights
}

/** unheld: the rows of what no word can hold, and is not offered. */
function selector(name, c, options, label, unheld = []) {
  const select = element("select", { ariaLabel: label, autocomplete: "off" });
  select.append(...options.flatMap((option, row) => (unheld.includes(row) ? [] : [element("option", { value: String(row), textContent: option })])));
  select.addEventListener("change", () => choose(name, c, +select.value));
  selects.push({ select, name, c });
  return select;
}

/** What a word reads at a letter, and what is true after one, as they are typed. */
const typedSymbol = (letter, c) => {
  const data = column(`x_${letter}`, c);
  return model.reads === "numbers" ? data.join(",") : model.file.vocabulary[rowOf(data)];
};
const typedAnswer = (letter, c) =>
  model.gives_numbers ? column(`target_${letter}`, c).join(",") : (model.classes ?? model.file.vocabulary)[aimed(letter, c)];

/** The word as it is typed, with the letter that it ends with, and the answers that it does not hold. */
function typed(c) {
  const read = letters.map((letter) => typedSymbol(letter, c));
  const truths = outputs.filter((letter) => byKey.has(`target_${letter}`)).map((letter) => typedAnswer(letter, c));
  const word = (model.ends ? [...read, truths.at(-1)] : read).filter((each) => each !== model.padding);
  return { word: word.join(model.between), truths: model.ends ? [] : truths };
}

/** The file that --weights reads, of what is on the page now; it names no word where there are several. */
function weightFile() {
  const { word, truths } = typed(0), one = words.length === 1;
  const file = { ...model.file, word, ...(model.by && { symbols: model.by }), weights: {} };
  delete file.target;
  if (!one) delete file.word;
  if (one && truths.length) file.target = model.every ? truths : truths[0];
  for (const [name, form] of Object.entries(model.weights)) {
    const i = byKey.get(name), [, columns] = nodes[i].shape;
    const data = Array.from(nodes[i].data, (_, at) => number(i, at));
    file.weights[name] = form === "column" ? data : [...Array(nodes[i].shape[0]).keys()].map((r) => data.slice(r * columns, (r + 1) * columns));
  }
  for (const node of nodes) {
    if (node.group !== "initial") continue;
    const start = column(node.key, 0), name = node.key.replace("_", "");
    delete file[name];
    if (start.some((value) => value !== 0)) file[name] = start;
  }
  return file;
}

/** The first weight, or number of the initial state, that no file holds. */
function unfit() {
  for (const [i, node] of nodes.entries()) {
    if (node.group !== "weight" && node.group !== "initial") continue;
    const at = [...node.data.keys()].find((each) => !fits(number(i, each)));
    if (at !== undefined) return `${symbol(i, at)} is ${text(i, at)}`;
  }
  return "";
}

/** The first number with a name that no float holds: of the way forward, for which no network is walked, or of all. */
function tooLarge(last = byKey.get("loss") ?? record.made) {
  for (let i = 0; i <= last; i++) {
    const at = nodes[i].key ? values[i].data.findIndex((value) => !Number.isFinite(value)) : -1;
    if (at >= 0) return symbol(i, at);
  }
  return "";
}

/** What of the walk on the screen no weight file says, in sentences. */
function untold() {
  const found = [];
  const parted = ({ group, key: name }) => group === "initial" && words.some((c) => String(column(name, c)) !== String(column(name, 0)));
  if (nodes.some(parted)) found.push("A weight file holds one initial state: here that of the first word. ");
  const { maxlen, padding } = model.file.text ?? {}, pad = model.padding;
  const moved = (c) => {
    const read = letters.map((letter) => typedSymbol(letter, c)), text = read.filter((each) => each !== pad);
    const gap = Array(Math.max(0, (maxlen ?? 0) - text.length)).fill(pad);
    return String(padding === "post" ? [...text, ...gap] : [...gap, ...text]) !== String(read);
  };
  const where = maxlen ? `with it at its ${padding === "post" ? "end" : "beginning"} alone` : "without it";
  if (pad && words.some(moved)) found.push(`A text holds no “${pad}”: it is walked ${where}. `);
  return found.join("");
}

const quoted = (word) => (/^[\w,.]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The command that walks what is on the page now. */
function command() {
  if (words.length === 1) return "rnnwalk walk --weights weights.json";
  const all = words.map(typed), hidden = all.some(({ word }) => word.startsWith("-")) ? ["--"] : [];
  const targets = all.flatMap(({ truths }) => (truths.length ? ["--target", quoted(truths.map((each) => (/\s/.test(each) ? `"${each}"` : each)).join(" "))] : []));
  return ["rnnwalk walk --weights weights.json", ...targets, ...hidden, ...all.map(({ word }) => quoted(word))].join(" ");
}

function download() {
  const note = document.getElementById("note"), weight = unfit(), result = tooLarge();
  const wrong = weight ? `${weight}, and a weight file holds numbers of at most 1e100` : result && `these numbers make ${result} too large to be walked`;
  note.replaceChildren(wrong ? `Not saved: ${wrong}. Undo or Reset goes back.` : "");
  if (wrong) return;
  const link = element("a", { download: "weights.json", href: URL.createObjectURL(new Blob([JSON.stringify(weightFile())], { type: "application/json" })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  note.append(untold(), words.length > 1 ? "The file names no word; all of these are walked by " : "It is walked by ", element("code", { textContent: command() }));
}
