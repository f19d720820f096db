// select[data-guess-time-zone]: chooses the zone that the browser lives in, when the list has it; the reader may change it.
export function start(select) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === zone)) select.value = zone;
}
