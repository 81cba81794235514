// Ask: how a number was made, and where it goes.

let now = null;
let into = []; // where it goes
let trail = [];
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
const isHot = (i) => nodes[i].group === "input" || nodes[i].group === "target";
const sources = (i, at) => leaves(unfold(nodes, values, i, ...place(i, at)), isHot).filter((leaf) => leaf.node !== i);

/** The first elements that a number goes into. */
function goesInto(i, at) {
  const found = [];
  for (const user of users[i]) {
    for (let each = 0; each < nodes[user].data.length && found.length < 200; each++) {
      if (sources(user, each).some((leaf) => leaf.node === i && flat(leaf) === at)) found.push([user, each]);
    }
  }
  return found;
}

function mark(list, kind) {
  for (const [i, at] of list) {
    for (const { element: cell } of drawn.get(`${i} ${at}`) ?? []) {
      cell.classList.add(kind);
      marked.push([cell, kind]);
    }
  }
}

/** Tell of a number. anew: it was asked for; else numbers have changed, and what one drags or types in stays where it is. */
function ask(i, at, anew = true) {
  for (const [cell, kind] of marked.splice(0)) cell.classList.remove(kind);
  now = [i, at];
  if (anew) {
    trail = trail.filter(([j, b]) => j !== i || b !== at).concat([now]).slice(-12);
    // in a notebook's frame a page has no address
    if (location.protocol !== "about:") history.replaceState(null, "", `#${encodeURIComponent(key(i, at)).replaceAll("%5B", "[").replaceAll("%5D", "]").replaceAll("%2C", ",")}`);
    asked.replaceChildren(element("div", {}), ...(editable(i) ? [editor(i, at)] : []), element("div", {}));
  } else asked.querySelector(".edit")?.dispatchEvent(new Event("changed"));
  const from = [...new Map(sources(i, at).map((leaf) => [`${leaf.node} ${flat(leaf)}`, [leaf.node, flat(leaf)]])).values()];
  if (anew) into = goesInto(i, at);
  mark(from, "source");
  mark(into, "user");
  mark([now], "now");
  const path = element("nav", { className: "trail", ariaLabel: "What was asked" });
  path.append(...trail.map(([j, b]) => button(symbol(j, b), () => ask(j, b), j === i && b === at ? "here" : "")));
  const close = button("×", hide, "close");
  close.ariaLabel = "Close";
  const line_of = element("p", { className: "told" });
  line_of.append(...line(i, at).map((part, n) => element(n % 2 ? "span" : "code", { textContent: part })));
  const was = differs(i, at) ? [element("p", { textContent: `It was ${shown(recorded[i].data[at], nodes[i].digits)}.` })] : [];
  asked.firstChild.replaceChildren(path, close, line_of, ...was);
  asked.lastChild.replaceChildren(list("Made of", from, "◂"), list("Goes into", into, "▸"));
  asked.hidden = false;
}

function hide() {
  for (const [cell, kind] of marked.splice(0)) cell.classList.remove(kind);
  now = null;
  asked.hidden = true;
}

function list(title, found, sign) {
  const part = element("p", { className: "list" });
  part.append(element("b", { textContent: `${sign} ${title}: ` }));
  if (!found.length) part.append(title === "Made of" ? "it was given." : "nothing on this page.");
  part.append(...found.slice(0, 24).map(([i, at]) => button(`${symbol(i, at)} ${text(i, at)}`, () => ask(i, at))));
  if (found.length > 24) part.append(` … ${found.length - 24} more`);
  return part;
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function button(label, act, className = "") {
  const made = element("button", { type: "button", textContent: label, className });
  made.addEventListener("click", act);
  return made;
}
