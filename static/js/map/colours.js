// The map speaks the colours of the style sheet, so that a light is the same on the map and beside it.
const TOKENS = {
  stop: "--late-s", review: "--due-s", info: "--blue", pass: "--ok-s",
  ok: "--ok-s", due: "--due-s", late: "--late-s", late2: "--late-t", hold: "--hold-s", wait: "--wait-s", done: "--ok-t", no: "--late-t", off: "--line-2",
  site: "--late-t", idea: "--src-map", added: "--late-s", removed: "--ok-s",
};

export function colour(name) {
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return value || "black";
}

export const toneColour = (tone) => colour(TOKENS[tone] ?? "--blue");

// An expression that gives each feature the colour of its property `tone`, else the overlay's own.
export function toneExpression(fallback) {
  const pairs = Object.keys(TOKENS).flatMap((tone) => [tone, toneColour(tone)]);
  return ["match", ["coalesce", ["get", "tone"], fallback], ...pairs, toneColour(fallback)];
}
