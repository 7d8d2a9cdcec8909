// SPDX-License-Identifier: GPL-2.0-only
// both.js: the two ends of one connection, in order of time; as draw/both.c has it. A rung
// is a kind, microseconds since the start of its record, and what draw/report_line.c adds.
import { lifeOf } from "./records.js";

export const STATE = 0;
export const SEGMENT = 1;
export const TIMER = 3;
export const ODD = 4;
// Of a segment.
export const OUT = 1;
export const IMPLIED = 2;
export const BAD = 4;

// What has no time of its own happened with what stands before it.
function happenings(rungs, peer, offset) {
	let last = offset;

	return rungs.map((rung) => {
		last = Math.max(last, rung[1] + offset);
		return { rung, kind: rung[0], peer, at: last, mate: null };
	});
}

// FIN+ACK is a FIN at its sender.
function parts(label) {
	return { word: label.split(/[ +]/)[0], seq: /\bseq (\d+)/.exec(label)?.[1],
		ack: /\back (\d+)/.exec(label)?.[1] };
}

function sameSegment(sent, got) {
	if (sent.kind !== SEGMENT || got.kind !== SEGMENT || !(sent.rung[2] & OUT) ||
	    got.rung[2] & OUT)
		return false;
	const a = parts(sent.rung[3]), b = parts(got.rung[3]);
	return a.word === b.word && a.seq !== undefined && a.seq === b.seq &&
		(a.ack === undefined || b.ack === undefined || a.ack === b.ack);
}

// Did this side send anything again in the time between?
function sentAgain(side, after, until) {
	return side.some((h) => h.kind === TIMER && !h.rung[2].startsWith("delayed ACK") &&
		h.at > after && h.at < until);
}

// The first may have been lost, and what came a later one, of which no entry has the time. An
// ACK that is not on record leaves again with whatever the other side sends again.
function mayBeAnother(sent, got, from, to) {
	return sentAgain(from, sent.at, got.at) ||
		(sent.rung[2] & IMPLIED && sentAgain(to, sent.at, got.at));
}

// Each is received once, and not before it was sent, but for what rounding takes.
function pair(from, to) {
	for (const sent of from) {
		const got = to.find((h) => !h.mate && h.at + 2 >= sent.at && sameSegment(sent, h) &&
			!mayBeAnother(sent, h, from, to));
		if (got) {
			sent.mate = got;
			got.mate = sent;
		}
	}
}

// What was received waits for what was sent.
const isEarly = (h, done) => h.mate && !(h.rung[2] & OUT) && !done.has(h.mate);

function merge(a, b) {
	const merged = [], done = new Set();

	while (a.length || b.length) {
		let from = a;
		if (!a.length || (b.length && isEarly(a[0], done)))
			from = b;
		else if (b.length && !isEarly(b[0], done) && b[0].at < a[0].at)
			from = b;
		const next = from.shift();
		done.add(next);
		merged.push(next);
	}
	return merged;
}

// What happened at this end, and at the other one if its record is here.
export function bothEnds(row, life, other) {
	if (!other)
		return happenings(life.rungs, false, 0);
	const boot = row.boot !== null && other.boot !== null;
	const start = (r) => (boot ? r.boot : r.start), base = Math.min(start(row), start(other));
	const a = happenings(life.rungs, false, start(row) - base);
	const b = happenings(lifeOf(other).rungs, true, start(other) - base);
	pair(a, b);
	pair(b, a);
	return merge(a, b);
}
