// How many tasks there were, by outcome.

import { byId, setText } from './dom.js';
import { STATES, count, timeOfDay } from './format.js';

export function renderCounters(store) {
	const counters = store.counters;
	if (!counters) {
		return;
	}
	for (const state of Object.keys(STATES)) {
		const place = byId(`count-${state}`);
		setText(place, count(counters[state]));
		place.classList.toggle('zero', counters[state] === 0);
	}
	setText(byId('since'), `since ${timeOfDay(counters.since)}`);
	const title = counters.running > 0 ? `(${count(counters.running)}) Task dashboard` : 'Task dashboard';
	if (document.title !== title) {
		document.title = title;
	}
}
