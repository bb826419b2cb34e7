// When a press was, and when the page last changed after it: text and elements, shapes of SVG, strokes on canvases.
// The filter bar itself and what lies over the page (its popovers) aren't looked at.
(() => {
  const seen = { pressed: 0, changed: 0, any: 0 };
  window.__still = seen;
  const isOurs = (node) => {
    let at = node;
    while (at) {
      if (at.classList?.contains("st-key-filter_bar") || at.classList?.contains("st-key-filter_chips")) return false;
      if (at.dataset?.testid === "stMain") return true;
      at = at.parentNode ?? at.host;
    }
    return false;
  };
  const note = (node) => {
    seen.any = performance.now();
    if (isOurs(node)) seen.changed = seen.any;
    return seen.changed === seen.any;
  };
  const watcher = new MutationObserver((changes) => {
    for (const { type, target } of changes) {  // one of ours is enough: watching has to cost little
      if ((type !== "attributes" || target instanceof SVGElement) && note(target)) return;
    }
  });
  const watch = (root) => watcher.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  watch(document);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    watch(root);
    return root;
  };
  let drawn = null;
  const noteDrawn = () => {
    if (drawn.isConnected) note(drawn);
    drawn = null;
  };
  for (const name of ["clearRect", "fill", "fillRect", "stroke", "fillText", "drawImage"]) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      if (drawn !== this.canvas) {
        if (drawn === null) queueMicrotask(noteDrawn);
        else note(drawn);
        drawn = this.canvas;
      }
      return draw.apply(this, given);
    };
  }
  addEventListener("pointerup", () => { seen.pressed = performance.now(); }, true);
})();
