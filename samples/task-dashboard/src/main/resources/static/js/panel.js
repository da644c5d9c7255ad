// All that is known of one task. It follows the task while it runs.

import { TaskActions } from './actions.js';
import { announce } from './announcer.js';
import { arrange, byId, el, icon, setAttribute, setText } from './dom.js';
import { anyDialogOpen } from './dialog.js';
import { STATES, count, dateAndTime, duration, elapsed, moment, nodeName, plural, shortId, taskName } from './format.js';
import { PayloadView } from './payload-view.js';
import { getSized } from './requests.js';
import { Timeline } from './timeline.js';

const PAUSE = 400;
// A task that changes a lot is asked for less often: not more than this many bytes a second
const BYTES_PER_SECOND = 100_000;
const NARROW = matchMedia('(max-width: 1099px)');

export class TaskPanel {

	constructor(store, route, onClose) {
		this.store = store;
		this.route = route;
		this.onClose = onClose;
		this.place = byId('panel');
		this.task = null;
		this.details = null;
		this.loading = false;
		this.loadAgain = null;
		this.blocks = new Map();
		this.actions = new TaskActions(store, route, () => byId('panel-heading')?.focus({ preventScroll: true }));
		document.addEventListener('keydown', (event) => {
			if (event.key === 'Escape' && this.task && !event.defaultPrevented && !anyDialogOpen() && !event.target.matches('input')) {
				this.close();
			}
		});
		this.place.addEventListener('click', (event) => {
			const link = event.target.closest('a[data-task]');
			if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
				event.preventDefault();
				this.route.open(link.dataset.task);
			}
		});
		NARROW.addEventListener('change', () => this.shade());
	}

	/** Show what the address says. */
	render() {
		if (this.route.task !== this.task) {
			this.open(this.route.task);
		}
		this.actions.render(this.details);
		const row = this.task && this.store.tasks.get(this.task);
		if (row && row !== this.details?.seen) {
			this.load();
		}
	}

	open(task) {
		const previous = this.task;
		this.task = task;
		this.details = null;
		this.blocks.clear();
		this.timeline = new Timeline();
		this.place.hidden = !task;
		document.body.classList.toggle('with-panel', Boolean(task));
		this.shade();
		if (task) {
			this.build();
			byId('panel-heading').focus({ preventScroll: true });
			this.load();
		}
		else if (previous) {
			this.onClose(previous);
		}
	}

	close() {
		this.route.open(null);
	}

	/** On a narrow screen the panel covers the page, which then must not be reached by the keyboard. */
	shade() {
		byId('page').inert = Boolean(this.task) && NARROW.matches;
	}

	/** Ask the board again after a lost connection: it may be another one. */
	refresh() {
		if (this.task) {
			this.stale = true;
			this.load();
		}
	}

	async load() {
		if (this.loading) {
			this.loadAgain = true;
			return;
		}
		this.loading = true;
		this.loadAgain = false;
		const pause = await this.loadOnce(this.task);
		setTimeout(() => {
			this.loading = false;
			if (this.loadAgain && this.task) {
				this.load();
			}
		}, pause);
	}

	async loadOnce(task) {
		const seen = this.store.tasks.get(task);
		const known = this.details && !this.stale && !this.details.fromPlatform ? this.details.task.version : -1;
		try {
			const { value, bytes } = await getSized(`api/task?${new URLSearchParams({ id: task, since: known })}`);
			this.stale = false;
			if (task === this.task) {
				this.show({ ...this.merged(value), seen });
			}
			return Math.max(PAUSE, 1000 * bytes / BYTES_PER_SECOND);
		}
		catch (problem) {
			// Without a status the board is away: the stream tells when it is back
			if (problem.status !== null) {
				this.showMissing(task, problem);
			}
			return PAUSE;
		}
	}

	/** The board sends the nodes that have changed. */
	merged(details) {
		if (details.complete || !this.details) {
			return details;
		}
		const nodes = new Map(this.details.nodes.map((node) => [node.id, node]));
		for (const node of details.nodes) {
			nodes.set(node.id, node);
		}
		return { ...details, nodes: [...nodes.values()] };
	}

	build() {
		const close = el('button.tool.panel-close', { type: 'button', 'aria-label': 'Close the task', title: 'Close (Esc)' }, icon('close'));
		close.addEventListener('click', () => this.close());
		this.parts = {
			state: el('span.state'),
			badge: el('span.badge', { hidden: true }, 'incomplete'),
			heading: el('h2', { id: 'panel-heading', tabindex: '-1' }, 'Loading…'),
			id: el('p.panel-id', this.task),
			facts: el('dl.facts'),
			content: el('div.panel-content'),
		};
		this.body = el('div.panel-body', { tabindex: '0', role: 'region', 'aria-labelledby': 'panel-heading' }, this.parts.facts,
			this.parts.content);
		this.place.replaceChildren(
			el('div.panel-head', el('div.panel-line', this.parts.state, this.parts.badge, this.actions.element, close), this.parts.heading, this.parts.id),
			this.body);
		this.actions.render(null);
	}

	showMissing(task, problem) {
		if (task === this.task && !this.details) {
			setText(this.parts.heading, 'Not on the board');
			this.parts.content.replaceChildren(el('p.hint',
				`The board does not have this task, and the platform was asked for it. ${problem.message}`));
		}
	}

	show(details) {
		const first = !this.details;
		this.details = details;
		setText(this.parts.heading, taskName(details.task));
		setAttribute(this.place, 'data-state', details.task.state);
		if (this.shownState !== details.task.state || first) {
			this.shownState = details.task.state;
			this.parts.state.replaceChildren(icon(details.task.state), STATES[details.task.state]);
		}
		this.parts.badge.hidden = !details.task.incomplete;
		this.actions.render(details);
		this.showFacts();
		arrange(this.parts.content, this.sections(details));
		if (first) {
			announce(`${taskName(details.task)}, ${STATES[details.task.state]}`);
		}
	}

	tick() {
		if (this.details && this.details.task.endedAt === null && !this.details.fromPlatform) {
			this.showFacts();
			this.showTimeline(this.details);
			this.actions.render(this.details);
		}
	}

	showFacts() {
		const { task, exit, requireAck, root, fromPlatform } = this.details;
		const now = this.store.now();
		const length = task.endedAt === null ? elapsed(now - task.startedAt) : duration(task.endedAt - task.startedAt);
		const facts = [
			!fromPlatform && ['Started', moment(task.startedAt, now), dateAndTime(task.startedAt)],
			!fromPlatform && task.endedAt !== null && ['Ended', moment(task.endedAt, now), dateAndTime(task.endedAt)],
			!fromPlatform && ['Running time', length], !fromPlatform && ['Updates', count(task.updates)],
			exit && ['Exit', exit],
			requireAck && ['Acknowledgement', task.endedAt === null || !task.unacknowledged ? 'required' : 'still waited for'],
		].filter(Boolean);
		const entries = facts.map(([name, value, title]) => this.block(`fact ${name}`, () => el('div', el('dt', name), el('dd')),
			(entry) => {
				setText(entry.lastElementChild, value);
				setAttribute(entry.lastElementChild, 'title', title ?? null);
			}));
		if (root) {
			entries.push(this.block('fact root', () => el('div', el('dt', 'Sub-task of'), el('dd', this.taskLink(root)))));
		}
		const { taskUrl } = this.store.source ?? {};
		if (taskUrl) {
			const address = taskUrl.replace(/\{(taskId|rootTaskId)\}/g, (_, name) => encodeURIComponent(
				name === 'rootTaskId' && task.rootId ? task.rootId : task.id));
			entries.push(this.block('fact platform', () => el('div', el('dt', 'Platform'),
				el('dd', el('a', { target: '_blank', rel: 'noopener' }, 'Open the task there'))),
			(entry) => setAttribute(entry.querySelector('a'), 'href', address)));
		}
		arrange(this.parts.facts, entries);
	}

	sections(details) {
		return [
			details.fromPlatform && this.block('origin', () => el('p.hint',
				'This task is not on the board any more. The platform reports this, without times.')),
			details.task.incomplete && this.block('hint', () => el('p.hint',
				'The start of this task was not seen. What is shown is only what was heard since.')),
			details.reason && this.block('reason', () => el('p.reason'),
				(block) => setText(block, details.reason)),
			this.showTimeline(details),
			details.subTasks.length > 0 && this.subTasks(details.subTasks),
			details.result && this.payload('Result', details.result, true, { of: 'result' }),
			details.input && this.payload('Input', details.input, true, { of: 'input' }),
			...details.nodes.flatMap((node) => node.outputs.map((output) => this.payload(
				`Output of ${nodeName(node)}${output.name ? ` · ${output.name}` : ''}`, output.data, output.data.files,
				{ of: 'output', node: node.id, output: output.name }))),
		].filter(Boolean);
	}

	showTimeline(details) {
		return this.block('timeline', () => el('section.block', el('h3', 'Nodes'), this.timeline.element, el('p.hint')), (section) => {
			const hint = section.lastElementChild;
			this.timeline.element.hidden = details.nodes.length === 0;
			this.timeline.show(details.task, details.nodes, this.store.now(), details.fromPlatform);
			setText(hint, hintOf(details));
			hint.hidden = hint.textContent === '';
		});
	}

	subTasks(subTasks) {
		return this.block('sub-tasks', () => el('section.block', el('h3', 'Sub-tasks'), el('ul.sub-tasks')), (section) => {
			arrange(section.lastElementChild, subTasks.map((task) => this.block(`sub-task ${task.id}`,
				() => el('li', el('span.state'), this.taskLink(task)), (item) => {
					if (item.dataset.state !== task.state) {
						item.dataset.state = task.state;
						item.firstElementChild.replaceChildren(icon(task.state), el('span.visually-hidden', STATES[task.state]));
					}
				})));
		});
	}

	taskLink(task) {
		return el('a', { href: this.route.hrefOf({ task: task.id }), 'data-task': task.id },
			task.name ?? (task.state ? 'Unnamed task' : `Task ${shortId(task.id)}`));
	}

	payload(title, summary, open, address) {
		return this.block(`payload ${new URLSearchParams(address)}`, () => {
			const view = new PayloadView(title, 'api/task', { id: this.task, ...address }, open);
			view.element.view = view;
			return view.element;
		}, (block) => block.view.update(summary));
	}

	/** An element that is made once for each task, so that it keeps focus, scroll position and whether it is open. */
	block(key, make, update) {
		let block = this.blocks.get(key);
		if (!block) {
			block = make();
			this.blocks.set(key, block);
		}
		update?.(block);
		return block;
	}

}

function hintOf({ nodes, furtherNodes, fromPlatform }) {
	if (furtherNodes) {
		const { count: number, done, failed, more } = furtherNodes;
		return `${plural(number, 'further node', 'further nodes')}${more ? ' or more' : ''}: ${count(done)} done`
			+ `${failed ? `, ${count(failed)} failed` : ''}. Only their state is kept.`;
	}
	if (nodes.length > 0) {
		return '';
	}
	return fromPlatform ? 'No data and no errors of nodes.' : 'No node has started yet.';
}
