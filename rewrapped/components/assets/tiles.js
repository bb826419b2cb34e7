// Tiles for the few numbers that matter. Texts go in as text; the small line is an SVG of ours.
function part(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}

function change(tile) {
  const box = part("div", "change");
  const [, figure, rest] = tile.change.match(/^(\S+(?: %| pts)?)(.*)$/s) ?? [null, "", tile.change];
  if (figure && tile.trend) {
    const arrow = part("span", "", tile.trend === "up" ? "▲ " : "▼ ");
    arrow.setAttribute("aria-hidden", "true");
    const strong = part("b", tile.trend);
    strong.append(arrow, figure);
    box.append(strong, rest);
  } else {
    box.textContent = tile.change;
  }
  return box;
}

function line(tile) {
  const box = part("div", "line");
  if (tile.line.startsWith("<svg ")) {
    box.innerHTML = tile.line;
    box.append(part("span", "quiet", tile.line_says));
    box.title = tile.line_says;
  }
  return box;
}

function note(tile) {
  const details = document.createElement("details");
  const summary = part("summary", "", "?");
  summary.setAttribute("aria-label", `What “${tile.label}” counts`);
  summary.title = tile.counts;
  details.append(summary, part("p", "", tile.counts));
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) { details.open = false; summary.focus(); }
  });
  details.addEventListener("focusout", (event) => {
    if (!details.contains(event.relatedTarget)) details.open = false;
  });
  return details;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tiles");
  const list = document.createElement("ul");
  list.setAttribute("role", "list");
  for (const tile of data.tiles) {
    const item = document.createElement("li");
    item.append(part("div", "label", tile.label), part("div", tile.value.length > 10 ? "value long" : "value", tile.value), change(tile), line(tile), note(tile));
    list.append(item);
  }
  root.replaceChildren(list);
}
