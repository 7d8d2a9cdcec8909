// SPDX-License-Identifier: GPL-2.0-only
// run.js FOLDER: the report and the pictures in FOLDER, as scripts/browser-test made
// them, in a real browser. Screenshots go to FOLDER/screenshots.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { openPage, seriousFindings, startBrowser } from "./browser.js";
import { assert, end, test } from "./check.js";

const folder = resolve(process.argv[2]), shots = join(folder, "screenshots");
const url = (name) => pathToFileURL(join(folder, name)).href;
const browser = await startBrowser();
const HOSTILE = "</script><img src=x onerror='document.title=1'>&\"";
const MANY = 100000;

mkdirSync(shots, { recursive: true });

async function openReport(options, name = "report.html") {
	const page = await openPage(browser, url(name), options);

	await page.waitForSelector("html[data-ready=true]");
	return page;
}

const lines = (page) => page.locator("#body tr:not(.spacer)");
const column = (page, n) => page.locator(`#body tr:not(.spacer) td:nth-child(${n})`).allInnerTexts();

async function search(page, text) {
	await page.fill("#search", text);
	await page.press("#search", "Enter");
}

await test("the report opens, says how many there are, and asks for nothing", async () => {
	const page = await openReport();
	assert.match(await page.innerText("#about"), /^27 connections, as of /);
	assert.equal(await page.innerText("#shown"), "27 of 27");
	assert.deepEqual(page.said, []);
	await page.context().close();
});

await test("it sorts by a column, and back", async () => {
	const page = await openReport();
	const sorted = (texts) => [...texts].sort();
	await page.click("#head button:text('STATE')");
	const up = await column(page, 2);
	assert.deepEqual(up, sorted(up));
	await page.click("#head button:text('STATE')");
	const down = await column(page, 2);
	assert.deepEqual(down, sorted(down).reverse());
	assert.equal(await page.locator("th[aria-sort=descending]").count(), 1);
	await page.context().close();
});

await test("it searches by terms, and says what it cannot read", async () => {
	const page = await openReport();
	await search(page, "state time-wait");
	assert.ok((await column(page, 2)).every((t) => t.includes("TIME_WAIT")));
	assert.match(await page.innerText("#shown"), /^[1-9] of 27$/);
	await search(page, "firefox 1a2b");
	assert.deepEqual(await column(page, 1), ["1a2b.2"]);
	await search(page, "close refused not first local");
	assert.deepEqual(await column(page, 1), ["10.0"]);
	await search(page, "rtt > 10ms dport 443");
	assert.ok((await lines(page).count()) > 0);
	await search(page, "rtt >");
	assert.match(await page.innerText("#search-error"), /needs a number/);
	await search(page, "no such thing");
	assert.equal(await lines(page).count(), 0);
	await page.context().close();
});

await test("the diagram and the timeline show what the search left", async () => {
	const page = await openReport();
	const count = (edge) => page.locator(`.way-${edge} .count`).textContent();
	const all = Number(await count("7-2"));
	await search(page, "id-that-is-none");
	assert.equal(await count("7-2"), "");
	await search(page, "89c.0");
	assert.equal(await count("7-2"), "1");
	assert.ok(all > 1);
	assert.equal(await page.locator("#timeline g.row").count(), 1);
	await page.context().close();
});

await test("a connection opens by keyboard, with its ladder, and goes to its other end", async () => {
	const page = await openReport();
	await page.focus("#body button");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("Enter");
	assert.match(await page.innerText("#life-title"), /^89c\.0/);
	const ladder = await page.locator("#life-ladder").textContent();
	for (const text of ["SYN seq 154059524 (0)", "SYN-ACK seq 4014168596 (0) ack 154059525 (1)",
		"2MSL timer expired", "TIME_WAIT"])
		assert.ok(ladder.includes(text), text);
	assert.match(await page.innerText("#life-said"), /curl \(pid 161\) connected/);
	await page.click("#life-other button");
	assert.match(await page.innerText("#life-title"), /^89d\.0/);
	await page.keyboard.press("Escape");
	assert.equal(await page.locator("dialog[open]").count(), 0);
	assert.deepEqual(page.said, []);
	await page.context().close();
});

await test("an address with an id opens that connection", async () => {
	const page = await openPage(browser, `${url("report.html")}#1a2b.2`);
	await page.waitForSelector("dialog[open]");
	assert.match(await page.innerText("#life-title"), /^1a2b\.2/);
	await page.context().close();
});

await test("a hostile name is text everywhere", async () => {
	const page = await openReport();
	await search(page, "ffffffffffffffff");
	assert.deepEqual(await column(page, 15), [`${HOSTILE}/1`]);
	await page.click("#body button");
	assert.ok((await page.locator("#life-ladder").textContent()).includes(HOSTILE));
	assert.equal(await page.locator("img").count(), 0);
	assert.equal(await page.title(), "TCP connections: a report of tcplc");
	assert.deepEqual(page.said, []);
	await page.context().close();
});

await test("the policy stops a script that is not the page's", async () => {
	const text = readFileSync(join(folder, "report.html"), "utf8");
	writeFileSync(join(folder, "planted.html"), text.replace("</main>",
		"</main><script>document.title = 'planted'</script>" +
		"<img src=x onerror=\"document.title = 'planted'\">"));
	const page = await openReport({}, "planted.html");
	assert.equal(await page.title(), "TCP connections: a report of tcplc");
	assert.ok(page.said.some((s) => s.includes("Content Security Policy")), page.said.join("\n"));
	assert.ok(await page.evaluate(() => {
		try {
			document.body.innerHTML = "<p>planted</p>";
			return false;
		} catch {
			return true;
		}
	}), "markup from a string");
	await page.context().close();
});

await test("a report that broke off says so", async () => {
	const text = readFileSync(join(folder, "report.html"), "utf8");
	writeFileSync(join(folder, "broken.html"),
		text.replace(/<script type="application\/json" id="end">.*?<\/script>/, ""));
	const page = await openReport({}, "broken.html");
	assert.match(await page.innerText("#losses-body"), /not whole/);
	await page.context().close();
});

for (const scheme of ["light", "dark"])
	for (const width of [400, 1600])
		await test(`axe finds nothing serious, ${scheme}, ${width} px`, async () => {
			const page = await openReport({ width, scheme });
			assert.deepEqual(await seriousFindings(page), []);
			await page.screenshot({ path: join(shots, `report-${scheme}-${width}.png`),
				fullPage: true });
			assert.ok(await page.evaluate(() =>
				document.documentElement.scrollWidth <= window.innerWidth), "it is too wide");
			await page.click("#body button");
			assert.deepEqual(await seriousFindings(page), []);
			await page.screenshot({ path: join(shots, `life-${scheme}-${width}.png`) });
			await page.context().close();
		});

await test("each picture is one, and no text leaves it", async () => {
	const page = await openPage(browser, url("diagram.svg"), { scheme: "dark" });
	const pictures = readdirSync(folder).filter((n) => n.endsWith(".svg"));
	assert.ok(pictures.length > 50);
	for (const name of pictures) {
		await page.goto(url(name));
		const { root, title, out } = await page.evaluate(() => {
			const { width, height } = document.documentElement.viewBox.baseVal;
			return { root: document.documentElement.localName,
				title: document.querySelector("title").textContent,
				out: [...document.querySelectorAll("text")].filter((t) => {
					const box = t.getBBox();
					return box.x < 0 || box.y + box.height > height ||
						box.x + box.width > width;
				}).map((t) => t.textContent) };
		});
		assert.equal(root, "svg", name);
		assert.ok(title.length > 5, name);
		assert.deepEqual(out, [], name);
		if (/^(both|diagram|timeline)/.test(name))
			await page.screenshot({ path: join(shots, `${name}-dark.png`) });
	}
	assert.deepEqual(page.said, []);
	await page.context().close();
});

await test(`${MANY} connections can be used`, async () => {
	const [head, rest] = readFileSync(join(folder, "report.html"), "utf8").split('id="records">\n');
	const at = rest.indexOf("</script>"), records = rest.slice(0, at).trimEnd().split("\n");
	const many = Array.from({ length: MANY }, (_, i) =>
		records[i % records.length].replace(/^\["[^"]*"/, `["${(i + 16).toString(16)}.0"`));
	writeFileSync(join(folder, "many.html"),
		`${head}id="records">\n${many.join("\n")}\n${rest.slice(at)}`);
	const begun = Date.now(), page = await openReport({}, "many.html"), opened = Date.now();
	assert.equal(await page.innerText("#shown"), `${MANY} of ${MANY}`);
	assert.ok((await lines(page).count()) < 60);
	await page.click("#head button:text('LIVED')");
	await page.waitForSelector("th[aria-sort=ascending] button:text('LIVED')");
	const sorted = Date.now();
	await search(page, "rst-received");
	await page.locator(`#shown:not(:text("${MANY} of"))`).waitFor();
	const searched = Date.now();
	await page.evaluate(() => { document.querySelector("#scroller").scrollTop = 1e6; });
	await page.click("#body tr:nth-child(20) button");
	assert.equal(await page.locator("dialog[open]").count(), 1);
	console.log(`# opened in ${opened - begun} ms, sorted in ${sorted - opened} ms, ` +
		`searched in ${searched - sorted} ms`);
	// On a busy machine, too; what takes the square of them would take hours.
	assert.ok(opened - begun < 90000 && sorted - opened < 30000 && searched - sorted < 30000);
	await page.context().close();
});

await browser.close();
process.exit(end());
