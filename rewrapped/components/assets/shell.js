// On a narrow screen the menu lies over the page: it goes when a page is chosen, and no page opens under it.
// The header is clear at a page's top, where a title may reach below it; the style learns here when that has gone.
import { plain } from "./parts.js";

const narrow = matchMedia("(max-width: 768px)"); // Streamlit's own edge
const KEPT = "stSidebarCollapsed-"; // Streamlit remembers there that the menu was open
let listens = false;

function close() {
  const menu = document.querySelector('[data-testid="stSidebar"][data-collapsed="false"]');
  menu?.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

function chosen(event) {
  const link = event.target.closest?.('[data-testid="stSidebarNavLink"]');
  if (link && narrow.matches && plain(event)) setTimeout(close); // after Streamlit, which does it on phones it knows
}

function forget() {
  if (!narrow.matches) return;
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(KEPT)).forEach((key) => localStorage.removeItem(key));
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
}

function scrolled(event) {
  if (event.target.dataset?.testid === "stMain") {
    document.documentElement.toggleAttribute("data-scrolled", event.target.scrollTop > 4);
  }
}

export default function () {
  if (listens) return;
  listens = true;
  document.addEventListener("click", chosen);
  document.addEventListener("scroll", scrolled, { capture: true, passive: true }); // it doesn't bubble
  addEventListener("pagehide", forget);
}
