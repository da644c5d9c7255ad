// The live table: order, focus and keys. Only the rows that can be seen are in the document.

import { announce } from './announcer.js';
import { byId, setAttribute, setText } from './dom.js';
import { filterOf } from './filter.js';
import { STATES, count, plural } from './format.js';
import { inOrder } from './order.js';
import { TaskRow } from './task-row.js';
import { WindowedRows } from './windowed-rows.js';

const NEW = 1500;

export class TaskTable {

	constructor(store, route) {
		this.store = store;
		this.route = route;
		this.rows = new Map();
		this.unused = [];
		this.order = [];
		this.shown = 0;
		this.focused = null;
		this.body = byId('rows');
		this.table = this.body.closest('table');
		this.window = new WindowedRows(this.body, (index) => this.elementAt(index), () => this.collect());
		this.body.addEventListener('click', (event) => this.clicked(event));
		this.body.addEventListener('keydown', (event) => this.moved(event));
		byId('missing-link').addEventListener('click', (event) => {
			event.preventDefault();
			this.route.go({ view: 'history' });
		});
		for (const button of this.table.querySelectorAll('button[data-sort]')) {
			button.addEventListener('click', () => this.sortBy(button.dataset.sort));
		}
	}

	render() {
		const { store, route } = this;
		byId('live').hidden = route.view !== 'live';
		if (route.view !== 'live') {
			return;
		}
		const now = store.now();
		const focused = this.focusedIndex();
		const all = [...store.tasks.values()];
		const matching = route.filtered ? all.filter(filterOf(route, now, store.limits)) : all;
		this.shown = matching.length;
		this.order = inOrder(matching, store.tasks, route.sort, now);
		setAttribute(this.table, 'aria-rowcount', String(this.order.length + 1));
		this.renderRows(focused);
		this.renderRest();
	}

	renderRows(focused) {
		const kept = focused < 0 ? -1 : this.order.findIndex(({ task }) => task.id === this.focused);
		this.window.render(this.order.length, kept);
		if (focused >= 0 && kept < 0) {
			this.refocus(focused);
		}
	}

	/** The row with the focus has left: the one that took its place gets it. */
	refocus(index) {
		const left = this.focused;
		if (this.order.length === 0) {
			byId('tasks-heading').focus({ preventScroll: true });
		}
		else {
			this.focusAt(Math.min(index, this.order.length - 1));
		}
		announce(`Task ${left.slice(0, 8)} is no longer in the list`);
	}

	/** The index of the row with the focus in the order as it was rendered; -1 if no row has it. */
	focusedIndex() {
		const link = document.activeElement?.closest?.('#rows a[data-task]');
		this.focused = link?.dataset.task ?? null;
		return this.focused === null ? -1 : this.order.findIndex(({ task }) => task.id === this.focused);
	}

	elementAt(index) {
		const entry = this.order[index];
		let row = this.rows.get(entry.task.id);
		if (!row) {
			row = this.unused.pop() ?? new TaskRow();
			row.begin(this.store.now() - entry.task.startedAt < NEW);
			this.rows.set(entry.task.id, row);
		}
		return row.show(entry, index, this);
	}

	/** Rows that are no longer in the document are used for other tasks. */
	collect() {
		for (const [id, row] of this.rows) {
			if (!row.element.isConnected) {
				this.rows.delete(id);
				this.unused.push(row);
			}
		}
	}

	sortBy(column) {
		const { sort } = this.route;
		const next = sort?.column !== column ? { column, descending: column === 'started' || column === 'time' }
			: sort.descending === (column === 'started' || column === 'time') ? { column, descending: !sort.descending } : null;
		this.route.set({ sort: next });
		announce(next ? `Sorted by ${column}, ${next.descending ? 'descending' : 'ascending'}` : 'Running tasks first');
	}

	renderRest() {
		const all = this.store.tasks.size;
		setText(byId('tasks-count'), this.route.filtered
			? `${count(this.shown)} of ${plural(all, 'task', 'tasks')}` : this.store.ready ? plural(all, 'task', 'tasks') : '');
		for (const header of this.table.querySelectorAll('th[data-column]')) {
			const { sort } = this.route;
			setAttribute(header, 'aria-sort', sort?.column === header.dataset.column
				? sort.descending ? 'descending' : 'ascending' : null);
		}
		this.renderEmpty();
		this.renderMissing();
	}

	renderEmpty() {
		byId('empty').hidden = this.shown > 0;
		if (this.shown > 0) {
			return;
		}
		const [title, text] = this.emptyText();
		setText(byId('empty-title'), title);
		setText(byId('empty-text'), text);
		byId('empty-clear').hidden = this.store.tasks.size === 0;
	}

	emptyText() {
		if (!this.store.ready) {
			return ['Opening the board…', ''];
		}
		if (this.store.tasks.size > 0) {
			return ['No task matches', 'Tasks that match appear here as soon as there are any.'];
		}
		if (this.store.watcher?.state === 'streaming') {
			return ['No tasks yet', 'The board is connected. Tasks appear here as soon as they start.'];
		}
		return ['No tasks yet', 'Tasks appear here once the platform is connected.'];
	}

	/** The board keeps as many tasks as it has room for: say so where that is not all. */
	renderMissing() {
		const { counters } = this.store;
		const parts = !counters ? [] : Object.keys(STATES)
			.map((state) => ({ state, kept: this.store.kept(state), all: counters[state] }))
			.filter(({ kept, all }) => kept < all)
			.map(({ state, kept, all }) => `${count(kept)} of ${count(all)} ${STATES[state].toLowerCase()}`);
		setText(byId('missing-text'), parts.length ? `On the board: ${parts.join(', ')}. ` : '');
		setAttribute(byId('missing-link'), 'href', this.route.hrefOf({ view: 'history' }));
		byId('missing').hidden = parts.length === 0;
	}

	tick() {
		const now = this.store.now();
		for (const row of this.rows.values()) {
			row.tick(now, this.store.limits);
		}
	}

	/** Show all rows anew, as in another time zone. */
	restyle() {
		for (const row of this.rows.values()) {
			row.stale = true;
		}
	}

	/** Put the focus back on the row of a task. */
	focus(id) {
		const index = this.order.findIndex(({ task }) => task.id === id);
		if (index >= 0) {
			this.focusAt(index);
		}
		else {
			byId('tasks-heading').focus();
		}
	}

	focusAt(index) {
		this.focused = this.order[index].task.id;
		this.window.show(index);
		this.rows.get(this.focused).link.focus({ preventScroll: true });
	}

	clicked(event) {
		const link = event.target.closest('a[data-task]');
		if (link && !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
			event.preventDefault();
			this.route.open(link.dataset.task);
		}
	}

	moved(event) {
		const index = this.focusedIndex();
		const last = this.order.length - 1;
		const { page } = this.window;
		const target = {
			ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: last,
		}[event.key];
		if (index >= 0 && target !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
			event.preventDefault();
			this.focusAt(Math.min(last, Math.max(0, target)));
		}
	}

}
