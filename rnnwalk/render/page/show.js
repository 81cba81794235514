// What is on the page, and how it is written anew.

const QUIET = 3000; // of so few, all are written at once; of more, first what is on the screen

const on = (selector, kind, renew) => [...document.querySelectorAll(selector)].map((element) =>
  ({ element, renew, i: +element.dataset[kind], at: +element.dataset.i, first: element.innerHTML, data: element.dataset, written: false }));
const cells = on("td[data-n]", "n", renewCell);
const lines = on("[data-line]", "line", (each) => set(each, () => line(each.i, each.at, each.symbols).join("")));
const told = on("[data-live]", "live", renewTold);
const states = on("rect.state", "n", renewState);
const answers = on("rect.hit", "n", renewAnswer);
const meters = on("meter[data-meter]", "meter", ({ element, i, at }) => (element.value = size(number(i, at))));
const shares = on("meter[data-share]", "share", ({ element, data }) => (element.value = share_moved(+data.share) || 0));
const rankings = on("[data-ranked]", "ranked", renewRanking);
for (const each of told) Object.assign(each, { how: JSON.parse(each.data.live), said: each.element.textContent });
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
const parts = grouped([...rankings, ...cells, ...lines, ...told, ...states, ...answers, ...meters, ...shares], ({ element }) => element.closest("section, header"));
for (const each of told) follow(each);

/** Let an element show another number from now on. */
function turn(each, i, at) {
  if (each.i === i && each.at === at) return;
  const before_it = drawn.get(`${each.i} ${each.at}`), name = `${i} ${at}`;
  before_it?.splice(before_it.indexOf(each), 1);
  if (!drawn.has(name)) drawn.set(name, []);
  drawn.get(name).push(each);
  Object.assign(each, { i, at, written: each.written || values !== recorded });
  Object.assign(each.data, { n: i, i: at });
}

/** A text that is one number can be asked as well: which one, follows from what is said. */
function follow(each) {
  const of = NUMBERED[each.how[0]]?.(...each.how.slice(1));
  if (of) turn(each, ...of);
}

for (const each of rankings) {
  const made = new Map([...cells, ...told, ...answers, ...meters].filter(({ element }) => each.element.contains(element)).map((one) => [one.element, one]));
  const rows = grouped([...each.element.querySelectorAll("[data-row]")].map((element) => ({ element })), ({ element }) => +element.dataset.row);
  each.of = JSON.parse(each.data.ranked);
  each.rows = [...rows.keys()].sort((a, b) => a - b);
  each.slots = each.rows.map((row) => {
    const inside = rows.get(row).flatMap(({ element }) => [element, ...element.querySelectorAll("*")]);
    return { row, members: inside.map((one) => made.get(one)).filter(Boolean), heads: inside.filter((one) => one.dataset.head) };
  });
}

/** Of many answers some have a row: those that are said are always among them. */
function renewRanking({ of: [name, ...of], rows: at_first, slots }) {
  const rows = values === recorded ? at_first : RANKED[name](...of).slice(0, slots.length).sort((a, b) => a - b);
  slots.forEach((slot, n) => {
    if (slot.row === rows[n]) return;
    slot.row = rows[n];
    for (const head of slot.heads) put(head, LIVE.short(model.answers[slot.row], +head.dataset.head));
    for (const member of slot.members) {
      const wide = nodes[member.i]?.shape[1], at = slot.row * wide + (member.at % wide);
      if (member.how) member.how = inRow(member.how, slot.row);
      else if (member.data.meter) member.at = at;
      else turn(member, member.i, at);
    }
  });
}

/** What is told of an answer, told of another one. */
function inRow(how, row) {
  if (!Array.isArray(how)) return how;
  return ["said", "true"].includes(how[0]) ? [...how.slice(0, 3), row] : how.map((part) => inRow(part, row));
}

/** Let a text stand in an element; in a picture there are no colours inside a text. */
function put(element, text) {
  if (element.closest("svg")) element.textContent = plain(text);
  else element.replaceChildren(...coloured(text));
}

/** A text as it is now; where nothing is changed, what it said at first. */
function set(each, text) {
  const changed = values !== recorded;
  if (changed) {
    const said_now = text();
    if (each.element.textContent !== plain(said_now)) put(each.element, said_now);
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

function renewTold(each) {
  set(each, () => tell(each.how));
  follow(each);
  each.element.classList.toggle("differs", values !== recorded && each.element.textContent !== each.said && !["=", "≈"].includes(each.element.textContent));
}

function renewState({ element, i, at }) {
  element.setAttribute("fill-opacity", (0.6 * size(number(i, at))).toFixed(2));
  element.nextElementSibling.textContent = shown(size(number(i, at)) < 0.005 ? 0 : number(i, at), 2);
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

// Where the 1 that picks a column stands elsewhere now, what is underlined is not what is picked.
const picks = grouped(cells.filter(({ element, i }) => isHot(i) && element.matches(".lit")), ({ element }) => element.closest("section"));
function renewPicked() {
  for (const [part, found] of picks) part.classList.toggle("reread", found.some(({ i, at }) => differs(i, at)));
}

let later = 0; // when it is quiet
let waiting = []; // parts that are to be written then

const renew = (part) => parts.get(part).forEach((each) => each.renew(each));

/** Write what waits, for so many milliseconds at a time. */
function renewWaiting(most = 8) {
  const end = performance.now() + most;
  while (waiting.length && performance.now() < end) renew(waiting.pop());
  if (waiting.length) later = setTimeout(renewWaiting);
}

const near = (part) => {
  const { top, bottom } = part.getBoundingClientRect();
  return bottom > -innerHeight && top < 2 * innerHeight;
};

/** Write at once what is on the screen, of what waits. */
function renewNear() {
  const found = new Set(waiting.filter(near));
  found.forEach(renew);
  waiting = waiting.filter((part) => !found.has(part));
}

/** Write every number of the page anew: of a long one what is on the screen at once, the others when it is quiet. */
function show() {
  const changed = values !== recorded;
  document.body.classList.toggle("changed", changed);
  document.getElementById("changed").hidden = !changed;
  renewPicked();
  clearTimeout(later);
  const few = cells.length + lines.length + told.length < QUIET;
  waiting = [...parts.keys()].reverse();
  if (few) renewWaiting(Infinity);
  else renewNear();
  if (waiting.length) later = setTimeout(renewWaiting, 300);
  for (const { select, name, c } of selects) select.value = String(rowOf(column(name, c)));
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
