// SPDX-License-Identifier: GPL-2.0-only
// run.js FOLDER RECORDS: the report and the pictures in FOLDER, as scripts/browser-test made
// them, in a real browser; tour.html is of RECORDS. Screenshots go to FOLDER/screenshots.
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { openPage, seriousFindings, startBrowser } from "./browser.js";
import { assert, end, test } from "./check.js";

const folder = resolve(process.argv[2]), shots = join(folder, "screenshots");
const url = (name) => pathToFileURL(join(folder, name)).href;
const browser = await startBrowser();
const HOSTILE = "</script><img src=x onerror='document.title=1'>&\"";
const MANY = 100000;
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

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
	await search(page, "verdict reset");
	assert.ok((await column(page, 6)).every((t) => /rst|refused|request-reset|fastclose/.test(t)));
	await search(page, "state no-such");
	assert.match(await page.innerText("#search-error"), /'no-such' is no word for 'state'/);
	await search(page, "host 127.0.0.1");
	assert.ok((await column(page, 3)).every((t) => t.includes("127.0.0.1")));
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

await test("a finding has its evidence and remedy, and shows its connections in the table", async () => {
	const page = await openReport();
	const one = page.locator("#findings-list li", { hasText: "connection of a socket to itself" });
	const text = await one.innerText();
	for (const part of ["notable", "reads what it sends", "usual cause", "remedy", "tcplc list open self"])
		assert.ok(text.includes(part), `${part} in ${text}`);
	await one.locator("button").click();
	assert.equal(await page.innerText("#shown"), "1 of 27");
	const [local] = await column(page, 3), [remote] = await column(page, 4);
	assert.equal(local, remote);
	assert.match(await page.innerText("#only"), /Only the connections of the finding: 1 connection of/);
	assert.equal(await page.locator("#timeline g.row").count(), 1);
	await search(page, "state listen");
	assert.equal(await lines(page).count(), 0);
	await page.click("#only-none");
	await search(page, "");
	assert.equal(await page.innerText("#shown"), "27 of 27");
	// The worst comes first.
	assert.match(await page.locator("#findings-list li").first().innerText(), /^severe/);
	assert.match(await page.innerText("#findings-about"), /Looked at and found well: /);
	assert.deepEqual(page.said, []);
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
	// Both ends: a segment is one arrow, and each end has its states.
	assert.equal(ladder.split("SYN seq 154059524 (0);").length, 2);
	assert.match(ladder, /SYN seq 154059524 \(0\); sent after \S+, received after /);
	assert.ok(ladder.includes("LAST_ACK from ") && ladder.includes("FIN_WAIT_1 from "));
	assert.match(await page.innerText("#life-said"), /curl \(pid 161\) connected/);
	await page.click("#life-other button");
	assert.match(await page.innerText("#life-title"), /^89d\.0/);
	await page.keyboard.press("Escape");
	assert.equal(await page.locator("dialog[open]").count(), 0);
	assert.deepEqual(page.said, []);
	await page.context().close();
});

// Made of what the lab recorded, see docs/tour.
await test("each ladder has the numbers of its record", async () => {
	const page = await openReport({}, "tour.html");
	const records = readFileSync(process.argv[3], "utf8").trim().split("\n").map((l) => JSON.parse(l))
		.filter((r) => r.id && r.isn !== undefined);
	assert.ok(records.length > 4);
	for (const record of records) {
		await search(page, `id ${record.id}`);
		await page.click("#body button");
		const ladder = await page.locator("#life-ladder").textContent();
		for (const isn of [record.isn, record.peer_isn])
			assert.match(ladder, new RegExp(`SYN(-ACK)? seq ${isn} \\(0\\)`), record.id);
		await page.keyboard.press("Escape");
	}
	// What was retransmitted is two arrows, and the first of them is not on record.
	await search(page, "dport 8081");
	await page.click("#body button");
	assert.equal(await page.locator("#life-ladder line.implied").count(), 1);
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

// For README and docs: browser-test --pictures puts them there.
await test("the pictures of the documents are made", async () => {
	const page = await openReport();
	await page.setViewportSize({ width: 1200, height: 1240 });
	await page.screenshot({ path: join(shots, "report.png") });
	await page.context().close();
});

// All rules once; what another scheme changes are colours, what a width does is seen.
const AXE = [["light", 400, "all"], ["light", 1600, ""], ["dark", 400, ""], ["dark", 1600, "colours"]];
for (const [scheme, width, what] of AXE)
	await test(`it can be read and used, ${scheme}, ${width} px`, async () => {
		const page = await openReport({ width, scheme });
		const clean = async (part) => {
			if (what)
				assert.deepEqual(await seriousFindings(page, part, what === "colours"), []);
		};
		await page.screenshot({ path: join(shots, `report-${scheme}-${width}.png`), fullPage: true });
		assert.ok(await page.evaluate(() =>
			document.documentElement.scrollWidth <= window.innerWidth), "it is too wide");
		assert.notEqual(await page.evaluate(() => getComputedStyle(document.documentElement)
			.getPropertyValue("--link")), "", "no colours");
		/* One line is as good as all of them, and axe looks at each cell. */
		await search(page, "89c.0");
		await clean("html");
		await page.click("#body button");
		/* What is behind it cannot be reached. */
		await clean("#life");
		await page.screenshot({ path: join(shots, `life-${scheme}-${width}.png`) });
		await page.context().close();
	});

// In the page: to open each by itself would take most of the test.
function measure(text) {
	const read = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
	const root = document.body.appendChild(document.importNode(read, true));
	const { width, height } = root.viewBox.baseVal;
	const found = { root: root.localName, title: root.querySelector("title").textContent,
		out: [...root.querySelectorAll("text")].filter((t) => {
			const box = t.getBBox();
			return box.x < 0 || box.y + box.height > height || box.x + box.width > width;
		}).map((t) => t.textContent) };
	root.remove();
	return found;
}

await test("each picture is one, and no text leaves it", async () => {
	const page = await openPage(browser, url("diagram.svg"), { scheme: "dark" });
	const pictures = readdirSync(folder).filter((n) => n.endsWith(".svg"));
	assert.ok(pictures.length > 50);
	for (const name of ["diagram.svg", "timeline.svg", "both-even.svg"]) {
		await page.goto(url(name));
		assert.equal(await page.evaluate(() => document.documentElement.localName), "svg", name);
		await page.screenshot({ path: join(shots, `${name}-dark.png`) });
	}
	await page.goto("about:blank");
	for (const name of pictures) {
		const { root, title, out } = await page.evaluate(measure, readFileSync(join(folder, name), "utf8"));
		assert.equal(root, "svg", name);
		assert.ok(title.length > 5, name);
		assert.deepEqual(out, [], name);
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
	const metrics = await page.context().newCDPSession(page);
	await metrics.send("Performance.enable");
	const heap = (await metrics.send("Performance.getMetrics")).metrics
		.find((m) => m.name === "JSHeapUsedSize").value;
	console.log(`# ${MANY} connections, a page of ${megabytes(statSync(join(folder, "many.html")).size)}: ` +
		`opened in ${opened - begun} ms, sorted in ${sorted - opened} ms, searched in ` +
		`${searched - sorted} ms, ${megabytes(heap)} of JavaScript's heap`);
	// On a busy machine, too; what takes the square of them would take hours.
	assert.ok(opened - begun < 90000 && sorted - opened < 30000 && searched - sorted < 30000);
	await page.context().close();
});

await browser.close();
process.exit(end());
