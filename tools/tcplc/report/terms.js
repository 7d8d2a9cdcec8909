// SPDX-License-Identifier: GPL-2.0-only
// terms.js: the most used words of tcplc's filter language.
import { meta } from "./records.js";
import { quantity } from "./units.js";

const plain = (word) => word.toLowerCase().replaceAll("_", "-");

// Words of the language: the names of values, and sets of them that have a name of their own.
function named(key, words, sets = {}) {
	const values = new Map(words.map((word, value) => [plain(word), [value]]));

	for (const [word, set] of Object.entries(sets))
		values.set(plain(word), set);
	return { key, values };
}

const state = named("state", meta.states, meta.stateSets);
const close = named("close", meta.closes, meta.closeSets);
const first = named("first", meta.firsts, meta.firstSets);
const words = { state, open: named("open", meta.opens), close, verdict: close, first,
	"closed-by": first };

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

const texts = {
	comm: (row) => [row.comm],
	id: (row) => [row.id, row.id.replace(/\.\d+$/, "")],
	src: (row) => [hostOf(row.local)],
	dst: (row) => [hostOf(row.remote)],
	host: (row) => [hostOf(row.local), hostOf(row.remote)],
};

const hostOf = (end) => end.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");

function wordTerm(name, value) {
	const { key, values } = words[name];
	const wanted = new Set(value.split(",").flatMap((word) => {
		const found = values.get(plain(word));
		if (!found)
			throw new Error(`'${word}' is no word for '${name}'`);
		return found;
	}));

	return (row) => wanted.has(row[key]);
}

function textTerm(name, value) {
	const wanted = value.toLowerCase().split(",");

	return (row) => texts[name](row).some((text) => wanted.includes(text.toLowerCase()));
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
	if (Object.hasOwn(words, key) || Object.hasOwn(texts, key)) {
		if (!tokens.length)
			throw new Error(`'${name}' needs a word behind it`);
		return (Object.hasOwn(words, key) ? wordTerm : textTerm)(key, tokens.shift());
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
