// Line charts: values under the pointer or the arrow keys, and a range of the lower axis drawn alone (drag, + and -).
document.querySelectorAll("figure.lines").forEach((figure) => {
  const svg = figure.querySelector("svg"), table = figure.querySelector("table"), readout = figure.querySelector(".readout");
  if (!table || !svg.querySelector(".cross")) return;
  const make = (tag, attributes, words = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.textContent = words;
    return made;
  };
  const [x0, x1, y0, y1, low, high, least, most] = figure.dataset.frame.split(" ").map(Number);
  const whole = "whole" in figure.dataset, clip = `${svg.querySelector("title").id}-c`, drawn = svg.innerHTML;
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const number = (text) => parseFloat(text.replace(/,/g, "")) * (text.endsWith("M") ? 1e6 : text.endsWith("k") ? 1e3 : 1);
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent));
  const places = rows.map((row) => number(row[0]));
  let range = null, at = -1, start = null;

  const [reset, from] = [document.createElement("button"), () => (range ? range[0] : low)];
  const until = () => (range ? range[1] : high);
  const toPlace = (value) => x0 + ((value - from()) / (until() - from())) * (x1 - x0);
  const toValue = (x) => from() + ((x - x0) / (x1 - x0)) * (until() - from());
  const inside = () => places.map((_, i) => i).filter((i) => places[i] >= from() && places[i] <= until());

  const ticks = (a, b, count, whole) => {
    const power = 10 ** Math.floor(Math.log10((b - a) / count)), found = [];
    let step = [1, 2, 5, 10, 20].map((one) => one * power).find((one) => (b - a) / one <= count);
    if (whole) step = Math.max(step, 1);
    for (let i = Math.ceil(a / step - 1e-9); i * step <= b + 1e-9 * (b - a); i++) found.push(i * step);
    return found;
  };
  const worded = (values) => {
    const words = (digits) => values.map((v) => {
      const [unit, part] = Math.abs(v) >= 1e6 ? ["M", 1e6] : Math.abs(v) >= 1e4 ? ["k", 1e3] : ["", 1];
      return `${+(v / part).toPrecision(digits)}${unit}`;
    });
    return [4, 5, 6, 7, 8].map(words).find((found, i) => i === 4 || new Set(found).size === found.length);
  };
  const points = (path) => {
    const found = [];
    let x = 0, y = 0;
    for (const [, command, a, b] of path.matchAll(/([MLHV])([-\d.]+)(?: ([-\d.]+))?/g)) {
      if (command === "V") y = +a; else x = +a;
      if (b !== undefined) y = +b;
      found.push([x, y]);
    }
    return found.map(([px, py]) => [toPlace(low + ((px - x0) / (x1 - x0)) * (high - low)), py]);
  };
  const heights = (line) => line.flatMap(([x, y], i) => {
    const found = x >= x0 && x <= x1 ? [y] : [];
    if (i) for (const edge of [x0, x1]) {
      const [px, py] = line[i - 1];
      if ((px - edge) * (x - edge) < 0) found.push(py + ((edge - px) / (x - px)) * (y - py));
    }
    return found;
  });

  const draw = () => {
    svg.innerHTML = drawn;
    reset.hidden = !range;
    if (!range) return;
    const paths = [...svg.querySelectorAll("path[data-series]")].map((one) => [one, points(one.getAttribute("d"))]);
    const dots = [...svg.querySelectorAll("circle[data-series]")]
      .map((one) => [one, points(`M${one.getAttribute("cx")} ${one.getAttribute("cy")}`)[0]]);
    const seen = [...paths.flatMap(([, line]) => heights(line)), ...dots.flatMap(([, one]) => heights([one]))];
    if (!seen.length) seen.push(y0, y1);
    let [top, bottom] = [Math.min(...seen), Math.max(...seen)];
    const room = 0.05 * (bottom - top) || 8;
    [top, bottom] = [top - room, bottom + room];
    const moved = (y) => y1 + ((y - top) / (bottom - top)) * (y0 - y1);
    const value = (y) => least + ((y0 - y) / (y0 - y1)) * (most - least);
    paths.forEach(([one, line]) => {
      one.setAttribute("d", `M${line.map(([x, y]) => `${x.toFixed(2)} ${moved(y).toFixed(2)}`).join("L")}`);
      one.setAttribute("clip-path", `url(#${clip})`);
    });
    dots.forEach(([one, [x, y]]) => {
      if (x < x0 - 1 || x > x1 + 1) { one.remove(); return; }
      one.setAttribute("cx", x);
      one.setAttribute("cy", moved(y));
    });
    svg.querySelectorAll("[data-tick]").forEach((one) => one.remove());
    const mask = make("clipPath", { id: clip });
    mask.append(make("rect", { x: x0, y: y1 - 2, width: x1 - x0, height: y0 - y1 + 4 }));
    const made = [mask], [below, beside] = [ticks(...range, 6, whole), ticks(value(bottom), value(top), 5, false)];
    worded(below).forEach((words, i) => {
      made.push(make("path", { d: `M${toPlace(below[i])} ${y0}v4`, class: "axis" }));
      made.push(make("text", { x: toPlace(below[i]), y: y0 + 16, class: "m", "text-anchor": "middle" }, words));
    });
    worded(beside).forEach((words, i) => {
      const y = moved(y0 - ((beside[i] - least) / (most - least)) * (y0 - y1));
      made.push(make("path", { d: `M${x0} ${y}H${x1}`, class: "grid" }));
      made.push(make("text", { x: x0 - 6, y: y + 4, class: "m", "text-anchor": "end" }, words));
    });
    svg.querySelector(".plot").after(...made);
  };
  const show = (i) => {
    const cross = svg.querySelector(".cross");
    at = i;
    cross.setAttribute("transform", `translate(${toPlace(places[i])} 0)`);
    cross.setAttribute("visibility", "visible");
    readout.textContent = rows[i].map((cell, n) => (cell ? `${names[n]} ${cell}` : "")).filter(Boolean).join(", ");
  };
  const hide = () => {
    svg.querySelector(".cross").setAttribute("visibility", "hidden");
    readout.textContent = range ? `${names[0]} ${worded(range).join(" to ")}` : "";
    at = -1;
  };
  const zoom = (a, b) => {
    const wanted = [Math.max(low, Math.min(a, b)), Math.min(high, Math.max(a, b))];
    const [first, last] = [Math.ceil(wanted[0] - 0.25), Math.floor(wanted[1] + 0.25)];
    if (whole && last > first) wanted.splice(0, 2, first, last);
    const few = (high - low) / 1e4;
    if (wanted[1] - wanted[0] < few || places.filter((one) => one >= wanted[0] && one <= wanted[1]).length < 1) return;
    range = wanted[1] - wanted[0] > (high - low) * 0.999 ? null : wanted;
    figure.dataset.range = range ? range.join(" ") : "";
    draw();
    hide();
  };
  const whole_range = () => { range = null; figure.dataset.range = ""; draw(); hide(); };
  const place = (event) => {
    const box = svg.getBoundingClientRect();
    return Math.max(x0, Math.min(x1, ((event.clientX - box.left) * svg.viewBox.baseVal.width) / box.width));
  };

  Object.assign(reset, { type: "button", className: "reset", textContent: "whole range", hidden: true });
  reset.addEventListener("click", whole_range);
  figure.querySelector("figcaption").append(reset);
  figure.classList.add("interactive");
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    start = place(event);
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    const x = place(event), seen = inside();
    svg.querySelector(".brush")?.remove();
    if (start !== null && Math.abs(x - start) > 4) {
      const box = { x: Math.min(x, start), y: y1, width: Math.abs(x - start), height: y0 - y1, class: "brush" };
      svg.append(make("rect", box));
    }
    if (seen.length) show(seen.reduce((a, b) => (Math.abs(toPlace(places[b]) - x) < Math.abs(toPlace(places[a]) - x) ? b : a)));
  });
  svg.addEventListener("pointerup", (event) => {
    const [first, last] = [start, place(event)];
    start = null;
    svg.querySelector(".brush")?.remove();
    if (first !== null && Math.abs(last - first) > 4) zoom(toValue(first), toValue(last));
  });
  svg.addEventListener("pointercancel", () => { start = null; svg.querySelector(".brush")?.remove(); });
  svg.addEventListener("pointerleave", () => { if (start === null) hide(); });
  svg.addEventListener("dblclick", whole_range);
  figure.querySelector(".scroll").addEventListener("keydown", (event) => {
    const seen = inside(), step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const size = { "+": 0.5, "=": 0.5, "-": 2 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step && seen.length) {
      const next = at < 0 ? (step > 0 ? 0 : seen.length - 1) : seen.indexOf(at) + step;
      show(seen[Math.max(0, Math.min(seen.length - 1, next))]);
    } else if (size) {
      const middle = at < 0 ? (from() + until()) / 2 : places[at], half = ((until() - from()) * size) / 2;
      zoom(middle - half, middle + half);
    } else if (event.key === "Escape") {
      whole_range();
    } else return;
    event.preventDefault();
  });
  if (figure.dataset.range) zoom(...figure.dataset.range.split(" ").map(Number));
});
