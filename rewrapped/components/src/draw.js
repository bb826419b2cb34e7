// What the drawn components share: SVG nodes, a tip that follows the pointer or the focus, sizes that follow the page.
export const SVG = "http://www.w3.org/2000/svg";

export function node(tag, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

export function said(minutes) {
  if (minutes >= 600) return `${Math.round(minutes / 60).toLocaleString("en")} hours`;
  if (minutes >= 60) return `${(minutes / 60).toFixed(1)} hours`;
  const whole = Math.round(minutes);
  return whole === 1 ? "1 minute" : `${whole} minutes`;
}

export const share = (part, whole) => (whole > 0 ? `${((100 * part) / whole).toFixed(part / whole < 0.1 ? 1 : 0)} %` : "0 %");

// A name as far as it fits.
export function cut(name, measure, room) {
  if (measure.measureText(name).width <= room) return name;
  const letters = [...name];
  while (letters.length > 1 && measure.measureText(`${letters.join("").trim()}…`).width > room) letters.pop();
  return `${letters.join("").trim()}…`;
}

// A box beside the pointer; its lines are set as text, never as markup.
export function tip(root) {
  let box = root.querySelector(".tip");
  if (!box) {
    box = document.createElement("div");
    box.className = "tip";
    box.setAttribute("aria-hidden", "true"); // what it says is in the labels of what has the focus
    root.append(box);
  }
  return {
    show(x, y, lines) {
      box.replaceChildren(...lines.map(([text, colour], index) => {
        const line = document.createElement("div");
        line.className = index ? "" : "head";
        if (colour) {
          const dot = document.createElement("i");
          dot.style.background = colour;
          line.append(dot);
        }
        line.append(text);
        return line;
      }));
      box.style.display = "block";
      const room = root.getBoundingClientRect().width - box.offsetWidth - 4;
      box.style.left = `${Math.max(4, Math.min(x + 14, room))}px`;
      box.style.top = `${Math.max(0, y - box.offsetHeight - 12)}px`;
    },
    hide() { box.style.display = "none"; },
  };
}

export function place(root, event) {
  const box = root.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

// Call `draw(width)` now and whenever the width of the place changes.
export function sized(root, draw) {
  root.sizes?.disconnect();
  let last = 0;
  const look = () => {
    const width = Math.floor(root.clientWidth);
    if (width > 0 && width !== last) {
      last = width;
      draw(width);
    }
  };
  root.sizes = new ResizeObserver(look);
  root.sizes.observe(root);
  look();
  return () => root.sizes.disconnect();
}

// Make a node something that a key or a press chooses.
export function pressable(made, label, press) {
  made.setAttribute("tabindex", "0");
  made.setAttribute("role", "button");
  made.setAttribute("aria-label", label);
  made.addEventListener("click", press);
  made.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      press();
    }
  });
}

// Ink that can be read on a colour given as #rrggbb.
export function ink(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.19 ? "#130F1A" : "#FFFDF9";
}

// Arrow keys walk along a row of things that can have the focus.
export function walk(list, event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const at = list.indexOf(event.target);
  if (!step || at < 0) return;
  event.preventDefault();
  list[(at + step + list.length) % list.length].focus();
}
