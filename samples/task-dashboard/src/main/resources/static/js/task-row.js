// One row of the table. It is changed in place, so that focus and selection survive. A row that has left the document
// is used for another task: to make its elements takes longer than to change them.

import { attentionOf, reasonOf } from './attention.js';
import { el, icon, setAttribute, setText } from './dom.js';
import { STATES, count, dateAndTime, duration, elapsed, moment, plural, shortId, taskName } from './format.js';

export class TaskRow {

	constructor() {
		this.link = el('a.task-link');
		this.mark = el('span.nested-mark', icon('subtask'), el('span.visually-hidden', 'Sub-task: '));
		this.badge = el('span.badge', { title: 'The start of this task was not seen: a part of it is unknown' }, 'incomplete');
		this.under = el('span.under');
		this.state = el('span.state');
		this.pips = el('span.pips', { 'aria-hidden': 'true' });
		this.progress = el('span.progress');
		this.current = el('span.current');
		this.started = el('td.col-started', el('time'));
		this.time = el('td.col-time');
		this.element = el('tr',
			el('th.col-name', { scope: 'row' }, el('span.name-line', this.mark, this.link, this.badge), this.under),
			el('td.col-state', this.state),
			el('td.col-nodes', el('span.nodes', this.pips, this.progress), this.current),
			this.started, this.time);
		this.element.addEventListener('animationend', () => this.element.classList.remove('new'));
		this.begin(false);
	}

	/** Begin to show a task. */
	begin(isNew) {
		this.element.classList.toggle('new', isNew);
		this.entry = null;
		this.index = -1;
		this.shown = null;
		this.stale = false;
	}

	/** Show an entry of the order, which has not changed if it is the same. */
	show(entry, index, { store, route }) {
		if (this.entry === entry && this.index === index && !this.stale) {
			return this.element;
		}
		this.entry = entry;
		this.index = index;
		const { task, nested } = entry;
		const now = store.now();
		if (this.shown !== task || this.stale) {
			this.shown = task;
			this.stale = false;
			this.showTask(task, now);
		}
		this.element.classList.toggle('nested', nested);
		this.mark.hidden = !task.rootId;
		const root = task.rootId && !nested ? store.tasks.get(task.rootId) : null;
		this.origin = root ? `of ${taskName(root)} · ${shortId(task.id)}` : shortId(task.id);
		setAttribute(this.element, 'aria-rowindex', String(index + 2));
		setAttribute(this.link, 'href', route.hrefOf({ task: task.id }));
		setAttribute(this.link, 'aria-current', route.task === task.id ? 'true' : null);
		this.element.toggleAttribute('data-open', route.task === task.id);
		this.tick(now, store.limits);
		return this.element;
	}

	showTask(task, now) {
		setText(this.link, taskName(task));
		setAttribute(this.link, 'data-task', task.id);
		setAttribute(this.link, 'title', `${taskName(task)} (${task.id})`);
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
	}

	showNodes(task) {
		while (this.pips.childElementCount > task.nodeStates.length) {
			this.pips.lastElementChild.remove();
		}
		task.nodeStates.forEach((state, index) => {
			const pip = this.pips.children[index] ?? this.pips.appendChild(el('i'));
			setAttribute(pip, 'data-state', state);
		});
		setText(this.progress, task.nodes === 0 ? '' : `${count(task.done)}/${count(task.nodes)}`);
		setAttribute(this.progress, 'title', `${count(task.done)} of ${plural(task.nodes, 'node', 'nodes')} seen so far done`);
		setText(this.current, task.current.join(', '));
	}

	/** Show what changes by the mere passing of time. */
	tick(now, limits) {
		const task = this.shown;
		setText(this.time, task.endedAt === null ? elapsed(now - task.startedAt) : duration(task.endedAt - task.startedAt));
		const kind = attentionOf(task, now, limits);
		const reason = reasonOf(task, kind, now);
		setAttribute(this.element, 'data-attention', kind);
		this.under.classList.toggle('why', reason !== '');
		setText(this.under, reason ? `${reason} · ${this.origin}` : this.origin);
		setAttribute(this.under, 'title', reason || null);
	}

}
