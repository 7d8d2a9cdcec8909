// SPDX-License-Identifier: GPL-2.0-only
// diagram.js: the counts of the state diagram, whose picture draw/diagram_svg.c made.
import { byId, html } from "./elements.js";
import { meta } from "./records.js";

function count(rows) {
	const edges = new Map();

	for (const row of rows)
		for (let i = 0; i < row.moves.length; i += 3) {
			const key = `${row.moves[i]}-${row.moves[i + 1]}`;
			edges.set(key, (edges.get(key) ?? 0) + 1);
		}
	return edges;
}

function setEdge(group, n) {
	const [line, head] = group.querySelectorAll("path"), linux = group.classList.contains("linux");

	line.setAttribute("class", n ? (linux ? "edge-linux" : "edge") : "edge-unseen");
	head.setAttribute("class", n ? (linux ? "head-of-linux" : "head-of") : "head-of-unseen");
	group.querySelector("text").classList.toggle("dim", !n);
	group.querySelector(".count").textContent = n || "";
	const title = group.querySelector("title");
	title.textContent = title.textContent.replace(/: \d+ times/, `: ${n} times`);
}

const word = (state) => (state ? meta.states[state] : "unknown");

export function showDiagram(rows) {
	const edges = count(rows);

	for (const group of byId("diagram").querySelectorAll(".way")) {
		const key = /way-(\d+-\d+)/.exec(group.getAttribute("class"))[1];
		setEdge(group, edges.get(key) ?? 0);
		edges.delete(key);
	}
	byId("illegal").replaceChildren(...[...edges].map(([key, n]) => {
		const [from, to] = key.split("-").map(Number);
		return html("li", { class: "bad" },
			`${word(from)} to ${word(to)}, which is not in the diagram: ${n}`);
	}));
	byId("diagram-about").textContent = `Transitions of the ${rows.length} connections shown ` +
		"above, as far as their records have them.";
}
