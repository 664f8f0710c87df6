/** A slide in small, which nobody reads twice: without what would name two things alike, or be asked for again. */
export function copyOf(slide) {
  const copy = slide.cloneNode(true);
  copy.hidden = false;
  copy.inert = true;
  for (const part of [copy, ...copy.querySelectorAll("[id], [data-slide], [data-photo]")]) {
    for (const name of ["id", "data-slide", "data-photo", "aria-labelledby"]) part.removeAttribute(name);
  }
  return copy;
}
