// [data-shown-with="kind"]: stands only while that field of its form says what data-shown-for names (or not what
// data-shown-unless names). Without a script everything stands, and the help texts say which field is for what.
export function start(element) {
  const field = element.closest("form")?.elements[element.dataset.shownWith];
  if (!field) return;
  const { shownFor, shownUnless } = element.dataset;
  const show = () => {
    element.hidden = shownFor ? field.value !== shownFor : field.value === shownUnless;
  };
  field.addEventListener("change", show);
  show();
}
