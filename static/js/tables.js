// Table fields grow by a row; the hidden count tells the server how many rows to read.
export function startTables(root) {
  root.querySelectorAll("[data-add-row]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => addRow(button.closest(".fld")));
  });
}

function addRow(field) {
  const body = field.querySelector("tbody");
  const count = field.querySelector("input[name$='-count']");
  const number = Number(count.value);
  const row = body.rows[body.rows.length - 1].cloneNode(true);
  row.querySelectorAll("input, select").forEach((control) => {
    control.name = control.name.replace(/-\d+-(?=[^-]+$)/, `-${number}-`);
    control.setAttribute("aria-label", control.getAttribute("aria-label").replace(/\d+$/, String(number + 1)));
    control.value = "";
  });
  body.append(row);
  count.value = String(number + 1);
  row.querySelector("input, select")?.focus();
}
