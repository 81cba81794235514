// Where one is in the walk: by the slider, by scrolling, by the address.

const sections = [...document.querySelectorAll("main > section")];
let open = 0;
let bringing = 0;
let brought = NaN; // where the page was left, to be told from where one scrolls

/** Bring a thing into view, and again until it stands still: what is off the screen takes its true height only when it is near. */
function bring(thing, block) {
  const turn = ++bringing;
  let still = 0, before_it = NaN;
  const settle = (left) => {
    if (turn !== bringing || still > 5 || !left) return;
    thing.scrollIntoView({ block, behavior: "instant" });
    const { top } = thing.getBoundingClientRect();
    still = Math.abs(top - before_it) < 1 ? still + 1 : 0;
    before_it = top;
    brought = scrollY;
    requestAnimationFrame(() => settle(left - 1));
  };
  settle(90);
}
for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) { // a person goes elsewhere
  document.addEventListener(kind, () => (bringing += 1), { capture: true, passive: true });
}

let noting = 0;

/** Let the address lead here, where it does not name a number. */
function note() {
  if (!now && location.protocol !== "about:") history.replaceState(null, "", `#${sections[open].id}`);
}

/** Where one scrolls, the slider follows: to the section under the tools. */
function followScrolling() {
  const { scrollHeight } = document.documentElement, below = tools.offsetHeight + 24;
  if (Math.abs(scrollY - brought) < 2 || (open > 0 && scrollY + innerHeight > scrollHeight - 2)) return;
  brought = NaN;
  const found = sectionAt(below);
  if (found !== open) stand(found);
}

/** The number of the section at a height of the window; they stand one below the other. */
function sectionAt(y) {
  let from = 0, to = sections.length - 1;
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (sections[middle].getBoundingClientRect().top <= y) from = middle;
    else to = middle - 1;
  }
  return from;
}
let settled = 0;
document.addEventListener("scroll", () => {
  requestAnimationFrame(followScrolling);
  if (waiting.length) renewNear();
  clearTimeout(settled);
  settled = setTimeout(followScrolling, 200); // sections that come near take their true height, and push others away
}, { passive: true });

/** The step that the slider stands at. */
function stand(step) {
  clearTimeout(noting);
  noting = setTimeout(note, 300);
  open = Math.min(Math.max(step, 0), sections.length - 1);
  slider.value = String(open);
  slider.ariaValueText = sections[open].querySelector("h2")?.textContent ?? "The network";
}

function go(step) {
  stand(open + step);
  bring(sections[open], "start");
  if (!tools.contains(document.activeElement)) enter();
}

/** Let the tabulator go on from the step that is shown. */
function enter() {
  const begin = sections[open].querySelector("h2") ?? document.querySelector("h1");
  begin.tabIndex = -1;
  begin.focus({ preventScroll: true });
}

const slider = element("input", { type: "range", min: "0", max: String(sections.length - 1), value: "0", ariaLabel: "Step of the walk" });
slider.addEventListener("input", () => {
  stand(+slider.value);
  go(0);
});
