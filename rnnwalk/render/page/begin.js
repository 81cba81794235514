// The page begins.

for (const table of document.querySelectorAll("main table")) { // one stop of the tabulator each; inside, arrows lead on
  table.querySelectorAll("[data-n]:not(meter)").forEach((cell, n) => (cell.tabIndex = n ? -1 : 0));
}
for (const number of document.querySelectorAll("main p [data-n]")) number.tabIndex = 0;
build();
show();
window.addEventListener("pageshow", () => show()); // by Back a browser chooses what was chosen before, but the record is as it was written
if (location.hash) arrive();
else if (document.body.dataset.open) {
  stand(sections.findIndex((each) => `${each.dataset.letter}-${each.dataset.step}` === document.body.dataset.open));
  go(0);
}
