// Choose the browser's own time zone in the form; without this the person picks one.
const select = document.getElementById("zone");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (select && zone && select.dataset.prefill === "yes") {
  if (![...select.options].some((option) => option.value === zone)) select.add(new Option(zone, zone));
  select.value = zone;
}
