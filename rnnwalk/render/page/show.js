// What is on the page, and how it is written anew.

const QUIET = 3000; // of so few, all are written at once; of more, first what is on the screen

const on = (selector, kind, renew) => [...document.querySelectorAll(selector)].map((element) =>
  ({ element, renew, i: +element.dataset[kind], at: +element.dataset.i, first: element.innerHTML, data: element.dataset, written: false }));
const cells = on("td[data-n]", "n", renewCell);
const lines = on("[data-line]", "line", (each) => set(each, () => line(each.i, each.at, each.symbols).join("")));
const told = on("[data-live]", "live", (each) => set(each, () => tell(each.how)));
const states = on("rect.state", "n", renewState);
const answers = on("rect.hit", "n", renewAnswer);
const meters = on("meter[data-meter]", "meter", ({ element, i, at }) => (element.value = size(number(i, at))));
for (const each of told) each.how = JSON.parse(each.data.live);
for (const each of lines) each.symbols = each.element.textContent.includes(` = ${plain(line(each.i, each.at)[2])} `); // or the numbers alone

function grouped(list, name) {
  const groups = new Map();
  for (const each of list) {
    if (!groups.has(name(each))) groups.set(name(each), []);
    groups.get(name(each)).push(each);
  }
  return groups;
}
const drawn = grouped([...cells, ...states, ...answers], ({ i, at }) => `${i} ${at}`); // what shows a number
const parts = grouped([...cells, ...lines, ...told, ...states, ...answers, ...meters], ({ element }) => element.closest("section, header"));

/** A text as it is now; where nothing is changed, what it said at first. */
function set(each, text) {
  const changed = values !== recorded;
  if (changed) {
    const said_now = text();
    if (each.element.textContent !== plain(said_now)) each.element.replaceChildren(...coloured(said_now));
  } else if (each.written) each.element.innerHTML = each.first;
  each.written = changed;
}

function renewCell(each) {
  const { element, i, at, data } = each, other = differs(i, at);
  if (!other && !each.written) return;
  set(each, () => shown(number(i, at), data.digits ? +data.digits : decimals(i)));
  element.classList.toggle("differs", other);
  if (data.most) for (let s = 0; s <= 4; s++) element.classList.toggle(`s${s}`, s === Math.round(4 * size(number(i, at) / data.most)));
}

function renewState({ element, i, at }) {
  element.setAttribute("fill-opacity", (0.6 * size(number(i, at))).toFixed(2));
  element.nextElementSibling.textContent = shown(number(i, at), 2);
}

function renewAnswer({ element, i, at }) {
  const bar = element.previousElementSibling;
  if (bar?.matches(".bar")) bar.setAttribute("width", (46 * size(number(i, at))).toFixed(1));
  const told_there = element.nextElementSibling; // of a linear output the number itself
  if (told_there?.matches(".value")) told_there.textContent = shown(number(i, at), 2);
}

/** The size of a number as a share of 1, at most. */
function size(value) {
  return Math.min(Math.abs(value) || 0, 1);
}

/** Where the 1 that picks a column stands elsewhere now, what is underlined is not what is picked. */
function renewPicked() {
  for (const part of parts.keys()) {
    const picks = [...part.querySelectorAll("td.lit")].map(named).filter(([i]) => isHot(i));
    part.classList.toggle("reread", picks.some(([i, at]) => differs(i, at)));
  }
}

let later = 0;

/** Write every number of the page anew: of a long one what is on the screen at once, the others when it is quiet. */
function show() {
  const changed = values !== recorded;
  document.body.classList.toggle("changed", changed);
  document.getElementById("changed").hidden = !changed;
  renewPicked();
  clearTimeout(later);
  const near = (part) => {
    const { top, bottom } = part.getBoundingClientRect();
    return bottom > -innerHeight && top < 2 * innerHeight;
  };
  const few = cells.length + lines.length + told.length < QUIET;
  const [at_once, others] = few ? [[...parts.keys()], []] : [[...parts.keys()].filter(near), [...parts.keys()]];
  const renew = (list) => list.forEach((part) => parts.get(part).forEach((each) => each.renew(each)));
  renew(at_once);
  if (others.length) later = setTimeout(renew, 300, others);
  for (const { select, name, c } of selects) select.value = String(column(name, c).indexOf(1));
  document.title = document.querySelector("h1").textContent;
  const loss = document.getElementById("loss"), before_it = loss.textContent;
  if (byKey.has("loss")) loss.textContent = `loss ${text(byKey.get("loss"), 0)}`;
  if (before_it && before_it !== loss.textContent && !running) speak(loss.textContent);
  document.getElementById("undo").disabled = !past.length;
  document.getElementById("undo").textContent = past.at(-1)?.undo ?? "Undo";
  document.getElementById("reset").disabled = !changed;
  if (now) retell();
  else if (glanced) glance(...glanced);
}
