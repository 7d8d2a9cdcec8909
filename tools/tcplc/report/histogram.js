// SPDX-License-Identifier: GPL-2.0-only
// histogram.js: how long things took, in powers of two.
import { byId, html, picture, svg, svgText } from "./elements.js";
import { meta, pieces } from "./records.js";
import { duration } from "./units.js";

const BAR = 22, LEFT = 110, WIDTH = 700;

const known = (values) => values.filter((v) => v !== null);

function valuesOf(rows, of) {
	if (of === "rtt" || of === "lived")
		return known(rows.map((r) => r[of]));
	return rows.flatMap((r) => pieces(r).filter((p) => p.state === Number(of))
		.map((p) => p.until - p.from));
}

export function startHistogram() {
	byId("of").append(html("option", { value: "rtt" }, "handshake round trip"),
		html("option", { value: "lived" }, "life"),
		...meta.states.map((word, state) => [word, state])
			.filter(([word, state]) => state && word !== "CLOSED" && word !== "LISTEN")
			.map(([word, state]) => html("option", { value: state }, `time in ${word}`)));
}

export function showHistogram(rows) {
	const select = byId("of"), values = valuesOf(rows, select.value), buckets = new Map();

	for (const value of values) {
		const bucket = value < 1 ? 0 : Math.floor(Math.log2(value));
		buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
	}
	const sorted = [...values].sort((a, b) => a - b);
	byId("histogram-about").textContent = values.length ?
		`Known of ${values.length}; half took ${duration(sorted[values.length >> 1])} or less, ` +
		`99 of 100 ${duration(sorted[Math.floor((values.length - 1) * 0.99)])} or less. ` +
		"A bar covers its label up to twice its label." : "Known of no connection shown.";
	if (!values.length) {
		byId("histogram").replaceChildren();
		return;
	}
	const least = Math.min(...buckets.keys()), most = Math.max(...buckets.keys());
	const top = Math.max(...buckets.values());
	const drawing = picture(WIDTH, (most - least + 1) * BAR + 20,
		`Histogram of ${select.selectedOptions[0].textContent}`);
	for (let bucket = least, y = 10; bucket <= most; bucket++, y += BAR) {
		const n = buckets.get(bucket) ?? 0, width = n ? Math.max(1, n / top * 460) : 0;
		drawing.append(svgText(LEFT - 8, y + 15, duration(2 ** bucket), "end small"),
			svg("rect", { class: "histogram-bar", x: LEFT, y: y + 3, width, height: BAR - 6 }),
			svgText(LEFT + width + 8, y + 15, String(n), "small"));
	}
	byId("histogram").replaceChildren(drawing);
}
