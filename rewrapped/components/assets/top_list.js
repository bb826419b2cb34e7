// The animated list of tops. Rows are kept by key, so that one that moves slides to its new place.
const ARROWS = { up: "▲", down: "▼", same: "–", new: "●" };
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function part(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}

function picture(art) {
  const box = part("span", "art");
  box.setAttribute("aria-hidden", "true");
  if (art.startsWith("<svg ")) {
    box.innerHTML = art; // drawn by us from a hash; holds no outside text
  } else if (/^(https:|data:image\/|\/)/.test(art)) {
    const image = document.createElement("img");
    image.alt = "";
    image.loading = "lazy";
    image.src = art;
    box.append(image);
  }
  return box;
}

function title(row) {
  if (!row.link || !row.link.startsWith("https://")) return part("span", "name", row.name);
  const link = part("a", "name", row.name);
  link.href = row.link;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.title = "Open in Spotify";
  link.append(part("span", "quiet", " (opens Spotify in a new tab)"));
  return link;
}

function figures(row) {
  const box = part("div", "figures");
  const more = part("span", "more");
  more.append(part("span", "detail", row.detail));
  if (row.moved) {
    const moved = part("span", `moved ${row.moved}`);
    const sign = part("span", "", row.moved === "new" ? "new" : `${ARROWS[row.moved]} ${row.moved_text.replace(/\D/g, "")}`.trim());
    sign.setAttribute("aria-hidden", "true");
    moved.append(sign, part("span", "quiet", `, ${row.moved_text}`));
    moved.title = row.moved_text;
    more.append(moved);
  }
  box.append(part("span", "value", row.value), more);
  return box;
}

function fill(item, row, leaders) {
  const before = item.querySelector(".bar i")?.style.width ?? "0%";
  const what = part("div", "what");
  const bar = part("div", "bar");
  const full = document.createElement("i");
  full.style.width = before;
  bar.setAttribute("aria-hidden", "true");
  bar.append(full);
  what.append(title(row), part("span", "sub", row.sub), bar);
  item.className = row.rank <= leaders ? "lead" : "";
  item.value = row.rank;
  item.replaceChildren(part("span", "rank", String(row.rank)), picture(row.art), what, figures(row));
  requestAnimationFrame(() => { full.style.width = `${Math.max(1, Math.min(100, row.share * 100))}%`; });
}

function slide(item, tops, index) {
  if (still()) return;
  const from = tops.get(item.dataset.key);
  if (from === undefined) {
    item.animate([{ opacity: 0, transform: "translateY(14px)" }, { opacity: 1, transform: "none" }],
      { duration: 320, delay: index * 45, easing: "cubic-bezier(.2,.8,.2,1)", fill: "backwards" });
    return;
  }
  const gap = from - item.offsetTop;
  if (gap) item.animate([{ transform: `translateY(${gap}px)` }, { transform: "none" }],
    { duration: 520, easing: "cubic-bezier(.2,.8,.2,1)" });
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".top_list");
  let list = root.querySelector("ol");
  if (!list) {
    list = document.createElement("ol");
    list.setAttribute("role", "list");
    root.append(list);
  }
  list.setAttribute("aria-label", data.label);
  const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const tops = new Map([...list.children].map((item) => [item.dataset.key, item.offsetTop]));
  const items = data.rows.map((row) => {
    const item = known.get(row.key) ?? document.createElement("li");
    item.dataset.key = row.key;
    fill(item, row, data.leaders);
    return item;
  });
  const focused = parentElement.activeElement?.closest?.("li")?.dataset.key;
  list.replaceChildren(...items);
  items.forEach((item, index) => slide(item, tops, index));
  if (focused) list.querySelector(`li[data-key="${CSS.escape(focused)}"] a`)?.focus();
}
