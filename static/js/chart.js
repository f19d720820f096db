// [data-series-url] around a chart: a cross-hair for mouse, touch and arrow keys, read from the API when first wanted.
// The picture is there without it. Words come from the server: data-says-gap, data-says-provisional; the answer is put
// into [data-reading] (a live region) inside the same figure.
// [data-notes-list] names the list of the notes whose marks are on the picture: a tap on a mark leads to its lines there.
// [data-series] is one of many on a page: its KPI's id goes into the address in data-series-at of what is around them,
// where the words are too, and the live region is made here.
const SVG = "http://www.w3.org/2000/svg";
const DAY = 86400000;

const shape = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

class Reader {
  constructor(frame) {
    this.frame = frame;
    this.reading = frame.closest("figure")?.querySelector("[data-reading]");
    if (frame.dataset.series) this.stand();
    const language = document.documentElement.lang || "en";
    this.number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
    this.day = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    frame.tabIndex = 0;
    frame.addEventListener("pointermove", (event) => this.follow(event));
    frame.addEventListener("pointerdown", (event) => this.follow(event));
    frame.addEventListener("pointerleave", () => this.clear());
    frame.addEventListener("blur", () => this.clear());
    frame.addEventListener("click", (event) => this.open(event.target.closest("[data-notes]")));
    frame.addEventListener("keydown", (event) => this.step(event));
  }

  stand() {
    const around = this.frame.closest("[data-series-at]").dataset;
    this.frame.dataset.seriesUrl = around.seriesAt.replace("/0/", `/${this.frame.dataset.series}/`);
    this.frame.setAttribute("role", "group");
    this.frame.setAttribute("aria-label", around.saysChart);
    this.reading = document.createElement("p");
    this.reading.className = "chart-reading no-print";
    this.reading.setAttribute("role", "status");
    this.frame.after(this.reading);
  }

  open(mark) {
    const list = mark && document.getElementById(this.frame.dataset.notesList);
    if (!list) return;
    const [first, last] = mark.dataset.notes.split(" ").map(Number);
    const lines = [...list.children];
    lines.forEach((line, index) => line.classList.toggle("is-chosen", index + 1 >= first && index + 1 <= last));
    lines[first - 1]?.scrollIntoView({ block: "center" });
  }

  get svg() {
    return [...this.frame.querySelectorAll("svg.chart")].find((svg) => svg.getClientRects().length);
  }

  load() {
    this.loading ??= fetch(this.frame.dataset.seriesUrl, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : []))
      .then((points) => (this.points = points.map((point) => ({ ...point, at: Date.parse(point.day) }))))
      .catch(() => (this.loading = undefined));
    return this.loading;
  }

  scale(svg) {
    const [left, right, top, bottom] = svg.dataset.frame.split(" ").map(Number);
    const [first, last] = svg.dataset.days.split(" ").map(Date.parse);
    const [low, high] = svg.dataset.values.split(" ").map(Number);
    return {
      top, bottom, first, last,
      x: (at) => left + ((right - left) * (at - first)) / (last - first),
      y: (value) => bottom - ((bottom - top) * (value - low)) / (high - low),
      at: (x) => first + Math.round(((x - left) / (right - left)) * ((last - first) / DAY)) * DAY,
    };
  }

  within(scale) {
    return this.points.filter((point) => point.at >= scale.first && point.at <= scale.last);
  }

  async follow(event) {
    await this.load();
    const svg = this.svg;
    if (!svg || !this.points?.length) return;
    const scale = this.scale(svg);
    const box = svg.getBoundingClientRect();
    const at = scale.at(((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width);
    const seen = this.within(scale);
    if (!seen.length) return;
    this.show(seen.reduce((best, point) => (Math.abs(point.at - at) < Math.abs(best.at - at) ? point : best)), svg, scale);
  }

  async step(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7, Home: -Infinity, End: Infinity };
    if (event.key === "Escape") return this.clear();
    if (event.code === "KeyT" && !event.ctrlKey && !event.metaKey && !event.altKey && this.frame.dataset.table) {
      document.getElementById(this.frame.dataset.table)?.focus();
      return;
    }
    if (!(event.key in moves)) return;
    event.preventDefault();
    await this.load();
    const svg = this.svg;
    if (!svg || !this.points?.length) return;
    const scale = this.scale(svg);
    const seen = this.within(scale);
    if (!seen.length) return;
    const here = this.current ? seen.findIndex((point) => point.at === this.current.at) : seen.length - (moves[event.key] < 0 ? 0 : 1);
    this.show(seen[Math.min(Math.max(here + moves[event.key], 0), seen.length - 1)], svg, scale);
  }

  show(point, svg, scale) {
    this.clear();
    this.current = point;
    const x = scale.x(point.at);
    const group = shape("g", { "data-cross": "" });
    group.append(shape("path", { class: "chart-cross", d: `M${x} ${scale.top}V${scale.bottom}` }));
    if (point.value !== null) group.append(shape("circle", { class: "chart-cross-dot", cx: x, cy: scale.y(Number(point.value)), r: 5 }));
    svg.append(group);
    if (this.reading) this.reading.textContent = this.words(point);
  }

  words(point) {
    const says = this.frame.closest("[data-says-gap]").dataset;
    const unit = this.frame.dataset.unit;
    const day = this.day.format(point.at);
    if (point.value === null) return `${day}: ${point.reason || says.saysGap}`;
    const provisional = point.final === false ? ` (${says.saysProvisional})` : "";
    return `${day}: ${this.number.format(point.value)}${unit ? `\u00a0${unit}` : ""}${provisional}`;
  }

  clear() {
    this.current = undefined;
    this.frame.querySelectorAll("[data-cross]").forEach((cross) => cross.remove());
    if (this.reading) this.reading.textContent = "";
  }
}

export const start = (frame) => new Reader(frame);
