// SPDX-License-Identifier: GPL-2.0-only
// ladder.js: the life of a connection as a ladder, not to scale; as draw/ladder_svg.c
// draws it where there is one record.
import { picture, svg, svgText } from "./elements.js";
import { stateBar } from "./marks.js";
import { meta } from "./records.js";
import { duration } from "./units.js";

const LEFT = 216, RIGHT = 744, BAR = 14, WIDTH = 970, TOP = 60;
const STATE = 0, SEGMENT = 1, TIMER = 3, ODD = 4;
const OUT = 1, IMPLIED = 2, BAD = 4;

function place(rungs) {
	let y = TOP, state = 0;

	for (const rung of rungs) {
		const [kind] = rung;
		y += kind === STATE ? 0 : kind === SEGMENT ? 32 : 24;
		if (kind === STATE) {
			y = Math.max(y, state + 19);
			state = y;
		}
		rung.y = y;
	}
	return y + 26;
}

function arrow(rung) {
	const [, at, flags, label] = rung, out = flags & OUT, { y } = rung;
	const look = flags & IMPLIED ? "implied" : flags & BAD ? "reset" : "arrow";
	const to = out ? RIGHT : LEFT, back = out ? -9 : 9;

	return svg("g", {},
		svg("title", {}, `${label}; ${out ? "sent" : "received"} after ${duration(at)}` +
			(flags & IMPLIED ? "; not on record, the protocol calls for it" : "")),
		svg("line", { class: look, x1: out ? LEFT : RIGHT, y1: y, x2: to + back * 0.7, y2: y }),
		svg("path", { class: flags & BAD ? "head-of-reset" : "head-of",
			d: `M${to} ${y}l${back} -4v8Z` }),
		svgText((LEFT + RIGHT) / 2, y - 6, label, "middle halo"));
}

function note(rung) {
	const [kind, at, text] = rung;
	const sign = kind === TIMER ? "\u27f2" : kind === ODD ? "!" : "\u2022";

	return svg("g", {}, svg("title", {}, `${text}; after ${duration(at)}`),
		svgText(LEFT + 11, rung.y, sign, kind === ODD ? "bad halo" : "halo"),
		svgText(LEFT + 26, rung.y, text, kind === ODD ? "bad halo" : "halo"));
}

function bar(rung, until) {
	const [, at, state] = rung, word = meta.states[state] ?? "unknown";
	const group = svg("g", {}, svg("title", {}, `${word} from ${duration(at)} on`));

	if (word === "CLOSED")
		group.append(svg("rect", { class: "s s-closed", x: LEFT - BAR, y: rung.y, width: BAR,
			height: 3 }));
	else
		group.append(stateBar(state, LEFT - BAR, rung.y, BAR, until - rung.y));
	group.append(svgText(LEFT - BAR - 7, rung.y + 11, word, "end halo"));
	return group;
}

function deltas(rungs) {
	const texts = [];
	let last = 0, above = 0;

	for (const rung of rungs) {
		const [kind, at] = rung;
		if (kind === STATE || (at === last && above) || rung.y < above + 13)
			continue;
		texts.push(svgText(82, rung.y + 3, above ? `+${duration(at - last)}` : "0",
			"end small dim"));
		last = at;
		above = rung.y;
	}
	return texts;
}

export function drawLadder(row, life) {
	const bottom = place(life.rungs), states = life.rungs.filter(([kind]) => kind === STATE);
	const drawing = picture(WIDTH, bottom + 16, `Ladder of ${row.id}: ${life.said}`);

	drawing.append(svgText(20, 26, `${row.local}  ${row.comm}`, "strong"),
		svgText(WIDTH - 20, 26, row.remote, "strong end"), ...deltas(life.rungs),
		svg("line", { class: "rail", x1: LEFT, y1: TOP - 6, x2: LEFT, y2: bottom }),
		svg("line", { class: "unknown", x1: RIGHT, y1: TOP - 6, x2: RIGHT, y2: bottom }));
	for (const rung of life.rungs)
		if (rung[0] !== STATE)
			drawing.append(rung[0] === SEGMENT ? arrow(rung) : note(rung));
	states.forEach((rung, i) => drawing.append(bar(rung, states[i + 1]?.y ?? bottom)));
	return drawing;
}
