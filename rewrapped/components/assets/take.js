// What another component drew, as a file: its SVG with the page's styles written into it, framed by its labels.
const SVG = "http://www.w3.org/2000/svg";
const EDGE = 36;
const ZOOM = 2;
const LEAST = 560;
const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-opacity", "opacity",
  "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "paint-order", "display", "visibility"];
const GONE = ["class", "style", "tabindex", "role", "aria-label", "aria-hidden"];
const RANGES = { latin: "U+0000-00FF,U+0131,U+0152-0153,U+2000-206F,U+20AC,U+2122,U+2212", "latin-ext": "U+0100-02BA,U+1E00-1E9F" };

function node(tag, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

// A mixed colour comes back as color(srgb ...), which few programs that open a file read.
function colour(value) {
  const found = value.match(/^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)$/);
  return found ? `rgba(${found.slice(1, 4).map((part) => Math.round(part * 255)).join(",")},${found[4] ?? 1})` : value;
}

function inlined(svg) {
  const copy = svg.cloneNode(true);
  const made = [copy, ...copy.querySelectorAll("*")];
  [svg, ...svg.querySelectorAll("*")].forEach((own, at) => {
    const style = getComputedStyle(own);
    for (const name of GONE) made[at].removeAttribute(name);
    for (const name of KEPT) made[at].setAttribute(name, colour(style.getPropertyValue(name)));
  });
  return copy;
}

function drawing(data) {
  const host = document.querySelector(`.st-key-${CSS.escape(data.drawn_by)}`);
  const places = host ? [host, ...host.querySelectorAll("*")] : [];
  for (const place of places) {
    const found = (place.shadowRoot ?? place).querySelector("svg[viewBox][role=group]");
    if (found) return found;
  }
  return null;
}

function fitted(text, font, [largest, least], room) {
  const measure = document.createElement("canvas").getContext("2d");
  const wide = (words, size) => {
    measure.font = `${font.weight} ${size}px "${font.family}"`;
    return measure.measureText(words).width;
  };
  let size = largest;
  while (size > least && wide(text, size) > room) size -= 1;
  const letters = [...text];
  while (letters.length > 1 && wide(letters.join("") + (letters.length < [...text].length ? "…" : ""), size) > room) letters.pop();
  const cut = letters.length < [...text].length ? `${letters.join("").trim()}…` : text;
  return { text: cut, size, wide: wide(cut, size) };
}

// Keys of colours stand beside some pictures as a list: they go above it in the file.
function keyed(found, body, room, top, muted) {
  const list = found.getRootNode().querySelector(".legend");
  let [x, y] = [EDGE, top];
  for (const item of list?.querySelectorAll("li") ?? []) {
    const line = fitted(item.textContent, BODY, [14, 14], room - 20);
    if (x > EDGE && x + 20 + line.wide > EDGE + room) [x, y] = [EDGE, y + 24];
    body.append(node("rect", { x, y: y + 2, width: 13, height: 13, rx: 4, fill: colour(getComputedStyle(item.querySelector("i")).backgroundColor) }));
    body.append(text(line, BODY, x + 20, y + 13, muted));
    x += 38 + line.wide;
  }
  return list?.querySelector("li") ? y + 24 : top;
}

const DISPLAY = { family: "Bricolage Grotesque", weight: 700 };
const BODY = { family: "Hanken Grotesk", weight: 400 };

function text(line, font, x, y, fill) {
  const look = { "font-family": `'${font.family}', sans-serif`, "font-weight": font.weight, "font-size": line.size };
  return node("text", { x, y, fill, ...look }, line.text);
}

function mark(x, y, size, { rings, text: point }) {
  const made = node("g");
  [0.62, 0.38].forEach((reach, at) => {
    const r = size * reach;
    made.append(node("circle", { cx: x, cy: y, r, fill: "none", stroke: rings[at], "stroke-width": size * 0.15, "stroke-linecap": "round",
      "stroke-dasharray": `${r * 4.9} 999`, transform: `rotate(${-40 - 90 * reach} ${x} ${y})` }));
  });
  made.append(node("circle", { cx: x, cy: y, r: size * 0.14, fill: point }));
  return made;
}

async function face({ family, address, script }) {
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  const parts = [];
  for (let at = 0; at < bytes.length; at += 32768) parts.push(String.fromCharCode(...bytes.subarray(at, at + 32768)));
  const source = `url(data:font/woff2;base64,${btoa(parts.join(""))}) format("woff2")`;
  return `@font-face { font-family: "${family}"; font-weight: 200 800; src: ${source}; unicode-range: ${RANGES[script]}; }`;
}

async function framed(data) {
  const found = drawing(data);
  if (!found) throw new Error("nothing is drawn");
  const { width, height } = found.viewBox.baseVal;
  const { ground, text: ink, muted } = data.colours;
  const room = Math.max(width, LEAST);
  const body = node("g");
  const title = fitted(data.title, DISPLAY, [30, 17], room);
  const said = fitted(data.said, BODY, [16, 11], room);
  let y = EDGE + title.size * 1.2;
  body.append(text(title, DISPLAY, EDGE, y, ink));
  y += title.size * 0.35 + said.size * 1.2;
  body.append(text(said, BODY, EDGE, y, muted));
  y = keyed(found, body, room, y + 18, muted) + 12;
  const copy = inlined(found);
  for (const [name, value] of Object.entries({ x: EDGE + (room - width) / 2, y, width, height, overflow: "visible" })) copy.setAttribute(name, value);
  y += height + 42;
  body.append(copy, mark(EDGE + 10, y - 5, 14, data.colours), text({ text: data.name, size: 15 }, DISPLAY, EDGE + 28, y, muted));
  const [wide, high] = [room + 2 * EDGE, y + 24];
  const whole = node("svg", { xmlns: SVG, viewBox: `0 0 ${wide} ${high}`, width: wide, height: high });
  const fonts = data.fonts.filter(({ script }) => script === "latin" || /[\u0100-\u02ba\u1e00-\u1eff]/.test(body.textContent));
  const faces = (await Promise.all(fonts.map(face))).join("\n");
  whole.append(node("title", {}, data.title), node("style", {}, faces), node("rect", { width: wide, height: high, fill: ground }), body);
  return { markup: new XMLSerializer().serializeToString(whole), wide, high };
}

async function pixels({ markup, wide, high }) {
  const address = URL.createObjectURL(new Blob([markup], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [wide * ZOOM, high * ZOOM];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no pixels"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click(); // it is in no page, so that the press closes nothing
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".take");
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  const made = [["PNG", pixels], ["SVG", async ({ markup }) => new Blob([markup], { type: "image/svg+xml" })]].map(([kind, make]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kind;
    button.addEventListener("click", async () => {
      told.textContent = "";
      button.disabled = true;
      try {
        save(await make(await framed(data)), `${data.file_name}.${kind.toLowerCase()}`);
      } catch {
        told.textContent = "This picture can't be made just now. Reload the page and try again.";
      } finally {
        button.disabled = false;
      }
    });
    return button;
  });
  root.replaceChildren(...made, told);
}
