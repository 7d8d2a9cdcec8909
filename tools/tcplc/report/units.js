// SPDX-License-Identifier: GPL-2.0-only
// units.js: numbers as people read them, in the words of tcplc.

export function duration(us) {
	if (us < 1000)
		return `${us}us`;
	if (us < 1e4)
		return `${(us / 1e3).toFixed(2)}ms`;
	if (us < 1e6)
		return `${(us / 1e3).toFixed(us < 1e5 ? 1 : 0)}ms`;
	if (us < 1e8)
		return `${(us / 1e6).toFixed(us < 1e7 ? 2 : 1)}s`;
	const s = Math.floor(us / 1e6), two = (n) => String(n).padStart(2, "0");
	if (s < 3600)
		return `${Math.floor(s / 60)}m${two(s % 60)}s`;
	if (s < 86400)
		return `${Math.floor(s / 3600)}h${two(Math.floor(s / 60) % 60)}m`;
	return `${Math.floor(s / 86400)}d${two(Math.floor(s / 3600) % 24)}h`;
}

export function bytes(value) {
	let unit = -1;

	while (value >= 1024 && unit < 5) {
		value /= 1024;
		unit++;
	}
	return unit < 0 ? String(value) : `${value.toFixed(value < 10 ? 1 : 0)}${"KMGTPE"[unit]}`;
}

// Microseconds since 1970, in local time.
export function moment(us) {
	const date = new Date(us / 1000), two = (n) => String(n).padStart(2, "0");

	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
		`${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

// "10ms" in microseconds, "1M" in bytes, a plain number as it is; NaN if it is none.
export function quantity(text) {
	const units = { us: 1, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9, d: 8.64e10,
		K: 1024, M: 1024 ** 2, G: 1024 ** 3 };
	const match = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text);

	if (!match || (match[2] && !(match[2] in units)))
		return NaN;
	return Number(match[1]) * (match[2] ? units[match[2]] : 1);
}
