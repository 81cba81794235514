// The address, which names a number as rnnwalk explain does.

/** The value of a typed name: h_2, h2, h₂, (Whh·h₁ + b), loss. */
function valueNamed(base) {
  const known = nodes.findIndex((node) => node.key && [node.key, node.symbol, `(${node.symbol})`].includes(base));
  if (known >= 0) return known;
  const plain = base.replace(/[₀-₉]/g, (sign) => String("₀₁₂₃₄₅₆₇₈₉".indexOf(sign)));
  return byKey.get(plain) ?? byKey.get(plain.replace(/(\d+)$/, "_$1"));
}

/** The number that a name means as explain takes it: its row and column by their headings, or counted from 1. */
function find(name) {
  const [, base, inside] = /^([^[]*)(?:\[(.*)\])?$/s.exec(name) ?? [], i = base && valueNamed(base.trim());
  if (i === undefined || i === "") return null;
  if (inside === undefined) return [i, 0];
  const named_by = [0, 1].map((axis) => heads[nodes[i].heads[axis]]), axes = [0, 1].filter((axis) => named_by[axis].length);
  const position = (part, axis) => {
    const found = [part.trim() || part, part.trim().normalize("NFC")].map((each) => named_by[axis].indexOf(each)).find((each) => each >= 0);
    return found ?? (/^\s*\d+\s*$/.test(part) && +part >= 1 && +part <= named_by[axis].length ? +part - 1 : -1);
  };
  const commas = axes.length === 2 ? [...inside.matchAll(",")].map((each) => each.index) : [-1];
  for (const comma of commas) {
    const parts = comma < 0 ? [inside] : [inside.slice(0, comma), inside.slice(comma + 1)], at = [0, 0];
    axes.forEach((axis, n) => (at[axis] = position(parts[n], axis)));
    if (axes.length && !at.includes(-1)) return [i, at[0] * nodes[i].shape[1] + at[1]];
  }
  return null;
}

/** Go where the address says. */
function arrive() {
  const name = written(location.hash.slice(1));
  const found = find(name), part = document.getElementById(name)?.closest("section");
  if (found) {
    ask(...found, true);
    const made = sections.find((each) => each.dataset.made === nodes[found[0]].key);
    const all = (drawn.get(found.join(" ")) ?? []).map(({ element: cell }) => cell), there = all.filter((each) => made?.contains(each));
    const where = there.length ? there : all, cell = where.find((each) => each.closest("table.matrix")) ?? where[0] ?? made;
    if (!cell) return;
    if (cell !== made) {
      cameFrom = cell;
      cell.focus({ preventScroll: true });
    }
    stand(sections.indexOf(cell.closest("section")));
    bring(cell, cell === made ? "start" : "center");
  } else if (part) {
    stand(sections.indexOf(part));
    go(0);
  } else if (name) unknown(name);
  else hide();
}

/** An address without its signs for signs; as it is, where it is none. */
function written(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

window.addEventListener("hashchange", arrive);
