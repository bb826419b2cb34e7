// A stream of bands over time, of true wiggle: the baseline moves so that the bands together move least.
import { area, curveMonotoneX, stack, stackOffsetWiggle, stackOrderInsideOut } from "d3-shape";
import { ink, node, place, pressable, said, share, sized, tip, walk } from "./draw.js";

const AXIS = 22;

function layers(data) {
  const rows = data.starts.map((_, at) => Object.fromEntries(data.bands.map((band, place) => [place, band.values[at]])));
  return stack().keys(data.bands.map((_, at) => at)).order(order(data)).offset(stackOffsetWiggle)(rows);
}

// Bands that come and go lie outside; what stands for all the others lies below.
function order(data) {
  return (series) => {
    const rest = data.bands.findIndex((band) => !band.key);
    const others = stackOrderInsideOut(series).filter((at) => at !== rest);
    return rest < 0 ? others : [rest, ...others];
  };
}

// Where in a band its name fits: the place of most height over the whole width of the text.
function room(layer, x, y, width) {
  const half = width / 2 + 5;
  const end = x(layer.length - 1);
  const edge = (left, side) => {
    const at = Math.min(layer.length - 2, Math.max(0, layer.findLastIndex((_, place) => x(place) <= left)));
    const part = (left - x(at)) / (x(at + 1) - x(at) || 1);
    return y(layer[at][side] + part * (layer[at + 1][side] - layer[at][side]));
  };
  let best = null;
  for (let middle = half; layer.length > 1 && middle <= end - half; middle += 6) {
    const inside = layer.filter((_, place) => Math.abs(x(place) - middle) < half);
    const tops = [edge(middle - half, 1), edge(middle, 1), edge(middle + half, 1), ...inside.map((point) => y(point[1]))];
    const feet = [edge(middle - half, 0), edge(middle, 0), edge(middle + half, 0), ...inside.map((point) => y(point[0]))];
    const [low, high] = [Math.max(...tops), Math.min(...feet)];
    if (!best || high - low > best.height) best = { x: middle, y: (low + high) / 2, height: high - low };
  }
  return best && best.height > 16 ? best : null;
}

function axis(svg, data, x, height, width) {
  let last = -Infinity;
  for (const [at, text] of data.ticks) {
    if (x(at) - last < 52 || x(at) > width - 24) continue;
    last = x(at);
    svg.append(node("line", { x1: x(at), x2: x(at), y1: 0, y2: height - AXIS + 4, class: "tick" }));
    svg.append(node("text", { x: x(at) + 3, y: height - 5, class: "when" }, text));
  }
}

function legend(root, data, named) {
  root.querySelector(".legend")?.remove();
  if (named.size * 2 >= data.bands.length) return;
  const list = document.createElement("ul");
  list.className = "legend";
  list.append(...data.bands.map((band) => {
    const item = document.createElement("li");
    const dot = document.createElement("i");
    dot.style.background = band.colour;
    item.append(dot, band.name);
    return item;
  }));
  root.append(list);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stream");
  const found = layers(data);
  const wholes = data.starts.map((_, at) => data.bands.reduce((sum, band) => sum + band.values[at], 0));
  const low = Math.min(...found.map((layer) => Math.min(...layer.map((point) => point[0]))));
  const high = Math.max(...found.map((layer) => Math.max(...layer.map((point) => point[1]))));
  const measure = document.createElement("canvas").getContext("2d");

  function draw(width) {
    const height = width < 520 ? 260 : 340;
    const x = (at) => (data.starts.length < 2 ? width / 2 : (at / (data.starts.length - 1)) * width);
    const y = (value) => (height - AXIS) * (1 - (value - low) / (high - low || 1));
    const shape = area().x((_, at) => x(at)).y0((point) => y(point[0])).y1((point) => y(point[1])).curve(curveMonotoneX);
    const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "group", "aria-label": data.label });
    axis(svg, data, x, height, width);
    const rule = node("line", { class: "rule", y1: 0, y2: height - AXIS });
    const labels = node("g", { "aria-hidden": "true" });
    const named = new Set();
    measure.font = `600 13px ${getComputedStyle(root).fontFamily}`;
    const tell = tip(root);
    const bands = found.map((layer) => {
      const band = data.bands[layer.key];
      const path = node("path", { d: shape(layer), fill: band.colour, class: "band" });
      const whole = band.values.reduce((sum, value) => sum + value, 0);
      const about = `${band.name}: ${data.is_share ? share(whole, wholes.reduce((a, b) => a + b, 0)) : said(whole)}`;
      const press = () => band.key && setTriggerValue("picked", band.key);
      if (band.key) pressable(path, `${about}. Press to look closer`, press);
      else {
        path.setAttribute("role", "img");
        path.setAttribute("aria-label", about);
      }
      const fits = room(layer, x, y, measure.measureText(band.name).width);
      if (fits) {
        named.add(band.key);
        labels.append(node("text", { x: fits.x, y: fits.y + 4.5, class: "name", fill: ink(band.colour) }, band.name));
      }
      return { band, layer, path };
    });
    const lit = (path) => {
      svg.classList.toggle("one", Boolean(path));
      bands.forEach((each) => each.path.classList.toggle("lit", each.path === path));
    };
    const show = (event) => {
      const [left, top] = place(root, event);
      const at = Math.max(0, Math.min(data.starts.length - 1, Math.round((left / width) * (data.starts.length - 1)) || 0));
      const over = bands.find((each) => each.path === event.target);
      lit(over?.path);
      rule.setAttribute("x1", x(at));
      rule.setAttribute("x2", x(at));
      rule.classList.add("on");
      const order = [...data.bands].filter((band) => band.values[at] > 0).sort((a, b) => b.values[at] - a.values[at]);
      const first = over ? [over.band, ...order.filter((band) => band !== over.band)] : order;
      const value = (band) => (data.is_share ? share(band.values[at], wholes[at]) : said(band.values[at]));
      tell.show(left, top, [[data.said[at], ""], ...first.slice(0, 5).map((band) => [`${band.name} ${value(band)}`, band.colour])]);
    };
    const away = () => {
      tell.hide();
      lit(null);
      rule.classList.remove("on");
    };
    svg.addEventListener("pointermove", show);
    svg.addEventListener("pointerleave", away);
    svg.addEventListener("keydown", (event) => {
      if (event.key === "Escape") away();
      walk(bands.filter((each) => each.band.key).map((each) => each.path), event);
    });
    svg.addEventListener("focusin", (event) => lit(event.target));
    svg.addEventListener("focusout", () => lit(null));
    svg.append(...bands.map((each) => each.path), rule, labels);
    root.querySelector("svg")?.remove();
    root.prepend(svg);
    legend(root, data, named);
  }

  return sized(root, draw);
}
