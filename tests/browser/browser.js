// SPDX-License-Identifier: GPL-2.0-only
// browser.js: Debian's Chromium, and pages in it that may not reach anything else.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
	"utf8");

export async function startBrowser() {
	// Its sandbox does not work for root, as whom a container may run this.
	return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		chromiumSandbox: process.getuid() !== 0 });
}

// A page, and in page.said what went wrong in it or was asked of the network.
export async function openPage(browser, url, { width = 1200, scheme = "light" } = {}) {
	const context = await browser.newContext({ colorScheme: scheme,
		viewport: { width, height: 900 } });
	const page = await context.newPage();

	page.said = [];
	page.on("pageerror", (error) => page.said.push(`error: ${error.message}`));
	page.on("console", (message) => {
		if (message.type() === "error")
			page.said.push(`console: ${message.text()}`);
	});
	page.on("request", (request) => {
		if (!request.url().startsWith("file:"))
			page.said.push(`request: ${request.url()}`);
	});
	page.on("dialog", (dialog) => {
		page.said.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	await page.goto(url);
	return page;
}

// Colours of pictures are svg_test's; to look at each of their texts takes axe most of a minute.
const COLOURS = "color-contrast";

// What axe finds in a part of the page, as far as it is serious: in its colours, or in all.
// Evaluated by the driver, so the page's own policy stays as it is.
export async function seriousFindings(page, part, coloursOnly) {
	await page.evaluate(axeSource);
	const violations = await page.evaluate(async ([where, colours, short]) => {
		const found = await globalThis.axe.run({ include: [where], exclude: ["svg"] },
			{ runOnly: { type: "rule", values: [colours] } });
		const rest = short ? found :
			await globalThis.axe.run(where, { rules: { [colours]: { enabled: false } } });
		return [...found.violations, ...rest.violations];
	}, [part, COLOURS, coloursOnly]);
	return violations.filter((v) => v.impact === "serious" || v.impact === "critical")
		.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`);
}
