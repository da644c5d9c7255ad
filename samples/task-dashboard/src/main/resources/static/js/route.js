// What is looked at is in the address: filters and the open task survive a reload and can be shared.

import { STATES } from './format.js';

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
		this.states = new Set((parameters.get('state') ?? '').split(',').filter((state) => Object.hasOwn(STATES, state)));
		this.text = parameters.get('q') ?? '';
		this.task = parameters.get('task');
	}

	get filtered() {
		return this.states.size > 0 || this.text.trim() !== '';
	}

	/** The address with another task open; null for none. */
	hrefOf(task) {
		const parameters = new URLSearchParams();
		if (this.states.size) {
			parameters.set('state', [...this.states].join(','));
		}
		if (this.text) {
			parameters.set('q', this.text);
		}
		if (task) {
			parameters.set('task', task);
		}
		const query = parameters.toString().replaceAll('%2C', ',');
		return query ? `?${query}` : location.pathname;
	}

	open(task) {
		if (task !== this.task) {
			this.task = task;
			history.pushState(null, '', this.hrefOf(task));
			this.onChange();
		}
	}

	filter(states, text) {
		this.states = new Set(states);
		this.text = text;
		history.replaceState(null, '', this.hrefOf(this.task));
		this.onChange();
	}

}
