// Copies text. Browsers have a clipboard on secure pages only: on others, an old command does it.

import { el } from './dom.js';

/** Copy text; returns whether that was possible. */
export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	}
	catch {
		return copyByCommand(text);
	}
}

function copyByCommand(text) {
	const focused = document.activeElement;
	const field = el('textarea.visually-hidden', { 'aria-hidden': 'true', tabindex: '-1' });
	field.value = text;
	document.body.append(field);
	field.select();
	const copied = document.execCommand('copy');
	field.remove();
	focused?.focus({ preventScroll: true });
	return copied;
}
