// SPDX-License-Identifier: GPL-2.0-only
// timeline.js: connections as bars over time.
import { byId, picture, svg, svgText } from "./elements.js";
import { stateBar } from "./marks.js";
import { meta, pieces } from "./records.js";
import { duration, moment } from "./units.js";

const LEFT = 190, RIGHT = 1010, WIDTH = 1220, ROW = 16, GROUP = 24, HEAD = 40;
const MOST = 200; /* more are no picture */

function groupsOf(rows, by) {
	const groups = new Map();

	for (const row of rows) {
		const name = by === "who" ? row.who || "no process known" : by ? row.address : "";
		if (!groups.has(name))
			groups.set(name, []);
		groups.get(name).push(row);
	}
	return groups;
}

// At most eight to a span: 1, 2 and 5 and their tenfolds; of clocks, what clocks have.
const STEPS = [0, 1, 2, 3, 4, 5].flatMap((n) => [1, 2, 5].map((m) => m * 10 ** n)).concat(
	[1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400,
		172800, 432000, 864000, 1728000, 4320000].map((s) => s * 1e6));

function axis(drawing, begin, span, bottom) {
	const step = STEPS.find((s) => span / s < 9) ?? span / 8;

	for (let at = 0; at <= span; at += step) {
		const x = LEFT + at / span * (RIGHT - LEFT);
		drawing.append(svg("line", { class: "grid", x1: x, y1: HEAD - 6, x2: x, y2: bottom }),
			svgText(x, HEAD - 10, duration(at), "small dim middle"));
	}
}

function rowOf(row, y, x) {
	const group = svg("g", { class: "row" },
		svg("title", {}, `${row.id}, ${row.remote}${row.closeWord ? `, ${row.closeWord}` : ""}`),
		svgText(LEFT - 8, y + 12, row.id, "small end"));

	for (const piece of pieces(row)) {
		const bar = stateBar(piece.state, x(piece.from), y + 2,
			Math.max(1.2, x(piece.until) - x(piece.from)), ROW - 4);
		bar.prepend(svg("title", {},
			`${meta.states[piece.state]}, ${duration(piece.until - piece.from)}`));
		group.append(bar);
	}
	group.append(svgText(RIGHT + 10, y + 12, row.remote, "small dim"));
	return group;
}

export function showTimeline(all, by) {
	const rows = all.slice(-MOST), about = byId("timeline-about");

	if (!rows.length) {
		about.textContent = "No connection to show.";
		byId("timeline").replaceChildren();
		return;
	}
	const begin = rows.reduce((least, r) => Math.min(least, r.start), Infinity);
	const until = rows.reduce((most, r) => Math.max(most, r.start + r.age), begin + 1);
	const groups = groupsOf(rows, by), named = by ? groups.size : 0;
	const bottom = HEAD + rows.length * ROW + named * GROUP;
	const drawing = picture(WIDTH, bottom + 16, "Connections over time");
	const x = (at) => LEFT + (at - begin) / (until - begin) * (RIGHT - LEFT);
	let y = HEAD;

	axis(drawing, begin, until - begin, bottom);
	for (const [name, members] of groups) {
		if (by) {
			drawing.append(svgText(20, y + 18, name, "strong halo"));
			y += GROUP;
		}
		for (const row of members) {
			drawing.append(rowOf(row, y, x));
			y += ROW;
		}
	}
	byId("timeline").replaceChildren(drawing);
	about.textContent = `From ${moment(begin)} on.` + (all.length > rows.length ?
		` The newest ${rows.length} of ${all.length}; narrow the search to see others.` : "");
}
