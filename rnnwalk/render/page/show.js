// What is on the page, and how it is written anew.

const on = (selector, kind, renew) => [...document.querySelectorAll(selector)].map((element) =>
  ({ element, renew, i: +element.dataset[kind], at: +element.dataset.i, first: element.innerHTML, data: element.dataset, written: false }));
const cells = on("td[data-n]", "n", renewCell);
for (const each of cells) each.lit = each.element.matches(".lit");
const lines = on("[data-line]", "line", renewLine);
const told = on("[data-live]", "live", renewTold);
const states = on("rect.state", "n", renewState);
const answers = on("rect.hit", "n", renewAnswer);
const meters = on("meter[data-meter]", "meter", ({ element, i, at }) => (element.value = size(number(i, at))));
const shares = on("meter[data-share]", "share", ({ element, data }) => (element.value = share_moved(+data.share) || 0));
const rankings = on("[data-ranked]", "ranked", renewRanking);
for (const each of told) Object.assign(each, { how: JSON.parse(each.data.live), said: each.element.textContent });
for (const each of lines) each.symbols = each.element.textContent.includes(` = ${plain(line(each.i, each.at)[2])} `); // or the numbers alone
for (const each of lines) each.numbers = each.element.textContent !== plain(line(each.i, each.at, each.symbols, false).join("")); // or the symbols alone

function grouped(list, name) {
  const groups = new Map();
  for (const each of list) {
    if (!groups.has(name(each))) groups.set(name(each), []);
    groups.get(name(each)).push(each);
  }
  return groups;
}
const drawn = grouped([...cells, ...states, ...answers, ...lines], ({ i, at }) => `${i} ${at}`); // what shows a number
const parts = grouped([...rankings, ...cells, ...lines, ...told, ...states, ...answers, ...meters, ...shares], ({ element }) => element.closest("section, header"));
const shownBy = new Map([...cells, ...told, ...answers, ...meters].map((each) => [each.element, each])); // a page has 100,000 of them: none is looked for
for (const each of told) follow(each);
for (const each of lines) {
  const above = each.element.closest(".lines").previousElementSibling;
  Object.assign(each, { begins: each.at, chosen: JSON.parse(each.data.chosen ?? "null") });
  each.drawn = above?.querySelector(".lit") ? [...above.querySelectorAll("td[data-n]")].map((element) => shownBy.get(element)) : [];
}

/** Let an element show another number from now on. */
function turn(each, i, at) {
  if (each.i === i && each.at === at) return;
  const before_it = drawn.get(`${each.i} ${each.at}`), name = `${i} ${at}`;
  before_it?.splice(before_it.indexOf(each), 1);
  if (!drawn.has(name)) drawn.set(name, []);
  drawn.get(name).push(each);
  Object.assign(each, { i, at, written: each.written || values !== recorded });
  Object.assign(each.data, each.data.line ? { i: at } : { n: i, i: at });
}

/** A text that is one number can be asked as well: which one, follows from what is said. */
function follow(each) {
  const of = NUMBERED[each.how[0]]?.(...each.how.slice(1));
  if (of) turn(each, ...of);
}

for (const each of rankings) {
  const rows = grouped([...each.element.querySelectorAll("[data-row]")].map((element) => ({ element })), ({ element }) => +element.dataset.row);
  each.of = JSON.parse(each.data.ranked);
  each.rows = [...rows.keys()].sort((a, b) => a - b);
  each.slots = each.rows.map((row) => {
    const inside = rows.get(row).flatMap(({ element }) => [element, ...element.querySelectorAll("*")]);
    return { row, members: inside.map((one) => shownBy.get(one)).filter(Boolean), heads: inside.filter((one) => one.dataset.head) };
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

const TEXT = 3; // the type of a node

/** Let a text stand in an element, if it is another one: what is written is laid out and drawn anew. */
function renewText(element, text) {
  const only = element.childNodes.length === 1 ? element.firstChild : null;
  if (only?.nodeType === TEXT) {
    if (only.data !== text) only.data = text;
  } else if (element.textContent !== text) element.textContent = text;
}

/** The same of a text with roles; in a picture there are no colours inside a text. */
function put(element, text) {
  if (element.closest("svg")) renewText(element, plain(text));
  else if (text.search(COLOURED) < 0) renewText(element, text);
  else if (element.textContent !== plain(text)) element.replaceChildren(...coloured(text));
}

/** A text as it is now; where nothing is changed, what it said at first. */
function set(each, text) {
  const changed = values !== recorded;
  if (changed) put(each.element, text());
  else if (each.written) each.element.innerHTML = each.first;
  each.written = changed;
}

function renewCell(each) {
  const { element, i, at, data } = each, other = differs(i, at);
  if (!other && !each.written) return;
  const written_with = (value, digits) => shown(value, data.digits ? +data.digits : digits);
  const said_now = written_with(number(i, at), decimals(i, at));
  set(each, () => said_now);
  element.classList.toggle("differs", said_now !== written_with(recorded[i].data[at], nodes[i].digits));
  if (data.most) for (let s = 0; s <= 4; s++) element.classList.toggle(`s${s}`, s === Math.round(4 * size(number(i, at) / data.most)));
}

/** A line of arithmetic, and what is underlined in the matrices above it. */
function renewLine(each) {
  turn(each, each.i, followed(each));
  set(each, () => line(each.i, each.at, each.symbols, each.numbers).join(""));
  underline(each);
}

function renewTold(each) {
  set(each, () => tell(each.how));
  follow(each);
  each.element.classList.toggle("differs", values !== recorded && each.element.textContent !== each.said && !["=", "≈"].includes(each.element.textContent));
}

function renewState({ element, i, at }) {
  renewAttribute(element, "fill-opacity", (0.6 * size(number(i, at))).toFixed(2));
  renewText(element.nextElementSibling, brief(size(number(i, at)) < 0.005 ? 0 : number(i, at)));
}

function renewAnswer({ element, i, at }) {
  const bar = element.previousElementSibling;
  if (bar?.matches(".bar")) renewAttribute(bar, "width", (46 * size(number(i, at))).toFixed(1));
  const told_there = element.nextElementSibling; // of a linear output the number itself
  if (told_there?.matches(".value")) renewText(told_there, brief(number(i, at)));
}

/** A number that has room in a box of the picture. */
const brief = (value) => shown(value, Math.abs(value) < 1e4 ? 2 : 0);

function renewAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** The size of a number as a share of 1, at most. */
function size(value) {
  return Math.min(Math.abs(value) || 0, 1);
}
