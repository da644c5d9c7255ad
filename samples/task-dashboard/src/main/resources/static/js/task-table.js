// The live table. Rows are kept and changed in place, so that focus and selection survive.

import { arrange, byId, el, icon, setAttribute, setText } from './dom.js';
import { filterOf } from './filter.js';
import { STATES, count, dateAndTime, duration, elapsed, moment, plural, shortId, taskName } from './format.js';
import { inOrder } from './order.js';

const PAGE = 100;
const NEW = 1500;

export class TaskTable {

	constructor(store, route) {
		this.store = store;
		this.route = route;
		this.rows = new Map();
		this.limit = PAGE;
		this.shown = 0;
		this.body = byId('rows');
		this.body.addEventListener('click', (event) => this.clicked(event));
		this.body.addEventListener('keydown', (event) => this.moved(event));
		byId('more-button').addEventListener('click', () => {
			this.limit += PAGE;
			this.render();
		});
	}

	render() {
		const matching = [...this.store.tasks.values()].filter(filterOf(this.route));
		this.shown = matching.length;
		const visible = inOrder(matching, this.store.tasks).slice(0, this.limit);
		const rows = visible.map(({ task, nested }) => this.rowOf(task).show(task, nested, this));
		const ids = new Set(visible.map(({ task }) => task.id));
		for (const id of this.rows.keys()) {
			if (!ids.has(id)) {
				this.rows.delete(id);
			}
		}
		arrange(this.body, rows);
		this.renderRest(matching.length - visible.length);
	}

	rowOf(task) {
		let row = this.rows.get(task.id);
		if (!row) {
			row = new TaskRow(task, this.store.now() - task.startedAt < NEW);
			this.rows.set(task.id, row);
		}
		return row;
	}

	renderRest(hidden) {
		const all = this.store.tasks.size;
		setText(byId('tasks-count'), this.route.filtered
			? `${count(this.shown)} of ${plural(all, 'task', 'tasks')}` : this.store.ready ? plural(all, 'task', 'tasks') : '');
		byId('more').hidden = hidden <= 0;
		setText(byId('more-button'), `Show ${count(Math.min(hidden, PAGE))} more of ${count(hidden)}`);
		this.renderEmpty();
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

	tick() {
		const now = this.store.now();
		for (const row of this.rows.values()) {
			row.tick(now);
		}
	}

	/** Put the focus back on the row of a task. */
	focus(id) {
		(this.rows.get(id)?.link ?? byId('tasks-heading')).focus();
	}

	clicked(event) {
		const link = event.target.closest('a[data-task]');
		if (link && !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
			event.preventDefault();
			this.route.open(link.dataset.task);
		}
	}

	moved(event) {
		const row = event.target.closest('tr');
		const target = {
			ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling,
			Home: this.body.firstElementChild, End: this.body.lastElementChild,
		}[event.key];
		if (target && !event.altKey && !event.ctrlKey && !event.metaKey) {
			event.preventDefault();
			target.querySelector('a').focus();
		}
	}

}

class TaskRow {

	constructor(task, isNew) {
		this.link = el('a.task-link', { 'data-task': task.id });
		this.mark = el('span.nested-mark', icon('subtask'), el('span.visually-hidden', 'Sub-task: '));
		this.badge = el('span.badge', { title: 'The start of this task was not seen: a part of it is unknown' }, 'incomplete');
		this.under = el('span.under');
		this.state = el('span.state');
		this.pips = el('span.pips', { 'aria-hidden': 'true' });
		this.progress = el('span.progress');
		this.current = el('span.current');
		this.started = el('td.col-started', el('time'));
		this.time = el('td.col-time');
		this.element = el(isNew ? 'tr.new' : 'tr',
			el('th.col-name', { scope: 'row' }, el('span.name-line', this.mark, this.link, this.badge), this.under),
			el('td.col-state', this.state),
			el('td.col-nodes', el('span.nodes', this.pips, this.progress), this.current),
			this.started, this.time);
		this.element.addEventListener('animationend', () => this.element.classList.remove('new'));
		this.shown = null;
	}

	show(task, nested, table) {
		if (this.shown !== task) {
			this.shown = task;
			this.showTask(task, table.store.now());
		}
		this.element.classList.toggle('nested', nested);
		this.mark.hidden = !task.rootId;
		const root = task.rootId && !nested ? table.store.tasks.get(task.rootId) : null;
		setText(this.under, root ? `of ${taskName(root)} · ${shortId(task.id)}` : shortId(task.id));
		setAttribute(this.link, 'href', table.route.hrefOf(task.id));
		setAttribute(this.link, 'aria-current', table.route.task === task.id ? 'true' : null);
		return this.element;
	}

	showTask(task, now) {
		setText(this.link, taskName(task));
		setAttribute(this.link, 'title', taskName(task));
		this.link.classList.toggle('unnamed', !task.name);
		this.badge.hidden = !task.incomplete;
		if (this.element.dataset.state !== task.state) {
			this.element.dataset.state = task.state;
			this.state.replaceChildren(icon(task.state), el('span', STATES[task.state]));
		}
		this.showNodes(task);
		const time = this.started.firstChild;
		setText(time, moment(task.startedAt, now));
		setAttribute(time, 'datetime', new Date(task.startedAt).toISOString());
		setAttribute(time, 'title', dateAndTime(task.startedAt));
		this.tick(now);
	}

	showNodes(task) {
		task.nodeStates.forEach((state, index) => {
			const pip = this.pips.children[index] ?? this.pips.appendChild(el('i'));
			setAttribute(pip, 'data-state', state);
		});
		setText(this.progress, task.nodes === 0 ? '' : `${count(task.done)}/${count(task.nodes)}`);
		setAttribute(this.progress, 'title', `${count(task.done)} of ${plural(task.nodes, 'node', 'nodes')} seen so far done`);
		setText(this.current, task.current.join(', '));
	}

	tick(now) {
		const task = this.shown;
		setText(this.time, task.endedAt === null ? elapsed(now - task.startedAt) : duration(task.endedAt - task.startedAt));
	}

}
