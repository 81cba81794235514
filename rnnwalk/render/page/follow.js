// Which number of a value a line follows, and through which ones: what is underlined.

/** The place of the largest number, the first of those that are nearly equal, however large they are. */
const peak = (data) => largest(data, 1e-12 * Math.abs(Math.max(...data)));

const sizes = (name) => Array.from(nodes[byKey.get(name)].data, (_, at) => Math.abs(number(byKey.get(name), at)));

/** How a line's number was chosen: from the line and what is asked for, the place of the number now. */
const FOLLOWED = {
  said: ({ i }, letter, c) => (nodes[i].shape[0] > 1 ? said(letter, c) : 0) * nodes[i].shape[1] + c,
  largest: (_, name) => peak(sizes(name)),
  "largest score": ({ i }, name) => peak(column(name, 0)) * nodes[i].shape[1],
  "largest of a column": ({ i }, name) => peak(column(name, 0).map(Math.abs)) * nodes[i].shape[1],
};

/** The place of the number that a line follows now. */
function followed(each) {
  if (!each.chosen || values === recorded) return each.begins;
  const [name, ...of] = each.chosen;
  return FOLLOWED[name](each, ...of);
}

const oneHot = (i) => (nodes[i].group === "input" ? ["symbols", "vectors"].includes(model.reads) : nodes[i].group === "target" && !model.gives_numbers);

/** The places through which a number is followed, by node: itself, what it is made of, and the column that a one-hot picks. */
function traced(i, at) {
  const found = new Map(), picked = new Map();
  const stack = [unfold(nodes, values, i, ...place(i, at))];
  const add = (j, at_place) => found.set(j, (found.get(j) ?? new Set()).add(at_place));
  add(i, at);
  while (stack.length) {
    const { op, args, node, at: where } = stack.pop();
    stack.push(...args);
    if (op === "leaf") add(node, flat({ node, at: where }));
    const [matrix, hot] = args;
    if (op !== "multiply" || !(nodes[matrix.node]?.shape[1] > 1)) continue;
    if (hot.value !== 1 || nodes[hot.node]?.group !== "input" || !oneHot(hot.node)) continue;
    picked.set(matrix.node, matrix.at[1]);
  }
  for (const [j, c] of picked) {
    const [down, across] = nodes[j].shape;
    for (let row = 0; row < down; row++) add(j, row * across + c);
  }
  for (const [j, places] of found) {
    if (oneHot(j) && places.size > 1) for (const each of places) if (!values[j].data[each]) places.delete(each); // it is the 1 that counts
  }
  return found;
}

/** Underline what a line follows, in the matrices above it. */
function underline({ i, at, drawn: above }) {
  if (!above.length) return;
  const found = values === recorded ? null : traced(i, at);
  for (const { element, i: j, at: there, lit } of above) element.classList.toggle("lit", found ? found.get(j)?.has(there) ?? false : lit);
}
