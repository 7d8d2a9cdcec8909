// SPDX-License-Identifier: GPL-2.0-only
// marks.js: the look of a state, as draw/palette.c has it.
import { svg } from "./elements.js";
import { meta } from "./records.js";

export function stateClass(state) {
	const word = state ? meta.states[state] ?? "none" : "none";

	return `s s-${word.toLowerCase().replaceAll("_", "-")}`;
}

export function stateBar(state, x, y, width, height) {
	const place = { x, y, width, height }, pattern = meta.patterns[state];
	const bar = svg("g", {}, svg("rect", { class: stateClass(state), ...place }));

	if (pattern)
		bar.append(svg("rect", { class: "over", fill: `url(#p-${pattern})`, ...place }));
	return bar;
}

export function stateMark(state) {
	return svg("svg", { class: "state-mark", width: 14, height: 14, "aria-hidden": "true" },
		stateBar(state, 0, 0, 14, 14));
}
