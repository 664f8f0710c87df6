// The agenda being prepared (templates/meetings/_order.html): drag what the buttons also move, and say where it went.
// The server keeps the order: a drop sends the form, by htmx, like a button would.

const form = () => document.querySelector("[data-order]");
const status = document.querySelector("[data-order-status]");
const passagesOf = (list) => [...list.querySelectorAll("[data-item]")];
let moved = "";

function say(item) {
  const passages = passagesOf(item.parentElement);
  const place = passages.indexOf(item) + 1;
  status.textContent = `«\u00a0${item.dataset.title}\u00a0»\u00a0: ${place} sur ${passages.length}, à ${item.dataset.hour}.`;
}

// --- Drag ----------------------------------------------------------------------------------------------------------
function drag(handle) {
  const item = handle.closest("[data-item]");
  const list = item.parentElement;
  const before = passagesOf(list);
  item.classList.add("passage--held");

  // The first passage whose middle is below the pointer follows the one that is held.
  const follow = ({ clientY }) => {
    const others = passagesOf(list).filter((other) => other !== item);
    const next = others.find((other) => {
      const { top, height } = other.getBoundingClientRect();
      return clientY < top + height / 2;
    });
    if (next !== item.nextElementSibling) list.insertBefore(item, next ?? null);
  };

  const end = (drops) => {
    item.classList.remove("passage--held");
    stop.abort();
    if (!drops) {
      list.append(...before);
    } else if (passagesOf(list).some((one, place) => one !== before[place])) {
      const order = form().elements.order;
      order.disabled = false;
      order.value = passagesOf(list).map((one) => one.dataset.item).join(",");
      moved = item.dataset.item;
      form().querySelector("[type=submit]").click(); // requestSubmit is not in iOS 15
    }
  };

  const stop = new AbortController();
  const { signal } = stop;
  list.addEventListener("pointermove", follow, { signal });
  list.addEventListener("pointerup", () => end(true), { signal });
  list.addEventListener("pointercancel", () => end(false), { signal });
  document.addEventListener("keydown", (event) => event.key === "Escape" && end(false), { signal });
}

function bringAlive() {
  for (const handle of document.querySelectorAll("[data-handle]")) {
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      // The list keeps the pointer: a handle that moves in the page would lose it.
      handle.closest("[data-order-list]").setPointerCapture(event.pointerId);
      drag(handle);
    });
  }
}

// --- What comes back -----------------------------------------------------------------------------------------------
document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
  if (target !== form()) return;
  const button = detail.requestConfig.triggeringEvent?.submitter;
  if (button?.name === "move") moved = button.value.split(":")[0];
});

// A refusal carries the agenda as it stands; an ended session answers by the sign-in page, where one goes.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "passages") return;
  if (event.detail.serverResponse.includes('id="passages"')) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

document.addEventListener("htmx:afterSettle", () => {
  const item = moved && form()?.querySelector(`[data-item="${moved}"]`);
  bringAlive();
  if (!item) return;
  say(item);
  // At an end of the list the button that was pressed is out of use.
  const pressed = document.activeElement;
  if (!item.contains(pressed) || pressed.disabled) item.querySelector("button:enabled").focus();
  moved = "";
});

bringAlive();
