// What was played most recently, as sleeves side by side.
import { part, picture, sub, title } from "./parts.js";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".strip");
  const list = document.createElement("ul");
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  list.tabIndex = 0; // it scrolls sideways, so the keyboard must reach it
  for (const item of data.items) {
    const row = document.createElement("li");
    const when = part("time", "when", item.when);
    when.dateTime = item.at;
    row.append(picture(item.art), title(item, (page) => setTriggerValue("opened", page)), sub(item), when);
    list.append(row);
  }
  root.replaceChildren(list);
}
