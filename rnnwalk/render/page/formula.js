// How a number was made: a recorded value unfolded for one element, and printed in a notation that is data.

const LONG = 6; // of a sum of more terms the largest are shown
const SIGN = 4, CALL = 8, ATOM = 9; // how strongly a piece binds, as in the notation

/** The expression of the element (r, c) of a node, down to values that have names. */
function unfold(nodes, values, i, r, c, top = true) {
  const node = nodes[i], value = values[i];
  const place = [value.rows > 1 ? r : 0, value.columns > 1 ? c : 0];
  const number = at(value, ...place);
  if (node.constant) return { op: "constant", args: [], value: number };
  if (!node.op || (node.key && !top)) return { op: "leaf", args: [], node: i, at: place, value: number };
  const part = (j, row, column) => unfold(nodes, values, j, row, column, false);
  const made = (op, args) => ({ op, args, value: number });
  const of = node.of;
  if (node.op === "power" && nodes[of[1]].constant && nodes[of[1]].data[0] === 2) return made("square", [part(of[0], r, c)]);
  if (ELEMENTWISE[node.op]) return made(node.op, of.map((j) => part(j, r, c)));
  if (node.op === "transpose") return part(of[0], c, r);
  if (node.op === "matmul") {
    const products = [...Array(values[of[0]].columns).keys()].map((k) => product(part(of[0], r, k), part(of[1], k, c)));
    return products.length === 1 ? products[0] : made("dot", products);
  }
  if (node.op === "sum" || node.op === "max") {
    const parts = along(values[of[0]], node.axis, r, c).map(([row, column]) => part(of[0], row, column));
    return made(node.op === "sum" ? "series" : "max", parts);
  }
  if (node.op === "cross_entropy") return surprise(part, values, of, c, number);
  const [y, target] = of; // squared_error
  const squares = along(values[y], 0, 0, c).map(([row]) => {
    const parts = [part(y, row, c), part(target, row, c)], apart = parts[0].value - parts[1].value;
    return { op: "square", args: [{ op: "subtract", args: parts, value: apart }], value: apart ** 2 };
  });
  return made("divide", [{ op: "series", args: squares, value: 2 * number }, constant(2)]);
}

const constant = (value) => ({ op: "constant", args: [], value });
const product = (a, b) => ({ op: "multiply", args: [a, b], value: a.value * b.value });

/** ln S + (m − y) of the score that counts; of all of them where the target is no single 1. */
function surprise(part, values, [S, m, y, target], c, value) {
  const rows = [...Array(values[target].rows).keys()];
  const hot = rows.filter((row) => at(values[target], row, c) !== 0);
  const terms = (hot.length ? hot : rows).map((row) =>
    hot.length === 1 && at(values[target], row, c) === 1 ? part(y, row, c) : product(part(target, row, c), part(y, row, c)));
  const score = terms.length > 1 ? { op: "series", args: terms } : terms[0];
  return { op: "add", args: [{ op: "log", args: [part(S, 0, c)] }, { op: "subtract", args: [part(m, 0, c), score] }], value };
}

/** The leaves of an expression. off: whether they are part of a product that is 0 by a one-hot 0, and so bring nothing. */
function leaves(expr, hot, off = false) {
  if (expr.op === "leaf") return [{ ...expr, off }];
  const none = off || (expr.op === "multiply" && expr.args.some((arg) => arg.op === "leaf" && arg.value === 0 && hot(arg.node)));
  return expr.args.flatMap((arg) => leaves(arg, hot, none));
}

/** The expressions of an element on the way to its result: as put in, then with the inner results. */
function stages(node, expr) {
  if (expr.op === "sigmoid") {
    const power = { op: "exp", args: [{ op: "negative", args: expr.args }] };
    return [expr, { op: "divide", args: [constant(1), { op: "add", args: [constant(1), power] }] }];
  }
  const picks = expr.op === "dot" && expr.args.every((arg) => arg.args.some(({ value }) => value === 0 || value === 1));
  if (picks || expr.op === "negative" || node.op === "cross_entropy" || !expr.args.some((arg) => arg.args.length)) return [expr];
  const closed = (arg) => (arg.args.length ? { op: "leaf", args: [], value: arg.value } : arg);
  return [expr, { ...expr, args: expr.args.map(closed) }];
}

/** The expression with long sums cut: what is exactly 0 goes first, then all but the largest terms. */
function shorten(expr) {
  let args = expr.args.map(shorten);
  if (["dot", "series", "max", "total"].includes(expr.op) && args.length > LONG) {
    const size = ({ value }) => (expr.op === "max" ? value : Math.abs(value));
    let kept = args.filter((arg) => arg.value !== 0 || expr.op === "max");
    if (!kept.length) kept = args.filter((arg) => arg.op === "multiply" && arg.args.at(-1).value !== 0);
    if (!kept.length) kept = args;
    if (kept.length > LONG - 2) kept = [...kept].sort((a, b) => size(b) - size(a)).slice(0, LONG - 2).sort((a, b) => args.indexOf(a) - args.indexOf(b));
    args = kept.length < args.length ? [...kept, { op: "gap", args: [], value: args.length - kept.length }] : kept;
  }
  return { ...expr, args };
}

/** An expression in a notation; brackets only where the place asks for a stronger binding than the piece has. */
function write(expr, notation, leaf, need = 0, first = true) {
  let text, binding;
  if (expr.op === "leaf") [text, binding] = leaf(expr);
  else {
    const [own, operands, template] = notation[expr.op];
    const pieces = expr.args.map((arg, i) =>
      write(arg, notation, leaf, operands[Math.min(i, operands.length - 1)] ?? 0, own === CALL || (first && i === 0)));
    text = fill(template, pieces, expr.value);
    binding = expr.op === "constant" && expr.value < 0 ? SIGN : own;
  }
  if (binding >= need && (first || !/^[-−]/.test(text))) return text;
  return `(${expr.op === "leaf" ? text : write(expr, notation, leaf)})`;
}

function fill(template, pieces, value) {
  if (template === "{ + }") return pieces.join(" + ");
  return template.replace(/\{(\w+)(:g)?\}/g, (_, name) =>
    name === "all" ? pieces.join(", ") : name === "value" ? String(+value.toPrecision(6)) : pieces[+name]);
}

/** Whether an expression of the shown numbers is the shown result, to its last decimal; also where that cannot be told. */
function comesTo(expr, put, result) {
  const last = 10 ** ((+result.split("e")[1] || 0) - (result.split("e")[0].split(".")[1] ?? "").length);
  return !(Math.abs(worth(expr, put) - +result) > 0.5001 * last);
}

/** What an expression comes to, with the numbers of its leaves as they are put in. */
function worth(expr, put) {
  const { op, args } = expr;
  if (op === "constant") return expr.value;
  if (op === "leaf") return +put(expr);
  const parts = args.map((arg) => worth(arg, put));
  if (op === "square") return parts[0] ** 2;
  if (op === "max") return Math.max(...parts);
  return (ELEMENTWISE[op] ?? ELEMENTWISE.total)(...parts); // dot and series add up
}

/** A rounded number; of two that are as near the even one, as in Python. half: with one digit more; exact: with all. */
function even(rounded, half, exact) {
  const between = /[02468]\.?5$/.test(half) && /^0*$/.test(exact().slice(half.length));
  return between ? half.replace(/\.?5$/, "") : rounded;
}

const fixed = (value, digits) => even(value.toFixed(digits), value.toFixed(digits + 1), () => value.toFixed(100));

/** A number in powers of ten, whose exponent has two digits at least. */
function scientific(value, digits) {
  const [rounded, half] = [digits, digits + 1].map((more) => value.toExponential(more).split("e"));
  const mantissa = even(rounded[0], half[0], () => value.toExponential(100).split("e")[0]);
  const power = mantissa === rounded[0] ? rounded[1] : half[1];
  return `${mantissa}e${power.replace(/^([+-])(\d)$/, "$10$2")}`;
}

/** A number as it is shown: rounded; tiny and huge ones in powers of ten; never "-0". */
function shown(value, digits) {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const text = Math.abs(value) < 1e21 ? fixed(value, digits) : "";
  if (Math.abs(value) >= 1e9 || (value && !+text)) {
    return scientific(value, Math.max(digits - 1, 1));
  }
  return +text ? text : text.replace("-", "");
}
