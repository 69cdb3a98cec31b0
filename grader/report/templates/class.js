"use strict";
// Sorts, filters and searches the table of submissions. It moves and hides rows that are there, and makes no markup of any text.

const table = document.querySelector("table.rows");
const rows = [...table.tBodies[0].rows];
const headers = [...table.tHead.rows[0].cells];
const search = document.querySelector(".search");
const task = document.querySelector("select.task");
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
const folded = (text) => text.normalize("NFKC").toLowerCase();
const said = new Map(rows.map((row) => [row, folded([...row.querySelectorAll("bdi, .first")].map((part) => part.textContent).join(" "))]));
const wanted = new Set();

function filter() {
  const words = folded(search.value).split(/\s+/);
  let shown = 0;
  for (const row of rows) {
    const status = task.value ? row.dataset.outcomes.split(" ")[task.value] : row.dataset.status;
    row.hidden = (wanted.size && !wanted.has(status)) || !words.every((word) => said.get(row).includes(word));
    shown += !row.hidden;
  }
  document.querySelectorAll(".shown").forEach((place) => { place.textContent = shown; });
}

function sort(header) {
  const at = headers.indexOf(header);
  const falls = header.getAttribute("aria-sort") === "ascending";
  const text = (row) => row.cells[at].textContent.trim();
  const number = (row) => Number(row.cells[at].dataset.value);
  const compare = header.dataset.sort === "number" ? (a, b) => number(a) - number(b) : (a, b) => collator.compare(text(a), text(b));
  rows.sort((a, b) => (falls ? compare(b, a) : compare(a, b)));
  headers.forEach((other) => other.removeAttribute("aria-sort"));
  header.setAttribute("aria-sort", falls ? "descending" : "ascending");
  table.tBodies[0].append(...rows);
}

function button(place, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(...place.childNodes);
  made.addEventListener("click", () => pressed(made));
  place.append(made);
  return made;
}

function say(language) {
  for (const option of task.options) option.textContent = option.dataset[language];
}

for (const header of headers.filter((header) => header.dataset.sort)) button(header, () => sort(header));
for (const place of document.querySelectorAll(".legend [data-status]")) {
  const status = place.dataset.status;
  const toggle = button(place, (made) => {
    if (!wanted.delete(status)) wanted.add(status);
    made.setAttribute("aria-pressed", wanted.has(status));
    filter();
  });
  toggle.setAttribute("aria-pressed", "false");
}
for (const choice of document.querySelectorAll("input.language")) {
  choice.addEventListener("change", () => say(choice.id.replace("language-", "")));
}
search.addEventListener("input", filter);
task.addEventListener("change", filter);
document.querySelector(".controls").hidden = false;
table.classList.add("sortable");
