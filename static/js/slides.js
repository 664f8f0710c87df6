// The deck of a meeting. All its slides are in the page: here one is shown at a time, at its own address (#12), cut to
// what fits. #texte shows them all, one after the other, as they are without this script.
import { copyOf } from "./slide-copies.js";

const root = document.documentElement;
const deck = document.querySelector("[data-deck]");
const one = (selector, within = deck) => within.querySelector(selector);
const all = (selector, within = deck) => [...within.querySelectorAll(selector)];
const slides = all("[data-slide]");
const pageTitle = document.title;
const isDeck = () => root.classList.contains("is-deck");
const headingOf = (slide) => one("h2", slide);
let current = null;

// --- One slide at a time --------------------------------------------------------------------------------------------
function route({ focus = true } = {}) {
  const wanted = location.hash.slice(1);
  if (wanted === "texte") return showText(focus);
  const slide = slides.find(({ id }) => id === wanted);
  if (!slide && focus && !isDeck()) return; // a link within the text
  setMode(true);
  show(slide ?? current ?? slides[0], focus);
}

function setMode(asDeck) {
  const isSame = asDeck === isDeck();
  root.classList.toggle("is-deck", asDeck);
  one("h1").classList.toggle("visually-hidden", asDeck);
  one("[data-bar]").hidden = !asDeck;
  one("[data-to-deck]").hidden = asDeck;
  if (!asDeck && document.fullscreenElement) document.exitFullscreen();
  if (!isSame) stayAwake();
}

function showText(focus) {
  setMode(false);
  current = null;
  for (const slide of slides) {
    slide.hidden = false;
    headingOf(slide).removeAttribute("aria-describedby");
    whole(slide);
  }
  document.title = pageTitle;
  if (!focus) return;
  one("h1").tabIndex = -1;
  one("h1").focus();
}

function show(slide, focus) {
  current = slide;
  for (const other of slides) other.hidden = other !== slide;
  fit(slide);
  slide.scrollTop = 0;
  const number = slides.indexOf(slide) + 1;
  const words = `Diapositive ${number} sur ${slides.length}`;
  one("[data-status]").textContent = words;
  say("");
  document.title = number === 1 ? pageTitle : `${headingOf(slide).textContent.trim()} – ${words} – ${pageTitle}`;
  one("[data-bar]").style.setProperty("--done", number / slides.length);
  one("[data-step='-1']").setAttribute("aria-disabled", number === 1);
  one("[data-step='1']").setAttribute("aria-disabled", number === slides.length);
  showTime();
  tellPresenter();
  // The heading takes the focus and is read with « Diapositive 3 sur 12 »: a live region would say it twice.
  headingOf(slide).setAttribute("aria-describedby", "deck-status");
  if (focus) headingOf(slide).focus({ preventScroll: true });
}

const say = (words) => (one("[data-deck-status]").textContent = words);

/** Each slide is a step of the browser's own history. */
function go(index) {
  const slide = slides[Math.max(0, Math.min(index, slides.length - 1))];
  if (slide !== current) location.hash = slide.id;
}

/** Whatever is pressed on a black screen brings the slide back. */
const step = (by) => (one("[data-black]").hidden ? go(slides.indexOf(current) + by) : does.black());

// --- What fits ------------------------------------------------------------------------------------------------------
// Smaller, as long as it can be read from afar, then smaller still: nothing is cut that would fit so. Then fewer sentences. Where
// even that is too much (a phone, a large zoom), the whole of it scrolls, for the style keeps a least size.
const SCALES = [1, 0.92, 0.84, 0.76, 0.7, 0.62, 0.55];
const LEGIBLE = 0.7;

const overflows = (slide) => slide.scrollHeight > slide.clientHeight + 1 || slide.scrollWidth > slide.clientWidth + 1;

function whole(slide) {
  slide.style.removeProperty("--fit");
  slide.removeAttribute("tabindex");
  slide.removeAttribute("aria-labelledby");
  all("[data-piece]", slide).forEach((piece) => (piece.hidden = false));
  all("[data-more]", slide).forEach((more) => (more.hidden = true));
}

function shrunk(slide, scales) {
  return scales.some((scale) => {
    slide.style.setProperty("--fit", scale);
    return !overflows(slide);
  });
}

function fit(slide) {
  whole(slide);
  if (shrunk(slide, SCALES)) return;
  slide.style.setProperty("--fit", LEGIBLE);
  const pieces = all("[data-piece]", slide);
  all("[data-more]", slide).forEach((more) => (more.hidden = pieces.length < 2));
  while (pieces.length > 1 && (overflows(slide) || pieces[pieces.length - 1].closest("h3"))) pieces.pop().hidden = true;
  if (!overflows(slide) || shrunk(slide, SCALES)) return;
  whole(slide);
  slide.style.setProperty("--fit", LEGIBLE);
  slide.tabIndex = 0;
  slide.setAttribute("aria-labelledby", headingOf(slide).id);
}

new ResizeObserver(() => isDeck() && current && fit(current)).observe(one("[data-stage]"));

// The photos come after the first slide, all of them and once for all, in the size of the screen: nothing is asked for later.
// One that does not come leaves the pattern that is under it.
addEventListener("load", () => {
  for (const photo of all("[data-photo]")) {
    photo.sizes = `${Math.max(screen.width, innerWidth)}px`;
    photo.loading = "eager";
    photo.decode().then(
      () => {
        photo.src = photo.currentSrc;
        photo.removeAttribute("srcset");
      },
      () => {
        photo.hidden = true;
        if (isDeck()) fit(current);
      },
    );
  }
});

// --- Time left -----------------------------------------------------------------------------------------------------
const timeKey = `slides-time:${location.pathname}`;
const spent = JSON.parse(sessionStorage.getItem(timeKey) ?? "{}");

/** The time of a passage runs while one of its slides is shown; behind another window a browser counts by the minute. */
let counted = Date.now();
setInterval(() => {
  const seconds = Math.min((Date.now() - counted) / 1000, 90);
  counted = Date.now();
  if (!current?.dataset.minutes) return;
  spent[current.dataset.passage] = (spent[current.dataset.passage] ?? 0) + seconds;
  sessionStorage.setItem(timeKey, JSON.stringify(spent));
  showTime();
  tellPresenter();
}, 1000);

function showTime() {
  const { minutes, passage } = current?.dataset ?? {};
  const left = Math.ceil((minutes * 60 - (spent[passage] ?? 0)) / 60);
  const time = one("[data-time]");
  time.textContent = !minutes ? "" : left > 0 ? `${left}\u00a0min` : left ? `${-left}\u00a0min de trop` : "c’est l’heure";
  time.classList.toggle("is-over", Boolean(minutes) && left <= 0);
}

const does = {
  time: () => toggle("time"),
  black: () => {
    toggle("black");
    say(one("[data-black]").hidden ? "" : "Écran noir");
  },
  fullscreen: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen().catch(() => {})),
};

function toggle(name) {
  const part = one(`[data-${name}]`);
  if (!part) return;
  part.hidden = !part.hidden;
  one(`[data-does=${name}]`).setAttribute("aria-pressed", !part.hidden);
}

// --- Keys, mouse, touch ---------------------------------------------------------------------------------------------
const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
const SCROLLS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  const isBusy = document.querySelector("dialog[open], :popover-open");
  if (!isDeck() || isBusy || event.ctrlKey || event.metaKey || event.altKey) return;
  const isControl = event.target.closest("a, button");
  const isScrolled = overflows(current);
  const act =
    (event.key in STEPS && (() => step(STEPS[event.key]))) ||
    (event.key in SCROLLS && !isScrolled && (() => step(SCROLLS[event.key]))) ||
    (event.key === " " && !isControl && (() => step(event.shiftKey ? -1 : 1))) ||
    (event.key === "Home" && (() => go(0))) ||
    (event.key === "End" && (() => go(slides.length - 1))) ||
    (event.key === "Escape" && escape) ||
    (event.key === "F5" && document.fullscreenEnabled && enlarge) ||
    does[shortcutOf(event.key)];
  if (!act) return;
  event.preventDefault();
  act();
});

function escape() {
  if (!one("[data-black]").hidden) does.black();
  else if (document.fullscreenElement) document.exitFullscreen();
  else leave(one("[data-quit]").href);
}

/** What a clicker's « start » sends: to load the page again could lose it. */
function enlarge() {
  if (!document.fullscreenElement) does.fullscreen();
}

/** Without the server there would be nothing to come back to. */
async function leave(href) {
  const patience = new AbortController(); // AbortSignal.timeout is not in iOS 15
  setTimeout(() => patience.abort(), 5000);
  const isThere = await fetch(href, { method: "HEAD", signal: patience.signal }).catch(() => null);
  if (isThere) location.assign(href);
  else say("Le réseau est coupé\u00a0: le diaporama reste ouvert.");
}

addEventListener("beforeunload", (event) => {
  if (isDeck() && !navigator.onLine) event.preventDefault();
});

const stage = one("[data-stage]");
stage.addEventListener("click", (event) => {
  const isElsewhere = event.target.closest("a") || event.pointerType !== "mouse" || String(getSelection());
  if (isDeck() && !isElsewhere) step(1);
});

one("[data-black]").addEventListener("click", does.black);

let start = null;
stage.addEventListener("touchstart", ({ touches }) => (start = touches.length === 1 ? touches[0] : null), { passive: true });
stage.addEventListener("touchend", ({ changedTouches: [end] }) => {
  if (!start || !isDeck() || visualViewport.scale > 1) return;
  const [x, y] = [end.clientX - start.clientX, end.clientY - start.clientY];
  start = null;
  if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) step(x < 0 ? 1 : -1);
});

deck.addEventListener("click", (event) => {
  const button = event.target.closest("button, a");
  if (!button) return;
  if (!isDeck()) return readOn(event, button);
  if (button.href && !button.hash && !button.target && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    leave(button.href);
  }
  if (button.dataset.step) step(Number(button.dataset.step));
  button.closest("[data-menu]")?.hidePopover();
  if (button.dataset.opens) open(one(`#${button.dataset.opens}`));
  if (button.dataset.does) does[button.dataset.does]();
  if (button.hash) {
    button.closest("dialog")?.close();
    if (button.hash === `#${current?.id}`) headingOf(current).focus();
  }
});

/** In the text, the agenda leads further down the text. */
function readOn(event, link) {
  const slide = slides.find(({ id }) => link.hash === `#${id}`);
  if (!slide || !link.closest("[data-stage]")) return;
  event.preventDefault();
  headingOf(slide).focus();
}

one("#deck-overview").addEventListener("keydown", (event) => {
  const links = all("a", event.currentTarget);
  const at = links.indexOf(document.activeElement);
  const by = STEPS[event.key] ?? SCROLLS[event.key];
  if (at < 0 || !by) return;
  event.preventDefault();
  links[Math.max(0, Math.min(at + by, links.length - 1))].focus();
});

function open(dialog) {
  dialog.showModal();
  drawThumbs(all("[data-thumb]:empty", dialog));
  for (const link of all("a", dialog)) {
    const isHere = link.hash === `#${current.id}`;
    if (isHere) link.focus();
    if (isHere) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function drawThumbs(places) {
  for (const place of places) place.append(copyOf(document.getElementById(place.dataset.thumb)));
}

// --- The window of the presenter (static/js/presenter.js) ---------------------------------------------------------------
// Here the slides only, which everybody sees; there the notes, the next slide, the clock. Each tells the other where it is.
const channel = "BroadcastChannel" in window ? new BroadcastChannel(deck.dataset.channel) : null; // not in iOS 15.3

function tellPresenter() {
  channel?.postMessage({ at: Number(current.id), spent: spent[current.dataset.passage] ?? 0 });
}

channel?.addEventListener("message", ({ data: { go: number, asks } }) => {
  if (!isDeck()) return;
  if (number) go(number - 1);
  if (asks) tellPresenter();
});

// --- Shortcuts of one key: off until somebody wants them, and theirs to choose -----------------------------------------
const KEPT = "slides-keys";
const settings = { single: false, time: "T", black: "B", ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };

function shortcutOf(key) {
  if (!settings.single) return "";
  const chosen = ["time", "black"].find((name) => settings[name] && settings[name] === key.toUpperCase());
  return chosen ?? (key === "." ? "black" : "");
}

for (const field of all("[data-setting]")) {
  const name = field.dataset.setting;
  if (name === "single") field.checked = settings.single;
  else field.value = settings[name];
  field.addEventListener("input", ({ data }) => {
    if (name !== "single") field.value = (data ?? field.value).trim().toUpperCase().slice(-1);
    const value = name === "single" ? field.checked : field.value;
    const isTaken = value && Object.entries(settings).some(([other, key]) => other !== name && key === value && other !== "single");
    field.setCustomValidity(isTaken ? "Cette touche sert déjà\u00a0: choisissez-en une autre." : "");
    if (!field.reportValidity()) return;
    settings[name] = value;
    localStorage.setItem(KEPT, JSON.stringify(settings));
  });
}

// --- The screen stays on, as long as the deck is there ------------------------------------------------------------------
let lock = null;

async function stayAwake() {
  if (!isDeck()) return lock?.release();
  if (document.visibilityState === "visible") lock = await navigator.wakeLock?.request("screen").catch(() => null);
}
document.addEventListener("visibilitychange", stayAwake);

// --- On paper, the whole text -----------------------------------------------------------------------------------------
addEventListener("beforeprint", () => isDeck() && showText(false));
addEventListener("afterprint", () => route({ focus: false }));

one("[data-does=fullscreen]").hidden = !document.fullscreenEnabled;
document.addEventListener("fullscreenchange", () => {
  one("[data-does=fullscreen]").textContent = document.fullscreenElement ? "Quitter le plein écran" : "Plein écran";
});
addEventListener("hashchange", () => route());
route({ focus: false });
