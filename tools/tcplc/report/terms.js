// SPDX-License-Identifier: GPL-2.0-only
// terms.js: the most used words of tcplc's filter language.
import { quantity } from "./units.js";

const same = (a, b) => a.toLowerCase().replaceAll("_", "-") === b.toLowerCase().replaceAll("_", "-");

// Sets of endings that have a name of their own in the language.
const sets = {
	normal: ["fin", "simultaneous", "three-segment"],
	reset: ["rst-received", "rst-unread", "rst-linger", "rst-late-data", "rst-linger2",
		"disconnected", "aborted", "refused", "request-reset", "fastclose-sent",
		"fastclose-received", "subflow-reset"],
	timeout: ["timed-out", "request-timed-out", "retransmit", "keepalive", "probe",
		"user-timeout", "orphan", "fin-wait-2", "unsent"],
};

const words = {
	state: (row) => row.stateWord,
	open: (row) => row.openWord,
	close: (row) => row.closeWord,
	verdict: (row) => row.closeWord,
	first: (row) => row.firstWord,
	"closed-by": (row) => row.firstWord,
	comm: (row) => row.comm,
};

const numbers = { rtt: "rtt", lived: "lived", age: "age", mss: "mss", tx: "tx", rx: "rx",
	retrans: "retrans", pid: "pid" };

const portOf = (end) => Number(/:(\d+)$/.exec(end)?.[1] ?? NaN);
const ports = {
	sport: (row) => [portOf(row.local)],
	dport: (row) => [portOf(row.remote)],
	port: (row) => [portOf(row.local), portOf(row.remote)],
};

const compare = {
	"=": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b,
	"<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
};

function wordTerm(name, value) {
	const wanted = value.split(",").flatMap((w) => sets[w.toLowerCase()] ?? [w]);

	return (row) => wanted.some((w) => (w === "any" ? words[name](row) !== "" :
		same(words[name](row), w)));
}

function numberTerm(get, operator, value, text) {
	const number = quantity(value ?? "");

	if (Number.isNaN(number))
		throw new Error(`'${text}' needs a number, as ${text} > 10`);
	return (row) => get(row).some((v) => v !== null && compare[operator](v, number));
}

function anywhere(word) {
	const wanted = word.toLowerCase();

	return (row) => [row.id, row.stateWord, row.local, row.remote, row.openWord, row.closeWord,
		row.firstWord, row.who].some((text) => text.toLowerCase().includes(wanted));
}

function takeTerm(tokens) {
	const name = tokens.shift(), key = name.toLowerCase();

	if (key === "not") {
		if (!tokens.length)
			throw new Error("'not' needs a term behind it");
		const term = takeTerm(tokens);
		return (row) => !term(row);
	}
	if (key === "live" || key === "dead")
		return (row) => (row.stateWord === "CLOSED") === (key === "dead");
	if (Object.hasOwn(words, key)) {
		if (!tokens.length)
			throw new Error(`'${name}' needs a word behind it`);
		return wordTerm(key, tokens.shift());
	}
	if (Object.hasOwn(ports, key) || Object.hasOwn(numbers, key)) {
		const operator = Object.hasOwn(compare, tokens[0] ?? "") ? tokens.shift() : "=";
		return numberTerm(ports[key] ?? ((row) => [row[numbers[key]]]), operator,
			tokens.shift(), name);
	}
	return anywhere(name);
}

// A function that says of a row whether all terms hold. Throws what is wrong.
export function parseTerms(text) {
	const tokens = text.replace(/([<>]=?|!=|=)/g, " $1 ").split(/\s+/)
		.filter((w) => w && w.toLowerCase() !== "and");
	const terms = [];

	while (tokens.length)
		terms.push(takeTerm(tokens));
	return (row) => terms.every((term) => term(row));
}
