// The tools above the walk.

const drawnLetters = new Set(sections.map((each) => +each.dataset.letter)); // of a long text not all
const NARROW = matchMedia("(max-width: 40rem), (max-height: 30rem)"); // there, and in large type, most tools are behind a word

function build() {
  const bar = element("div", { className: "group bar" });
  bar.append(
    button("◀", () => go(-1)),
    slider,
    button("▶", () => go(1)),
    element("output", { id: "loss", ariaLive: "off" }), // it is said when it stands still
    Object.assign(button("Undo", undo), { id: "undo" }),
  );
  bar.firstChild.ariaLabel = "Step back";
  bar.children[2].ariaLabel = "Step on";
  const more = element("details", { id: "more" });
  const inside = element("div", {});
  more.append(element("summary", { textContent: "Tools" }), inside);
  const fold = () => (more.open = Boolean(inside.querySelector(":focus-visible")) || (!NARROW.matches && !document.body.classList.contains("large"))); // a focus must not be lost
  NARROW.addEventListener("change", fold);
  fold();
  if (symbols) for (const c of words) {
    const of = words.length > 1 ? ` of word ${c + 1}` : "";
    const word = element("div", { className: "group word", role: "group", ariaLabel: `What is read${of}` });
    for (const letter of letters.filter((each) => drawnLetters.has(each))) word.append(selector(`x_${letter}`, c, model.vocabulary, `${model.noun} ${letter}${of}`, model.unheld));
    const end = letters.at(-1);
    if (aims(end)) word.append("→", selector(`target_${end}`, c, model.answers, `what is true at the end${of}`, model.classes ? [] : model.unheld));
    inside.append(word);
  }
  if (Object.keys(record.updated).length) inside.append(learning());
  const edits = element("div", { className: "group" });
  edits.append(
    Object.assign(button("Reset", () => { running = false; remember(); given = new Map(); compute(); }), { id: "reset" }),
    button("Download weights", download),
    button("Large type", () => {
      const on_top = document.elementFromPoint(document.body.clientWidth / 2, tools.offsetHeight + 12), kept = keptInSight();
      document.body.classList.toggle("large");
      fold();
      if (kept) bring(kept, "center");
      else if (scrollY) bring(on_top?.closest("section > *") ?? on_top?.closest("section") ?? sections[open], "start");
    }),
  );
  inside.append(edits);
  tools.append(bar, more, element("output", { id: "note" }), button("To the step that is shown", enter, "skip"));
  tools.hidden = false;
  const cover = () => {
    document.body.style.paddingTop = `${tools.offsetHeight}px`;
    document.documentElement.style.scrollPaddingTop = `${tools.offsetHeight + 8}px`;
    document.documentElement.style.scrollPaddingBottom = `${asked.offsetHeight + 8}px`;
  };
  const observer = new ResizeObserver(cover);
  for (const each of [tools, asked]) observer.observe(each);
  cover();
}

/** Buttons that train, the curve of the loss, and the steps to go back to. */
function learning() {
  const made = element("div", { className: "group" });
  const svg = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const box = svg("svg"), curve = element("div", { className: "curve", hidden: true }); // until there is something to draw
  box.id = "curve";
  box.setAttribute("viewBox", "0 0 200 46");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", "The loss, step by step");
  box.append(svg("polyline"), svg("circle"));
  box.lastChild.setAttribute("r", 3);
  const steps_of = element("input", { type: "range", id: "rewind", ariaLabel: "Back to a step of learning", title: "Back to a step of learning" });
  steps_of.addEventListener("input", () => rewind(+steps_of.value, true));
  box.addEventListener("click", ({ clientX }) => {
    const { left, width } = box.getBoundingClientRect();
    const [from, to] = [+steps_of.min, +steps_of.max];
    steps_of.value = String(Math.round(from + ((clientX - left) / width) * (to - from))); // which keeps within its ends
    rewind(+steps_of.value);
  });
  curve.append(box, steps_of);
  made.append(
    button("Learn: 1 step", () => learn(1)),
    button("100 steps", () => learn(100)),
    button("Pause", () => (running = false)),
    curve,
    element("output", { id: "said", ariaLive: "off" }),
  );
  return made;
}
