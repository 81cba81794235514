// Texts that follow: what they say of the numbers as they are now. A text is itself, or a list: a name and arguments.

const words = [...model.words.keys()]; // of words side by side each has a column
const steps = (field) => [...byKey.keys()].filter((name) => name.startsWith(`${field}_`) && /_\d+$/.test(name)).map((name) => +name.split("_")[1]);
const letters = steps("x");
const outputs = steps("y").filter((letter) => letter > 0);

/** The numbers of one column of a value. */
function column(name, c) {
  const i = byKey.get(name), { rows, columns } = values[i];
  return [...Array(rows).keys()].map((r) => number(i, r * columns + c));
}

/** The row of the largest number, the first of those that are nearly equal. */
function largest(data) {
  const most = Math.max(...data);
  return data.findIndex((value) => value >= most - 1e-12);
}

const said = (letter, c) => largest(column(`p_${letter}`, c));
const aimed = (letter, c) => largest(column(`target_${letter}`, c));
const chance = (letter, c, row) => column(`p_${letter}`, c)[row];
const percent = (share) => (Number.isNaN(share) ? "undefined" : `${(100 * share).toFixed(1)} %`);
const sum = (data) => data.reduce((a, b) => a + b, 0);
const aims = (letter) => byKey.has(`target_${letter}`) && !model.gives_numbers;

const CONDITIONS = {
  right: (letter, c) => said(letter, c) === aimed(letter, c),
  "all right": (c) => outputs.filter(aims).every((letter) => CONDITIONS.right(letter, c)),
  said: (letter, c, row) => said(letter, c) === row,
  true: (letter, c, row) => aims(letter) && aimed(letter, c) === row,
};

const LIVE = {
  all: (...parts) => parts.map(tell).join(""),
  short: (part, most) => {
    const signs = [...tell(part)];
    return signs.length <= most ? signs.join("") : `${signs.slice(0, most - 1).join("")}…`;
  },
  chosen: ([name, ...rest], yes, no) => tell(CONDITIONS[name](...rest) ? yes : no),
  number: (name, r, c, digits) => shown(column(name, c)[r], digits),
  signed: (...of) => LIVE.number(...of).replace(/^(?!-)/, " "),
  says: (letter, c) => (model.gives_numbers ? column(`y_${letter}`, c).map((value) => shown(value, 6)).join(",") : model.answers[said(letter, c)]),
  truth: (letter, c) => (model.gives_numbers ? given_numbers(`target_${letter}`, c) : model.answers[aimed(letter, c)]),
  reads: (letter, c) => {
    if (model.reads === "numbers") return given_numbers(`x_${letter}`, c);
    const data = column(`x_${letter}`, c);
    return model.vocabulary[model.reads === "ranks" ? data[0] : data.indexOf(1)] ?? given_numbers(`x_${letter}`, c);
  },
  "share said": (letter, c) => percent(chance(letter, c, said(letter, c))),
  "share of truth": (letter, c) => percent(chance(letter, c, aimed(letter, c))),
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
    return (all.length > 40 ? [...all.slice(0, 40), "…"] : all).join(joint);
  },
  score: () => String(sum(words.map((c) => outputs.filter((letter) => CONDITIONS.right(letter, c)).length))),
};

/** The number that a text is, where it is one. */
const NUMBERED = {
  number: (name, r, c) => [byKey.get(name), r * nodes[byKey.get(name)].shape[1] + c],
  signed: (...of) => NUMBERED.number(...of),
  "share said": (letter, c) => NUMBERED.number(`p_${letter}`, said(letter, c), c),
  "share of truth": (letter, c) => NUMBERED.number(`p_${letter}`, aimed(letter, c), c),
  "number of truth": (letter, c) => NUMBERED["share of truth"](letter, c),
};

/** Answers, those first that have a row in any case. */
const RANKED = {
  likeliest: (letter, c) => {
    const shares = column(`p_${letter}`, c);
    return [...new Set([said(letter, c), ...(aims(letter) ? [aimed(letter, c)] : []), ...[...shares.keys()].sort((a, b) => shares[b] - shares[a])])];
  },
  said: (c) => [...new Set([...outputs.map((letter) => said(letter, c)), ...model.answers.keys()])],
};

const tell = (part) => (typeof part === "string" ? part : LIVE[part[0]](...part.slice(1)));

/** Numbers that were given, as a step of them is named: of many the first ones. */
function given_numbers(name, c) {
  const i = byKey.get(name), { rows, columns } = values[i];
  const texts = [...Array(rows).keys()].map((r) => number(i, r * columns + c)).map((value) => shown(value, enough([value])));
  return (rows <= 6 ? texts : [...texts.slice(0, 3), "…"]).join(",");
}

/** What is said of one word, or of all. */
const spoken = (c) => outputs.map((letter) => LIVE.says(letter, c)).join(model.joint);
