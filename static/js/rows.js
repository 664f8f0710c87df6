// Rows of a form (templates/isic/layout/rows.html) added, removed and moved in the page, as isic/lib/rows.py does by post.
// A row that comes sends a bubbling « rows:added », so that its fields come alive; every button sends a bubbling « input ».

const REFERRING = ["id", "name", "for", "value", "aria-describedby", "aria-labelledby", "aria-controls", "list"];

// crypto.randomUUID is not there on a plain http address of an intranet.
const newKey = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );

const rowsOf = (group) => [...group.querySelector("[data-rows-list]").children];

// The attributes that carry the place of a row, and only those: what is typed is left alone.
function renumber(row, prefix, index) {
  const place = new RegExp(`(^|[ _])${prefix}-(?:\\d+|__prefix__)(?=[-:_ ]|$)`, "g");
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const name of REFERRING) {
      if (!element.hasAttribute(name) || (name === "value" && element.name !== "op")) continue;
      element.setAttribute(name, element.getAttribute(name).replace(place, `$1${prefix}-${index}`));
    }
  }
}

function refresh(group) {
  const { rows: prefix, singular, most } = group.dataset;
  const rows = rowsOf(group);
  // By way of places that nobody has: two rows of one name, for a moment, would untick each other's radio buttons.
  rows.forEach((row, index) => renumber(row, prefix, index + 10000));
  rows.forEach((row, index) => {
    renumber(row, prefix, index);
    row.querySelector("[data-row-title]").textContent = `${singular} ${index + 1} sur ${rows.length}`;
    row.querySelector('[name="op"][value$=":up"]').disabled = index === 0;
    row.querySelector('[name="op"][value$=":down"]').disabled = index === rows.length - 1;
  });
  const full = rows.length >= Number(most);
  group.querySelector(`[name="${CSS.escape(`${prefix}-TOTAL_FORMS`)}"]`).value = rows.length;
  group.querySelector(`[value="${CSS.escape(`${prefix}:add`)}"]`).hidden = full;
  group.querySelector("[data-rows-full]").hidden = !full;
}

const titleOf = (row) => row.querySelector("[data-row-title]").textContent;
const focusable = "input:not([type=hidden]), select, textarea, [contenteditable=true]";

const verbs = {
  add(group) {
    const row = group.querySelector("[data-rows-template]").content.firstElementChild.cloneNode(true);
    row.querySelector('[name$="-key"]').value = newKey();
    group.querySelector("[data-rows-list]").append(row);
    refresh(group);
    row.dispatchEvent(new CustomEvent("rows:added", { bubbles: true }));
    row.querySelector(focusable)?.focus();
    return `Ajout fait. ${titleOf(row)}.`;
  },
  remove(group, row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    refresh(group);
    (next?.querySelector(focusable) ?? group.querySelector('[name="op"][value$=":add"]')).focus();
    const left = rowsOf(group).length;
    return left ? `Retrait fait. Il en reste ${left}.` : "Retrait fait. La liste est vide.";
  },
  up: (group, row, button) => move(group, row, button, () => row.previousElementSibling.before(row)),
  down: (group, row, button) => move(group, row, button, () => row.nextElementSibling.after(row)),
};

function move(group, row, button, exchange) {
  exchange();
  refresh(group);
  const other = [...row.querySelectorAll('[name="op"]')].find((one) => one !== button && !one.disabled);
  (button.disabled ? other : button).focus();
  return `Déplacement fait. ${titleOf(row)}.`;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest('[data-rows] button[name="op"]');
  if (!button) return;
  const group = button.closest("[data-rows]");
  const verb = button.value.split(":").pop();
  if (!verbs[verb]) return; // a text that was pasted: the server reads it
  event.preventDefault();
  group.querySelector("[data-rows-status]").textContent = verbs[verb](group, button.closest("[data-row]"), button);
  group.dispatchEvent(new Event("input", { bubbles: true }));
});
