// The lists with a search (select2) have no name for who cannot see the label beside them: give them that of their field.
function nameLists() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const list = select.nextElementSibling?.querySelector(".select2-selection");
    if (!list || list.hasAttribute("aria-label")) continue;
    const name = select.getAttribute("aria-label") ?? select.labels[0]?.textContent.replace(/\s*:\s*$/, "").trim();
    for (const control of [list, ...list.querySelectorAll("input")]) control.setAttribute("aria-label", name);
    const chosen = list.querySelector("[role=textbox]");
    if (!chosen) continue;
    // The name, then what is chosen, which is text and no field of its own.
    list.id = `${select.id}_list`;
    list.setAttribute("aria-labelledby", `${list.id} ${chosen.id}`);
    chosen.removeAttribute("role");
    chosen.removeAttribute("aria-readonly");
  }
}

addEventListener("load", nameLists);
document.addEventListener("formset:added", nameLists);
