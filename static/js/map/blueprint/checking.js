// Check the measured area at once; nothing is kept. The list says what lies where, in square metres.
export class Checking {
  constructor(live, page, measuring) {
    Object.assign(this, { live, measuring });
    this.button = page.querySelector("[data-look]");
    if (!this.button) return;
    this.result = page.querySelector("[data-look-result]");
    this.lights = page.querySelector("[data-look-lights]").content;
    this.button.addEventListener("click", () => this.look());
    page.addEventListener("measure:change", () => this.result.replaceChildren());
  }

  async look() {
    const { words } = this.live.config;
    this.button.disabled = true;
    this.result.textContent = words.looking;
    let said = null;
    try {
      const answer = await fetch(this.button.dataset.look, {
        method: "POST",
        headers: { "Content-Type": "application/geo+json", "X-CSRFToken": document.body.dataset.csrf },
        body: JSON.stringify(this.measuring.shape()),
      });
      said = await answer.json();
    } catch {
      said = null;
    }
    this.button.disabled = false;
    if (!said || said.error) this.result.textContent = said?.error?.message ?? words.no_answer;
    else this.show(said);
  }

  show(said) {
    const { words } = this.live.config;
    const area = number(said.area_m2, 1);
    const head = document.createElement("p");
    head.className = "b";
    head.textContent = (said.findings.length ? words.looked : words.looked_clean).replace("{area}", area).replace("{n}", said.findings.length);
    const list = document.createElement("ol");
    list.className = "hits";
    list.append(...said.findings.map((finding) => this.row(finding)));
    this.result.replaceChildren(head, list);
  }

  row({ check, layer, edition, feature, overlap_m2: overlap, share, severity }) {
    const { checks, names } = this.live.config;
    const item = document.createElement("li");
    const light = this.lights.querySelector(`[data-severity="${severity}"]`).cloneNode(true);
    const title = document.createElement("b");
    title.textContent = [names[layer] ?? layer, feature].filter(Boolean).join(" · ");
    const figures = document.createElement("p");
    figures.textContent = [overlap === null ? "" : `${number(overlap, 1)} m²`, share === null ? "" : `${number(share * 100, 2)}%`].filter(Boolean).join("　");
    const small = document.createElement("p");
    small.className = "sm mut";
    small.textContent = [checks[check] ?? check, edition].filter(Boolean).join(" · ");
    item.append(light, title, figures, small);
    return item;
  }
}

const number = (value, digits) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
