// Texts that follow: what they say of the numbers as they are now. A text is itself, or a list: a name and arguments.

const LONG_WORD = 40; // symbols of a text that are shown where it is only named
const words = [...model.words.keys()]; // of words side by side each has a column
const steps = (field) => [...byKey.keys()].filter((name) => name.startsWith(`${field}_`) && /_\d+$/.test(name)).map((name) => +name.split("_")[1]);
const letters = steps("x");
const outputs = steps("y").filter((letter) => letter > 0);

/** What is given after one step of learning: the updated weights of the record. */
function moved() {
  const after = new Map(given);
  for (const [name, i] of Object.entries(record.updated)) after.set(byKey.get(name), Float64Array.from(values[i].data));
  return after;
}

/** What is made of the values, made once as long as they are the same. */
function kept(make) {
  let of = null, made = null;
  return () => {
    if (of !== values) [of, made] = [values, make()];
    return made;
  };
}
const afterwards = kept(() => computed(moved()));

/** The numbers of one column of a value; later: after one step of learning. */
function column(name, c, later = false) {
  const i = byKey.get(name), { rows, columns } = values[i];
  return [...Array(rows).keys()].map((r) => (later ? afterwards()[i].data[r * columns + c] : number(i, r * columns + c)));
}

/** The row of the largest number, the first of those that are nearly equal: by no more than a tie. */
function largest(data, tie = 1e-12) {
  const most = Math.max(...data);
  return Math.max(0, data.findIndex((value) => value >= most - tie)); // of what is undefined, the first
}

const said = (letter, c, later) => largest(column(`p_${letter}`, c, later));
const aimed = (letter, c) => largest(column(`target_${letter}`, c));
const chance = (letter, c, row, later) => column(`p_${letter}`, c, later)[row];
const percent = (share) => (Number.isNaN(share) ? "undefined" : `${fixed(100 * share, 1)} %`);
const sum = (data) => data.reduce((a, b) => a + b, 0);
const unsaid = (letter, c, later) => column(`p_${letter}`, c, later).some(Number.isNaN); // its scores are too large
const aims = (letter) => byKey.has(`target_${letter}`) && !model.gives_numbers;

/** What each step did to the score of the answer: its gradient by what was read, and that times what was read. */
const influence = kept(() => {
  const end = outputs.at(-1), y = byKey.get(`y_${end}`), errors = differentiate(nodes, values, y, said(end, 0) * nodes[y].shape[1]);
  return letters.map((letter) => {
    const i = byKey.get(`embedded_${letter}`) ?? byKey.get(`x_${letter}`), gradient = [...(errors.get(i) ?? [0])];
    return { long: Math.hypot(...gradient), moved: sum(gradient.map((slope, at) => slope * values[i].data[at])) };
  });
});
const share_moved = (letter) => Math.abs(influence()[letter - 1].moved) / Math.max(...influence().map((each) => Math.abs(each.moved)));
const strongest = () => influence().reduce((best, { moved }, n, all) => (Math.abs(moved) > Math.abs(all[best].moved) ? n : best), 0) + 1;

/** How far learning moved each number of the weights: the weight, the place, and by how much. */
const movements = () => Object.entries(record.updated).flatMap(([name, i]) => {
  const weight = byKey.get(name);
  return Array.from(values[i].data, (value, at) => [weight, at, Math.abs(value - number(weight, at)), value]);
});

const CONDITIONS = {
  right: (letter, c, later) => !unsaid(letter, c, later) && said(letter, c, later) === aimed(letter, c),
  grew: (digits) => {
    const [before_it, after] = [false, true].map((later) => column("loss", 0, later)[0]);
    return after > before_it && shown(after, digits) !== shown(before_it, digits);
  },
  "says the same": () => LIVE.said() === LIVE.said(true),
  "every weight moved": () => movements().every(([, , change]) => change !== 0),
  "a weight moved": () => movements().some(([, , change]) => change !== 0),
  "for": (letter) => influence()[letter - 1].moved > 0,
  "against": (letter) => influence()[letter - 1].moved < 0,
  strongest: (letter) => strongest() === letter && influence()[letter - 1].moved !== 0,
  "a step moves": () => influence()[strongest() - 1].moved !== 0,
  "influence is finite": () => Number.isFinite(influence()[strongest() - 1].moved),
  "all right": (c) => outputs.filter(aims).every((letter) => CONDITIONS.right(letter, c)),
  said: (letter, c, row) => !unsaid(letter, c) && said(letter, c) === row,
  true: (letter, c, row) => aims(letter) && aimed(letter, c) === row,
};

const LIVE = {
  all: (...parts) => parts.map(tell).join(""),
  short: (part, most) => {
    const signs = [...tell(part)];
    return signs.length <= most ? signs.join("") : `${signs.slice(0, most - 1).join("")}…`;
  },
  chosen: ([name, ...rest], yes, no) => tell(CONDITIONS[name](...rest) ? yes : no),
  number: (name, r, c, digits, later) => shown(column(name, c, later)[r], digits),
  element: (name, at) => text(byKey.get(name), at),
  given: (name, r, c) => shown(column(name, c)[r], enough([column(name, c)[r]])),
  loss: (digits, finest, later) => {
    const [before_it, after] = [false, true].map((each) => column("loss", 0, each)[0]);
    const finer = [...Array(finest - digits).keys()].map((n) => digits + n).find((places) => shown(before_it, places) !== shown(after, places));
    return shown(later ? after : before_it, after < before_it ? finer ?? digits : digits); // what fell a little is not to look the same
  },
  signed: (...of) => LIVE.number(...of).replace(/^(?!-)/, " "),
  says: (letter, c, later) => (model.gives_numbers ? column(`y_${letter}`, c, later).map((value) => shown(value, 6)).join(",") : unsaid(letter, c, later) ? "none" : model.answers[said(letter, c, later)]),
  truth: (letter, c) => (model.gives_numbers ? given_numbers(`target_${letter}`, c) : model.answers[aimed(letter, c)]),
  reads: (letter, c) => {
    if (model.reads === "numbers") return given_numbers(`x_${letter}`, c);
    const data = column(`x_${letter}`, c);
    return model.vocabulary[rowOf(data)] ?? given_numbers(`x_${letter}`, c);
  },
  "share said": (letter, c) => percent(chance(letter, c, said(letter, c))),
  "share of truth": (letter, c, later) => percent(chance(letter, c, aimed(letter, c), later)),
  said: (later) => words.map((c) => {
    const all = outputs.map((letter) => LIVE.says(letter, c, later));
    return (all.length > LONG_WORD ? [...all.slice(0, LONG_WORD), "…"] : all).join(model.joint);
  }).join(" | "),
  "score of said": (letter, digits) => shown(column(`y_${letter}`, 0)[said(letter, 0)], digits),
  "symbol of said": (letter) => symbol(byKey.get(`y_${letter}`), said(letter, 0) * words.length),
  "moved most": (digits) => {
    const all = movements(), [i, at, change, after] = all[peak(all.map((each) => each[2]))];
    if (!(change > 1e-15)) return ""; // rounding
    const [old, now_it_is] = [number(i, at), after].map((value) => shown(value, digits));
    return `The weight that moved most is ${symbol(i, at)}: ${old === now_it_is ? `by ${scientific(change, 2)}` : `from ${old} to ${now_it_is}`}.`;
  },
  moves: (name) => {
    const { data } = values[byKey.get(name)], up = data.filter((value) => value < 0).length, down = data.filter((value) => value > 0).length;
    const still = data.length - up - down;
    return `${down} down, ${up} up${still ? `, ${still} not at all (∂L/∂W is 0)` : ""}`;
  },
  "length of slope": (letter, digits) => shown(influence()[letter - 1].long, digits),
  contribution: (letter, digits) => {
    const { moved: value } = influence()[letter - 1];
    return `${value > 0 ? "+" : ""}${shown(value, digits)}`;
  },
  strongest: () => String(strongest()),
  "strongest read": () => LIVE.reads(strongest(), 0),
  "strongest contribution": (digits) => LIVE.contribution(strongest(), digits),
  "number of truth": (letter, c, digits) => shown(chance(letter, c, aimed(letter, c)), digits),
  "symbol of truth": (letter, c) => symbol(byKey.get(`p_${letter}`), aimed(letter, c) * words.length + c),
  "sign of truth": (letter, c, digits) => {
    const surprise = { op: "negative", args: [{ op: "log", args: [{ op: "leaf", args: [] }] }] };
    const put = () => LIVE["number of truth"](letter, c, digits);
    return comesTo(surprise, put, LIVE.number(`loss_${letter}`, 0, c, digits)) ? "=" : "≈";
  },
  title: (joint, ends, c) => {
    const read = letters.map((letter) => LIVE.reads(letter, c));
    const all = ends ? [...read, LIVE.truth(letters.at(-1), c)] : read;
    return (all.length > LONG_WORD ? [...all.slice(0, LONG_WORD), "…"] : all).join(joint);
  },
  score: (later) => String(sum(words.map((c) => outputs.filter((letter) => CONDITIONS.right(letter, c, later)).length))),
};

/** The number that a text is, where it is one. */
const NUMBERED = {
  number: (name, r, c, digits, later) => !later && [byKey.get(name), r * nodes[byKey.get(name)].shape[1] + c],
  given: (...of) => NUMBERED.number(...of),
  loss: (digits, finest, later) => NUMBERED.number("loss", 0, 0, digits, later),
  signed: (...of) => NUMBERED.number(...of),
  "share said": (letter, c) => NUMBERED.number(`p_${letter}`, said(letter, c), c),
  "share of truth": (letter, c, later) => NUMBERED.number(`p_${letter}`, aimed(letter, c), c, 0, later),
  "score of said": (letter) => NUMBERED.number(`y_${letter}`, said(letter, 0), 0),
  "number of truth": (letter, c) => NUMBERED["share of truth"](letter, c),
};

/** Answers, those first that have a row in any case. */
const RANKED = {
  likeliest: (letter, c) => {
    const shares = column(`p_${letter}`, c);
    return [...new Set([said(letter, c), ...(aims(letter) ? [aimed(letter, c)] : []), ...[...shares.keys()].sort((a, b) => shares[b] - shares[a])])];
  },
  said: (c) => [...new Set([...outputs.filter(aims).map((letter) => aimed(letter, c)), ...outputs.map((letter) => said(letter, c)), ...model.answers.keys()])],
};

const tell = (part) => (typeof part === "string" ? part : LIVE[part[0]](...part.slice(1)));

/** Numbers that were given, as a step of them is named: as they were typed, or of many the first ones. */
function given_numbers(name, c) {
  const i = byKey.get(name), { rows, columns } = values[i];
  if (name in model.as_typed && ![...Array(rows).keys()].some((r) => differs(i, r * columns + c))) return model.as_typed[name][c];
  const texts = [...Array(rows).keys()].map((r) => number(i, r * columns + c)).map((value) => shown(value, enough([value])));
  return (rows <= 6 ? texts : [...texts.slice(0, 3), "…"]).join(",");
}

/** What is said of one word, or of all. */
const spoken = (c) => outputs.map((letter) => LIVE.says(letter, c)).join(model.joint);
