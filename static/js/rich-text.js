// The editor of rich texts, in French, named for who cannot see it, and under our content security policy:
// it may not add a <style> element to the page, whose rules are in static/css/rich-text.css instead.
//
// What other scripts rely on. The form's own <textarea name="…"> stays, hidden, and always holds the text: the editor writes
// its HTML there at each change, then sends a bubbling « input » from it. Until a change it holds what the server wrote, which
// is plain lines where the text is mere paragraphs; the server takes both. To put back a text, HTML or plain lines:
//     textarea.value = text
//     textarea.dispatchEvent(new Event("rich-text:set"))
// An editor that is not ready yet will read it there. Rows (rows.js) take no rich text.
import { Extension } from "django-prose-editor/editor"
import { isList, pasted } from "./pasted.js"

const TITLES = {
  heading3: "Intertitre",
  heading4: "Petit intertitre",
  bulletList: "Liste à puces",
  orderedList: "Liste numérotée",
  bold: "Gras",
  italic: "Italique",
  link: "Lien",
  unlink: "Retirer le lien",
  "history:undo": "Annuler",
  "history:redo": "Rétablir",
}

// Drawn here rather than by a font of 128 KB: French letters for bold and italic, strokes for the rest.
const LETTERS = { heading3: "T", heading4: "T", bold: "G", italic: "I" }
const STROKES = {
  bulletList: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
  orderedList: "M10 6h10M10 12h10M10 18h10M4 4.5l1.5-1V9M3.5 15.5c0-2 3-2 3-.2 0 1-3 2.2-3 4.2h3",
  link: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.2-1.2",
  unlink: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7M4 4l16 16",
  "history:undo": "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  "history:redo": "m15 7 5 5-5 5M20 12H10a6 6 0 0 0-6 6",
}

function draw(button) {
  const { name } = button.dataset
  button.classList.remove("material-icons")
  if (LETTERS[name]) button.textContent = LETTERS[name]
  else if (STROKES[name]) button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${STROKES[name]}"/></svg>`
  else button.classList.add("material-icons")
}

const MARKED = /<\/?(?:p|br|ul|ol|li|h[1-6]|strong|em|b|i|a|div|span)(?=[\s/>])[^>]*>/i

// As isic/lib/richtext.py: each line of a plain text is a paragraph.
function fromText(text) {
  if (MARKED.test(text)) return text
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean)
  const paragraph = document.createElement("p")
  return lines.map((line) => ((paragraph.textContent = line), paragraph.outerHTML)).join("")
}

// Only words came: lines that are a list become one.
function pasteList(view, event) {
  if (!event.clipboardData || event.clipboardData.types.includes("text/html")) return false
  const text = event.clipboardData.getData("text/plain")
  return !MARKED.test(text) && isList(text) && view.pasteHTML(fromText(text))
}

// The page was there before the editor: who is typing in the textarea by then goes on typing, at the end of the text.
let typingIn = document.activeElement
document.addEventListener("focusin", ({ target }) => (typingIn = target))

export const House = Extension.create({
  name: "house",
  priority: 1, // after the menu

  onBeforeCreate() {
    const { options } = this.editor
    const textarea = options.element.querySelector("textarea")
    const label = textarea.labels[0]
    const attributes = { "aria-multiline": "true", "aria-label": label?.textContent.replace(":", "").trim() ?? "" }
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name)
    }
    // The textarea is hidden from now on: its label and the links to it lead to the editor.
    attributes.id = textarea.id
    textarea.removeAttribute("id")
    label?.addEventListener("click", () => this.editor.commands.focus())
    options.content = fromText(textarea.value)
    options.injectCSS = false
    options.editorProps = { attributes, transformPastedHTML: pasted, handlePaste: pasteList }
    if (typingIn !== textarea) return
    this.editor.on("mount", ({ editor }) => {
      editor.commands.setTextSelection(editor.state.doc.content.size)
      editor.view.focus()
    })
  },

  onCreate() {
    const textarea = this.editor.options.element.querySelector("textarea")
    textarea.addEventListener("rich-text:set", () => {
      this.editor.commands.setContent(fromText(textarea.value), { emitUpdate: true })
    })
    for (const button of this.editor.options.element.querySelectorAll("button[data-name]")) {
      draw(button)
      const title = TITLES[button.dataset.name]
      if (!title) continue
      button.title = title
      button.setAttribute("aria-label", title)
    }
  },
})
