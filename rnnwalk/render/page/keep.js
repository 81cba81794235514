// What was changed is kept while the page is away: after a reload, or by Back, it is there again.

/** A number that another text hardly has. */
function sumOf(text) {
  let sum = 0;
  for (let n = 0; n < text.length; n++) sum = (31 * sum + text.charCodeAt(n)) | 0;
  return sum;
}
const KEPT_AS = `rnnwalk ${location.pathname}${location.search} ${sumOf(document.getElementById("record").textContent)}`; // a file that was written anew is another

function keep() {
  try {
    if (!given.size) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, JSON.stringify([...given].map(([i, data]) => [i, Array.from(data, String)]))); // NaN, too
  } catch { /* a browser that keeps nothing, or not so much */ }
}
window.addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", keep); // on a phone the last that one hears of

/** Whether there was something. */
function bringBack() {
  try {
    given = new Map(JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "[]").map(([i, data]) => [i, Float64Array.from(data)]));
  } catch { /* it begins as it was written */ }
  if (given.size) values = computed(given);
  return given.size > 0;
}
