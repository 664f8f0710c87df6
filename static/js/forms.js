// Puts back in a form what a browser kept of it. A script that has kept `[...new FormData(form)]` gives it back so:
//     form.dispatchEvent(new CustomEvent("form:restore", { bubbles: true, detail: entries }))
// Rows, names and rich texts are made again; a field that the entries do not name stays as it is, a box is unticked.
// One bubbling « input » follows. (By events, since a module that imports another would get a second copy of it: names of
// static files differ inside and outside.)

const give = (target, name, detail) => target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

function fill(control, kept) {
  if (control.type === "checkbox" || control.type === "radio") {
    control.checked = kept.includes(control.value);
  } else if (control.type === "select-multiple") {
    for (const option of control.options) option.selected = kept.includes(option.value);
  } else if (kept.length) {
    control.value = kept.shift();
    if (control.matches("textarea")) give(control, "rich-text:set");
  }
}

document.addEventListener("form:restore", ({ target: form, detail: entries }) => {
  const kept = Map.groupBy(entries.filter(([, value]) => typeof value === "string"), ([name]) => name);
  const valuesOf = (name) => kept.get(name)?.map(([, value]) => value) ?? [];
  for (const group of form.querySelectorAll("[data-rows]")) {
    const [total] = valuesOf(`${group.dataset.rows}-TOTAL_FORMS`);
    if (total !== undefined) give(group, "rows:set", Number(total));
  }
  for (const group of form.querySelectorAll("[data-names]")) {
    give(group, "names:set", valuesOf(group.querySelector("input[type=text]").name));
  }
  for (const control of form.elements) {
    if (control.name && !control.closest("[data-names]") && !["file", "submit"].includes(control.type)) {
      fill(control, valuesOf(control.name));
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
});
