// form[data-submit-once]: a second click sends nothing. Back-forward cache brings the button back alive.
export function start(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-submit-once]");
    if (!form) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("data-busy", "");
  });
  const revive = () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("[data-busy]")?.removeAttribute("data-busy");
    }
  };
  addEventListener("pageshow", revive);
  root.addEventListener("htmx:afterRequest", revive);
}
