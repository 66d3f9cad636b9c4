/** Puts a popover beside the button that opened it, within the window. */
export function placeBeside(popover: HTMLElement, anchor: HTMLElement): void {
  const button = anchor.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const left = Math.min(Math.max(8, button.right - width), innerWidth - width - 8);
  const below = button.bottom + 4;
  popover.style.left = `${left}px`;
  popover.style.top = `${below + height < innerHeight - 8 ? below : Math.max(8, button.top - height - 4)}px`;
}
