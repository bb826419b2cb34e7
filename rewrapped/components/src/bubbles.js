// Genres as circles within their families; the area is the time.
import { hierarchy, pack } from "d3-hierarchy";
import { cut, ink, node, place, pressable, said, share, sized, tip, walk } from "./draw.js";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".bubbles");
  const measure = document.createElement("canvas").getContext("2d");
  const whole = data.families.reduce((sum, family) => sum + family.genres.reduce((all, genre) => all + genre.minutes, 0), 0);

  // A name on one line or two, parted where its words or a hyphen let it; nothing where it can't be read.
  function words(name, width) {
    const wide = (text) => measure.measureText(text).width;
    if (wide(name) <= width) return [name];
    const breaks = [...name.matchAll(/\s+|(?<=\S-)(?=\S)/g)].map((found) => [name.slice(0, found.index), name.slice(found.index).trim()]);
    const [best] = breaks.map((lines) => [Math.max(...lines.map(wide)), lines]).sort((a, b) => a[0] - b[0]);
    return best && best[0] <= width ? best[1] : [];
  }

  // The largest of a family is named in any case, beyond its edge and cut if it must be.
  function named(leaf) {
    const width = 2 * leaf.r - 8;
    if (leaf.r <= 15) return [];
    const lines = words(leaf.data.name, width);
    if (lines.length || leaf.parent.children[0] !== leaf || leaf.r < 20) return lines;
    const beyond = words(leaf.data.name, width + 16);
    return beyond.length ? beyond : [cut(leaf.data.name, measure, width + 8)];
  }

  function draw(width) {
    const height = Math.round(width < 520 ? width * 0.94 : Math.min(width * 0.62, 460));
    const tree = hierarchy({ children: data.families.map((family) => ({ family, children: family.genres })) }, (each) => each.children)
      .sum((each) => each.minutes ?? 0).sort((a, b) => b.value - a.value);
    pack().size([width, height]).padding((each) => (each.depth ? 2 : 7))(tree);
    const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "group", "aria-label": data.label });
    measure.font = `600 12px ${getComputedStyle(root).fontFamily}`;
    const tell = tip(root);
    for (const family of tree.children ?? []) {
      svg.append(node("circle", { cx: family.x, cy: family.y, r: family.r, fill: family.data.family.colour, class: "family" }));
    }
    const names = node("g", { class: "names", "aria-hidden": "true" }); // above every circle
    const circles = tree.leaves().filter((leaf) => leaf.depth === 2).map((leaf) => {
      const { family } = leaf.parent.data;
      const g = node("g", { transform: `translate(${leaf.x} ${leaf.y})`, class: "genre" });
      g.append(node("circle", { r: Math.max(1, leaf.r), fill: family.colour }));
      const lines = named(leaf);
      lines.forEach((text, at) => {
        const dy = 4 + (at - (lines.length - 1) / 2) * 14;
        names.append(node("text", { x: leaf.x, y: leaf.y + dy, fill: ink(family.colour), stroke: family.colour }, text));
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
    svg.append(...circles, names);
    root.querySelector("svg")?.remove();
    root.prepend(svg);
  }

  return sized(root, draw);
}
