// The page begins.

for (const table of document.querySelectorAll("main table")) { // one stop of the tabulator each; inside, arrows lead on
  table.querySelectorAll("[data-n]:not(meter)").forEach((cell, n) => (cell.tabIndex = n ? -1 : 0));
}
for (const number of document.querySelectorAll("main p [data-n]")) number.tabIndex = 0;
build();
const came_back = bringBack();
show();
window.addEventListener("pageshow", ({ persisted }) => { // by Back a browser chooses what was chosen before
  show();
  if (came_back && !persisted) document.getElementById("note").textContent = "Your changes are still here. Reset leads back to the original.";
});
if (location.hash) arrive();
else if (document.body.dataset.open) {
  stand(sections.findIndex((each) => `${each.dataset.letter}-${each.dataset.step}` === document.body.dataset.open));
  go(0);
}
