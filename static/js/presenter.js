// The window of who leads the meeting (templates/meetings/presenter.html): where the deck is, what comes next, the time, the
// notes and the box of the current passage. The deck is another window of this browser; each tells the other where it is.
import { copyOf } from "./slide-copies.js";

const page = document.querySelector("[data-presenter]");
const one = (selector, within = page) => within.querySelector(selector);
const all = (selector, within = page) => [...within.querySelectorAll(selector)];
const slides = all("[data-slide]");
const sides = all("[data-side]");
const channel = "BroadcastChannel" in window ? new BroadcastChannel(page.dataset.channel) : null; // not in iOS 15.3
let at = 0;
let spent = 0;

function show(number) {
  if (number === at || !slides[number - 1]) return;
  at = number;
  const current = slides[at - 1];
  one("[data-where]").textContent = `Diapositive ${at} sur ${slides.length}`;
  one("[data-current]").replaceChildren(copyOf(current));
  one("[data-next]").replaceChildren(...(slides[at] ? [copyOf(slides[at])] : []));
  one("[data-step='-1']").disabled = at === 1;
  one("[data-step='1']").disabled = at === slides.length;
  for (const side of sides) side.hidden = side.dataset.side !== current.dataset.passage;
}

const clockOf = (date) => `${date.getHours()}\u00a0h\u00a0${String(date.getMinutes()).padStart(2, "0")}`;

/** What is left of the passage; and how late it is, by the hour at which it should end. */
function showTime() {
  const now = new Date();
  one("[data-now]").textContent = clockOf(now);
  const { minutes, passage } = slides[at - 1]?.dataset ?? {};
  const pace = one("[data-pace]");
  if (!minutes) return (pace.textContent = "");
  const left = Math.ceil(minutes - spent / 60);
  const [hour, minute] = one("[data-starts]", sides[passage]).dateTime.split(":");
  const end = new Date(page.dataset.day).setHours(hour, Number(minute) + Number(minutes));
  const late = Math.floor((now - end) / 60000);
  const isLate = late > 0 && late < 240; // another day, one rehearses
  const words = left > 0 ? `il reste ${left}\u00a0min` : left ? `${-left}\u00a0min de trop` : "c’est l’heure";
  pace.textContent = isLate ? `${words}, ${late}\u00a0min de retard sur l’ordre du jour` : words;
  pace.classList.toggle("is-over", left <= 0 || isLate);
}

function step(by) {
  channel?.postMessage({ go: at + by });
}

channel?.addEventListener("message", ({ data }) => {
  if (!data.at) return;
  spent = data.spent;
  show(data.at);
  showTime();
});

page.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-step]");
  if (button) step(Number(button.dataset.step));
});

// Where one types, the keys are those of the text.
document.addEventListener("keydown", (event) => {
  const by = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (!by || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  step(by);
});

if (channel) {
  document.documentElement.classList.add("is-deck", "is-presenter");
  for (const part of all("[data-needs-script]")) part.hidden = false;
  setInterval(showTime, 1000);
  showTime();
  channel.postMessage({ asks: true });
}
