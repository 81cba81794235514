// The pointer and the keys.

const numbered = (event) => event.target.closest?.("[data-n]");
const named = ({ dataset }) => [+dataset.n, +dataset.i];
const at_pointer = ({ clientX, clientY }) => `${clientX} ${clientY}`;
let clicked = ""; // where; what scrolls under the pointer that rests there is not pointed at

document.addEventListener("click", (event) => {
  const cell = numbered(event);
  if (!cell) return;
  cameFrom = cell;
  clicked = at_pointer(event);
  if (NARROW.matches) document.getElementById("more").open = false; // there is no room for it and the panel
  ask(...named(cell));
});
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch" || at_pointer(event) === clicked) return;
  clicked = "";
  const cell = numbered(event);
  lookAway();
  if (cell && (!now || named(cell).some((each, n) => each !== now[n]))) soon = setTimeout(glance, 60, ...named(cell));
});
document.documentElement.addEventListener("pointerleave", lookAway);
document.addEventListener("focusin", (event) => {
  if (!event.target.matches("[data-n]:focus-visible") || String(named(event.target)) === String(now)) return;
  glance(...named(event.target));
  document.documentElement.style.scrollPaddingBottom = `${asked.offsetHeight + glimpse.offsetHeight + 8}px`;
  bring(event.target, "nearest");
  speak(glimpse.textContent);
});
document.addEventListener("focusout", lookAway);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (asked.hidden) lookAway();
    else hide();
  }
  const typing = event.target.matches("input:not([type=range])"); // where it undoes what is typed
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z" && past.length && !typing) {
    undo();
    event.preventDefault();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
  const cell = event.target.closest?.("main [data-n]");
  if (cell?.closest("table") && event.key.startsWith("Arrow")) {
    beside(cell, event.key)?.focus();
    event.preventDefault();
  } else if (event.key === "ArrowRight") go(1);
  else if (event.key === "ArrowLeft") go(-1);
  else if (cell && event.key === "Enter") {
    cameFrom = cell;
    ask(...named(cell));
    (asked.querySelector("#value") ?? asked.querySelector(".here")).focus();
  }
});

/** The number that an arrow leads to in a table, over what is left out: in the next column or row that has some. */
function beside(cell, key) {
  const inside = (part) => [...part.querySelectorAll("[data-n]:not(meter)")], row = cell.closest("tr");
  const along_row = inside(row), n = along_row.indexOf(cell);
  if (key === "ArrowRight" || key === "ArrowLeft") return along_row[n + (key === "ArrowRight" ? 1 : -1)];
  const td = cell.closest("td"), at = cell === td ? 0 : inside(td).indexOf(cell), { rows } = cell.closest("table");
  for (let r = row.rowIndex, down = key === "ArrowDown" ? 1 : -1; (r += down) in rows; ) {
    const there = rows[r].cells[td.cellIndex], found = there?.dataset.n ? [there] : inside(there ?? row);
    if (there && found.length) return found[Math.min(at, found.length - 1)];
  }
  return null;
}
