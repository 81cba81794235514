// The tools above the walk, the keys, and the address.

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
  if (symbols) for (const c of words) {
    const word = element("div", { className: "group word", role: "group", ariaLabel: `What is read: ${model.words[c]}` });
    const of = words.length > 1 ? ` of word ${c + 1}` : "";
    for (const letter of letters) word.append(selector(`x_${letter}`, c, model.vocabulary, `${model.noun} ${letter}${of}`));
    const end = letters.at(-1);
    if (aims(end)) word.append("→", selector(`target_${end}`, c, model.answers, `what is true at the end${of}`));
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
    box.style.display = "none"; // until there is something to draw
    tools.append(learning);
  }
  tools.hidden = false;
  const cover = () => (document.documentElement.style.scrollPaddingTop = getComputedStyle(tools).position === "sticky" ? `${tools.offsetHeight + 8}px` : "0");
  new ResizeObserver(cover).observe(tools);
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
  const where = (drawn.get(found.join(" ")) ?? []).map(({ element: cell }) => cell);
  (where.find((cell) => cell.closest("table.matrix")) ?? where[0])?.scrollIntoView({ block: "center" }); // where it is made
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
