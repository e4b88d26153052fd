// The lights as pictures for the map, drawn from the shapes that stand beside it on the page: one drawing of each for the whole portal.
import { colour, toneColour } from "./colours.js";

const SIZE = 26;
const DENSITY = 2;
const PREFIX = "sign-";

export const signOf = (tone) => ["concat", PREFIX, tone];

// `lights`: elements with `data-tone` and the shape as inline SVG. False where nothing can be drawn; then the colour alone has to do.
export function addSigns(map, lights) {
  return [...lights].every((light) => {
    const name = `${PREFIX}${light.dataset.tone}`;
    if (map.hasImage(name)) return true;
    const picture = draw(light.querySelector("svg"), toneColour(light.dataset.tone));
    if (picture) map.addImage(name, picture, { pixelRatio: DENSITY });
    return Boolean(picture);
  });
}

function draw(shape, tone) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * DENSITY;
  const pen = canvas.getContext("2d");
  if (!pen || !shape) return null;
  pen.scale(DENSITY, DENSITY);
  pen.beginPath();
  pen.arc(SIZE / 2, SIZE / 2, SIZE / 2 - 1, 0, 2 * Math.PI);
  pen.fillStyle = colour("--white");
  pen.fill();
  pen.strokeStyle = colour("--line-2");
  pen.stroke();
  const [, , width, height] = shape.getAttribute("viewBox").split(" ").map(Number);
  pen.translate((SIZE - width) / 2, (SIZE - height) / 2);
  pen.fillStyle = pen.strokeStyle = tone;
  for (const part of shape.children) {
    const path = new Path2D(part.getAttribute("d") ?? "");
    if (part.tagName === "circle") path.arc(...["cx", "cy", "r"].map((name) => Number(part.getAttribute(name))), 0, 2 * Math.PI);
    if (part.getAttribute("fill") === "none") {
      pen.lineWidth = Number(part.getAttribute("stroke-width"));
      pen.stroke(path);
    } else pen.fill(path);
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
