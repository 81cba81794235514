// Train: the updated weights of the record become its weights, and it runs again.

const KEPT = 2e6; // numbers of weights, of steps that one can go back to
const unlearned = () => ({ losses: [], weights: [], from: 0, reached: 0 });
let learned = unlearned(); // since the last change: the loss of each step, what was given then, the first step that is kept, the one that is shown
let running = false;

const lossNow = () => values[byKey.get("loss")].data[0];

function train(steps) {
  const { losses, weights } = learned;
  const most = Math.max(1, Math.floor(KEPT / Object.values(record.updated).reduce((count, i) => count + nodes[i].data.length, 0)));
  const keep = () => {
    losses.push(lossNow());
    weights.push(given);
  };
  if (!losses.length) keep();
  losses.length = weights.length = learned.reached + 1; // what was gone back from is learned anew
  for (let step = 0; step < steps && Number.isFinite(lossNow()); step++) {
    given = moved();
    values = computed(given);
    keep();
    learned.reached += 1;
    if (learned.reached - learned.from > most) weights[learned.from++] = null;
  }
}

function learn(steps) {
  if (running) return;
  if (Number.isFinite(lossNow())) past.push({ given, learned, step: learned.reached, undo: steps === 1 ? "Undo step" : "Undo run" });
  running = true;
  const at_once = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const go_on = (left) => {
    if (running && left > 0 && Number.isFinite(lossNow())) {
      train(at_once ? left : 1);
      draw();
      if (!at_once) {
        show(true);
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

/** Go back to a step of learning, or on to a later one; what was learned after it is not to be undone any more. moving: see compute. */
function rewind(step, moving = false) {
  running = false;
  learned.reached = step;
  given = learned.weights[step];
  while (past.at(-1)?.step >= step) past.pop();
  compute(moving);
  draw();
}

/** Before a change, which begins a curve of its own: what undoing it goes back to. */
function remember() {
  past.push({ given, learned, undo: "Undo" });
  learned = unlearned();
  draw();
}

function undo() {
  running = false;
  const before_it = past.pop();
  if (learned.weights[before_it.step]) {
    rewind(before_it.step);
    return;
  }
  given = before_it.given;
  learned = before_it.step === undefined ? before_it.learned : unlearned(); // or it is too long ago
  compute();
  draw();
}

const CORNERS = 400; // of the curve

function draw() {
  const box = tools.querySelector(".curve");
  if (!box) return;
  const { losses, from, reached } = learned, last = losses.length - 1;
  const counted_steps = `${reached} ${reached < last ? `of ${last} ` : ""}step${last === 1 ? "" : "s"}`;
  box.hidden = !losses.length;
  tools.querySelector("#said").textContent = "";
  if (box.hidden) return;
  const every = Math.ceil((last - from + 1) / CORNERS);
  const steps_of = [...Array(last - from + 1).keys()].map((i) => from + i).filter((i) => Number.isFinite(losses[i]) && ((i - from) % every === 0 || i === last));
  const most = Math.max(...steps_of.map((i) => losses[i])) || 1;
  const spot = (i) => [(200 * (i - from)) / Math.max(last - from, 1), 44 - 40 * Math.min(losses[i] / most, 1)];
  tools.querySelector("#curve polyline").setAttribute("points", steps_of.map(spot).join(" "));
  const [x, y] = Number.isFinite(losses[reached]) ? spot(reached) : [200, 44];
  tools.querySelector("#curve circle").setAttribute("cx", x);
  tools.querySelector("#curve circle").setAttribute("cy", y);
  Object.assign(tools.querySelector("#rewind"), { min: String(from), max: String(last), value: String(reached), ariaValueText: `after ${counted_steps}` });
  tools.querySelector("#said").textContent = Number.isFinite(lossNow())
    ? `after ${counted_steps} it says “${words.map(spoken).join(" | ")}”`
    : `after ${counted_steps} the loss is no number any more: take a smaller learning rate; Undo goes back`;
}
