// What several components draw: text that stays text, sleeves, links that lead to a page of ours or to Spotify.
export function part(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}

export function picture(art) {
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

// Addresses of this site alone.
export const own = (address) => address.startsWith("/") && !address.startsWith("//");

// A press that asks for this page itself, not for a new tab or window.
export function plain(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

export function title(item, open) {
  if (item.page && own(item.page)) {
    const link = part("a", "name", item.name);
    link.href = item.page;
    link.addEventListener("click", (event) => {
      if (!plain(event)) return;
      event.preventDefault(); // the page opens within this session, which a browser's own way would end
      open(item.page);
    });
    return link;
  }
  return part("span", "name", item.name);
}

// The line below a name, and the way to the same thing at Spotify where it is known.
export function sub(item) {
  const line = part("span", "sub", item.sub);
  if (!item.link || !item.link.startsWith("https://")) return line;
  const link = part("a", "away", "Spotify");
  link.href = item.link;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.setAttribute("aria-label", `Open ${item.name} in Spotify, in a new tab`);
  line.append(...(item.sub ? [" · "] : []), link);
  return line;
}
