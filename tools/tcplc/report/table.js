// SPDX-License-Identifier: GPL-2.0-only
// table.js: one line a connection. Only lines that can be seen are in the page, so that
// a hundred thousand cost no more than a screenful.
import { byId, html } from "./elements.js";
import { stateMark } from "./marks.js";
import { bytes, duration, moment } from "./units.js";

const ROW = 28; /* height, as page.css has it */
const SPARE = 8; /* lines above and below what is seen */
const NOTHING = "-";

const orNothing = (value, text) => (value === null || value === "" ? NOTHING : text(value));

const columns = [
	{ title: "ID", key: "id", text: (r) => r.id },
	{ title: "STATE", key: "stateWord", text: (r) => r.stateWord, mark: true },
	{ title: "LOCAL", key: "local", text: (r) => r.local },
	{ title: "REMOTE", key: "remote", text: (r) => r.remote },
	{ title: "OPEN", key: "openWord", text: (r) => r.openWord },
	{ title: "CLOSE", key: "closeWord", text: (r) => orNothing(r.closeWord, String) },
	{ title: "FIRST", key: "firstWord", text: (r) => orNothing(r.firstWord, String) },
	{ title: "START", key: "start", text: (r) => (r.older ? "<" : "") + moment(r.start) },
	{ title: "LIVED", key: "lived", right: true,
		text: (r) => orNothing(r.lived, (v) => (r.older ? ">" : "") + duration(v)) },
	{ title: "RTT", key: "rtt", right: true, text: (r) => orNothing(r.rtt, duration) },
	{ title: "MSS", key: "mss", right: true, text: (r) => orNothing(r.mss, String) },
	{ title: "TX", key: "tx", right: true, text: (r) => orNothing(r.tx, bytes) },
	{ title: "RX", key: "rx", right: true, text: (r) => orNothing(r.rx, bytes) },
	{ title: "RETRANS", key: "retrans", right: true, text: (r) => orNothing(r.retrans, String) },
	{ title: "WHO", key: "who", text: (r) => orNothing(r.who, String) },
];

const scroller = byId("scroller"), body = byId("body"), head = byId("head");
let shown = [], order = { key: "start", down: false }, first = -1, opened = () => {};

function line(row, index) {
	const tr = html("tr", { "aria-rowindex": index + 2 });

	for (const column of columns) {
		const td = html("td", column.right ? { class: "right" } : {});
		if (column.key === "id") {
			const button = html("button", { type: "button", "aria-label": `Open ${row.id}` },
				row.id);
			button.addEventListener("click", () => opened(row));
			td.append(button);
		} else {
			if (column.mark)
				td.append(stateMark(row.state));
			td.append(column.text(row));
		}
		tr.append(td);
	}
	return tr;
}

function spacer(lines) {
	const td = html("td", { colspan: columns.length });

	td.style.height = `${lines * ROW}px`;
	return html("tr", { class: "spacer", "aria-hidden": "true" }, td);
}

function draw(force) {
	const from = Math.max(0, Math.floor(scroller.scrollTop / ROW) - SPARE);
	const count = Math.ceil(scroller.clientHeight / ROW) + 2 * SPARE;

	if (!force && from === first)
		return;
	first = from;
	const focused = document.activeElement?.closest?.("#body tr")?.getAttribute("aria-rowindex");
	const lines = shown.slice(from, from + count).map((row, i) => line(row, from + i));
	body.replaceChildren(spacer(from), ...lines,
		spacer(Math.max(0, shown.length - from - lines.length)));
	lineButton(focused)?.focus({ preventScroll: true });
}

function lineButton(index) {
	return index && body.querySelector(`tr[aria-rowindex="${Number(index)}"] button`);
}

function compareRows(a, b) {
	const x = a[order.key], y = b[order.key];

	if (x === y)
		return 0;
	if (x === null || x === "")
		return 1; /* what is not known is last, either way round */
	if (y === null || y === "")
		return -1;
	return (x < y ? -1 : 1) * (order.down ? -1 : 1);
}

function drawHead() {
	head.replaceChildren(...columns.map((column) => {
		const mine = column.key === order.key, button = html("button", { type: "button" },
			column.title + (mine ? (order.down ? " \u25be" : " \u25b4") : ""));
		button.addEventListener("click", () => {
			order = { key: column.key, down: mine && !order.down };
			showRows(shown);
			head.children[columns.indexOf(column)].firstChild.focus();
		});
		return html("th", { scope: "col", class: column.right ? "right" : "",
			"aria-sort": mine ? (order.down ? "descending" : "ascending") : "none" }, button);
	}));
}

// Up and down go from line to line, also to those that are not drawn yet.
function move(event) {
	const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
	const at = Number(document.activeElement?.closest("#body tr")?.getAttribute("aria-rowindex"));

	if (!step || !at)
		return;
	event.preventDefault();
	const next = Math.min(Math.max(at + step, 2), shown.length + 1);
	const top = (next - 2) * ROW;
	if (top < scroller.scrollTop)
		scroller.scrollTop = top;
	else if (top + 3 * ROW > scroller.scrollTop + scroller.clientHeight)
		scroller.scrollTop = top + 3 * ROW - scroller.clientHeight;
	draw(true);
	lineButton(next)?.focus({ preventScroll: true });
}

export function showRows(rows) {
	shown = [...rows].sort(compareRows);
	byId("table").setAttribute("aria-rowcount", shown.length + 1);
	drawHead();
	draw(true);
}

export function startTable(open) {
	opened = open;
	scroller.addEventListener("scroll", () => draw(false), { passive: true });
	scroller.addEventListener("keydown", move);
	new ResizeObserver(() => draw(true)).observe(scroller);
}
