// Fields of names (isic/lib/names.py) with suggestions: a combobox of ARIA 1.2; several names become chips.
// Every change sends a bubbling « input » from the field. Text that was not chosen stays in its input, and is sent.

let made = 0;

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const tell = (input) => input.dispatchEvent(new Event("input", { bubbles: true }));
const isSeveral = (group) => "several" in group.dataset;
const fieldOf = (group) => [...group.querySelectorAll("input[type=text]")].pop();
const plain = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

// --- Chips ---------------------------------------------------------------------------------------------------------
function addChip(group, name, value) {
  const list = group.querySelector(".names__chosen");
  if ([...list.querySelectorAll("input")].some((one) => one.value === value)) return;
  const remove = element("button", { type: "button", class: "names__remove", "aria-label": `Retirer ${value}` });
  remove.append(element("span", { "aria-hidden": "true", class: "names__cross" }));
  const kept = element("input", { type: "hidden", name, value });
  const chip = element("li", { class: "names__chip" }, element("span", {}, value), kept, remove);
  remove.addEventListener("click", () => {
    const next = chip.nextElementSibling ?? chip.previousElementSibling;
    chip.remove();
    list.hidden = !list.children.length;
    (next?.querySelector("button") ?? fieldOf(group)).focus();
    say(group, `${value}\u00a0: retiré.`);
    tell(fieldOf(group));
  });
  list.append(chip);
  list.hidden = false;
}

function say(group, words) {
  group.querySelector("[role=status]").textContent = words;
}

// --- Suggestions ---------------------------------------------------------------------------------------------------
async function ask(group, text, signal) {
  const answer = await fetch(`${group.dataset.names}?${new URLSearchParams({ q: text })}`, {
    headers: { Accept: "application/json" },
    signal,
  });
  // An ended session answers by the sign-in page: one goes on without suggestions.
  const isJSON = answer.headers.get("Content-Type")?.startsWith("application/json");
  return answer.ok && isJSON ? answer.json() : [];
}

function bringAlive(group, input) {
  const list = element("ul", { role: "listbox", id: `names-${++made}`, class: "names__list", hidden: "" });
  list.setAttribute("aria-label", "Suggestions");
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
  })) {
    input.setAttribute(name, value);
  }
  const box = element("div", { class: "names__box" });
  input.replaceWith(box);
  box.append(input, list);
  let options = [];
  let active = -1;
  let waiting = null;
  let request = null;

  function close() {
    clearTimeout(waiting);
    request?.abort();
    options = [];
    list.replaceChildren();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    close();
    input.removeAttribute("aria-invalid");
    if (isSeveral(group)) {
      addChip(group, input.name, option.value);
      if (input === fieldOf(group)) input.value = "";
      else box.remove();
      fieldOf(group).focus();
    } else {
      input.value = option.value;
    }
    say(group, `${option.label}\u00a0: choisi.`);
    tell(fieldOf(group));
  }

  function show(all, text) {
    const chosen = [...group.querySelectorAll(".names__chosen input")].map((one) => one.value);
    const found = all.filter((one) => !chosen.includes(one.value));
    const known = found.some((one) => plain(one.label) === plain(text) || plain(one.value) === plain(text));
    const fresh = "allowNew" in group.dataset && !known ? [{ value: text, label: text, isNew: true }] : [];
    options = [...found, ...fresh];
    list.replaceChildren(
      ...options.map((one, index) => {
        const words = one.isNew ? `Ajouter «\u00a0${one.label}\u00a0»` : one.label || one.value;
        const row = element("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false" }, element("span", {}, words));
        if (one.detail) row.append(" ", element("small", {}, one.detail));
        row.addEventListener("click", () => choose(one));
        return row;
      }),
    );
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    mark(-1);
    const count = found.length;
    say(group, count ? `${count} suggestion${count > 1 ? "s" : ""}.` : "Aucune suggestion.");
  }

  async function search() {
    const text = input.value.trim();
    request?.abort();
    if (text.length < 2) return close();
    request = new AbortController();
    try {
      const found = await ask(group, text, request.signal);
      if (document.activeElement === input) show(found, text);
    } catch {
      // No connection, or a newer question: the text stays as typed.
    }
  }

  input.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    clearTimeout(waiting);
    waiting = setTimeout(search, 180);
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options.length - 1;
    const moves = {
      ArrowDown: () => (options.length ? mark(active >= last ? 0 : active + 1) : search()),
      ArrowUp: () => options.length && mark(active <= 0 ? last : active - 1),
      Home: () => active >= 0 && mark(0),
      End: () => active >= 0 && mark(last),
    };
    if (event.key in moves && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      if (event.key.startsWith("Arrow") || active >= 0) event.preventDefault();
      moves[event.key]();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && active < 0 && "search" in group.dataset) {
      close(); // a search asks the server, which reads what is typed
    } else if (event.key === "Enter" && (options.length || (isSeveral(group) && input.value.trim()))) {
      event.preventDefault();
      const same = options.filter((one) => plain(one.label) === plain(input.value) || plain(one.value) === plain(input.value));
      const chosen = options[active] ?? (same.length === 1 ? same[0] : null);
      if (chosen) choose(chosen);
      else say(group, "Choisissez dans la liste avec les flèches.");
    } else if (event.key === "Tab" && active >= 0) {
      choose(options[active]);
    }
  });
}

// --- Coming alive --------------------------------------------------------------------------------------------------
function start(group) {
  if ("alive" in group.dataset) return;
  group.dataset.alive = "";
  group.append(element("p", { role: "status", class: "visually-hidden" }));
  const inputs = [...group.querySelectorAll("input[type=text]")];
  if (isSeveral(group)) {
    group.prepend(element("ul", { class: "names__chosen", "aria-label": "Choisis", hidden: "" }));
    for (const input of inputs.slice(0, -1)) {
      if (input.getAttribute("aria-invalid") === "true") continue;
      addChip(group, input.name, input.value);
      input.remove();
    }
  }
  for (const input of group.querySelectorAll("input[type=text]")) bringAlive(group, input);
}

const startAll = (place) => place.querySelectorAll("[data-names]").forEach(start);
startAll(document);
document.addEventListener("rows:added", (event) => startAll(event.target));
