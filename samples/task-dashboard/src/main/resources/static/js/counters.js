// How many tasks there were, by outcome. Each number leads to the tasks that it counts.

import { byId, setAttribute, setText } from './dom.js';
import { STATES, count, timeOfDay } from './format.js';

export function renderCounters(store, route, attention) {
	const counters = store.counters;
	if (!counters) {
		return;
	}
	const numbers = { attention: attention.total, ...Object.fromEntries(Object.keys(STATES).map((state) => [state, counters[state]])) };
	for (const [state, number] of Object.entries(numbers)) {
		const place = byId(`count-${state}`);
		const text = state === 'attention' && !attention.complete ? `${count(number)}+` : count(number);
		setText(place, text);
		place.classList.toggle('zero', number === 0);
		place.style.setProperty('--characters', String(Math.max(3, text.length)));
		const link = place.closest('a');
		const chosen = route.states.size === 1 && route.states.has(state) && route.view === 'live';
		setAttribute(link, 'href', route.hrefOf({ view: 'live', states: new Set(chosen ? [] : [state]), q: '' }));
		setAttribute(link, 'aria-current', chosen ? 'true' : null);
	}
	setText(byId('since'), `since ${timeOfDay(counters.since)}`);
	const title = titleOf(attention.total, counters.running);
	if (document.title !== title) {
		document.title = title;
	}
}

/** Wire the numbers: the page stays where it is. */
export function setUpCounters(route) {
	byId('counters').addEventListener('click', (event) => {
		const link = event.target.closest('a[data-state]');
		if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
			event.preventDefault();
			const { state } = link.dataset;
			const chosen = route.states.size === 1 && route.states.has(state) && route.view === 'live';
			route.go({ view: 'live', states: new Set(chosen ? [] : [state]), q: '' });
			byId('tasks').scrollIntoView({ block: 'start' });
		}
	});
}

function titleOf(attention, running) {
	const numbers = [attention > 0 ? `${count(attention)} !` : '', running > 0 ? count(running) : ''].filter((number) => number);
	return numbers.length ? `(${numbers.join(' · ')}) Task dashboard` : 'Task dashboard';
}
