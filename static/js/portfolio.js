// [data-portfolio]: rows by key, KPIs unfolded in place, whole projects ticked for review.
const SWITCH = "portfolio-keys";

export function start(desk) {
  const rows = [...desk.querySelectorAll(".portfolio-row")];
  const more = (row) => row.nextElementSibling;
  const link = (row) => row.querySelector(".row-link");
  const fold = (row) => row.querySelector("[data-unfold]");
  const whole = (row) => row.querySelector("[data-kpis]");
  const single = (row) => [...more(row).querySelectorAll('[name="kpi"]')];
  const form = document.getElementById("reviewed");

  // --- Unfolding
  async function unfold(row) {
    const anchor = fold(row);
    const open = anchor.getAttribute("aria-expanded") !== "true";
    const cell = more(row).firstElementChild;
    if (open && !cell.childElementCount) {
      const answer = await fetch(anchor.dataset.unfold, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (!answer?.ok || answer.redirected) return location.assign(anchor.href);
      cell.innerHTML = await answer.text();
      mirror(row);
    }
    anchor.setAttribute("aria-expanded", String(open));
    more(row).hidden = !open;
  }

  // --- Choosing: a project stands for those of its KPIs that may be reviewed together.
  function mirror(row) {
    for (const box of single(row)) box.checked = whole(row)?.checked || box.checked;
  }
  function count() {
    if (!form) return;
    for (const old of form.querySelectorAll("[data-sent]")) old.remove();
    const sent = new Set(rows.flatMap((row) => single(row).filter((box) => box.checked).map((box) => box.value)));
    for (const row of rows) {
      if (!whole(row)?.checked || more(row).querySelector('[name="kpi"]')) continue;
      for (const pk of whole(row).dataset.kpis.split(",")) {
        sent.add(pk);
        const field = Object.assign(document.createElement("input"), { type: "hidden", name: "kpi", value: pk });
        field.dataset.sent = "";
        form.append(field);
      }
    }
    form.querySelector("[data-chosen]").textContent = sent.size ? `(${sent.size})` : "";
    form.toggleAttribute("data-any", sent.size > 0);
  }
  function settle(row) {
    const box = whole(row);
    const inside = single(row);
    if (box && inside.length) {
      box.checked = inside.every((one) => one.checked);
      box.indeterminate = !box.checked && inside.some((one) => one.checked);
    }
  }
  desk.addEventListener("change", (event) => {
    const row = event.target.closest(".portfolio-row") || event.target.closest(".portfolio-more")?.previousElementSibling;
    if (!row) return;
    if (event.target === whole(row)) for (const box of single(row)) box.checked = event.target.checked;
    else settle(row);
    count();
  });
  for (const row of rows) {
    if (whole(row)) whole(row).hidden = false;
    settle(row);
    fold(row).addEventListener("click", (event) => {
      event.preventDefault();
      unfold(row);
    });
  }
  count();

  // --- Keys
  const help = desk.querySelector("[data-keys]");
  if (!help) return;
  const on = help.querySelector("[data-keys-on]");
  help.hidden = false;
  on.checked = localStorage.getItem(SWITCH) !== "off";
  on.addEventListener("change", () => localStorage.setItem(SWITCH, on.checked ? "on" : "off"));

  const here = () => rows.findIndex((row) => row.contains(document.activeElement) || more(row).contains(document.activeElement));
  const go = (number) => link(rows[Math.max(0, Math.min(rows.length - 1, number))]).focus();
  const keys = {
    j: () => go(here() + 1),
    k: () => go(here() < 0 ? 0 : here() - 1),
    o: () => here() >= 0 && unfold(rows[here()]),
    x: () => here() >= 0 && whole(rows[here()])?.click(),
    "/": () => desk.querySelector('input[type="search"]').focus(),
  };
  // The same keys on a Russian keyboard.
  Object.assign(keys, { "о": keys.j, "л": keys.k, "щ": keys.o, "ч": keys.x, ".": keys["/"] });
  document.addEventListener("keydown", (event) => {
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
