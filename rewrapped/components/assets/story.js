// A story told slide by slide, over the whole window. Pictures are drawn by us; every text is set as text.
import { part } from "./parts.js";

const SECONDS = 7;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function rows(slide) {
  if (!slide.rows.length) return [];
  const list = part("ol", "rows");
  list.append(...slide.rows.map((row) => {
    const item = part("li", "");
    item.append(part("b", "", row.name), part("span", "", row.sub));
    return item;
  }));
  return [list];
}

function drawn(slide, at, count) {
  const box = part("section", "slide");
  box.setAttribute("role", "group");
  box.setAttribute("aria-roledescription", "slide");
  box.setAttribute("aria-label", `${at + 1} of ${count}`);
  box.style.setProperty("--ground", slide.ground);
  box.style.setProperty("--ink", slide.ink);
  box.style.setProperty("--quiet", slide.quiet);
  box.style.setProperty("--loud", slide.loud);
  const art = part("div", "art");
  art.setAttribute("aria-hidden", "true");
  art.innerHTML = slide.art; // drawn by us; holds no outside text
  const words = part("div", "words");
  words.append(part("p", "eyebrow", slide.eyebrow), part("h2", slide.headline.length > 26 ? "long" : "", slide.headline));
  words.append(...slide.lines.map((line) => part("p", "line", line)), ...rows(slide));
  box.append(art, words);
  return box;
}

function button(name, label, sign, press) {
  const made = part("button", name, sign);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.addEventListener("click", (event) => {
    event.stopPropagation();
    press();
  });
  return made;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".story");
  root.querySelector("dialog")?.close();
  const open = button("open", data.label, "", () => begin());
  open.append(part("span", "play", "▶"), part("span", "", data.open));
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", data.label);
  root.replaceChildren(open, dialog);
  let [at, timer, paused, since, left] = [0, 0, false, 0, SECONDS * 1000];

  const bars = part("div", "bars");
  bars.setAttribute("aria-hidden", "true");
  const stage = part("div", "stage");
  stage.setAttribute("aria-live", "polite");
  const pause = button("pause", "Pause", "❚❚", () => (paused ? go() : halt()));
  const close = button("close", "Close", "✕", () => dialog.close());
  const back = button("back", "Back", "‹", () => show(at - 1));
  const next = button("next", "Next", "›", () => show(at + 1));
  dialog.append(bars, stage, back, next, pause, close);

  function show(to) {
    if (to >= data.slides.length) return dialog.close();
    at = Math.max(0, to);
    stage.replaceChildren(drawn(data.slides[at], at, data.slides.length));
    bars.replaceChildren(...data.slides.map((_, place) => part("i", place < at ? "full" : place === at ? "now" : "")));
    back.disabled = at === 0;
    left = SECONDS * 1000;
    clearTimeout(timer);
    dialog.style.setProperty("--ground", data.slides[at].ground);
    dialog.style.setProperty("--ink", data.slides[at].ink);
    if (!paused) start();
    return undefined;
  }

  function start() {
    since = performance.now();
    timer = setTimeout(() => show(at + 1), left);
  }

  function go() {
    paused = false;
    sign();
    start();
  }

  function halt() {
    clearTimeout(timer);
    left = Math.max(300, left - (performance.now() - since));
    paused = true;
    sign();
  }

  function sign() {
    dialog.classList.toggle("paused", paused);
    pause.textContent = paused ? "▶" : "❚❚";
    pause.setAttribute("aria-label", paused ? "Go on" : "Pause");
  }

  function begin() {
    paused = still(); // who asked for less motion goes on by hand
    sign();
    dialog.showModal();
    show(0);
    next.focus();
  }

  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    stage.replaceChildren();
    open.focus();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    else if (event.key === "ArrowLeft") show(at - 1);
    else if (event.key === " " && !(event.composedPath()[0] instanceof HTMLButtonElement)) paused ? go() : halt();
    else return;
    event.preventDefault();
  });
  let from = null;
  stage.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY]; });
  stage.addEventListener("pointerup", (event) => {
    if (!from) return;
    const [dx, dy] = [event.clientX - from[0], event.clientY - from[1]];
    from = null;
    if (dy > 90 && dy > Math.abs(dx)) return dialog.close();
    if (Math.abs(dx) > 50) return show(at + (dx < 0 ? 1 : -1));
    if (Math.hypot(dx, dy) > 12) return undefined; // neither a tap nor a swipe
    return show(at + (event.clientX - stage.getBoundingClientRect().left < stage.clientWidth / 3 ? -1 : 1));
  });
  document.addEventListener("visibilitychange", hidden);
  function hidden() {
    if (document.hidden && dialog.open && !paused) halt();
  }

  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", hidden);
    if (dialog.open) dialog.close();
  };
}
