// On a narrow screen the menu lies over the page: it goes when a page is chosen, and no page opens under it.
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

export default function () {
  if (listens) return;
  listens = true;
  document.addEventListener("click", chosen);
  addEventListener("pagehide", forget);
}
