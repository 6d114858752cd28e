const svg = document.documentElement, track = document.getElementById("track"), control = document.getElementById("control");
let playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
const show = (frame) => {
  const bounded = Math.max(0, Math.min(names.length - 1, frame));
  svg.pauseAnimations();
  playing = false;
  svg.setCurrentTime((bounded + 0.5) * seconds);
  control.setAttribute("aria-valuenow", bounded + 1);
  control.setAttribute("aria-valuetext", names[bounded]);
};
const now = () => Math.floor((svg.getCurrentTime() / seconds) % names.length);
const drag = (event) => {
  const box = track.getBoundingClientRect();
  show(Math.round(((event.clientX - box.left) / box.width) * (names.length - 1)));
};
control.setAttribute("tabindex", "0");
control.setAttribute("role", "slider");
control.setAttribute("aria-label", "frame");
control.setAttribute("aria-valuemin", 1);
control.setAttribute("aria-valuemax", names.length);
control.style.cursor = "pointer";
control.addEventListener("pointerdown", (event) => { control.setPointerCapture(event.pointerId); drag(event); });
control.addEventListener("pointermove", (event) => { if (event.buttons) drag(event); });
svg.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") show(now() + 1);
  else if (event.key === "ArrowLeft") show(now() - 1);
  else if (event.key === " ") { playing = !playing; playing ? svg.unpauseAnimations() : svg.pauseAnimations(); }
  else return;
  event.preventDefault();
});
if (!playing) show(names.length - 1);
