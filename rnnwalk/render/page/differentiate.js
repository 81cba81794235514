// How one number of a record changes with each that it is made of: reverse mode, by the rule of each operation.

/** Of operations on each number: the slope for each operand, from the result and the operands. */
const SLOPES = {
  add: () => [1, 1],
  subtract: () => [1, -1],
  multiply: (out, a, b) => [b, a],
  divide: (out, a, b) => [1 / b, -out / b],
  power: (out, a, b) => [b * a ** (b - 1), 0], // exponents are constants
  minimum: (out, a, b) => [+(a <= b), +(b < a)],
  maximum: (out, a, b) => [+(a > b), +(b >= a)],
  negative: () => [-1],
  tanh: (out) => [1 - out ** 2],
  exp: (out) => [out],
  log: (out, a) => [1 / a],
  sqrt: (out) => [1 / (2 * out)],
  sign: () => [0],
  sigmoid: (out) => [out * (1 - out)],
  relu: (out, a) => [+(a > 0)],
  one: () => [0],
  total: (out, ...parts) => parts.map(() => 1),
};

/** The derivative of the number at a place of node i by each number of each node that it is made of: data by node. */
function differentiate(nodes, values, i, at_place) {
  const errors = new Map([[i, new Float64Array(values[i].data.length)]]);
  errors.get(i)[at_place] = 1;
  for (let j = i; j >= 0; j--) {
    const { op, of, axis } = nodes[j], error = errors.get(j), { rows, columns } = values[j];
    if (!error || !op) continue;
    const parts = of.map((k) => values[k]);
    const add = (n, r, c, more) => {
      const { rows: down, columns: across, data } = parts[n];
      if (!errors.has(of[n])) errors.set(of[n], new Float64Array(data.length));
      errors.get(of[n])[(down > 1 ? r : 0) * across + (across > 1 ? c : 0)] += more;
    };
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const g = error[r * columns + c];
        if (!g) continue;
        if (SLOPES[op]) SLOPES[op](at(values[j], r, c), ...parts.map((part) => at(part, r, c))).forEach((slope, n) => add(n, r, c, g * slope));
        else if (op === "transpose") add(0, c, r, g);
        else if (op === "sum") along(parts[0], axis, r, c).forEach((place_of) => add(0, ...place_of, g));
        else if (op === "matmul") {
          for (let k = 0; k < parts[0].columns; k++) {
            add(0, r, k, g * at(parts[1], k, c));
            add(1, k, c, g * at(parts[0], r, k));
          }
        } else throw new Error(`no rule for ${op}`);
      }
    }
  }
  return errors;
}
