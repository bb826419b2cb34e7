// A picture drawn by us. The string comes from our own code, which has escaped every outside name.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".svg");
  const style = document.createElement("style");
  style.textContent = data.css;
  const box = document.createElement("div");
  box.className = "picture";
  box.innerHTML = data.markup;
  root.replaceChildren(style, box);
}
