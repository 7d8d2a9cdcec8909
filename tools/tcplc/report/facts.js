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

function finding(one, index, show) {
	const n = rows.filter((row) => row.findings.includes(index)).length;
	const li = html("li", { class: one.severe ? "severe" : "" },
		html("h3", {}, html("span", { class: "severity" }, one.severe ? "severe" : "notable"),
			` ${one.text}`));

	if (one.facts)
		li.append(html("p", {}, one.facts));
	li.append(html("dl", {}, html("dt", {}, "usual cause"), html("dd", {}, one.cause),
		html("dt", {}, "remedy"), html("dd", {}, one.remedy),
		html("dt", {}, "command"), html("dd", {}, html("code", {}, one.command))));
	if (n) {
		const button = html("button", { type: "button" },
			n === 1 ? "Show its connection" : `Show its ${n} connections`);
		button.addEventListener("click", () => show(index));
		li.append(button);
	}
	return li;
}

// One paragraph each: how many more there are, what was not looked at, what was found well.
function aroundFindings() {
	const said = [], shown = new Map();

	for (const one of meta.findings)
		shown.set(one.rule, [(shown.get(one.rule)?.[0] ?? 0) + 1, one.more]);
	for (const [rule, [n, all]] of shown)
		if (all > n)
			said.push(`${all - n} more of the rule ${rule}: tcplc why --all has them`);
	if (!meta.findings.length)
		said.push("Nothing was found wrong.");
	return [...said, ...meta.dark, `Looked at and found well: ${meta.well}`];
}

export function showFindings(show) {
	const said = meta.findings ? aroundFindings() : [`Nothing was looked for: ${meta.blind}`];

	byId("findings-list").replaceChildren(...(meta.findings ?? []).map((one, index) =>
		finding(one, index, show)));
	byId("findings-about").replaceChildren(...said.map((text) => html("p", {}, text)));
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
