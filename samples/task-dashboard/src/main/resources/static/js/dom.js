// Makes elements. Text becomes text nodes only: nothing that a task says is ever parsed as HTML.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

/**
 * Make an element.
 * @param {string} tag the tag, with classes after dots: 'span.badge'
 * @param {...(Node|string|Object)} parts children, text, or an object of attributes
 */
export function el(tag, ...parts) {
	const [name, ...classes] = tag.split('.');
	const element = document.createElement(name);
	if (classes.length) {
		element.className = classes.join(' ');
	}
	for (const part of parts) {
		if (part instanceof Node || typeof part === 'string') {
			element.append(part);
		}
		else if (part) {
			setAttributes(element, part);
		}
	}
	return element;
}

function setAttributes(element, attributes) {
	for (const [name, value] of Object.entries(attributes)) {
		if (value !== null && value !== undefined && value !== false) {
			element.setAttribute(name, value === true ? '' : String(value));
		}
	}
}

/** Make a decorative icon. */
export function icon(name, className = 'icon') {
	const svg = document.createElementNS(SVG, 'svg');
	svg.setAttribute('class', className);
	svg.setAttribute('aria-hidden', 'true');
	const use = document.createElementNS(SVG, 'use');
	use.setAttribute('href', `img/icons.svg#${name}`);
	svg.append(use);
	return svg;
}

/** Set text, touching the document only if it differs. */
export function setText(element, text) {
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

/** Set an attribute, or remove it if the value is null. */
export function setAttribute(element, name, value) {
	if (value === null) {
		element.removeAttribute(name);
	}
	else if (element.getAttribute(name) !== value) {
		element.setAttribute(name, value);
	}
}

/** Exchange all children. What has the focus among them passes it on to what takes its place. */
export function replaceChildren(parent, children) {
	const focused = focusable(parent).indexOf(document.activeElement);
	parent.replaceChildren(...children);
	if (focused >= 0) {
		passFocus(parent, focused);
	}
}

/** Focus the element at an index among those below a parent, or the last one; the parent if there is none. */
export function passFocus(parent, index) {
	const elements = focusable(parent);
	const element = elements[Math.min(index, elements.length - 1)];
	if (!element) {
		parent.tabIndex = -1;
	}
	(element ?? parent).focus({ preventScroll: true });
}

export const focusable = (parent) => [...parent.querySelectorAll('a[href], button, input, summary')];

/**
 * Bring children into the given order. Those that are in place already are not touched, so
 * that focus, selection and scroll position stay.
 */
export function arrange(parent, children) {
	const wanted = new Set(children);
	for (const child of [...parent.children]) {
		if (!wanted.has(child)) {
			child.remove();
		}
	}
	const focused = parent.contains(document.activeElement) ? document.activeElement : null;
	let next = parent.firstElementChild;
	for (const child of children) {
		if (child === next) {
			next = next.nextElementSibling;
		}
		else {
			parent.insertBefore(child, next);
		}
	}
	if (focused && document.activeElement !== focused && parent.contains(focused)) {
		focused.focus({ preventScroll: true });
	}
}
