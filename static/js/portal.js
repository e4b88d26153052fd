// Start what a page needs. Every page works without any of it.
import { startAutosave } from "./autosave.js";
import { startDialogs } from "./dialogs.js";
import { startFits } from "./fits.js";
import { startHtmx } from "./htmx.js";
import { startOpinion } from "./opinion.js";
import { startPage } from "./page.js";
import { startSelection } from "./selection.js";
import { startShortcuts } from "./shortcuts.js";
import { startTables } from "./tables.js";
import { startUploads } from "./upload.js";

for (const start of [startHtmx, startFits, startPage, startDialogs, startTables, startOpinion, startUploads, startAutosave, startSelection, startShortcuts]) {
  start(document);
}
