// .spine: on a phone it scrolls sideways; the current step is brought into sight.
export function start(root) {
  for (const spine of root.querySelectorAll(".spine")) {
    const current = spine.querySelector("[aria-current]");
    if (current) spine.scrollLeft = current.offsetLeft - spine.offsetLeft - (spine.clientWidth - current.clientWidth) / 2;
  }
}
