// A ring of genres (and artists), tied by what they share. Everything can be reached with the keyboard.
import { chord, ribbon } from "d3-chord";
import { arc } from "d3-shape";
import { node, place, pressable, said, share, sized, tip, walk } from "./draw.js";

const LABEL = 116; // pixels a name may take
const LEAST = 0.004; // of all ties: thinner ones would cover the middle with hairs

function kept(matrix) {
  const whole = matrix.flat().reduce((sum, value) => sum + value, 0);
  return matrix.map((row) => row.map((value) => (value < whole * LEAST ? 0 : value)));
}

// A name as far as it fits.
function cut(name, measure, room) {
  if (measure.measureText(name).width <= room) return name;
  const letters = [...name];
  while (letters.length > 1 && measure.measureText(`${letters.join("")}…`).width > room) letters.pop();
  return `${letters.join("").trim()}…`;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".chord");
  const measure = document.createElement("canvas").getContext("2d");
  const matrix = kept(data.matrix);
  const found = chord().padAngle(Math.min(0.05, 1.2 / data.names.length)).sortSubgroups((a, b) => b - a)(matrix);
  const sums = matrix.map((row) => row.reduce((sum, value) => sum + value, 0));

  function ties(at) {
    return matrix[at].map((value, other) => [value, other]).filter(([value]) => value > 0).sort((a, b) => b[0] - a[0]);
  }

  function draw(width) {
    measure.font = `500 12.5px ${getComputedStyle(root).fontFamily}`;
    const longest = Math.max(...data.names.map((name) => measure.measureText(name).width));
    const most = Math.min(longest + 4, LABEL, width * 0.2);
    const outer = Math.max(40, Math.min(width, 640) / 2 - most - 14);
    const inner = outer - 13;
    const names = data.names.map((name) => cut(name, measure, most));
    // How far names reach above and below the ring: one that lies on its side needs little.
    const reach = (side) => Math.max(outer + 4, ...found.groups.map((group) => {
      const up = Math.cos((group.startAngle + group.endAngle) / 2) * side;
      return (outer + 12 + measure.measureText(names[group.index]).width) * up + 8;
    }));
    const [top, height] = [reach(1), reach(1) + reach(-1)];
    const box = `${-width / 2} ${-top} ${width} ${height}`;
    const svg = node("svg", { viewBox: box, height, role: "group", "aria-label": data.label });
    const bow = arc().innerRadius(inner).outerRadius(outer).cornerRadius(3);
    const band = ribbon().radius(inner - 3);
    const tell = tip(root);
    const ribbons = found.map((each) => {
      const colour = data.colours[Math.min(each.source.index, each.target.index)];
      const path = node("path", { d: band(each), fill: colour, class: "tie" });
      path.addEventListener("pointermove", (event) => {
        lit(each.source.index, each.target.index);
        tell.show(...place(root, event), [
          [`${data.names[each.source.index]} and ${data.names[each.target.index]}`, ""],
          [said(matrix[each.source.index][each.target.index]), colour],
        ]);
      });
      return { each, path };
    });
    const groups = found.groups.map((group) => {
      const at = group.index;
      const g = node("g", { class: "one" });
      g.append(node("path", { d: bow(group), fill: data.colours[at] }));
      const angle = (group.startAngle + group.endAngle) / 2;
      const turn = (angle * 180) / Math.PI - 90;
      const flip = angle > Math.PI;
      g.append(node("text", {
        transform: `rotate(${turn}) translate(${outer + 9})${flip ? " rotate(180)" : ""}`,
        "text-anchor": flip ? "end" : "start", dy: ".35em", "aria-hidden": "true",
      }, names[at]));
      const first = ties(at).slice(0, 3).map(([value, other]) => `${data.names[other]} ${share(value, sums[at])}`);
      const says = first.length ? `${data.names[at]}, tied most to ${first.join(", ")}` : `${data.names[at]}, tied to nothing here`;
      pressable(g, `${says}. Press to look closer`, () => setTriggerValue("picked", data.keys[at]));
      g.addEventListener("pointermove", (event) => {
        lit(at);
        tell.show(...place(root, event), [
          [data.names[at], ""],
          ...ties(at).slice(0, 5).map(([value, other]) => [`${data.names[other]} ${said(value)}`, data.colours[other]]),
        ]);
      });
      g.addEventListener("focus", () => lit(at));
      return { group, g };
    });
    function lit(one, other) {
      const on = one !== undefined;
      svg.classList.toggle("some", on);
      const near = new Set([one, other]);
      ribbons.forEach(({ each, path }) => {
        const both = [each.source.index, each.target.index];
        const yes = on && (other === undefined ? both.includes(one) : both.includes(one) && both.includes(other));
        path.classList.toggle("lit", yes);
        if (yes) both.forEach((each_) => near.add(each_));
      });
      groups.forEach(({ group, g }) => g.classList.toggle("lit", near.has(group.index)));
    }
    const away = () => {
      lit();
      tell.hide();
    };
    svg.addEventListener("pointerleave", away);
    svg.addEventListener("focusout", away);
    svg.addEventListener("keydown", (event) => {
      if (event.key === "Escape") away();
      walk(groups.map(({ g }) => g), event);
    });
    svg.append(...ribbons.map(({ path }) => path), ...groups.map(({ g }) => g));
    root.querySelector("svg")?.remove();
    root.prepend(svg);
  }

  return sized(root, draw);
}
