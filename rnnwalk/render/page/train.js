// Train: the updated weights of the record become its weights, and it runs again.

const KEPT = 200; // steps that one can go back to
const losses = []; // of each step since the last change
const weights = []; // what was given then
let reached = 0; // the step that is shown
let running = false;

const lossNow = () => values[byKey.get("loss")].data[0];

function train(steps) {
  if (!losses.length) {
    losses.push(lossNow());
    weights.push(given);
  }
  losses.length = weights.length = reached + 1; // what was gone back from is learned anew
  for (let step = 0; step < steps && Number.isFinite(lossNow()); step++) {
    const after = new Map(given);
    for (const [name, i] of Object.entries(record.updated)) after.set(byKey.get(name), Float64Array.from(values[i].data));
    given = after;
    values = evaluate(nodes, given);
    losses.push(lossNow());
    weights.push(given);
    reached += 1;
    if (reached > KEPT) weights[reached - KEPT - 1] = null;
  }
}

function learn(steps) {
  if (running) return;
  if (Number.isFinite(lossNow())) past.push({ given, undo: steps === 1 ? "Undo step" : "Undo run" });
  running = true;
  const at_once = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const go_on = (left) => {
    if (running && left > 0 && Number.isFinite(lossNow())) {
      train(at_once ? left : 1);
      draw();
      if (!at_once) {
        show();
        requestAnimationFrame(() => go_on(left - 1));
        return;
      }
    }
    running = false;
    draw();
    show();
    speak(`${tools.querySelector("#loss").textContent}, ${tools.querySelector("#said").textContent}`);
  };
  go_on(steps);
}

/** Go back to a step of learning, or on to a later one. */
function rewind(step) {
  running = false;
  reached = step;
  given = weights[step];
  compute();
  draw();
}

function draw() {
  if (!losses.length) return;
  const last = losses.length - 1, counted_steps = `${reached} ${reached < last ? `of ${last} ` : ""}step${last === 1 ? "" : "s"}`;
  tools.querySelector(".curve").hidden = false;
  const most = Math.max(...losses.filter(Number.isFinite)) || 1;
  const spot = (loss, i) => [(200 * i) / Math.max(last, 1), 44 - 40 * (loss / most)];
  const points = losses.map(spot).filter((each) => each.every(Number.isFinite));
  tools.querySelector("#curve polyline").setAttribute("points", points.join(" "));
  const [x, y] = points[Math.min(reached, points.length - 1)] ?? [0, 44];
  tools.querySelector("#curve circle").setAttribute("cx", x);
  tools.querySelector("#curve circle").setAttribute("cy", y);
  Object.assign(tools.querySelector("#rewind"), { min: String(Math.max(0, weights.findIndex(Boolean))), max: String(last), value: String(reached), ariaValueText: `after ${counted_steps}` });
  tools.querySelector("#said").textContent = Number.isFinite(lossNow())
    ? `after ${counted_steps} it says “${words.map(spoken).join(" | ")}”`
    : `after ${counted_steps} the loss is no number any more: take a smaller learning rate; Undo goes back`;
}

function back() {
  running = false;
  losses.length = weights.length = reached = 0;
  if (!tools.querySelector(".curve")) return;
  tools.querySelector(".curve").hidden = true;
  tools.querySelector("#said").textContent = "";
}
