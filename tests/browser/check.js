// SPDX-License-Identifier: GPL-2.0-only
// check.js: the little a test in a browser needs. The last line counts, as make check
// adds up.
import assert from "node:assert/strict";

export { assert };

const counts = { passed: 0, failed: 0 };

export async function test(name, body) {
	const begun = Date.now();

	try {
		await body();
		counts.passed++;
		console.log(`ok ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
	} catch (error) {
		counts.failed++;
		console.log(`not ok ${name}\n${error.stack}`);
	}
}

export function end() {
	console.log(`${counts.passed} passed, ${counts.failed} failed, 0 skipped`);
	return counts.failed || !counts.passed ? 1 : 0;
}
