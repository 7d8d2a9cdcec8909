// SPDX-License-Identifier: GPL-2.0-only
// facts.js: what stands around the connections: what was missed, findings, listeners.
import { byId, html } from "./elements.js";
import { end, meta, rows } from "./records.js";

function warnings() {
	const said = [];

	if (!end)
		said.push("This page is not whole: tcplc broke off while it was made.");
	else if (end.interrupted)
		said.push("Records were added or removed while this was made: one may be missing or here twice.");
	for (const loss of meta.losses ?? [])
		if (loss.value)
			said.push(`${loss.name}: ${loss.value} (${loss.about})`);
	return said;
}

export function showLosses() {
	const said = warnings();

	if (!meta.losses?.length)
		said.push("What the module missed is not known: it did not say.");
	byId("losses-body").replaceChildren(...(said.length ?
		said.map((text) => html("p", { class: "warning" }, text)) :
		[html("p", {}, "Nothing that the module counts was lost.")]));
	byId("about").textContent = `${rows.length} connections` +
		`${meta.filter ? `, of '${meta.filter}'` : ""}, as of ${meta.made}, by tcplc ${meta.version}.`;
}

// Each has a text, and perhaps the ids of connections it is about.
export function showFindings(open) {
	const findings = meta.findings ?? [];

	byId("findings").hidden = !findings.length;
	byId("findings-list").replaceChildren(...findings.map((finding) => {
		const li = html("li", {}, finding.text);
		for (const id of finding.ids ?? []) {
			const button = html("button", { type: "button" }, id);
			button.addEventListener("click", () => open(id));
			li.append(" ", button);
		}
		return li;
	}));
}

export function showListeners() {
	const box = byId("listeners"), { columns, rows: lines } = meta.listeners;

	if (!lines.length) {
		box.replaceChildren(html("p", {}, "No listener is on record."));
		return;
	}
	box.replaceChildren(html("table", { class: "plain" },
		html("thead", {}, html("tr", {}, ...columns.map((c) => html("th", { scope: "col" }, c)))),
		html("tbody", {}, ...lines.map((line) =>
			html("tr", {}, ...line.map((cell) => html("td", {}, cell)))))));
}
