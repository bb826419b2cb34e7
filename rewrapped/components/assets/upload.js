// Files from a person's disk to our own route. XMLHttpRequest, because fetch tells nothing of an upload's progress.
const ARROW = '<svg viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M24 31V9M15 18l9-9 9 9"/><path d="M8 30v6a4 4 0 0 0 4 4h24a4 4 0 0 0 4-4v-6"/></svg>';
const LOST = "The connection was lost before the upload ended. Nothing was stored; please try again.";

function part(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}

function size(bytes) {
  const [kB, MB, GB] = [2 ** 10, 2 ** 20, 2 ** 30]; // as the limit is told
  if (bytes < MB) return `${Math.max(1, Math.round(bytes / kB))} kB`;
  if (bytes < GB) return `${(bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0)} MB`;
  return `${(bytes / GB).toFixed(2)} GB`;
}

function build(root) {
  const zone = part("div", "zone");
  zone.innerHTML = ARROW;
  const pick = document.createElement("input");
  pick.type = "file";
  pick.multiple = true;
  pick.accept = ".zip,.json,.jsonl,.csv,.tsv,application/zip,application/json,text/csv";
  pick.hidden = true;
  const choose = part("button", "", "Choose files");
  choose.type = "button";
  choose.addEventListener("click", () => pick.click());
  zone.append(part("p", "big", "Drop your export here"),
    part("p", "small", "The ZIP as Spotify or ListenBrainz sent it, any of the files inside it, or Last.fm scrobbles as CSV. Several at once are fine."), choose, pick);
  const going = part("div", "going");
  going.hidden = true;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", "Upload");
  const says = part("span", "says");
  says.setAttribute("role", "status");
  const stop = part("button", "plain", "Cancel");
  stop.type = "button";
  const row = part("div", "row");
  row.append(says, stop);
  going.append(bar, row);
  const wrong = part("div", "wrong");
  wrong.setAttribute("role", "alert");
  wrong.hidden = true;
  root.replaceChildren(zone, going, wrong);
  return { zone, pick, choose, going, bar, says, stop, wrong };
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function send(files, view, state) {
  const { data, setTriggerValue } = state.latest;
  const list = [...files];
  const total = list.reduce((sum, file) => sum + file.size, 0);
  const refuse = (text) => {
    view.going.hidden = true;
    view.zone.hidden = false;
    view.wrong.textContent = text;
    view.wrong.hidden = false;
    view.choose.focus();
  };
  view.wrong.hidden = true;
  if (!list.length) return;
  if (total > data.limit_bytes) return refuse(`These files hold ${size(total)}; at most ${data.limit} can be uploaded at once.`);
  const body = new FormData();
  body.append("csrf_token", data.csrf_token);
  body.append("include_incognito", String(data.include_incognito));
  for (const file of list) body.append("files", file, file.name);
  const request = new XMLHttpRequest();
  state.request = request;
  request.open("POST", data.url);
  request.setRequestHeader("X-CSRF-Token", data.csrf_token);
  request.setRequestHeader("Accept", "application/json");
  let told = 0;
  request.upload.onprogress = (event) => {
    view.bar.value = event.loaded / event.total;
    const whole = Math.floor((event.loaded / event.total) * 10); // a screen reader hears every tenth only
    if (whole === told && event.loaded !== event.total) return;
    told = whole;
    view.says.textContent = event.loaded === event.total ? "All sent. Looking at the files …" : `${size(event.loaded)} of ${size(event.total)} sent`;
  };
  request.onload = () => {
    state.request = null;
    const answer = answerOf(request);
    if (request.status >= 200 && request.status < 300 && Number.isInteger(answer.import_id)) {
      view.going.hidden = true;
      view.zone.hidden = false;
      view.pick.value = "";
      setTriggerValue("import_id", answer.import_id);
    } else {
      refuse(typeof answer.detail === "string" ? answer.detail : `The site answered with an error (${request.status}). Nothing was stored; please try again.`);
    }
  };
  request.onerror = () => { state.request = null; refuse(LOST); };
  request.onabort = () => { state.request = null; refuse("Stopped. Nothing was stored."); };
  view.zone.hidden = true;
  view.going.hidden = false;
  view.bar.value = 0;
  view.says.textContent = `Sending ${list.length === 1 ? list[0].name : `${list.length} files`} (${size(total)})`;
  view.stop.focus();
  request.send(body);
}

function listen(view, state) {
  const { zone } = view;
  view.pick.addEventListener("change", () => send(view.pick.files, view, state));
  view.stop.addEventListener("click", () => state.request?.abort());
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); send(event.dataTransfer.files, view, state); });
}

const states = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".upload");
  let state = states.get(root);
  if (!state) {
    state = { request: null };
    states.set(root, state);
    listen(build(root), state);
  }
  state.latest = component; // a later run may bring a new token or another choice
}
