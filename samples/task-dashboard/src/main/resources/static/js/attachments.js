// What a payload refers to: images are shown, the beginning of text too, everything can be saved. All of it
// comes through the board.

import { announce } from './announcer.js';
import { el, icon, setAttribute, setText } from './dom.js';
import { size } from './format.js';
import { get } from './requests.js';

// Larger ones are shown only when asked for
const MAX_IMAGE = 8_000_000;

const KINDS = { file: 'File', stream: 'Stream', large: 'Large value' };

const TYPES = {
	'image/png': 'PNG image', 'image/jpeg': 'JPEG image', 'image/gif': 'GIF image', 'image/webp': 'WebP image',
	'image/avif': 'AVIF image', 'image/svg+xml': 'SVG image', 'application/pdf': 'PDF', 'application/json': 'JSON',
	'application/zip': 'ZIP archive', 'text/csv': 'CSV', 'text/plain': 'Text', 'text/html': 'HTML page',
};

/**
 * Make the list of what a payload refers to.
 * @param {string} base where the board serves things of the task
 * @param {string} query says which payload
 * @param {Object[]} references what there is
 * @param {Function} onLoad called with the payload once its large values are fetched
 */
export function attachments(base, query, references, onLoad) {
	return references.map((reference) => reference.kind === 'large'
		? largeValue(base, query, reference, onLoad) : file(base, query, reference));
}

function file(base, query, reference) {
	const address = (path) => `${base}/${path}?${query}&${new URLSearchParams({ at: reference.at })}`;
	const name = nameOf(reference);
	const item = el('li.attachment', { 'data-kind': reference.image ? 'image' : reference.kind });
	const problem = el('p.problem', { role: 'alert', hidden: true });
	const tell = (text) => {
		problem.textContent = text;
		problem.hidden = !text;
	};
	const save = el('a.quiet', { href: address('files'), download: true, 'aria-label': `Save ${name}` }, icon('save'), 'Save');
	save.addEventListener('click', (event) => saveOrTell(event, save, address, tell));
	const line = el('div.attachment-line', icon(reference.image ? 'image' : reference.kind),
		el('span.attachment-name', name), el('span.attachment-type', typeOf(reference)));
	const showsImage = reference.image && (reference.size ?? 0) <= MAX_IMAGE;
	if (reference.text) {
		line.append(beginning(item, name, address, tell));
	}
	else if (reference.image) {
		line.append(el('a.quiet', { href: address('files'), target: '_blank', rel: 'noopener', 'aria-label': `Open ${name} in a new tab` },
			icon('open'), 'Open'));
	}
	line.append(save);
	item.append(line, problem);
	if (showsImage) {
		item.append(image(name, address, tell));
	}
	return item;
}

function image(name, address, tell) {
	const picture = el('img.picture', { alt: `Image at ${name}`, loading: 'lazy', decoding: 'async' });
	picture.addEventListener('error', async () => {
		picture.hidden = true;
		tell(await problemOf(address) ?? 'This is no image that can be shown.');
	});
	picture.src = address('files');
	return picture;
}

/** The reason why something cannot be read; null if it can. */
async function problemOf(address) {
	try {
		return (await get(address('files/beginning'))).problem;
	}
	catch (problem) {
		return problem.message;
	}
}

/** A download that fails says little: so look first. */
async function saveOrTell(event, link, address, tell) {
	if (link.checked || event.metaKey || event.ctrlKey || event.shiftKey) {
		link.checked = false;
		return;
	}
	event.preventDefault();
	const problem = await problemOf(address);
	tell(problem ?? '');
	if (!problem) {
		link.checked = true;
		link.click();
	}
}

function beginning(item, name, address, tell) {
	const label = el('span', 'Show');
	const button = el('button.quiet', { type: 'button', 'aria-expanded': 'false' }, label, el('span.visually-hidden', ` the beginning of ${name}`));
	const text = el('pre.beginning', { tabindex: '0', role: 'region', 'aria-label': `Beginning of ${name}` });
	const hint = el('p.hint');
	button.addEventListener('click', async () => {
		if (text.isConnected) {
			text.remove();
			hint.remove();
			tell('');
			setText(label, 'Show');
			setAttribute(button, 'aria-expanded', 'false');
			return;
		}
		try {
			const found = await get(address('files/beginning'));
			tell(found.problem ?? '');
			text.textContent = found.text || ' ';
			hint.textContent = { more: 'Only the beginning is shown.', open: 'It is still being written.' }[found.end] ?? '';
			hint.hidden = !hint.textContent;
			item.append(text, hint);
			setText(label, 'Hide');
			setAttribute(button, 'aria-expanded', 'true');
			announce(`Beginning of ${name} shown`);
		}
		catch (problem) {
			tell(problem.message);
		}
	});
	return button;
}

function largeValue(base, query, reference, onLoad) {
	const name = nameOf(reference);
	const button = el('button.quiet', { type: 'button', 'aria-label': `Load ${name}` }, 'Load');
	const problem = el('p.problem', { role: 'alert', hidden: true });
	button.addEventListener('click', async () => {
		button.disabled = true;
		try {
			const value = await get(`${base}/value?${query}`);
			announce(`${name} loaded`);
			onLoad(value);
		}
		catch (failure) {
			problem.textContent = failure.message;
			problem.hidden = false;
			button.disabled = false;
		}
	});
	return el('li.attachment', { 'data-kind': 'large' },
		el('div.attachment-line', icon('large'), el('span.attachment-name', name), el('span.attachment-type', typeOf(reference)), button),
		problem);
}

function typeOf({ kind, mime, size: bytes }) {
	const parts = [mime ? TYPES[mime] ?? mime : KINDS[kind]];
	if (kind === 'stream') {
		parts.push('stream');
	}
	if (bytes !== null && bytes !== undefined) {
		parts.push(size(bytes));
	}
	return parts.join(' · ');
}

/** Where something is, as people write it: documents › 0 › scan. */
function nameOf({ at }) {
	return at.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join(' › ') || 'the whole value';
}
