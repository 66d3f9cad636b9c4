/** Where rows stand in a scrolled box, to put them back there after others came or went. */
export type Place = readonly { readonly row: Element; readonly top: number }[];

/** Rows remembered: when the first of them is gone, the next one serves. */
const remembered = 12;

/** The rows at and below the upper edge of the box. */
export function placeOf(box: HTMLElement): Place {
  const rows = box.querySelectorAll('[data-seq]');
  const edge = box.getBoundingClientRect().top;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.getBoundingClientRect().bottom <= edge) low = middle + 1;
    else high = middle;
  }
  return Array.from(rows)
    .slice(low, low + remembered)
    .map((row) => ({ row, top: row.getBoundingClientRect().top - edge }));
}

/** Scrolls so that the first row that is still there stands where it stood. */
export function putBack(box: HTMLElement, place: Place): void {
  const held = place.find(({ row }) => row.isConnected);
  if (!held) return;
  const top = held.row.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (Math.abs(top - held.top) >= 1) box.scrollTop += top - held.top;
}
