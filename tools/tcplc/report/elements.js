// SPDX-License-Identifier: GPL-2.0-only
// elements.js: elements with text, never with markup. Every string of the data goes
// through here as textContent or an attribute that is no code.

const SVG = "http://www.w3.org/2000/svg";

export function byId(id) {
	return document.getElementById(id);
}

function fill(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes))
		element.setAttribute(name, value);
	for (const child of children)
		element.append(child);
	return element;
}

export function html(name, attributes = {}, ...children) {
	return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
	return fill(document.createElementNS(SVG, name), attributes, children);
}

export function svgText(x, y, text, look = "") {
	return svg("text", { x, y, class: look }, text);
}

// A picture with a name for who cannot see it.
export function picture(width, height, title) {
	return svg("svg", { class: "picture", role: "graphics-document document", width, height,
		viewBox: `0 0 ${width} ${height}` }, svg("title", {}, title),
	svg("rect", { class: "paper", width, height }));
}
