// The animated list of tops. Rows are kept by key, so that one that moves slides to its new place.
import { part, picture, sub, title } from "./parts.js";

const ARROWS = { up: "▲", down: "▼", same: "–", new: "●" };
const MOVING = 12;  // rows from the first on; a day has hundreds, and whoever reads on has them at once
const drawn = new WeakMap();  // what each row was last filled with
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

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

function fill(item, row, leaders, open) {
  const asked = JSON.stringify([row, leaders]);
  if (drawn.get(item) === asked) return;
  drawn.set(item, asked);
  const before = item.querySelector(".bar i")?.style.width ?? "0%";
  const what = part("div", "what");
  const bar = part("div", "bar");
  const full = document.createElement("i");
  full.style.width = before;
  bar.setAttribute("aria-hidden", "true");
  bar.append(full);
  what.append(title(row, open), sub(row), ...(row.share > 0 ? [bar] : []));
  item.className = row.rank <= leaders ? "lead" : "";
  item.value = row.rank;
  item.replaceChildren(part("span", "rank", String(row.rank)), picture(row.art), what, figures(row));
  requestAnimationFrame(() => { full.style.width = `${Math.max(1, Math.min(100, row.share * 100))}%`; });
}

function slide(item, places, index) {
  if (still() || index >= MOVING) return;
  const from = places.get(item.dataset.key);
  if (from === undefined) {
    item.animate([{ opacity: 0, transform: "translateY(14px)" }, { opacity: 1, transform: "none" }],
      { duration: 320, delay: index * 45, easing: "cubic-bezier(.2,.8,.2,1)", fill: "backwards" });
    return;
  }
  const [x, y] = [from[0] - item.offsetLeft, from[1] - item.offsetTop];
  if (x || y) item.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }],
    { duration: 520, easing: "cubic-bezier(.2,.8,.2,1)" });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".top_list");
  let list = root.querySelector("ol");
  if (!list) {
    list = document.createElement("ol");
    list.setAttribute("role", "list");
    root.append(list);
  }
  list.open = (page) => setTriggerValue("opened", page);
  list.setAttribute("aria-label", data.label);
  list.className = data.columns > 1 && data.rows.length > 5 ? "two" : "";
  list.style.setProperty("--half", Math.ceil(data.rows.length / 2));
  const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const places = new Map([...list.children].map((item) => [item.dataset.key, [item.offsetLeft, item.offsetTop]]));
  const items = data.rows.map((row) => {
    const item = known.get(row.key) ?? document.createElement("li");
    item.dataset.key = row.key;
    fill(item, row, data.leaders, (page) => list.open(page));
    return item;
  });
  const focused = parentElement.activeElement?.closest?.("li")?.dataset.key;
  if (items.length !== list.children.length || items.some((item, index) => item !== list.children[index])) list.replaceChildren(...items);
  items.forEach((item, index) => slide(item, places, index));
  if (focused) list.querySelector(`li[data-key="${CSS.escape(focused)}"] a`)?.focus();
}
