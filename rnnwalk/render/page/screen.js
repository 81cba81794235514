// What is on the screen is written first, all else when it is quiet.

const QUIET = 3000; // of so few, all are written at once; of more, first what is on the screen
let later = 0; // when it is quiet
let waiting = []; // parts that are to be written then
let lossSaid = ""; // to a screen reader
const heading = document.querySelector("header");

const renew = (part) => parts.get(part).forEach((each) => each.renew(each));

/** Write what waits, for so many milliseconds at a time. */
function renewWaiting(most = 8) {
  const end = performance.now() + most;
  while (waiting.length && performance.now() < end) renew(waiting.pop());
  if (waiting.length) later = setTimeout(renewWaiting);
}

/** Write at once what is on the screen, of what waits. */
function renewNear() {
  const [from, to] = [-0.25, 1.25].map((screens) => sectionAt(screens * innerHeight));
  const near = new Set([heading, ...sections.slice(from, to + 1)]);
  const found = waiting.filter((part) => near.has(part));
  waiting = waiting.filter((part) => !near.has(part));
  found.forEach(renew);
}

function sayLoss() {
  const said_now = document.getElementById("loss").textContent;
  if (lossSaid && lossSaid !== said_now && !running) speak(said_now);
  lossSaid = said_now;
}

/** Write every number of the page anew. moving: more is to come at once. Then, and where there are many numbers, what is on
 * the screen is written at once, all else when it is quiet. */
function show(moving = false) {
  const changed = values !== recorded;
  document.body.classList.toggle("changed", changed);
  document.body.classList.toggle("reread", changed && nodes.some((node, i) => isHot(i) && node.data.some((_, at) => differs(i, at))));
  document.getElementById("changed").hidden = !changed;
  const lost = changed && tooLarge(record.made);
  renewText(document.getElementById("note"), lost ? `These numbers make ${lost} too large for a computer: what follows from it is ∞ or undefined. Undo or Reset goes back.` : ""); // else it tells of what was
  clearTimeout(later);
  waiting = [...parts.keys()].reverse();
  renewNear();
  for (const { select, name, c } of selects) select.value = String(rowOf(column(name, c)));
  document.title = document.querySelector("h1").textContent;
  if (byKey.has("loss")) renewText(document.getElementById("loss"), `loss ${text(byKey.get("loss"), 0)}`);
  const undoing = document.getElementById("undo");
  undoing.disabled = !past.length;
  renewText(undoing, past.at(-1)?.undo ?? "Undo");
  document.getElementById("reset").disabled = !changed;
  if (!moving && cells.length + lines.length + told.length < QUIET) renewWaiting(Infinity);
  if (!moving) sayLoss();
  if (moving || waiting.length) later = setTimeout(() => (sayLoss(), renewWaiting()), 300);
  if (now) retell();
  else if (glanced) glance(...glanced);
}
