// Asking the server without leaving the page, and finding out whether the session still stands.
const PATIENCE = 30_000
const { account, session, login } = document.body.dataset

export function element(tag, textContent, properties) {
  return Object.assign(document.createElement(tag), { textContent, ...properties })
}

// AbortSignal.timeout is not in iOS 15 nor in Chrome 102.
export function request(address, options = {}) {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE)
  const answered = fetch(address, { redirect: "manual", signal: patience.signal, ...options })
  return answered.finally(() => clearTimeout(timer))
}

// Whether this page may go on, as the same person. Signing in again, in another tab, gives the session another token.
export async function isSignedIn() {
  const answer = await request(session)
  if (answer.status >= 500) throw new Error(answer.status)
  if (!answer.ok) return false
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value
  if (!token || page.body.dataset.account !== account) return false
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token
  return true
}

export const silence = () => (navigator.onLine ? "Le site ne répond pas." : "Pas de connexion.")
export const SIGNED_OUT = "Votre session est terminée."
export const wayIn = () =>
  element("a", "Se reconnecter dans un autre onglet", {
    href: `${login}?next=${encodeURIComponent(location.pathname)}`,
    target: "_blank",
    rel: "noopener",
  })
