// [data-task-board]: a card goes into another column by dragging, by Shift with an arrow on its title, or by its select.
export function start(board) {
  const columns = [...board.querySelectorAll("[data-state]")];
  const said = document.getElementById("board-said");
  const columnOf = (card) => card.closest("[data-state]");
  const say = (words) => { said.textContent = words; };

  function count() {
    for (const column of columns) column.querySelector("[data-count]").textContent = column.querySelectorAll(".task-card").length;
  }

  function put(card, column) {
    const cards = [...column.querySelectorAll(".task-card")].filter((other) => other !== card);
    const next = cards.find((other) => other.dataset.order > card.dataset.order);
    column.querySelector(".task-cards").insertBefore(card, next || null);
    card.querySelector("select").value = column.dataset.state;
    count();
  }

  async function move(card, column) {
    const before = columnOf(card);
    if (!column || column === before) return;
    const form = card.querySelector("form");
    const focused = card.contains(document.activeElement) ? document.activeElement : null;
    put(card, column);
    focused?.focus();
    const body = new FormData(form);
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) return say(`${board.dataset.saysMoved} ${card.querySelector("a").textContent} → ${column.dataset.name}`);
    const told = await answer?.json().catch(() => null);
    put(card, before);
    focused?.focus();
    complain(told?.sentence || board.dataset.saysOffline);
  }

  // A refusal is seen as well as heard.
  function complain(words) {
    say(words);
    const notice = document.createElement("div");
    notice.className = "notice notice-error";
    notice.append(Object.assign(document.createElement("p"), { textContent: words }));
    document.getElementById("messages").replaceChildren(notice);
  }

  board.addEventListener("change", (event) => {
    if (event.target.name !== "state") return;
    move(event.target.closest(".task-card"), columns.find((column) => column.dataset.state === event.target.value));
  });

  board.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const card = event.target.closest(".task-card");
    if (!step || !event.shiftKey || !card || event.target.name === "state") return;
    event.preventDefault();
    move(card, columns[columns.indexOf(columnOf(card)) + step]);
  });

  let held = null;
  board.addEventListener("dragstart", (event) => {
    held = event.target.closest(".task-card");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.id);
    held.dataset.held = "";
  });
  board.addEventListener("dragover", (event) => {
    const over = held && event.target.closest("[data-state]");
    if (over) event.preventDefault();
    for (const column of columns) column.toggleAttribute("data-over", column === over);
  });
  board.addEventListener("drop", (event) => {
    const column = event.target.closest("[data-state]");
    if (!held || !column) return;
    event.preventDefault();
    move(held, column);
  });
  board.addEventListener("dragend", () => {
    held?.removeAttribute("data-held");
    held = null;
    for (const column of columns) column.removeAttribute("data-over");
  });
}
