// SPDX-License-Identifier: GPL-2.0-only
// ladder.js: the life of a connection as a ladder, not to scale; as draw/ladder_svg.c
// draws it.
import { BAD, IMPLIED, ODD, OUT, SEGMENT, STATE, TIMER, bothEnds } from "./both.js";
import { picture, svg, svgText } from "./elements.js";
import { stateBar } from "./marks.js";
import { meta } from "./records.js";
import { duration } from "./units.js";

const LEFT = 216, RIGHT = 744, BAR = 14, WIDTH = 970, TOP = 60;
const STATE_LEAST = 19; /* from the beginning of a state to that of the next */

function step(h, above) {
	if (h.kind === STATE)
		return 0;
	if (h.kind !== SEGMENT)
		return 24;
	if (!h.mate)
		return 32;
	/* Its text is above the middle of the arrow. */
	return h.rung[2] & OUT ? 26 : h.mate === above ? 18 : 14;
}

function place(what) {
	const state = [TOP - STATE_LEAST, TOP - STATE_LEAST];
	let y = TOP, above = null;

	for (const h of what) {
		y += step(h, above);
		if (h.kind === STATE) {
			y = Math.max(y, state[+h.peer] + STATE_LEAST);
			state[+h.peer] = y;
		}
		h.y = y;
		above = h;
	}
	return y + 26;
}

const isImplied = (h) => h.rung[2] & IMPLIED && (!h.mate || h.mate.rung[2] & IMPLIED);

function when(h, out) {
	const implied = isImplied(h) ? "; not on record, the protocol calls for it" : "";

	if (h.mate)
		return `sent after ${duration(h.at)}, received after ${duration(h.mate.at)}${implied}`;
	return `${out ? "sent" : "received"} after ${duration(h.at)}${implied}`;
}

function head(look, x, y, dx, dy) {
	const len = Math.hypot(dx, dy), ux = dx / len, uy = dy / len;
	const corner = (side) => `${x - 9 * ux + side * 4 * uy} ${y - 9 * uy - side * 4 * ux}`;

	return svg("path", { class: look, d: `M${x} ${y}L${corner(1)}L${corner(-1)}Z` });
}

function arrow(h) {
	const [, , flags, label] = h.rung, out = Boolean(flags & OUT), right = out !== h.peer;
	const from = right ? LEFT : RIGHT, to = right ? RIGHT : LEFT, y1 = h.y, y2 = h.mate?.y ?? h.y;
	const turn = Math.atan2(y2 - y1, RIGHT - LEFT) * 180 / Math.PI * (right ? 1 : -1);
	const x = (LEFT + RIGHT) / 2, y = (y1 + y2) / 2 - 6;
	const text = svgText(x, y, label, "middle halo");

	text.setAttribute("transform", `rotate(${turn} ${x} ${y})`);
	return svg("g", {}, svg("title", {}, `${label}; ${when(h, out)}`),
		svg("line", { class: isImplied(h) ? "implied" : flags & BAD ? "reset" : "arrow",
			x1: from, y1, x2: to + (right ? -6 : 6), y2 }),
		head(flags & BAD ? "head-of-reset" : "head-of", to, y2, to - from, y2 - y1), text);
}

function note(h) {
	const [kind, , text] = h.rung, bad = kind === ODD ? "bad " : "";
	const sign = kind === TIMER ? "\u27f2" : kind === ODD ? "!" : "\u2022";
	const title = svg("title", {}, `${text}; after ${duration(h.at)}`);

	if (h.peer)
		return svg("g", {}, title, svgText(RIGHT - 14, h.y, `${text} ${sign}`, `${bad}halo end`));
	return svg("g", {}, title, svgText(LEFT + 11, h.y, sign, `${bad}halo`),
		svgText(LEFT + 26, h.y, text, `${bad}halo`));
}

function bar(h, until) {
	const state = h.rung[2], word = meta.states[state] ?? "unknown";
	const x = h.peer ? RIGHT : LEFT - BAR;
	const group = svg("g", {}, svg("title", {}, `${word} from ${duration(h.at)} on`));

	if (word === "CLOSED")
		group.append(svg("rect", { class: "s s-closed", x, y: h.y, width: BAR, height: 3 }));
	else
		group.append(stateBar(state, x, h.y, BAR, Math.max(until - h.y, 0.8)));
	group.append(svgText(h.peer ? RIGHT + BAR + 7 : x - 7, h.y + 11, word,
		h.peer ? "halo" : "end halo"));
	return group;
}

function bars(what, peer, bottom) {
	const states = what.filter((h) => h.kind === STATE && h.peer === peer);

	return states.map((h, i) => bar(h, states[i + 1]?.y ?? bottom));
}

function deltas(what) {
	const texts = [];
	let last = 0, above = 0;

	for (const h of what) {
		if (h.kind === STATE || h.at < last || (h.at === last && above) || h.y < above + 13)
			continue;
		texts.push(svgText(82, h.y + 3, above ? `+${duration(h.at - last)}` : "0",
			"end small dim"));
		last = h.at;
		above = h.y;
	}
	return texts;
}

// other: the row of the other end, or null.
export function drawLadder(row, life, other) {
	const what = bothEnds(row, life, other), bottom = place(what);
	const drawing = picture(WIDTH, bottom + 16, `Ladder of ${row.id}: ${life.said}`);

	drawing.append(svgText(20, 26, `${row.local}  ${row.comm}`, "strong"),
		svgText(WIDTH - 20, 26, `${row.remote}  ${other?.comm ?? ""}`.trim(), "strong end"),
		...deltas(what),
		svg("line", { class: "rail", x1: LEFT, y1: TOP - 6, x2: LEFT, y2: bottom }),
		svg("line", { class: other ? "rail" : "unknown", x1: RIGHT, y1: TOP - 6, x2: RIGHT,
			y2: bottom }));
	for (const h of what)
		if (h.kind !== STATE && !(h.kind === SEGMENT && h.mate && !(h.rung[2] & OUT)))
			drawing.append(h.kind === SEGMENT ? arrow(h) : note(h));
	drawing.append(...bars(what, false, bottom), ...bars(what, true, bottom));
	return drawing;
}
