// The catalogue without a reload: htmx swaps #results; this keeps title, focus and the announcement in step.

const announcer = document.getElementById("announcer");
let opened = null;

// An address worth sharing says only what was chosen.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of [...detail.parameters.entries()]) {
    if (value === "") detail.parameters.delete(name);
  }
});

// « Tout afficher » and « Plus de filtres »: remember how many values were shown, to put the focus on the first new one.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "results") return;
  opened = detail.target.querySelectorAll("input").length;
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const results = document.getElementById("results");
  if (opened !== null) {
    const facet = document.getElementById(detail.target.id);
    const fresh = facet?.querySelectorAll("input")[opened];
    (fresh?.checkVisibility() ? fresh : facet?.querySelector("summary"))?.focus();
    opened = null;
    return;
  }
  document.title = results.dataset.title;
  const messages = results.querySelectorAll("#results-count, .notice");
  announcer.textContent = [...messages].map((one) => one.textContent).join(". ");
  document.getElementById("results-heading").focus();
});

// A failed request falls back on the ordinary page, which says what is wrong.
document.addEventListener("htmx:responseError", ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
document.addEventListener("htmx:sendError", ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
