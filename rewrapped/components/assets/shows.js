// Cards of shows. Every outside text is set as text; addresses are those of this site alone.
import { own, part, picture, plain } from "./parts.js";

function link(name, text, address) {
  const node = part("a", name, text);
  if (own(address)) node.href = address;
  return node;
}

function line(name, text) {
  return text ? [part("p", name, text)] : [];
}

function heart(card, setTriggerValue) {
  const says = card.is_saved ? `Saved: ${card.title}. Press to take it out again` : `Save ${card.title}`;
  const node = card.save_link ? link("heart", "", card.save_link) : part("button", "heart");
  if (!card.save_link) {
    node.type = "button";
    node.setAttribute("aria-pressed", String(card.is_saved));
    node.addEventListener("click", () => {
      node.classList.toggle("on");
      setTriggerValue("hearted", card.id);
    });
  }
  node.classList.toggle("on", card.is_saved);
  node.setAttribute("aria-label", says);
  node.title = card.is_saved ? "Saved" : "Save";
  node.innerHTML = '<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M12 20.3C7 16.4 3 13 3 8.9 3 6.2 5.1 4.2 7.6 4.2c1.7 0 3.4.9 4.4 2.5 1-1.6 2.7-2.5 4.4-2.5C18.9 4.2 21 6.2 21 8.9c0 4.1-4 7.5-9 11.4z"/></svg>';
  return node;
}

function cover(card) {
  const box = part("div", "cover");
  const day = part("time", "day");
  day.dateTime = card.on;
  day.setAttribute("aria-hidden", "true"); // the line below says it in full
  day.append(part("span", "weekday", card.weekday), part("span", "number", card.day), part("span", "month", card.month));
  box.append(picture(card.art), day);
  return box;
}

function paid(card) {
  if (!card.paid) return [];
  const box = document.createElement("details");
  box.className = "paid";
  const head = document.createElement("summary");
  head.append(part("span", "label", card.paid), part("span", "ask", "Why am I seeing this?"));
  box.append(head, part("p", "", card.paid_why));
  return [box];
}

function tickets(card) {
  if (!card.ticket_link) return [];
  const node = link("tickets", `Tickets at ${card.seller}`, card.ticket_link);
  node.target = "_blank";
  node.rel = "noopener";
  node.append(part("span", "quiet", " (opens in a new tab)"));
  return [node];
}

function show(card, setTriggerValue) {
  const item = part("li", card.is_quiet ? "show over" : "show");
  const title = part("h3", "title");
  const name = link("name", card.title, card.link);
  name.addEventListener("click", (event) => {
    if (!plain(event)) return;
    event.preventDefault(); // the page opens within this session, which a browser's own way would end
    setTriggerValue("opened", card.id);
  });
  title.append(name);
  const body = part("div", "body");
  body.append(...paid(card), ...line("badge", card.badge), title, ...line("when", card.when), ...line("where", card.where),
    ...line("acts", card.acts), ...line("why", card.why));
  const foot = part("div", "foot");
  const sale = part("div", "sale");
  sale.append(...line("price", card.price), ...tickets(card), ...line("credit", card.credit));
  foot.append(sale, heart(card, setTriggerValue));
  item.append(cover(card), body, foot);
  return item;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".shows");
  const focused = parentElement.activeElement?.closest?.("li")?.dataset.id;
  const list = document.createElement("ul");
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  for (const card of data.cards) {
    const item = show(card, setTriggerValue);
    item.dataset.id = card.id;
    list.append(item);
  }
  root.replaceChildren(list);
  if (focused) list.querySelector(`li[data-id="${CSS.escape(focused)}"] .heart`)?.focus();
}
