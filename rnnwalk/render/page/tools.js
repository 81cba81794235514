// The tools above the walk, the keys, and the address.

const sections = [...document.querySelectorAll("main > section")];
let open = 0;
let bringing = 0;
let brought = NaN; // where the page was left, to be told from where one scrolls

/** Bring a thing into view, and again until it stands still: what is off the screen takes its true height only when it is near. */
function bring(thing, block) {
  const turn = ++bringing;
  let still = 0, before_it = NaN;
  const settle = (left) => {
    if (turn !== bringing || still > 5 || !left) return;
    thing.scrollIntoView({ block, behavior: "instant" });
    const { top } = thing.getBoundingClientRect();
    still = Math.abs(top - before_it) < 1 ? still + 1 : 0;
    before_it = top;
    brought = scrollY;
    requestAnimationFrame(() => settle(left - 1));
  };
  settle(90);
}
for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) { // a person goes elsewhere
  document.addEventListener(kind, () => (bringing += 1), { capture: true, passive: true });
}

let noting = 0;

/** Let the address lead here, where it does not name a number. */
function note() {
  if (!now && location.protocol !== "about:") history.replaceState(null, "", `#${sections[open].id}`);
}

/** Where one scrolls, the slider follows: to the section under the tools. */
function followScrolling() {
  const { scrollHeight } = document.documentElement, below = tools.offsetHeight + 24;
  if (Math.abs(scrollY - brought) < 2 || (open > 0 && scrollY + innerHeight > scrollHeight - 2)) return;
  brought = NaN;
  let from = 0, to = sections.length - 1; // they stand one below the other
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (sections[middle].getBoundingClientRect().top <= below) from = middle;
    else to = middle - 1;
  }
  if (from !== open) stand(from);
}
let settled = 0;
document.addEventListener("scroll", () => {
  requestAnimationFrame(followScrolling);
  if (waiting.length) renewNear();
  clearTimeout(settled);
  settled = setTimeout(followScrolling, 200); // sections that come near take their true height, and push others away
}, { passive: true });

/** The step that the slider stands at. */
function stand(step) {
  clearTimeout(noting);
  noting = setTimeout(note, 300);
  open = Math.min(Math.max(step, 0), sections.length - 1);
  slider.value = String(open);
  slider.ariaValueText = sections[open].querySelector("h2")?.textContent ?? "The network";
}

function go(step) {
  stand(open + step);
  bring(sections[open], "start");
}

const slider = element("input", { type: "range", min: "0", max: String(sections.length - 1), value: "0", ariaLabel: "Step of the walk" });
slider.addEventListener("input", () => {
  stand(+slider.value);
  go(0);
});

const NARROW = matchMedia("(max-width: 40rem), (max-height: 30rem)"); // there, and in large type, most tools are behind a word

function build() {
  const bar = element("div", { className: "group bar" });
  bar.append(
    button("◀", () => go(-1)),
    slider,
    button("▶", () => go(1)),
    element("output", { id: "loss", ariaLive: "off" }), // it is said when it stands still
    Object.assign(button("Undo", undo), { id: "undo" }),
  );
  bar.firstChild.ariaLabel = "Step back";
  bar.children[2].ariaLabel = "Step on";
  const more = element("details", { id: "more" });
  const inside = element("div", {});
  more.append(element("summary", { textContent: "Tools" }), inside);
  const fold = () => (more.open = !NARROW.matches && !document.body.classList.contains("large"));
  NARROW.addEventListener("change", fold);
  fold();
  if (symbols) for (const c of words) {
    const of = words.length > 1 ? ` of word ${c + 1}` : "";
    const word = element("div", { className: "group word", role: "group", ariaLabel: `What is read${of}` });
    for (const letter of letters) word.append(selector(`x_${letter}`, c, model.vocabulary, `${model.noun} ${letter}${of}`));
    const end = letters.at(-1);
    if (aims(end)) word.append("→", selector(`target_${end}`, c, model.answers, `what is true at the end${of}`));
    inside.append(word);
  }
  if (Object.keys(record.updated).length) inside.append(learning());
  const edits = element("div", { className: "group" });
  edits.append(
    Object.assign(button("Reset", () => { running = false; remember(); given = new Map(); compute(); }), { id: "reset" }),
    button("Download weights", download),
    button("Large type", () => {
      const here = scrollY && sections.find((each) => each.getBoundingClientRect().bottom > tools.offsetHeight + 40);
      document.body.classList.toggle("large");
      fold();
      if (here) bring(here, "start");
    }),
    element("output", { id: "note" }),
  );
  inside.append(edits);
  tools.append(bar, more);
  tools.hidden = false;
  const cover = () => {
    document.documentElement.style.scrollPaddingTop = `${tools.offsetHeight + 8}px`;
    document.documentElement.style.scrollPaddingBottom = `${asked.offsetHeight + 8}px`;
  };
  const observer = new ResizeObserver(cover);
  for (const each of [tools, asked]) observer.observe(each);
  cover();
}

/** Buttons that train, the curve of the loss, and the steps to go back to. */
function learning() {
  const made = element("div", { className: "group" });
  const svg = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const box = svg("svg"), curve = element("div", { className: "curve", hidden: true }); // until there is something to draw
  box.id = "curve";
  box.setAttribute("viewBox", "0 0 200 46");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", "The loss, step by step");
  box.append(svg("polyline"), svg("circle"));
  box.lastChild.setAttribute("r", 3);
  const steps_of = element("input", { type: "range", id: "rewind", ariaLabel: "Back to a step of learning", title: "Back to a step of learning" });
  steps_of.addEventListener("input", () => rewind(+steps_of.value));
  box.addEventListener("click", ({ clientX }) => {
    const { left, width } = box.getBoundingClientRect();
    const [from, to] = [+steps_of.min, +steps_of.max];
    steps_of.value = String(Math.round(from + ((clientX - left) / width) * (to - from))); // which keeps within its ends
    rewind(+steps_of.value);
  });
  curve.append(box, steps_of);
  made.append(
    button("Learn: 1 step", () => learn(1)),
    button("100 steps", () => learn(100)),
    button("Pause", () => (running = false)),
    curve,
    element("output", { id: "said", ariaLive: "off" }),
  );
  return made;
}

/** The value of a typed name: h_2, h2, h₂, (Whh·h₁ + b), loss. */
function valueNamed(base) {
  const known = nodes.findIndex((node) => node.key && [node.key, node.symbol, `(${node.symbol})`].includes(base));
  if (known >= 0) return known;
  const plain = base.replace(/[₀-₉]/g, (sign) => String("₀₁₂₃₄₅₆₇₈₉".indexOf(sign)));
  return byKey.get(plain) ?? byKey.get(plain.replace(/(\d+)$/, "_$1"));
}

/** The number that a name means as explain takes it: its row and column by their headings, or counted from 1. */
function find(name) {
  const [, base, inside] = /^([^[]*)(?:\[(.*)\])?$/s.exec(name) ?? [], i = base && valueNamed(base.trim());
  if (i === undefined || i === "") return null;
  if (inside === undefined) return [i, 0];
  const named_by = [0, 1].map((axis) => heads[nodes[i].heads[axis]]), axes = [0, 1].filter((axis) => named_by[axis].length);
  const position = (part, axis) => {
    const found = [part.trim() || part, part.trim().normalize("NFC")].map((each) => named_by[axis].indexOf(each)).find((each) => each >= 0);
    return found ?? (/^\s*\d+\s*$/.test(part) && +part >= 1 && +part <= named_by[axis].length ? +part - 1 : -1);
  };
  const commas = axes.length === 2 ? [...inside.matchAll(",")].map((each) => each.index) : [-1];
  for (const comma of commas) {
    const parts = comma < 0 ? [inside] : [inside.slice(0, comma), inside.slice(comma + 1)], at = [0, 0];
    axes.forEach((axis, n) => (at[axis] = position(parts[n], axis)));
    if (axes.length && !at.includes(-1)) return [i, at[0] * nodes[i].shape[1] + at[1]];
  }
  return null;
}

const numbered = (event) => event.target.closest?.("[data-n]");
const named = ({ dataset }) => [+dataset.n, +dataset.i];

document.addEventListener("click", (event) => {
  const cell = numbered(event);
  if (!cell) return;
  cameFrom = cell;
  if (NARROW.matches) document.getElementById("more").open = false; // there is no room for it and the panel
  ask(...named(cell));
});
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const cell = numbered(event);
  lookAway();
  if (cell && (!now || named(cell).some((each, n) => each !== now[n]))) soon = setTimeout(glance, 60, ...named(cell));
});
document.documentElement.addEventListener("pointerleave", lookAway);
document.addEventListener("focusin", (event) => {
  if (!event.target.matches("[data-n]:focus-visible")) return;
  glance(...named(event.target));
  speak(glimpse.textContent);
});
document.addEventListener("focusout", lookAway);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (asked.hidden) lookAway();
    else hide();
  }
  if (event.target.matches("input, select")) return;
  const cell = event.target.closest?.("main [data-n]");
  if (cell?.closest("table") && event.key.startsWith("Arrow")) {
    beside(cell, event.key)?.focus();
    event.preventDefault();
  } else if (event.key === "ArrowRight") go(1);
  else if (event.key === "ArrowLeft") go(-1);
  else if (cell && event.key === "Enter") {
    cameFrom = cell;
    ask(...named(cell));
    (asked.querySelector("#value") ?? asked.querySelector(".here")).focus();
  }
});
window.addEventListener("hashchange", arrive);

/** The number that an arrow leads to in a table, over what is left out: in the next column or row that has some. */
function beside(cell, key) {
  const inside = (part) => [...part.querySelectorAll("[data-n]:not(meter)")], row = cell.closest("tr");
  const along_row = inside(row), n = along_row.indexOf(cell);
  if (key === "ArrowRight" || key === "ArrowLeft") return along_row[n + (key === "ArrowRight" ? 1 : -1)];
  const td = cell.closest("td"), at = cell === td ? 0 : inside(td).indexOf(cell), { rows } = cell.closest("table");
  for (let r = row.rowIndex, down = key === "ArrowDown" ? 1 : -1; (r += down) in rows; ) {
    const there = rows[r].cells[td.cellIndex], found = there?.dataset.n ? [there] : inside(there ?? row);
    if (there && found.length) return found[Math.min(at, found.length - 1)];
  }
  return null;
}

const PAPER = 700; // pixels between the margins of A4; letter paper is a little wider
const SMALLEST = 0.65; // that anything is drawn on paper

/** On paper nothing scrolls: all is open, and what is wider than the sheet is drawn smaller, or broken into parts. */
window.addEventListener("beforeprint", () => {
  renewWaiting(Infinity);
  for (const each of document.querySelectorAll("main details")) each.open = true;
  const page = document.querySelector("main"), width = (part) => part.getBoundingClientRect().width;
  page.style.width = `${PAPER}px`;
  const measured = (parts_of) => parts_of.map((each) => [each, Math.max(each.scrollWidth, ...[each, ...each.querySelectorAll("table")].map(width))]);
  const all = measured([...page.querySelectorAll(".equation > *, .wide, .formula, pre")]);
  const bands = all.filter(([each, most]) => most > PAPER / SMALLEST && each.querySelector("table, svg")).map(([each]) => [each, broken(each)]);
  for (const [each, made] of bands) {
    each.classList.add("whole");
    each.after(...made);
  }
  const together = bands.flatMap(([, made]) => {
    const most = Math.max(...measured(made).map(([, one]) => one)); // parts of one thing are drawn as large
    return made.map((each) => [each, most]);
  });
  const left = [...all.filter(([each]) => !each.matches(".whole")), ...together];
  page.style.width = "";
  for (const [each, most] of left) if (most > PAPER) each.style.zoom = String(PAPER / most);
});
window.addEventListener("afterprint", () => {
  for (const each of document.querySelectorAll(".band")) each.remove();
  for (const each of document.querySelectorAll(".whole")) each.classList.remove("whole");
  for (const each of document.querySelectorAll("[style*=zoom]")) each.style.zoom = "";
});

/** A table, or the picture of the network, in parts that stand one below the other. */
function broken(whole) {
  const table = whole.querySelector("table"), columns = table ? table.rows[0].cells.length : 0;
  const letter_groups = [...whole.querySelectorAll("svg > g")], left = (group) => +group.querySelector("[x]").getAttribute("x");
  const fixed = table && (table.rows[table.rows.length - 1].cells[0].tagName === "TH" || table.matches(".grid")) ? 1 : 0; // the headings of rows
  const wide = table ? [...table.rows[0].cells].map((cell) => cell.getBoundingClientRect().width) : letter_groups.map((group, n) => left(letter_groups[n + 1] ?? group) - left(group) || 72);
  const room = PAPER / SMALLEST - (table ? (fixed && wide[0]) : left(letter_groups[0]));
  const starts = [fixed];
  let taken = 0;
  for (let n = fixed; n < wide.length; n++) {
    if (taken + wide[n] > room && taken) {
      starts.push(n);
      taken = 0;
    }
    taken += wide[n];
  }
  return starts.map((from, n) => {
    const to = starts[n + 1] ?? wide.length, made = whole.cloneNode(true);
    made.classList.add("band");
    const svg = made.querySelector("svg");
    if (svg) {
      const kept_groups = [...svg.querySelectorAll(":scope > g")].filter((group, k) => (k >= from && k < to) || group.remove());
      const across = left(letter_groups[from]) - left(letter_groups[0]), [, , , height] = svg.getAttribute("viewBox").split(" ");
      const span = left(letter_groups[to - 1]) - across + 72;
      for (const group of kept_groups) group.setAttribute("transform", `translate(${-across} 0)`);
      svg.setAttribute("viewBox", `0 0 ${span} ${height}`);
      svg.setAttribute("width", `${span / 16}em`);
      return made;
    }
    for (const row of made.querySelectorAll("tr")) [...row.cells].forEach((cell, k) => k >= fixed && (k < from || k >= to) && cell.remove());
    made.querySelector("caption")?.append(`, columns ${from + 1 - fixed} to ${to - fixed} of ${columns - fixed}`);
    return made;
  });
}

/** Go where the address says. */
function arrive() {
  const name = written(location.hash.slice(1));
  const found = find(name), part = document.getElementById(name)?.closest("section");
  if (found) {
    ask(...found, true);
    const where = (drawn.get(found.join(" ")) ?? []).map(({ element: cell }) => cell);
    const cell = where.find((each) => each.closest("table.matrix")) ?? where[0]; // where it is made
    if (!cell) return;
    stand(sections.indexOf(cell.closest("section")));
    bring(cell, "center");
  } else if (part) {
    stand(sections.indexOf(part));
    go(0);
  } else if (name) unknown(name);
  else hide();
}

/** An address without its signs for signs; as it is, where it is none. */
function written(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

for (const table of document.querySelectorAll("main table")) { // one stop of the tabulator each; inside, arrows lead on
  table.querySelectorAll("[data-n]:not(meter)").forEach((cell, n) => (cell.tabIndex = n ? -1 : 0));
}
for (const number of document.querySelectorAll("main p [data-n]")) number.tabIndex = 0;
build();
show();
if (location.hash) arrive();
else if (document.body.dataset.open) {
  stand(sections.findIndex((each) => `${each.dataset.letter}-${each.dataset.step}` === document.body.dataset.open));
  go(0);
}
