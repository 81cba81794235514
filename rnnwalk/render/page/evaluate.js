// The record of a run, computed once more. It knows operations and no cells: the record is the program.
// A value is {rows, columns, data}: data row by row. This is the first of the modules that share one script.
"use strict";

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

const ELEMENTWISE = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  power: (a, b) => a ** b,
  minimum: Math.min,
  maximum: Math.max,
  negative: (a) => -a,
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  sign: Math.sign,
  sigmoid,
  relu: (a) => Math.max(a, 0),
  one: () => 1,
  total: (...parts) => parts.reduce((a, b) => a + b, 0),
};

/** The number at a place of a value; a 1 in its shape serves every row or column. */
function at(value, r, c) {
  return value.data[(value.rows > 1 ? r : 0) * value.columns + (value.columns > 1 ? c : 0)];
}

/** A value of a shape, each number by a function of its place. */
function filled(rows, columns, number) {
  const data = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) data[r * columns + c] = number(r, c);
  return { rows, columns, data };
}

/** What is added up, or compared, for each place of a sum or a largest number: places of the operand. */
function along(operand, axis, r, c) {
  const rows = axis === 1 ? [r] : [...Array(operand.rows).keys()];
  const columns = axis === 0 ? [c] : [...Array(operand.columns).keys()];
  return rows.flatMap((i) => columns.map((j) => [i, j]));
}

/** An operation on each number: nearly all of a record is this, so it is a loop over one or two operands without calls. */
function elementwise(f, of, rows, columns) {
  if (of.length > 2 || !f.length) return filled(rows, columns, (r, c) => f(...of.map((value) => at(value, r, c))));
  const data = new Float64Array(rows * columns), [a, b = a] = of;
  const step = (value) => [value.rows > 1 ? value.columns : 0, value.columns > 1 ? 1 : 0]; // a 1 in a shape serves all
  const [downA, rightA] = step(a), [downB, rightB] = step(b);
  for (let r = 0, n = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, n++) data[n] = f(a.data[r * downA + c * rightA], b.data[r * downB + c * rightB]);
  }
  return { rows, columns, data };
}

/** A matrix product. */
function matrixProduct(a, b) {
  const data = new Float64Array(a.rows * b.columns);
  for (let r = 0, n = 0; r < a.rows; r++) {
    for (let c = 0; c < b.columns; c++, n++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) sum += a.data[r * a.columns + k] * b.data[k * b.columns + c];
      data[n] = sum;
    }
  }
  return { rows: a.rows, columns: b.columns, data };
}

/** Operations on whole values: from the node and its operands to the number at a place. */
const WHOLE = {
  transpose: (node, [a]) => (r, c) => at(a, c, r),
  sum: (node, [a]) => (r, c) => along(a, node.axis, r, c).reduce((sum, [i, j]) => sum + at(a, i, j), 0),
  max: (node, [a]) => (r, c) => Math.max(...along(a, node.axis, r, c).map(([i, j]) => at(a, i, j))),
  cross_entropy: (node, [S, m, y, target]) => (r, c) => {
    const score = along(y, 0, 0, c).reduce((sum, [i]) => sum + at(target, i, c) * at(y, i, c), 0);
    return Math.log(at(S, 0, c)) + (at(m, 0, c) - score);
  },
  squared_error: (node, [y, target]) => (r, c) =>
    along(y, 0, 0, c).reduce((sum, [i]) => sum + (at(y, i, c) - at(target, i, c)) ** 2, 0) / 2,
};

/** Every node's value, with some given ones replaced: given maps the number of a node to its data. What hangs on nothing
 * that is other than before is taken from there. */
function evaluate(nodes, given, before = []) {
  const values = [];
  nodes.forEach((node, i) => {
    const [rows, columns] = node.shape;
    const data = node.op ? undefined : (given.get(i) ?? node.data);
    const same = before[i] && (node.op ? node.of.every((j) => values[j] === before[j]) : data === before[i].data);
    if (same || !node.op) {
      values.push(same ? before[i] : { rows, columns, data });
      return;
    }
    const of = node.of.map((j) => values[j]);
    if (ELEMENTWISE[node.op]) values.push(elementwise(ELEMENTWISE[node.op], of, rows, columns));
    else if (node.op === "matmul") values.push(matrixProduct(...of));
    else values.push(filled(rows, columns, WHOLE[node.op](node, of)));
  });
  return values;
}
