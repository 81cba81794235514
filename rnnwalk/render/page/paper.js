// The page on paper.

const PAPER = 700; // pixels between the margins of A4; letter paper is a little wider
const SMALLEST = 0.8; // that anything is drawn on paper: 8 of 10 points
const rules = [...document.styleSheets[0].cssRules].find((each) => each.media?.mediaText === "print");

let opened = []; // for paper alone

/** On paper nothing scrolls: all is open, and what is wider than the sheet is drawn smaller, or broken into parts. */
window.addEventListener("beforeprint", () => {
  renewWaiting(Infinity);
  opened = [...document.querySelectorAll("main details:not([open])")];
  for (const each of opened) each.open = true;
  rules.media.mediaText = "all"; // measured is what is printed: in its type, and also what was off the screen
  const page = document.querySelector("main"), width = (part) => part.getBoundingClientRect().width;
  page.style.width = `${PAPER}px`;
  const measured = (parts_of) => parts_of.map((each) => [each, Math.max(each.scrollWidth, ...[each, ...each.querySelectorAll("table")].map(width))]);
  const all = measured([...page.querySelectorAll(".equation > *, .wide, .formula, pre")]);
  const bands = all.filter(([each, most]) => most > PAPER / SMALLEST && (each.matches("table") || each.querySelector("table, svg"))).map(([each]) => [each, broken(each)]);
  for (const [each, made] of bands) {
    each.classList.add("whole");
    each.after(...made);
  }
  const together = bands.flatMap(([, made]) => {
    const most = Math.max(...measured(made).map(([, one]) => one)); // parts of one thing are drawn as large
    return made.map((each) => [each, most]);
  });
  const left = [...all.filter(([each]) => !each.matches(".whole")), ...together];
  page.style.width = "";
  rules.media.mediaText = "print";
  for (const [each, most] of left) if (most > PAPER) each.style.zoom = String(PAPER / most);
});
window.addEventListener("afterprint", () => {
  for (const each of opened) each.open = false;
  for (const each of document.querySelectorAll(".band")) each.remove();
  for (const each of document.querySelectorAll(".whole")) each.classList.remove("whole");
  for (const each of document.querySelectorAll("[style*=zoom]")) each.style.zoom = "";
});

/** A table, or the picture of the network, in parts that stand one below the other. */
function broken(whole) {
  const table = whole.matches("table") ? whole : whole.querySelector("table"), columns = table ? table.rows[0].cells.length : 0;
  const letter_groups = [...whole.querySelectorAll("svg > g")], left = (group) => +group.querySelector("[x]").getAttribute("x");
  const pitch = letter_groups.length > 1 ? left(letter_groups[1]) - left(letter_groups[0]) : 72;
  const fixed = table && (table.rows[table.rows.length - 1].cells[0].tagName === "TH" || table.matches(".grid")) ? 1 : 0; // the headings of rows
  const wide = table ? [...table.rows[0].cells].map((cell) => cell.getBoundingClientRect().width) : letter_groups.map((group, n) => left(letter_groups[n + 1] ?? group) - left(group) || pitch);
  const room = PAPER / SMALLEST - (table ? (fixed && wide[0]) : left(letter_groups[0]));
  const starts = [fixed];
  let taken = 0;
  for (let n = fixed; n < wide.length; n++) {
    if (taken + wide[n] > room && taken) {
      starts.push(n);
      taken = 0;
    }
    taken += wide[n];
  }
  return starts.map((from, n) => {
    const to = starts[n + 1] ?? wide.length, made = whole.cloneNode(true);
    made.classList.add("band");
    const svg = made.querySelector("svg");
    if (svg) {
      const kept_groups = [...svg.querySelectorAll(":scope > g")].filter((group, k) => (k >= from && k < to) || group.remove());
      const across = left(letter_groups[from]) - left(letter_groups[0]), [, , , height] = svg.getAttribute("viewBox").split(" ");
      const span = left(letter_groups[to - 1]) - across + pitch;
      for (const group of kept_groups) group.setAttribute("transform", `translate(${-across} 0)`);
      svg.setAttribute("viewBox", `0 0 ${span} ${height}`);
      svg.setAttribute("width", `${span / 16}em`);
      return made;
    }
    for (const row of made.querySelectorAll("tr")) [...row.cells].forEach((cell, k) => k >= fixed && (k < from || k >= to) && cell.remove());
    made.querySelector("caption")?.append(`, columns ${from + 1 - fixed} to ${to - fixed} of ${columns - fixed}`);
    return made;
  });
}
