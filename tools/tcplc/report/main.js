// SPDX-License-Identifier: GPL-2.0-only
// main.js: begins it all, and holds what is shown together.
import { byId, html } from "./elements.js";
import { lifeOf, meta, otherEnd, rows } from "./records.js";
import { drawLadder } from "./ladder.js";
import { parseTerms } from "./terms.js";
import { showDiagram } from "./diagram.js";
import { showFindings, showListeners, showLosses } from "./facts.js";
import { showHistogram, startHistogram } from "./histogram.js";
import { showRows, startTable } from "./table.js";
import { showTimeline } from "./timeline.js";

const dialog = byId("life");
let selected = rows, waiting = 0, only = null; /* the finding whose connections are shown */

function openLife(row) {
	const life = lifeOf(row), other = otherEnd(row);

	byId("life-title").textContent = `${row.id}  ${row.stateWord}`;
	byId("life-said").textContent = life.said;
	byId("life-ladder").replaceChildren(drawLadder(row, life, other));
	byId("life-facts").replaceChildren(...life.facts.flatMap(([name, text, bad]) =>
		[html("dt", {}, name), html("dd", bad ? { class: "bad" } : {}, text)]));
	byId("life-other").replaceChildren();
	if (other) {
		const button = html("button", { type: "button" }, `Facts of the other end: ${other.id}`);
		button.addEventListener("click", () => openLife(other));
		byId("life-other").append(button);
	}
	if (!dialog.open)
		dialog.showModal();
	dialog.scrollTop = 0;
	byId("life-title").focus();
	history.replaceState(null, "", `#${encodeURIComponent(row.id)}`);
}

function openId(id) {
	const row = rows.find((r) => r.id === id);

	if (row)
		openLife(row);
}

function showSelected() {
	showRows(selected);
	byId("shown").textContent = `${selected.length} of ${rows.length}`;
	showDiagram(selected);
	showTimeline(selected, byId("by").value);
	showHistogram(selected);
}

// What cannot be read leaves what is shown as it was, and is said.
function search() {
	const input = byId("search");
	let holds;

	clearTimeout(waiting);
	try {
		holds = parseTerms(input.value);
	} catch (error) {
		byId("search-error").textContent = error.message;
		input.setAttribute("aria-invalid", "true");
		return;
	}
	byId("search-error").textContent = "";
	input.removeAttribute("aria-invalid");
	selected = rows.filter((row) => (only === null || row.findings.includes(only)) && holds(row));
	showSelected();
}

function showOnly(index) {
	only = index;
	byId("only").hidden = index === null;
	byId("only-text").textContent = index === null ? "" :
		`Only the connections of the finding: ${meta.findings[index].text}.`;
	if (index !== null) {
		byId("search").value = "";
		byId("connections").scrollIntoView();
		byId("only-none").focus({ preventScroll: true });
	} else {
		byId("search").focus({ preventScroll: true });
	}
	search();
}

byId("search").addEventListener("input", () => {
	clearTimeout(waiting);
	waiting = setTimeout(search, 150);
});
byId("search-form").addEventListener("submit", (event) => {
	event.preventDefault();
	search();
});
byId("only-none").addEventListener("click", () => showOnly(null));
byId("by").addEventListener("change", () => showTimeline(selected, byId("by").value));
byId("of").addEventListener("change", () => showHistogram(selected));
byId("life-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => history.replaceState(null, "", "#"));

startTable(openLife);
startHistogram();
showLosses();
showFindings(showOnly);
showListeners();
showSelected();
openId(decodeURIComponent(location.hash.slice(1)));
document.documentElement.dataset.ready = "true";
