// Which tasks are shown.

import { announce } from './announcer.js';
import { attentionOf } from './attention.js';
import { byId } from './dom.js';
import { plural } from './format.js';

/** Wire the filter's form to the address. */
export class FilterView {

	constructor(route) {
		this.route = route;
		this.form = byId('filter');
		this.form.addEventListener('submit', (event) => event.preventDefault());
		this.form.addEventListener('input', () => this.changed());
		this.form.addEventListener('reset', (event) => {
			event.preventDefault();
			this.clear();
		});
		byId('empty-clear').addEventListener('click', () => this.clear());
	}

	render() {
		for (const box of this.form.elements.state) {
			box.checked = this.route.states.has(box.value);
			// The history knows no attention
			box.closest('label').hidden = box.value === 'attention' && this.route.view !== 'live';
		}
		if (this.form.elements.q.value !== this.route.q) {
			this.form.elements.q.value = this.route.q;
		}
		byId('clear-filter').hidden = !this.route.filtered;
	}

	changed() {
		const states = [...this.form.elements.state].filter((box) => box.checked).map((box) => box.value);
		this.route.set({ states: new Set(states), q: this.form.elements.q.value });
	}

	clear() {
		this.route.set({ states: new Set(), q: '', pattern: '' });
		this.form.elements.q.focus();
	}

	announceCount(shown) {
		announce(`${plural(shown, 'task', 'tasks')} shown`);
	}

}

/** Make a test for tasks out of what is in the address. */
export function filterOf(route, now, limits) {
	const words = route.q.trim().toLowerCase().split(/\s+/).filter((word) => word);
	const { states } = route;
	return (task) => (states.size === 0 || states.has(task.state) || states.has('attention') && attentionOf(task, now, limits) !== null)
		&& words.every((word) => textOf(task).includes(word));
}

// Tasks are never changed, only replaced
const texts = new WeakMap();

function textOf(task) {
	let text = texts.get(task);
	if (text === undefined) {
		text = [task.name ?? '', task.id, task.rootId ?? '', task.reason ?? '', task.search ?? ''].join('\n').toLowerCase();
		texts.set(task, text);
	}
	return text;
}
