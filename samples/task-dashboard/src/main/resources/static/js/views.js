// Views: where to look at tasks, and those that were saved. All that a view is stands in its address.

import { announce } from './announcer.js';
import { copy } from './clipboard.js';
import { byId, el, icon, replaceChildren, setAttribute } from './dom.js';

const STORED = 'views';
const MAX_VIEWS = 50;

const READY = [
	['Failed in the last hour', '?view=history&state=failed&from=-1h'],
	['Longest running', '?state=running&sort=-time'],
	['Slowest of the last 24 hours', '?view=history&from=-24h&sort=-time'],
	['Failure rates of the last 24 hours', '?view=names&from=-24h'],
];

export class ViewsView {

	constructor(route) {
		this.route = route;
		this.list = byId('saved-views');
		byId('views').addEventListener('click', (event) => this.clicked(event));
		byId('save-view').addEventListener('submit', (event) => {
			event.preventDefault();
			this.save(event.target.elements.name);
		});
		byId('copy-view').addEventListener('click', async () => {
			announce(await copy(location.href) ? 'Address copied' : 'The browser does not allow to copy');
		});
		this.renderList();
	}

	render() {
		for (const link of byId('views').querySelectorAll('a[data-view]')) {
			setAttribute(link, 'href', this.route.hrefOf({ view: link.dataset.view, task: null }));
			setAttribute(link, 'aria-current', link.dataset.view === this.route.view ? 'page' : null);
		}
	}

	renderList() {
		const own = this.stored();
		replaceChildren(this.list, [...READY, ...own].map(([name, address], index) => el('li',
			el('a', { href: address, 'data-address': address }, name),
			index >= READY.length && el('button.forget', { type: 'button', 'data-index': String(index - READY.length), 'aria-label': `Remove ${name}` },
				icon('close')))));
	}

	save(field) {
		const name = field.value.trim();
		if (name) {
			const others = this.stored().filter(([known]) => known !== name);
			this.store([...others, [name, this.route.hrefOf({ task: null, kiosk: false })]].slice(-MAX_VIEWS));
			field.value = '';
			announce(`View ${name} saved`);
		}
	}

	clicked(event) {
		if (event.metaKey || event.ctrlKey || event.shiftKey) {
			return;
		}
		const link = event.target.closest('a');
		const forget = event.target.closest('button[data-index]');
		if (link?.dataset.view) {
			event.preventDefault();
			this.route.go({ view: link.dataset.view });
		}
		else if (link?.dataset.address) {
			event.preventDefault();
			byId('more-views').open = false;
			this.route.goTo(link.dataset.address);
		}
		else if (forget) {
			this.store(this.stored().filter((_, index) => index !== Number(forget.dataset.index)));
		}
	}

	stored() {
		try {
			const views = JSON.parse(localStorage.getItem(STORED) ?? '[]');
			return views.filter(([name, address]) => typeof name === 'string' && /^[?/]/.test(address));
		}
		catch {
			return [];
		}
	}

	store(views) {
		try {
			localStorage.setItem(STORED, JSON.stringify(views));
		}
		catch {
			announce('The browser does not allow to save');
		}
		this.renderList();
	}

}
