// Tells users of screen readers the few things that they would want to be interrupted for.

import { byId } from './dom.js';

const PAUSE = 600;

let timer = null;

/** Announce politely; of several things in a row only the last. */
export function announce(text) {
	clearTimeout(timer);
	timer = setTimeout(() => {
		byId('announcer').textContent = text;
	}, PAUSE);
}
