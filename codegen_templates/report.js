// All content stands in the page without this script; it adds reading of values, choices and a look for a newer page.
"use strict";
document.querySelectorAll(".hint").forEach((one) => { one.hidden = false; });
document.querySelectorAll("figure.parallel").forEach((figure) => {
  const chosen = new Map(), readout = figure.querySelector(".readout");
  const wires = [...figure.querySelectorAll(".wire")].map((wire) => [wire, wire.dataset.labels.split("\n")]);
  figure.classList.add("interactive");
  const update = () => {
    let count = 0;
    wires.forEach(([wire, labels]) => {
      const fits = [...chosen].every(([axis, values]) => !values.size || values.has(labels[axis]));
      wire.classList.toggle("out", !fits);
      count += fits;
    });
    const words = [...chosen.values()].flatMap((values) => [...values]);
    readout.textContent = words.length ? `${count} weights with ${words.join(", ")}` : "";
  };
  figure.querySelectorAll("[data-axis]").forEach((label) => {
    label.setAttribute("tabindex", "0");
    label.setAttribute("role", "button");
    const toggle = () => {
      const values = chosen.get(label.dataset.axis) || new Set();
      values.has(label.dataset.label) ? values.delete(label.dataset.label) : values.add(label.dataset.label);
      chosen.set(label.dataset.axis, values);
      label.classList.toggle("on");
      update();
    };
    label.addEventListener("click", toggle);
    label.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); toggle(); }
    });
  });
});
document.querySelectorAll("figure[data-epochs]").forEach((figure) => {
  const epochs = JSON.parse(figure.dataset.epochs), dark = JSON.parse(figure.dataset.dark);
  const cells = [...figure.querySelectorAll("[data-key]")];
  if (epochs.length < 2) return;
  const slider = document.createElement("label"), input = document.createElement("input"), words = document.createElement("span");
  slider.className = "slider";
  Object.assign(input, { type: "range", min: 0, max: epochs.length - 1, value: epochs.length - 1 });
  input.setAttribute("aria-label", "epoch");
  const update = () => {
    words.textContent = `epoch ${epochs[input.value]}`;
    input.setAttribute("aria-valuetext", words.textContent);
    cells.forEach((cell) => cell.setAttribute("fill-opacity", 0.04 + (0.96 * dark[cell.dataset.key][input.value]) / 99));
  };
  input.addEventListener("input", update);
  slider.append(input, words);
  figure.querySelector("figcaption").after(slider);
  update();
});
if ("live" in document.body.dataset) {
  const places = () => [...document.querySelectorAll("details")], charts = () => [...document.querySelectorAll("figure.lines")];
  let seen = null;
  try {
    JSON.parse(sessionStorage.getItem("ranges") || "[]").forEach((one, i) => { if (one && charts()[i]) charts()[i].dataset.range = one; });
    JSON.parse(sessionStorage.getItem("open") || "[]").forEach((i) => { if (places()[i]) places()[i].open = true; });
  } catch { /* nothing was kept */ }
  setInterval(async () => {
    try {
      const state = await (await fetch("/state", { cache: "no-store" })).text();
      if (seen !== null && state !== seen) {
        sessionStorage.setItem("open", JSON.stringify(places().flatMap((one, i) => (one.open ? [i] : []))));
        sessionStorage.setItem("ranges", JSON.stringify(charts().map((one) => one.dataset.range || "")));
        location.reload();
      }
      seen = state;
    } catch { /* the server has ended: the page stays as it is */ }
  }, 2000);
}
