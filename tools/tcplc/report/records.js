// SPDX-License-Identifier: GPL-2.0-only
// records.js: what the page was made from. Each line of the records has a row, which is
// read at once, and a life, which is read when it is opened.
import { byId } from "./elements.js";

export const meta = JSON.parse(byId("meta").textContent);

const names = ["id", "state", "local", "remote", "open", "close", "first", "start", "older",
	"lived", "rtt", "mss", "tx", "rx", "retrans", "comm", "pid", "age", "isn", "peerIsn",
	"boot", "moves", "findings"];

// Moves are from, to and microseconds since the start, one after the other.
function readRow(line, tab) {
	const values = JSON.parse(line.slice(0, tab)), row = { life: line.slice(tab + 1) };

	names.forEach((name, i) => { row[name] = values[i]; });
	row.stateWord = meta.states[row.state] ?? "unknown";
	row.openWord = meta.opens[row.open] ?? "unknown";
	row.closeWord = row.close ? meta.closes[row.close] ?? "unknown" : "";
	row.firstWord = row.first ? meta.firsts[row.first] ?? "unknown" : "";
	row.who = row.comm + (row.pid === null ? "" : `/${row.pid}`);
	row.address = row.remote.replace(/:\d+$/, "");
	row.findings ??= [];
	return row;
}

function read(text) {
	const rows = [];

	for (let at = 0, end; at < text.length; at = end + 1) {
		end = text.indexOf("\n", at);
		if (end < 0)
			end = text.length;
		const line = text.slice(at, end), tab = line.indexOf("\t");
		if (tab > 0)
			rows.push(readRow(line, tab));
	}
	return rows.sort((a, b) => a.start - b.start);
}

export const rows = read(byId("records").textContent);

// Absent if tcplc broke off before it was done.
export const end = byId("end") ? JSON.parse(byId("end").textContent) : null;

export function lifeOf(row) {
	return JSON.parse(row.life);
}

let ends = null;

// The record of the other end: both initial sequence numbers, exchanged, and the addresses.
export function otherEnd(row) {
	if (row.isn === null || row.peerIsn === null)
		return null;
	ends ??= new Map(rows.filter((r) => r.isn !== null && r.peerIsn !== null)
		.map((r) => [`${r.isn} ${r.peerIsn} ${r.local} ${r.remote}`, r]));
	const other = ends.get(`${row.peerIsn} ${row.isn} ${row.remote} ${row.local}`);
	return other === row ? null : other ?? null;
}

// Each state of a connection, with its beginning and end in microseconds since 1970.
export function pieces(row) {
	const found = [], m = row.moves;
	let state = m.length ? m[0] : row.state, from = row.start;
	const take = (until) => {
		if (meta.states[state] !== "CLOSED" && meta.states[state] !== "LISTEN" && state)
			found.push({ state, from, until: Math.max(from, until) });
	};

	for (let i = 0; i < m.length; i += 3) {
		take(row.start + m[i + 2]);
		state = m[i + 1];
		from = row.start + m[i + 2];
	}
	take(row.start + row.age);
	return found;
}
