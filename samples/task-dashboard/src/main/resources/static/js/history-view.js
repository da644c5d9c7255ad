// Tasks of the past, from the history of the board: page by page, or by name.

import { announce } from './announcer.js';
import { byId, el, icon, setAttribute, setText } from './dom.js';
import { STATES, count, dateAndTime, duration, moment, percent, plural, shortId, taskName } from './format.js';
import { filterParameters, orderedParameters } from './history-query.js';
import { RECENT, addressOf, fieldOf, momentOf } from './range.js';
import { get } from './requests.js';
import { zoneOf } from './zone.js';

// While somebody types
const PAUSE = 300;

export class HistoryView {

	constructor(store, route) {
		this.store = store;
		this.route = route;
		this.asked = null;
		this.next = null;
		this.form = byId('range');
		this.rows = byId('history-rows');
		this.form.addEventListener('submit', (event) => event.preventDefault());
		this.form.elements.recent.append(...Object.entries(RECENT).map(([value, text]) => el('option', { value }, text)),
			el('option', { value: 'custom' }, 'From … to …'));
		this.form.elements.recent.addEventListener('change', () => this.choose());
		for (const end of ['from', 'to']) {
			this.form.elements[end].addEventListener('change', (event) => route.set({ [end]: addressOf(event.target.value, zoneOf(route)) }));
		}
		byId('history-refresh').addEventListener('click', () => this.load());
		byId('history-more').addEventListener('click', () => this.loadMore());
		byId('history').addEventListener('click', (event) => this.clicked(event));
	}

	render() {
		const shown = this.route.view !== 'live';
		byId('history').hidden = !shown;
		byId('history-table').hidden = this.route.view !== 'history';
		byId('names-wrap').hidden = this.route.view !== 'names';
		if (!shown) {
			this.asked = null;
			return;
		}
		this.renderRange();
		const wanted = `${this.route.view}?${this.parameters(0)}&${this.route.from}&${this.route.to}`;
		if (wanted !== this.asked) {
			this.asked = wanted;
			clearTimeout(this.timer);
			this.timer = setTimeout(() => this.load(), this.loaded ? PAUSE : 0);
		}
		else if (this.zone !== zoneOf(this.route)) {
			this.load();
		}
		this.zone = zoneOf(this.route);
	}

	renderRange() {
		const { from, to, pattern } = this.route;
		const custom = to !== '' || !Object.hasOwn(RECENT, from);
		const fields = this.form.elements;
		fields.recent.value = custom ? 'custom' : from;
		byId('range-fields').hidden = !custom;
		for (const end of ['from', 'to']) {
			const value = fieldOf(momentOf(this.route[end], this.store.now()), zoneOf(this.route));
			if (document.activeElement !== fields[end]) {
				fields[end].value = value;
			}
		}
		setText(byId('range-zone'), zoneOf(this.route));
		byId('pattern-filter').hidden = !pattern;
		setText(byId('pattern-filter-text'), pattern);
		for (const format of ['csv', 'json']) {
			setAttribute(byId(`export-${format}`), 'href', `api/history/export.${format}?${this.parameters(this.store.now())}`);
		}
		for (const header of byId('history-table').querySelectorAll('th[data-column]')) {
			const { sort } = this.route;
			setAttribute(header, 'aria-sort', sort?.column === header.dataset.column ? sort.descending ? 'descending' : 'ascending' : null);
		}
	}

	choose() {
		const { value } = this.form.elements.recent;
		this.route.set(value === 'custom'
			? { from: new Date(this.store.now() - 3_600_000).toISOString().replace(/\.\d+Z/, 'Z'), to: new Date(this.store.now()).toISOString().replace(/\.\d+Z/, 'Z') }
			: { from: value, to: '' });
	}

	parameters(now) {
		return this.route.view === 'names' ? filterParameters(this.route, now) : orderedParameters(this.route, now);
	}

	async load() {
		const asked = this.asked;
		setAttribute(byId('history'), 'aria-busy', 'true');
		try {
			if (this.route.view === 'names') {
				const { groups } = await get(`api/history/groups?${this.parameters(this.store.now())}`);
				this.answered(asked, () => this.showNames(groups));
			}
			else {
				this.query = this.parameters(this.store.now());
				const page = await get(`api/history/tasks?${this.query}`);
				this.answered(asked, () => {
					this.rows.replaceChildren();
					this.showPage(page);
				});
			}
		}
		catch (problem) {
			this.answered(asked, () => this.tell(problem.message));
		}
	}

	/** Only the last question counts: what was asked before it is not shown any more. */
	answered(asked, show) {
		if (asked === this.asked) {
			this.tell('');
			this.loaded = true;
			setAttribute(byId('history'), 'aria-busy', null);
			show();
		}
	}

	async loadMore() {
		const asked = this.asked;
		try {
			const page = await get(`api/history/tasks?${this.query}&${new URLSearchParams({ after: this.next })}`);
			this.answered(asked, () => {
				const first = this.showPage(page);
				first?.querySelector('a').focus({ preventScroll: true });
			});
		}
		catch (problem) {
			this.answered(asked, () => this.tell(problem.message));
		}
	}

	showPage({ tasks, next }) {
		this.next = next;
		const rows = tasks.map((task) => this.row(task));
		this.rows.append(...rows);
		byId('history-more').hidden = !next;
		const shown = this.rows.childElementCount;
		this.showAmount(`${plural(shown, 'task', 'tasks')}${next ? ' and more' : ''}`, shown === 0);
		return rows[0];
	}

	row(task) {
		const now = this.store.now();
		return el('tr', { 'data-state': task.state },
			el('th.col-name', { scope: 'row' }, el('span.name-line', this.link(task)),
				el(task.reason ? 'span.under.why' : 'span.under', { title: task.reason }, task.reason ? `${task.reason} · ${shortId(task.id)}` : shortId(task.id))),
			el('td.col-state', el('span.state', icon(task.state), el('span', STATES[task.state]))),
			el('td.col-errors', task.errors ? count(task.errors) : ''),
			el('td.col-started', this.time(task.startedAt, now)),
			el('td.col-ended', task.endedAt === null ? '' : this.time(task.endedAt, now)),
			el('td.col-time', duration(task.duration)));
	}

	link(task) {
		return el('a.task-link', { href: this.route.hrefOf({ task: task.id }), 'data-task': task.id, title: `${taskName(task)} (${task.id})` }, taskName(task));
	}

	time(millis, now) {
		return el('time', { datetime: new Date(millis).toISOString(), title: dateAndTime(millis) }, moment(millis, now));
	}

	showNames(groups) {
		const now = this.store.now();
		byId('names-rows').replaceChildren(...groups.map((group) => {
			const part = el('span.rate-bar', { 'aria-hidden': 'true' }, el('i'));
			part.firstChild.style.width = `${100 * (group.failureRate ?? 0)}%`;
			return el('tr',
				el('th.col-name', { scope: 'row' }, group.name === null ? el('span.hint', 'Unnamed tasks')
					: el('a.task-link', { href: this.route.hrefOf({ view: 'history', pattern: group.name }), 'data-pattern': group.name }, group.name)),
				el('td.col-number', count(group.total)), el('td.col-number', group.running ? count(group.running) : ''),
				el(group.failed ? 'td.col-number.bad' : 'td.col-number', group.failed ? count(group.failed) : ''),
				el('td.col-rate', ...(group.failureRate === null ? [] : [part, percent(group.failureRate)])),
				el('td.col-number', group.p50 === null ? '' : duration(group.p50)), el('td.col-number', group.p95 === null ? '' : duration(group.p95)),
				el('td.col-ended', group.lastEndedAt === null ? '' : this.time(group.lastEndedAt, now)));
		}));
		byId('history-more').hidden = true;
		this.showAmount(plural(groups.length, 'name', 'names'), groups.length === 0);
	}

	showAmount(text, none) {
		setText(byId('tasks-count'), text);
		byId('history-empty').hidden = !none;
		announce(text);
	}

	tell(text) {
		setText(byId('history-problem'), text);
		byId('history-problem').hidden = text === '';
	}

	clicked(event) {
		if (event.metaKey || event.ctrlKey || event.shiftKey) {
			return;
		}
		const link = event.target.closest('a[data-task], a[data-pattern]');
		const header = event.target.closest('button[data-sort]');
		if (link) {
			event.preventDefault();
			if (link.dataset.task) {
				this.route.open(link.dataset.task);
			}
			else {
				this.route.go({ view: 'history', pattern: link.dataset.pattern });
			}
		}
		else if (header) {
			const column = header.dataset.sort;
			const { sort } = this.route;
			this.route.set({ sort: { column, descending: sort?.column === column ? !sort.descending : column !== 'name' && column !== 'state' } });
		}
		else if (event.target.closest('#pattern-filter')) {
			this.route.set({ pattern: '' });
			byId('tasks-heading').focus({ preventScroll: true });
		}
	}

	/** Put the focus back on the row of a task. */
	focus(task) {
		const link = [...this.rows.querySelectorAll('a[data-task]')].find(({ dataset }) => dataset.task === task);
		(link ?? byId('tasks-heading')).focus();
	}

}
