// Ask: how a number was made, and where it goes.

let now = null; // what is kept in the panel
let into = []; // where it goes
let listed = ""; // what it is made of and where it goes, as they are listed
let trail = [];
let glanced = null; // what the pointer or the focus is on
let soon = 0; // when the pointer has rested
let cameFrom = null; // the cell that gets the focus back
const glimpse = document.getElementById("glance");
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
const sources = (i, at) => leaves(unfold(nodes, values, i, ...place(i, at)), isHot).filter((leaf) => leaf.node !== i);

/** The first elements that a number goes into, each with whether it does so in a product that is 0 anyway. */
function goesInto(i, at) {
  const found = [], off = [];
  for (const user of users[i]) {
    for (let each = 0; each < nodes[user].data.length && found.length < 200; each++) {
      const here = sources(user, each).filter((leaf) => leaf.node === i && flat(leaf) === at);
      if (here.some((leaf) => !leaf.off)) found.push([user, each, false]);
      else if (here.length) off.push([user, each, true]);
    }
  }
  return [...found, ...off];
}

/** Of numbers those that are not in products that are 0 anyway; all, where there is no other. */
function telling(found) {
  const some = found.filter(([, , off]) => !off);
  return some.length ? some : found;
}

function mark(list, kind) {
  for (const [i, at] of list) {
    for (const { element: cell } of drawn.get(`${i} ${at}`) ?? []) {
      cell.classList.add(kind);
      marked.push([cell, kind]);
    }
  }
}

/** Mark a number, what it is made of and what it goes into: those that it is made of are returned. */
function markAround(i, at, users_of) {
  unmark();
  const all = sources(i, at).sort((a, b) => b.off - a.off); // of those that are there twice the last counts
  const from = [...new Map(all.map((leaf) => [`${leaf.node} ${flat(leaf)}`, [leaf.node, flat(leaf), leaf.off]])).values()];
  mark(telling(from), "source");
  mark(telling(users_of), "user");
  mark([[i, at]], "now");
  return from;
}

function unmark() {
  for (const [cell, kind] of marked.splice(0)) cell.classList.remove(kind);
}

const path = element("nav", { className: "trail", ariaLabel: "What was asked" });
const close = button("×", hide, "close");
close.ariaLabel = "Close";
close.addEventListener("mousedown", (event) => event.preventDefault()); // or the box would take what was only typed
const answer = element("p", { className: "told" });
const before = element("p", {});
const editing = element("div", {});
const lists = element("div", {});
asked.append(path, close, answer, before, editing, lists);

/** Keep a number in the panel. arrived: its address brought us here, or it is there already: neither the history nor the page moves. */
function ask(i, at, arrived = false) {
  const inside = asked.contains(document.activeElement);
  lookAway();
  const same = ([j, b]) => j === i && b === at;
  const reached = trail.some(same) || (now && (into.some(same) || sources(...now).some((leaf) => same([leaf.node, flat(leaf)]))));
  now = [i, at];
  into = goesInto(i, at);
  trail = (reached ? trail.filter((each) => !same(each)) : []).concat([now]).slice(-12); // another number begins another
  const address = `#${encodeURIComponent(key(i, at)).replaceAll("%5B", "[").replaceAll("%5D", "]").replaceAll("%2C", ",")}`;
  // in a notebook's frame a page has no address
  if (!arrived && location.protocol !== "about:" && location.hash !== address) history.pushState(null, "", address);
  path.replaceChildren(...trail.map(([j, b]) => button(symbol(j, b), () => ask(j, b), j === i && b === at ? "here" : "")));
  editing.replaceChildren(...(editable(i) ? [editor(i, at)] : []));
  retell();
  asked.hidden = false;
  path.scrollLeft = path.querySelector(".here").offsetLeft - path.offsetWidth / 2;
  if (!arrived) keepInSight();
  if (inside) path.querySelector(".here").focus();
  speak(answer.textContent);
}

/** The cell of what is kept, where one sees it. */
function keptInSight() {
  return now && drawn.get(now.join(" "))?.map((each) => each.element).find((each) => {
    const { top, bottom, width } = each.getBoundingClientRect();
    return width && bottom > tools.offsetHeight && top < innerHeight - asked.offsetHeight;
  });
}

/** Let the panel not cover the number that was asked where one is, nor, as far as there is room, what it is made of. */
function keepInSight() {
  const here = drawn.get(now.join(" "))?.map((each) => each.element) ?? [];
  const cell = here.find((each) => each === cameFrom) ?? here.find((each) => each.closest("section") === sections[open]);
  const whole = cell?.closest(".equation"), room = innerHeight - tools.offsetHeight - asked.offsetHeight;
  if (cell) bring(whole?.offsetHeight < room - 20 ? whole : cell, "nearest");
}

/** The panel, as the numbers are now; what one drags or types in stays where it is. */
function retell() {
  const [i, at] = now, focus = asked.contains(document.activeElement) ? document.activeElement : null;
  const height = () => focus?.getBoundingClientRect().top, stood = height();
  const from = markAround(i, at, into);
  answer.replaceChildren(...line(i, at).map((part, n) => {
    const made = element(n % 2 ? "span" : "code", {});
    made.append(...coloured(part));
    return made;
  }));
  before.textContent = text(i, at) === textAtFirst(i, at) ? "" : `It was ${textAtFirst(i, at)}.`;
  editing.firstChild?.dispatchEvent(new Event("changed"));
  const around = `${from}; ${into}`;
  if (around !== listed) lists.replaceChildren(list("Made of", from, "◂"), list("Goes into", into, "▸"));
  else [from, into].flatMap(first_of).forEach((each, n) => put(lists.querySelectorAll("button")[n], named_now(...each)));
  listed = around;
  if (focus) asked.scrollTop += height() - stood;
  if (glanced) glance(...glanced);
}

/** An address that names nothing. */
function unknown(name) {
  hide();
  for (const part of [path, editing, lists]) part.replaceChildren();
  listed = "";
  before.textContent = "";
  const some = nodes.findIndex((node) => node.key && node.op);
  answer.textContent = `There is no number “${name}” on this page. An address names one as #${key(some, 0)} does.`;
  asked.hidden = false;
  speak(answer.textContent);
}

function hide() {
  const inside = asked.contains(document.activeElement);
  editing.firstChild?.dispatchEvent(new Event("cancelled"));
  lookAway();
  unmark();
  now = null;
  asked.hidden = true;
  if (inside) cameFrom?.focus({ preventScroll: true });
}

/** Show the line of a number, and mark around it, for as long as the pointer or the focus is on it. What is kept stays. */
function glance(i, at) {
  glanced = [i, at];
  markAround(i, at, goesInto(i, at));
  glimpse.replaceChildren(...coloured(line(i, at).join("")));
  glimpse.style.bottom = `${asked.offsetHeight}px`;
  glimpse.hidden = false;
}

function lookAway() {
  clearTimeout(soon);
  if (!glanced) return;
  glanced = null;
  glimpse.hidden = true;
  if (now) markAround(...now, into);
  else unmark();
}

/** Say a text to a screen reader. */
function speak(said_now) {
  document.getElementById("spoken").textContent = said_now;
}

const LISTED = 24; // numbers, at most
const first_of = (found) => telling(found).slice(0, LISTED);
const named_now = (i, at) => `${symbol(i, at)} ${text(i, at)}`;

function list(title, found, sign) {
  const part = element("p", { className: "list" });
  part.append(element("b", { textContent: `${sign} ${title}: ` }));
  if (!found.length) part.append(title === "Made of" ? "it was given." : "nothing on this page.");
  const told_of = telling(found), rest = found.length - told_of.length;
  part.append(...first_of(found).map(([i, at]) => button(named_now(i, at), () => ask(i, at))));
  if (told_of.length > LISTED) part.append(` … ${told_of.length - LISTED} more`);
  if (told_of[0]?.[2]) part.append("in products that are 0");
  if (rest) part.append(`and, in products that are 0, ${rest} more`);
  return part;
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function button(label, act, className = "") {
  const made = element("button", { type: "button", className });
  made.append(...isolated(label));
  made.addEventListener("click", act);
  return made;
}
