// What people paste, in the shapes that a sheet may have: bold and italics as they looked, lists, one line for each row of a
// table. Word, Google Docs, mails and spreadsheets say these in styles, which the server never reads: this is the one place
// that knows their ways. isic/lib/richtext.py then keeps what a sheet may have, whatever comes.

const RANK = { GLYPH: /^\s*[·•▪◦‣●○■➢]\s*/, DASH: /^\s*-\s+/, NUMBER: /^\s*(\d{1,2})[.)]\s+/ }
const ORDERED = /^\(?(?:\d{1,3}|[a-z]{1,4})[.)°]/i
const WORD_ITEM = /mso-list:l\d+level(\d+)/
const BLOCKS = "p, div, li, ul, ol, br, h1, h2, h3, h4, h5, h6, blockquote, table"
const HEADINGS = { H1: "h3", H2: "h3", H5: "h4", H6: "h4" }
// What a document hides, took out, or says of its readers.
const UNSEEN = /display:none|mso-hide:all|mso-element:comment/

// HTML → HTML. Nothing of it runs or is fetched meanwhile, and no style is set: our policy would complain of each.
export function pasted(html) {
  const still = html.replace(/<style\b[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, inert)
  if (still.includes("data-pm-slice")) return still // it comes from an editor like this one
  const { body } = new DOMParser().parseFromString(still, "text/html")
  for (const one of body.querySelectorAll("script, title, del")) one.remove()
  for (const one of body.querySelectorAll("[data-style]")) if (UNSEEN.test(styleOf(one))) one.remove()
  for (const parent of [body, ...body.querySelectorAll("div, td, b, section, article")]) makeLists(parent)
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) list.previousElementSibling?.append(list)
  for (const table of [...body.querySelectorAll("table")].reverse()) makeLines(table)
  emphasise(body)
  for (const [tag, ours] of Object.entries(HEADINGS)) for (const one of body.querySelectorAll(tag)) rename(one, ours)
  return body.innerHTML
}

// Lines of plain text that are a list: worth being read as a page would be.
export function isList(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim())
  return lines.length > 1 && lines.some((line, at) => at && Object.values(RANK).some((rank) => rank.test(line)))
}

const inert = (tag) => tag.replace(/(\s)(style|on[a-z]+)=/gi, "$1data-$2=")
const styleOf = (element) => (element.dataset.style ?? "").toLowerCase().replace(/\s/g, "")
const property = (element, name) => new RegExp(`(?:^|;)${name}:([^;]+)`).exec(styleOf(element))?.[1]

function textsOf(element) {
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const texts = []
  while (walker.nextNode()) texts.push(walker.currentNode)
  return texts
}

function rename(element, tag) {
  const other = element.ownerDocument.createElement(tag)
  other.append(...element.childNodes)
  element.replaceWith(other)
}

// --- Bold and italics: each word as it looked, whatever said so -------------------------------------------------------
const LOOKS = [
  { tag: "strong", tags: "b, strong", name: "font-weight", is: /^(bold|[6-9]00)/, except: "h1, h2, h3, h4, h5, h6" },
  { tag: "em", tags: "i, em", name: "font-style", is: /^(italic|oblique)/, except: "script" },
]

function emphasise(body) {
  for (const { tag, tags, name, is, except } of LOOKS) {
    const plain = (text) => !text.data.trim() || text.parentElement.closest(except)
    const marked = textsOf(body).filter((text) => !plain(text) && looks(text, tags, name, is))
    for (const one of body.querySelectorAll(tags)) one.replaceWith(...one.childNodes)
    for (const text of marked) {
      const mark = body.ownerDocument.createElement(tag)
      text.replaceWith(mark)
      mark.append(text)
    }
  }
}

// The nearest that says: Google Docs wraps everything in <b style="font-weight:normal">.
function looks(text, tags, name, is) {
  for (let one = text.parentElement; one; one = one.parentElement) {
    const value = property(one, name)
    if (value && value !== "inherit") return is.test(value)
    if (one.matches(tags)) return true
  }
  return false
}

// --- Lists ------------------------------------------------------------------------------------------------------------
function makeLists(parent) {
  let run = []
  for (const child of [...parent.children, null]) {
    const items = child && itemsOf(child)
    if (items && (!run.length || items[0].kind === run[0].kind)) {
      run.push(...items)
      continue
    }
    if (isWhole(run)) nest(run)
    run = items ?? []
  }
}

// A dash may begin a reply, a number a sentence: two at least, and numbers from 1.
function isWhole(run) {
  if (run[0]?.kind === "NUMBER" && !run.every(({ number }, at) => number === at + 1)) return false
  return run.length > (["DASH", "NUMBER"].includes(run[0]?.kind) ? 1 : 0)
}

function itemsOf(element) {
  const online = element.matches("ul, ol, .ListContainerWrapper") ? [...element.querySelectorAll("li[data-aria-level]")] : []
  if (online.length) return online.map((item) => onlineItem(item, element))
  if (element.tagName !== "P") return null
  const word = WORD_ITEM.exec(styleOf(element))
  return word ? [wordItem(element, Number(word[1]))] : typedItem(element)
}

// Each in a list of its own, which says how deep it is.
function onlineItem(item, from) {
  const ordered = item.parentElement.tagName === "OL"
  return { kind: "WORD", level: Number(item.dataset.ariaLevel), ordered, from, content: item }
}

function wordItem(element, level) {
  const marker = [...element.querySelectorAll("span")].find((span) => styleOf(span).includes("mso-list:ignore"))
  const ordered = ORDERED.test(marker?.textContent.trim() ?? "")
  if (marker) marker.remove()
  else takeOff(element, RANK.GLYPH)
  return { kind: "WORD", level, ordered, from: element, content: element }
}

function typedItem(element) {
  const kind = Object.keys(RANK).find((name) => RANK[name].test(element.textContent))
  const number = kind && Number(RANK[kind].exec(element.textContent)[1])
  return kind ? [{ kind, number, level: 1, ordered: kind === "NUMBER", from: element, content: element, typed: RANK[kind] }] : null
}

// The mark of an item, which may lie across several spans.
function takeOff(element, mark) {
  let length = mark.exec(element.textContent)?.[0].length ?? 0
  for (const text of textsOf(element)) {
    const taken = Math.min(length, text.data.length)
    text.deleteData(0, taken)
    length -= taken
  }
}

function nest(run) {
  const document = run[0].from.ownerDocument
  const place = document.createElement("div")
  run[0].from.before(place)
  const open = [] // the lists around the next item, from the inside
  for (const { level, ordered, content, typed } of run) {
    const tag = ordered ? "ol" : "ul"
    while (open[0]?.level > level || (open[0]?.level === level && open[0].tag !== tag)) open.shift()
    if (open[0]?.level !== level) {
      const list = document.createElement(tag)
      ;(open[0]?.list.lastElementChild ?? place).append(list)
      open.unshift({ level, tag, list })
    }
    if (typed) takeOff(content, typed)
    const item = document.createElement("li")
    const line = content.tagName === "LI" ? item : item.appendChild(document.createElement("p"))
    line.append(...content.childNodes)
    open[0].list.append(item)
  }
  for (const { from } of run) from.remove()
  place.replaceWith(...place.childNodes)
}

// --- Tables: a line a row, « Alimentation ; 1 500,00 € » ---------------------------------------------------------------
function makeLines(table) {
  const rows = [...table.rows].map((row) => [...row.cells])
  const isLayout = rows.every((cells) => cells.length < 2)
  const lines = rows.filter((cells) => cells.some((cell) => cell.textContent.trim())).map(isLayout ? blockOf : lineOf)
  if (table.caption) lines.unshift(blockOf([table.caption]))
  table.replaceWith(...lines)
}

// A mail is often one cell.
function blockOf([cell]) {
  const block = cell.ownerDocument.createElement("div")
  block.append(...cell.childNodes)
  return block
}

function lineOf(cells) {
  const line = cells[0].ownerDocument.createElement("p")
  for (const cell of cells) {
    for (const block of cell.querySelectorAll(BLOCKS)) block.replaceWith(...block.childNodes, " ")
    cell.normalize()
    const [first, ...others] = textsOf(cell)
    if (first) first.data = first.data.trimStart()
    const last = others.pop() ?? first
    if (last) last.data = last.data.trimEnd()
    const isEmpty = !cell.textContent.trim()
    line.append(line.childNodes.length ? "\u00a0; " : "", ...(isEmpty ? ["–"] : cell.childNodes))
  }
  return line
}
