// What is looked at is in the address: view, filters, order, time range and the open task survive a reload and can
// be shared.

import { STATES } from './format.js';
import { COLUMNS, PAST_COLUMNS } from './order.js';

/** The states to choose from; that a task needs attention is one of them. */
export const CHOICES = ['attention', ...Object.keys(STATES)];

export const VIEWS = ['live', 'history', 'names'];

const TEXTS = ['q', 'pattern', 'from', 'to', 'tz'];

export class Route {

	constructor(onChange) {
		this.onChange = onChange;
		this.read();
		addEventListener('popstate', () => {
			this.read();
			onChange();
		});
	}

	read() {
		const parameters = new URLSearchParams(location.search);
		this.view = VIEWS.includes(parameters.get('view')) ? parameters.get('view') : VIEWS[0];
		this.kiosk = parameters.has('kiosk');
		this.states = new Set((parameters.get('state') ?? '').split(',').filter((state) => CHOICES.includes(state)));
		this.sort = sortOf(parameters.get('sort') ?? '');
		this.task = parameters.get('task');
		for (const name of TEXTS) {
			this[name] = parameters.get(name) ?? '';
		}
	}

	get filtered() {
		return this.states.size > 0 || this.q.trim() !== '' || this.view !== 'live' && this.pattern !== '';
	}

	/** The address with some parts changed. */
	hrefOf(changes) {
		const { view, kiosk, states, sort, task, ...texts } = { ...this.parts(), ...changes };
		const parameters = new URLSearchParams();
		if (view !== VIEWS[0]) {
			parameters.set('view', view);
		}
		if (states.size) {
			parameters.set('state', [...states].join(','));
		}
		for (const name of TEXTS) {
			if (texts[name]) {
				parameters.set(name, texts[name]);
			}
		}
		if (sort) {
			parameters.set('sort', `${sort.descending ? '-' : ''}${sort.column}`);
		}
		if (task) {
			parameters.set('task', task);
		}
		const query = parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
		const all = [kiosk ? 'kiosk' : '', query].filter((part) => part).join('&');
		return all ? `?${all}` : location.pathname;
	}

	/** Go to a whole address of this page. */
	goTo(address) {
		history.pushState(null, '', address);
		this.read();
		this.onChange();
	}

	parts() {
		const { view, kiosk, states, sort, task } = this;
		return { view, kiosk, states, sort, task, ...Object.fromEntries(TEXTS.map((name) => [name, this[name]])) };
	}

	/** Open a task; null for none. */
	open(task) {
		if (task !== this.task) {
			this.go({ task });
		}
	}

	/** Go to another place, from where the browser can go back. */
	go(changes) {
		this.change(changes, 'pushState');
	}

	/** Look at something else in the same place. */
	set(changes) {
		this.change(changes, 'replaceState');
	}

	change(changes, method) {
		const address = this.hrefOf(changes);
		Object.assign(this, changes);
		history[method](null, '', address);
		this.onChange();
	}

}

function sortOf(text) {
	const descending = text.startsWith('-');
	const column = descending ? text.slice(1) : text;
	return [...COLUMNS, ...PAST_COLUMNS].includes(column) ? { column, descending } : null;
}
