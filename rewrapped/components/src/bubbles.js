// Genres as circles within their families; the area is the time.
import { hierarchy, pack } from "d3-hierarchy";
import { ink, node, place, pressable, said, share, sized, tip, walk } from "./draw.js";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".bubbles");
  const measure = document.createElement("canvas").getContext("2d");
  const whole = data.families.reduce((sum, family) => sum + family.genres.reduce((all, genre) => all + genre.minutes, 0), 0);

  function words(name, width) {
    const fits = (text) => measure.measureText(text).width <= width;
    if (fits(name)) return [name];
    const parts = name.split(/[\s-]+/);
    if (parts.length < 2) return [];
    const middle = Math.ceil(parts.length / 2);
    const lines = [parts.slice(0, middle).join(" "), parts.slice(middle).join(" ")];
    return lines.every(fits) ? lines : [];
  }

  function draw(width) {
    const height = Math.round(width < 520 ? width * 1.05 : Math.min(width * 0.62, 460));
    const tree = hierarchy({ children: data.families.map((family) => ({ family, children: family.genres })) }, (each) => each.children)
      .sum((each) => each.minutes ?? 0).sort((a, b) => b.value - a.value);
    pack().size([width, height]).padding((each) => (each.depth ? 2 : 7))(tree);
    const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "group", "aria-label": data.label });
    measure.font = `600 12px ${getComputedStyle(root).fontFamily}`;
    const tell = tip(root);
    for (const family of tree.children ?? []) {
      svg.append(node("circle", { cx: family.x, cy: family.y, r: family.r, fill: family.data.family.colour, class: "family" }));
    }
    const circles = tree.leaves().filter((leaf) => leaf.depth === 2).map((leaf) => {
      const { family } = leaf.parent.data;
      const g = node("g", { transform: `translate(${leaf.x} ${leaf.y})`, class: "genre" });
      g.append(node("circle", { r: Math.max(1, leaf.r), fill: family.colour }));
      const lines = leaf.r > 15 ? words(leaf.data.name, 2 * leaf.r - 8) : [];
      lines.forEach((text, at) => {
        const dy = 4 + (at - (lines.length - 1) / 2) * 14;
        g.append(node("text", { y: dy, fill: ink(family.colour), "aria-hidden": "true" }, text));
      });
      const about = `${leaf.data.name}, ${family.name}: ${said(leaf.value)}, ${share(leaf.value, whole)}`;
      pressable(g, `${about}. Press to look closer`, () => setTriggerValue("picked", leaf.data.key));
      g.addEventListener("pointermove", (event) => tell.show(...place(root, event), [
        [leaf.data.name, family.colour], [family.name, ""], [`${said(leaf.value)}, ${share(leaf.value, whole)}`, ""],
      ]));
      return g;
    });
    svg.addEventListener("pointerleave", () => tell.hide());
    svg.addEventListener("keydown", (event) => walk(circles, event));
    svg.append(...circles);
    root.querySelector("svg")?.remove();
    root.prepend(svg);
  }

  return sized(root, draw);
}
