// The record, and every number of the page as it is now.

const record = JSON.parse(document.getElementById("record").textContent);
const { nodes, heads, model } = record;
const special = { inf: Infinity, "-inf": -Infinity, nan: NaN };
for (const node of nodes) node.data = Float64Array.from(node.data, (v) => (typeof v === "string" ? special[v] : v));

const byKey = new Map(nodes.map((node, i) => [node.key, i]).filter(([key]) => key));
const recorded = nodes.map((node) => ({ rows: node.shape[0], columns: node.shape[1], data: node.data }));
const first = evaluate(nodes, new Map()); // as this browser computes it: its tanh may differ from NumPy's in the last bit
let given = new Map(); // what was changed: the number of a node and its new data
let values = recorded;
const past = []; // for undo

/** Compute all from what is given. */
const computed = (given_now) => evaluate(nodes, given_now, values === recorded ? first : values);
const selects = []; // what letters are chosen with
const asked = document.getElementById("asked");
const tools = document.getElementById("tools");
const place = (i, at) => [Math.floor(at / nodes[i].shape[1]), at % nodes[i].shape[1]];

const ranked = model.reads === "ranks"; // a word is read as the number of its row

/** The row of the symbol that a column stands for. */
const rowOf = (data) => (ranked && data.length === 1 ? data[0] : data.indexOf(1));

const isHot = (i) => nodes[i].group === "input" || nodes[i].group === "target";

/** Whether a number is another one than at first. What is computed may differ in its last bits and still be the same. */
function differs(i, at) {
  const now_it_is = values[i].data[at], it_was = first[i].data[at];
  if (values === recorded || Object.is(now_it_is, it_was)) return false;
  return !nodes[i].op || !(Math.abs(now_it_is - it_was) <= 1e-13 * Math.abs(it_was));
}
const number = (i, at) => (differs(i, at) ? values[i].data[at] : recorded[i].data[at]);

/** How many decimals a number has: all, or of those that are given otherwise than at first as few as show them. */
const decimals = (i, at) => (given.has(i) && differs(i, at) ? enough(given.get(i)) : nodes[i].digits);
const counted = new WeakMap(); // of data, how many decimals show it
function enough(data) {
  if (!counted.has(data)) {
    const exact = (digits) => data.every((value) => Math.abs(value) < 1e9 && +value.toFixed(digits) === value);
    counted.set(data, [...Array(record.digits).keys()].find(exact) ?? record.digits);
  }
  return counted.get(data);
}
const text = (i, at) => shown(number(i, at), decimals(i, at));
const textAtFirst = (i, at) => shown(recorded[i].data[at], nodes[i].digits);

/** [row, column] as an element is named: by its headings, where there are some. */
function index(i, at) {
  const parts = place(i, at).map((where, axis) => heads[nodes[i].heads[axis]][where]).filter((part) => part !== undefined);
  return parts.length ? `[${parts.join(",")}]` : "";
}

function symbol(i, at) {
  const name = nodes[i].symbol, found = index(i, at);
  return found && nodes[i].binding < CALL ? `(${name})${found}` : name + found;
}

const key = (i, at) => nodes[i].key + index(i, at);

const flat = (leaf) => leaf.at[0] * nodes[leaf.node].shape[1] + leaf.at[1];

// A text with the role of what it stands for behind it, to be printed among others; a symbol holds no such signs.
const ROLE = /\ufdd0([a-z ]*):(\d+)\ufdd1/g;
const inRole = (text, role) => (role ? `${text}\ufdd0${role}:${text.length}\ufdd1` : text);
const plain = (text) => text.replace(ROLE, "");

const COLOURED = /[\ufdd0\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/; // what does not stand as it is
const RIGHT_TO_LEFT = /([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:\s+[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*)/;

/** A text in which Hebrew or Arabic turns nothing around that stands beside it, such as the number after it. */
const isolated = (text) => text.split(RIGHT_TO_LEFT).map((part, n) => (n % 2 ? Object.assign(document.createElement("bdi"), { textContent: part }) : part)).filter(Boolean);

/** The symbol of a value with its role; of one that is called by its formula each part has a role of its own. */
function called(i, at) {
  const { marked, role, binding } = nodes[i], found = index(i, at);
  if (!marked) return inRole(symbol(i, at), role);
  return found && binding < CALL ? inRole("(", role) + marked + inRole(`)${found}`, role) : marked + (found && inRole(found, role));
}

/** A text with roles as what stands on the page: each part in its colour. */
function coloured(text) {
  const found = [];
  let start = 0;
  for (const { 0: sign, 1: role, 2: length, index: end } of text.matchAll(ROLE)) {
    const span = document.createElement("span"), begin = end - length;
    span.className = role.replace(" ", "-");
    span.append(...isolated(text.slice(begin, end)));
    found.push(...isolated(text.slice(start, begin)), span);
    start = end + sign.length;
  }
  return [...found, ...isolated(text.slice(start))];
}

/** symbol = formula = numbers put in = result, with their roles, and the signs between them: ≈ where the rounding shows. */
function line(i, at, symbols = true, numbers = true) {
  const expr = unfold(nodes, values, i, ...place(i, at)), result = text(i, at);
  const named = called(i, at), ends = inRole(result, nodes[i].role), role = (leaf) => nodes[leaf.node]?.role;
  if (expr.op === "leaf") return [named, " = ", ends];
  const put = (leaf) => (leaf.node === undefined ? shown(leaf.value, record.digits) : text(leaf.node, flat(leaf)));
  const written = (each) => write(shorten(each), record.notation, (leaf) => [inRole(put(leaf), role(leaf)), put(leaf).startsWith("-") ? SIGN : ATOM]);
  const made = numbers ? stages(nodes[i], expr) : [];
  const formula = write(shorten(expr), record.notation, (leaf) => [called(leaf.node, flat(leaf)), ATOM]);
  const told = symbols && plain(formula) !== plain(named) ? [[" = ", formula]] : []; // some are called by their formula
  const exact = made.map((stage, n) => (made[n + 1] ? innerCome(stage, made[n + 1], put) : comesTo(stage, put, result)));
  if (made.length && exact.every(Boolean)) exact[0] = comesTo(made[0], put, result); // small steps, each of which is still right, may have added up
  const same = (one, other) => plain(one) === plain(other) || Number(plain(one)) === Number(plain(other));
  [...made.map(written), ends].forEach((stage, n) => {
    const twice = told.length && same(told.at(-1)[1], stage) ? told.pop() : []; // a sum of one term: once is enough
    told.push([twice[0] === " ≈ " || !(exact[n - 1] ?? true) ? " ≈ " : " = ", stage]);
  });
  return [named, ...told.flat()];
}

/** Whether the inner results are, as they are shown, what the numbers put in come to. */
const innerCome = (before, after, put) => before.args.every((old, n) => {
  const found = after.args[n];
  return !old.args.length || found?.args.length !== 0 || before.args.length !== after.args.length || comesTo(old, put, put(found));
});
