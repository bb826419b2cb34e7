// What was played most recently, as sleeves side by side.
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

function title(item) {
  if (!item.link || !item.link.startsWith("https://")) return part("span", "name", item.name);
  const link = part("a", "name", item.name);
  link.href = item.link;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.title = "Open in Spotify";
  link.append(part("span", "quiet", " (opens Spotify in a new tab)"));
  return link;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".strip");
  const list = document.createElement("ul");
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  list.tabIndex = 0; // it scrolls sideways, so the keyboard must reach it
  for (const item of data.items) {
    const row = document.createElement("li");
    const when = part("time", "when", item.when);
    when.dateTime = item.at;
    row.append(picture(item.art), title(item), part("span", "sub", item.sub), when);
    list.append(row);
  }
  root.replaceChildren(list);
}
