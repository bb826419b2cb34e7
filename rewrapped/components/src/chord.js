// A ring of genres (and artists), tied by what they share. Everything can be reached with the keyboard.
import { chord, ribbon } from "d3-chord";
import { arc } from "d3-shape";
import { cut, node, place, pressable, said, share, sized, tip, walk } from "./draw.js";

const LABEL = 150; // pixels a name may take
const LINE = 15; // pixels from one name to the next
const AWAY = 9; // pixels from the ring to a name, and
const ASIDE = 20; // to one that had to make way for its neighbours
const LEAST = 0.004; // of all ties: thinner ones would cover the middle with hairs

function kept(matrix) {
  const whole = matrix.flat().reduce((sum, value) => sum + value, 0);
  return matrix.map((row) => row.map((value) => (value < whole * LEAST ? 0 : value)));
}

// What is tied to anything, so that the ring has no name without a bow.
function tied(data) {
  const matrix = kept(data.matrix);
  const places = data.names.map((_, at) => at).filter((at) => matrix[at].some((value) => value > 0));
  return {
    names: places.map((at) => data.names[at]), keys: places.map((at) => data.keys[at]), colours: places.map((at) => data.colours[at]),
    matrix: places.map((at) => places.map((other) => matrix[at][other])),
  };
}

// Angles in rising order moved aside until neighbours are this far apart, all the way round.
function apart(angles, least) {
  const found = [...angles];
  const far = Math.min(least, (2 * Math.PI) / found.length);
  for (let turn = 0, moved = found.length > 1; moved && turn < 500; turn += 1) {
    moved = false;
    for (let at = 0; at < found.length; at += 1) {
      const next = (at + 1) % found.length;
      const missing = far - (found[next] - found[at] + (next ? 0 : 2 * Math.PI));
      if (missing > 1e-4) {
        found[at] -= missing / 2;
        found[next] += missing / 2;
        moved = true;
      }
    }
  }
  return found;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".chord");
  const measure = document.createElement("canvas").getContext("2d");
  const { names: full, keys, colours, matrix } = tied(data);
  const found = chord().padAngle(Math.min(0.05, 1.2 / full.length)).sortSubgroups((a, b) => b - a)(matrix);
  const middles = found.groups.map((group) => (group.startAngle + group.endAngle) / 2);
  const sums = matrix.map((row) => row.reduce((sum, value) => sum + value, 0));

  function ties(at) {
    return matrix[at].map((value, other) => [value, other]).filter(([value]) => value > 0).sort((a, b) => b[0] - a[0]);
  }

  function draw(width) {
    measure.font = `500 12.5px ${getComputedStyle(root).fontFamily}`;
    const widths = full.map((name) => Math.min(LABEL, measure.measureText(name).width));
    // As large as leaves room for the names at their sides, and never so small that nothing is seen of it.
    const sides = widths.map((wide, at) => (width / 2 - 4) / Math.abs(Math.sin(middles[at])) - AWAY - wide);
    const outer = Math.max(40, Math.min(width, 640) * 0.23, Math.min(...sides, Math.min(width, 640) / 2 - 60));
    const inner = outer - 13;
    const angles = apart(middles, LINE / (outer + AWAY));
    const starts = angles.map((angle, at) => outer + (Math.abs(angle - middles[at]) * outer > 2 ? ASIDE : AWAY));
    const room = (at) => Math.min(LABEL, (width / 2 - 2) / Math.abs(Math.sin(angles[at])) - starts[at]);
    const names = full.map((name, at) => cut(name, measure, room(at)));
    // How far names reach above and below the ring: one that lies on its side needs little.
    const reach = (side) => Math.max(outer + 4, ...names.map((name, at) => (
      (starts[at] + measure.measureText(name).width) * Math.cos(angles[at]) * side + 11)));
    const [top, height] = [reach(1), reach(1) + reach(-1)];
    const box = `${-width / 2} ${-top} ${width} ${height}`;
    const svg = node("svg", { viewBox: box, height, role: "group", "aria-label": data.label });
    const bow = arc().innerRadius(inner).outerRadius(outer).cornerRadius(3);
    const band = ribbon().radius(inner - 3);
    const tell = tip(root);
    const ribbons = found.map((each) => {
      const colour = colours[Math.min(each.source.index, each.target.index)];
      const path = node("path", { d: band(each), fill: colour, class: "tie" });
      path.addEventListener("pointermove", (event) => {
        lit(each.source.index, each.target.index);
        tell.show(...place(root, event), [
          [`${full[each.source.index]} and ${full[each.target.index]}`, ""],
          [said(matrix[each.source.index][each.target.index]), colour],
        ]);
      });
      return { each, path };
    });
    const groups = found.groups.map((group) => {
      const at = group.index;
      const g = node("g", { class: "one" });
      g.append(node("path", { d: bow(group), fill: colours[at] }));
      const flip = Math.sin(angles[at]) < 0;
      const turn = (angles[at] * 180) / Math.PI - 90;
      if (starts[at] > outer + AWAY) {
        const [from, to] = [[middles[at], outer + 3], [angles[at], starts[at] - 3]].map(([angle, far]) => `${Math.sin(angle) * far} ${-Math.cos(angle) * far}`);
        g.append(node("path", { d: `M${from}L${to}`, class: "lead" }));
      }
      g.append(node("text", {
        transform: `rotate(${turn}) translate(${starts[at]})${flip ? " rotate(180)" : ""}`,
        "text-anchor": flip ? "end" : "start", dy: ".35em", "aria-hidden": "true",
      }, names[at]));
      const first = ties(at).slice(0, 3).map(([value, other]) => `${full[other]} ${share(value, sums[at])}`);
      pressable(g, `${full[at]}, tied most to ${first.join(", ")}. Press to look closer`, () => setTriggerValue("picked", keys[at]));
      g.addEventListener("pointermove", (event) => {
        lit(at);
        tell.show(...place(root, event), [
          [full[at], ""],
          ...ties(at).slice(0, 5).map(([value, other]) => [`${full[other]} ${said(value)}`, colours[other]]),
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
