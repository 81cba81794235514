// Train: the updated weights of the record become its weights, and it runs again.

const losses = [];
let running = false;

function train(steps) {
  if (!losses.length) losses.push(number(byKey.get("loss"), 0));
  for (let step = 0; step < steps; step++) {
    const after = new Map(given);
    for (const [name, i] of Object.entries(record.updated)) after.set(byKey.get(name), Float64Array.from(values[i].data));
    given = after;
    values = evaluate(nodes, given);
    losses.push(values[byKey.get("loss")].data[0]);
  }
}

function learn(steps) {
  past.push(new Map(given));
  running = true;
  let left = steps;
  const go = () => {
    if (!running || left <= 0) {
      running = false;
      show();
      return;
    }
    train(1);
    left -= 1;
    draw();
    show();
    requestAnimationFrame(go);
  };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    train(steps);
    running = false;
    draw();
    show();
  } else go();
}

function draw() {
  tools.querySelector("#curve").style.display = "";
  const most = Math.max(...losses.filter(Number.isFinite)) || 1;
  const points = losses.map((loss, i) => `${(200 * i) / Math.max(losses.length - 1, 1)},${44 - 40 * (loss / most || 0)}`);
  tools.querySelector("#curve polyline").setAttribute("points", points.join(" "));
  tools.querySelector("#said").textContent = `after ${losses.length - 1} step${losses.length === 2 ? "" : "s"} it says “${words.map(spoken).join(" | ")}”`;
}

function back() {
  running = false;
  losses.length = 0;
  if (!tools.querySelector("#curve")) return;
  tools.querySelector("#curve").style.display = "none";
  tools.querySelector("#said").textContent = "";
}
