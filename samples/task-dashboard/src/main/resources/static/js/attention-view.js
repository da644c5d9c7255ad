// The tasks that need attention, above all others, each with its reason.

import { announce } from './announcer.js';
import { KINDS, attentionIn, reasonOf } from './attention.js';
import { arrange, byId, el, focusable, icon, passFocus, replaceChildren, setAttribute, setText } from './dom.js';
import { STATES, count, dateAndTime, duration, elapsed, moment, plural, taskName, timeOfDay } from './format.js';
import { get } from './requests.js';

const FEW = 5;
// What one of them takes on a wall, in pixels
const HEIGHT_ON_A_WALL = 68;
const INCIDENTS_INTERVAL = 15_000;

export class AttentionView {

	constructor(store, route) {
		this.store = store;
		this.route = route;
		this.items = new Map();
		this.list = byId('attention-list');
		this.found = { entries: [], total: 0, counts: {}, complete: true };
		this.announced = null;
		this.incidents = [];
		this.loadIncidents();
		setInterval(() => document.hidden || this.loadIncidents(), INCIDENTS_INTERVAL);
		byId('attention').addEventListener('click', (event) => this.clicked(event));
	}

	/** Find the tasks anew: they may need attention by the mere passing of time. */
	update() {
		const { store } = this;
		this.found = attentionIn(store.tasks.values(), Math.min(store.now(), this.blindSince() ?? Infinity), store.limits);
		this.found.complete = this.hasAllFailures();
	}

	/** Whether each failure that is recent enough is still on the board. */
	hasAllFailures() {
		const { store } = this;
		return !store.counters || store.kept('failed') >= store.counters.failed || this.found.counts.failed < store.kept('failed');
	}

	render() {
		const { entries, total, complete } = this.found;
		const { incidents } = this;
		byId('attention').hidden = !this.store.ready;
		const blind = this.blindSince();
		const open = incidents.filter(({ resolvedAt }) => resolvedAt === null);
		setAttribute(byId('attention'), 'data-tone', total > 0 || open.length > 0 ? 'bad' : blind ? 'wait' : 'good');
		setText(byId('attention-title'), titleOf(total, open.length, blind));
		this.renderIncidents(open);
		setText(byId('attention-count'), total > 0 ? `${count(total)}${complete ? '' : '+'}` : '');
		setText(byId('attention-kinds'), this.kindsText());
		const shown = entries.slice(0, this.room(entries.length));
		this.showList(shown);
		const rest = total - shown.reduce((sum, { others }) => sum + 1 + others, 0);
		const more = byId('attention-more');
		more.hidden = rest <= 0;
		setText(more, rest > 0 ? `${plural(rest, 'further task', 'further tasks')}` : '');
		setAttribute(more, 'href', this.route.hrefOf({ view: 'live', states: new Set(['attention']), q: '' }));
		this.announceTotal(total);
	}

	/** Without a connection to the platform, or while updates wait, nothing is known of what happens there. */
	blindSince() {
		const { watcher } = this.store;
		return watcher && watcher.state !== 'streaming' ? watcher.since : watcher?.waitingSince ?? null;
	}

	/** What the rules of the board have found. */
	renderIncidents(open) {
		byId('incidents').hidden = open.length === 0;
		if (this.shownIncidents === open.map(({ id, summary }) => id + summary).join()) {
			return;
		}
		this.shownIncidents = open.map(({ id, summary }) => id + summary).join();
		replaceChildren(byId('incidents'), open.map((incident) => el('li.incident', icon('waiting'),
			el('span.incident-text', incident.name ? `${incident.name}: ${incident.summary}` : incident.summary, incident.firstError && el('span.incident-error', incident.firstError)),
			incident.firstTask && el('a', { href: this.route.hrefOf({ task: incident.firstTask }), 'data-task': incident.firstTask }, 'First task'),
			el('a', { href: incident.runbook, target: '_blank', rel: 'noopener', 'data-runbook': '' }, 'Runbook'),
			el('span.when', { title: dateAndTime(incident.openedAt) }, `since ${moment(incident.openedAt, this.store.now())}`))));
	}

	/** Ask the board for incidents, from time to time: they change rarely. */
	async loadIncidents() {
		try {
			this.incidents = (await get('api/alerts')).incidents;
		}
		catch {
			// The page says when the board is away
		}
	}

	/** How many entries to show. On a wall, which is not scrolled, as many as fit below the rest of the page. */
	room(entries) {
		if (!this.route.kiosk) {
			return FEW;
		}
		const height = innerHeight - this.list.getBoundingClientRect().top - scrollY;
		const fitting = Math.floor(height / HEIGHT_ON_A_WALL);
		return Math.max(FEW, entries > fitting ? fitting - 1 : fitting);
	}

	showList(entries) {
		const focused = focusable(this.list).indexOf(document.activeElement);
		arrange(this.list, this.rowsOf(entries));
		if (focused >= 0 && !this.list.contains(document.activeElement)) {
			passFocus(this.list, focused);
		}
	}

	kindsText() {
		return Object.entries(this.found.counts).filter(([, number]) => number > 0)
			.map(([kind, number]) => `${count(number)} ${KINDS[kind].toLowerCase()}`).join(' · ');
	}

	rowsOf(entries) {
		const ids = new Set(entries.map(({ task }) => task.id));
		const elements = entries.map((entry) => {
			let item = this.items.get(entry.task.id);
			if (!item) {
				item = new AttentionItem(entry.task);
				this.items.set(entry.task.id, item);
			}
			return item.show(entry, this);
		});
		for (const id of this.items.keys()) {
			if (!ids.has(id)) {
				this.items.delete(id);
			}
		}
		return elements;
	}

	announceTotal(total) {
		if (this.announced !== null && total > this.announced) {
			announce(plural(total, 'task needs attention', 'tasks need attention'));
		}
		this.announced = this.store.ready ? total : null;
	}

	clicked(event) {
		const link = event.target.closest('a');
		if (!link || 'runbook' in link.dataset || event.metaKey || event.ctrlKey || event.shiftKey) {
			return;
		}
		event.preventDefault();
		if (link.dataset.task) {
			this.route.open(link.dataset.task);
		}
		else {
			const { reason } = link.dataset;
			this.route.go({ view: 'live', states: new Set([reason ? 'failed' : 'attention']), q: reason ?? '' });
			byId('tasks').scrollIntoView({ block: 'start' });
		}
	}

}

function titleOf(total, incidents, blind) {
	if (total > 0 || incidents > 0) {
		return blind ? `Needs attention; blind since ${timeOfDay(blind)}` : 'Needs attention';
	}
	return blind ? `Blind since ${timeOfDay(blind)}: nothing is known of what has happened since` : 'Nothing needs attention';
}

class AttentionItem {

	constructor(task) {
		this.kind = el('span.kind');
		this.link = el('a.task-link', { 'data-task': task.id });
		this.others = el('a.others');
		this.reason = el('p.why');
		this.when = el('span.when');
		this.element = el('li.attention-item', this.kind,
			el('div.attention-text', el('span.name-line', this.link), this.reason), this.others, this.when);
	}

	show({ task, kind, others }, { store, route }) {
		const now = store.now();
		if (this.element.dataset.kind !== kind) {
			this.element.dataset.kind = kind;
			this.kind.replaceChildren(icon(ICONS[kind] ?? 'waiting'), el('span', KINDS[kind]));
		}
		setText(this.link, taskName(task));
		setAttribute(this.link, 'title', `${taskName(task)} (${task.id})`);
		setAttribute(this.link, 'href', route.hrefOf({ task: task.id }));
		setAttribute(this.link, 'aria-current', route.task === task.id ? 'true' : null);
		setText(this.reason, reasonOf(task, kind, now));
		setAttribute(this.reason, 'title', task.reason);
		setText(this.when, task.endedAt === null ? `running ${elapsed(now - task.startedAt)}`
			: `${moment(task.endedAt, now)}, after ${duration(task.endedAt - task.startedAt)}`);
		setAttribute(this.when, 'title', STATES[task.state]);
		this.others.hidden = others === 0;
		if (others > 0) {
			const words = wordsOf(task.reason);
			setText(this.others, `+ ${count(others)} alike`);
			setAttribute(this.others, 'title', `${plural(others, 'further task has', 'further tasks have')} failed with this reason`);
			setAttribute(this.others, 'data-reason', words);
			setAttribute(this.others, 'href', route.hrefOf({ view: 'live', states: new Set(['failed']), q: words }));
		}
		return this.element;
	}

}

const ICONS = { failed: 'failed', failing: 'failed', aborting: 'aborted' };

/** What to search for to find failures that differ in numbers only. */
const wordsOf = (reason) => reason.split(/\s+/).filter((word) => !/\d/.test(word)).join(' ').slice(0, 120);
