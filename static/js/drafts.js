// Texts that wait in this browser until the server has them (autosave.js), and the boxes that offer them back.
// Each belongs to an account: the next person at this computer is not offered somebody else's words.
//
// A draft: { name, page, at, entries, texts } — which form, the address where it was typed, when, all that the form held as
// [name, value], and what was typed there in words as [label, text], for who can no longer send the form.
const OWNER = `brouillon/${document.body.dataset.account}/`
const DAYS = 60
const POSTED = "brouillon-posté"
// Set by isic.lib.middleware.AcceptedForms on the answer to a form that was taken.
const HOST = location.protocol === "https:" ? "__Host-" : ""
const ACCEPTED = `${HOST}enregistre`

// A full or forbidden storage changes nothing else: the page itself still holds the text.
function attempt(act) {
  try {
    return act()
  } catch {
    return null
  }
}

// Each form of each page keeps its own: two tabs never take each other's text away.
export const newId = () => Date.now().toString(36) + Math.random().toString(36).slice(2)
export const forget = (id) => attempt(() => localStorage.removeItem(OWNER + id))

// Whether the browser could.
export const keep = (id, draft) =>
  attempt(() => (localStorage.setItem(OWNER + id, JSON.stringify({ ...draft, at: Date.now() })), true)) ?? false

// Whether texts of other accounts wait here too.
export const hasOthers = () =>
  (attempt(() => Object.keys(localStorage)) ?? []).some((key) => key.startsWith("brouillon/") && !key.startsWith(OWNER))

// The newest first. One that nobody came back for is forgotten.
export function waiting() {
  const keys = (attempt(() => Object.keys(localStorage)) ?? []).filter((key) => key.startsWith(OWNER))
  return keys
    .map((key) => ({ id: key.slice(OWNER.length), ...attempt(() => JSON.parse(localStorage.getItem(key))) }))
    .filter(({ id, at, entries }) => (Array.isArray(entries) && at > Date.now() - DAYS * 86_400_000) || forget(id))
    .sort((one, other) => other.at - one.at)
}

// The page that follows a post asks, once, what became of its text.
export const post = (id) => attempt(() => sessionStorage.setItem(POSTED, id))
export function posted() {
  const id = attempt(() => sessionStorage.getItem(POSTED))
  attempt(() => sessionStorage.removeItem(POSTED))
  const isAccepted = document.cookie.split("; ").includes(`${ACCEPTED}=${id}`)
  if (isAccepted) document.cookie = `${ACCEPTED}=; Max-Age=0; Path=/; SameSite=Lax${HOST && "; Secure"}`
  return { id, isAccepted }
}

// --- Offering it back (templates/isic/waiting.html) ------------------------------------------------------------------
export function newBox({ at }) {
  const box = document.querySelector("template[data-waiting-box]").content.firstElementChild.cloneNode(true)
  const when = new Date(at)
  const day = when.toLocaleDateString("fr-FR", { day: "numeric", month: "long" })
  const minutes = when.getMinutes() ? `\u00a0${String(when.getMinutes()).padStart(2, "0")}` : ""
  box.querySelector("[data-waiting-when]").textContent = `le ${day} à ${when.getHours()}\u00a0h${minutes}`
  return box
}

// What was typed here in a form that is no longer shown: to be read, copied, forgotten.
export function offerToCopy(draft) {
  const box = newBox(draft)
  const text = box.querySelector("textarea")
  text.value = draft.texts.map(([label, words]) => (label ? `${label}\n${plain(words)}` : plain(words))).join("\n\n")
  text.rows = Math.min(12, text.value.split("\n").length + 1)
  box.querySelector("[data-waiting-copy]").hidden = false
  box.querySelector("[data-resume]").remove()
  box.querySelector("[data-copy]").onclick = () => {
    text.select()
    // The clipboard of a plain http address of an intranet takes nothing else.
    const isCopied = document.execCommand("copy")
    box.querySelector("[role=status]").textContent = isCopied ? "Copié." : "Le texte est sélectionné\u00a0: copiez-le (Ctrl + C)."
  }
  box.querySelector("[data-forget]").onclick = () => {
    forget(draft.id)
    box.remove()
    document.querySelector("main").focus()
  }
  document.querySelector("main").prepend(box)
}

// The words of a rich text, a line a block.
function plain(words) {
  if (!words.startsWith("<")) return words
  const page = new DOMParser().parseFromString(words.replace(/<\/(p|li|h3|h4)>/g, "\n"), "text/html")
  return page.body.textContent.trim()
}
