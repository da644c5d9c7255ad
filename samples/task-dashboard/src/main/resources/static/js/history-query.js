// What the history is asked for: what is in the address, as parameters of the board.

import { STATES } from './format.js';
import { momentOf } from './range.js';

const SORTS = { name: 'name', state: 'state', started: 'started', ended: 'ended', time: 'duration', errors: 'errors', nodes: 'updates' };

/** The tasks that are meant, without their order. */
export function filterParameters(route, now) {
	const parameters = new URLSearchParams();
	for (const end of ['from', 'to']) {
		const millis = momentOf(route[end], now);
		if (millis !== null) {
			parameters.set(end, new Date(millis).toISOString());
		}
	}
	if (route.pattern) {
		parameters.set('pattern', route.pattern);
	}
	for (const state of route.states) {
		if (Object.hasOwn(STATES, state)) {
			parameters.append('outcome', state);
		}
	}
	if (route.q.trim()) {
		parameters.set('q', route.q.trim());
	}
	return parameters;
}

/** The same, in the order that is meant. */
export function orderedParameters(route, now) {
	const parameters = filterParameters(route, now);
	if (route.sort) {
		parameters.set('sort', SORTS[route.sort.column]);
		parameters.set('dir', route.sort.descending ? 'desc' : 'asc');
	}
	return parameters;
}

/** The filter in a request that acts on all tasks that are meant. */
export function filterObject(route, now) {
	const parameters = filterParameters(route, now);
	return {
		from: parameters.get('from'), to: parameters.get('to'), pattern: parameters.get('pattern'),
		outcome: parameters.getAll('outcome'), q: parameters.get('q'),
	};
}
