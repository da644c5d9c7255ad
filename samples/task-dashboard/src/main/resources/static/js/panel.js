// All that is known of one task. It follows the task while it runs.

import { TaskActions } from './actions.js';
import { announce } from './announcer.js';
import { arrange, byId, el, icon, setAttribute, setText } from './dom.js';
import { attachments } from './attachments.js';
import { anyDialogOpen } from './dialog.js';
import { STATES, count, duration, elapsed, moment, nodeName, plural, shortId, size, taskName } from './format.js';
import { prettyJson } from './json.js';
import { timeline } from './timeline.js';

const PAUSE = 400;
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
		this.actions = new TaskActions(store, () => byId('panel-heading')?.focus({ preventScroll: true }));
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

	/** Ask the board again after a lost connection. */
	refresh() {
		if (this.task) {
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
		const task = this.task;
		const seen = this.store.tasks.get(task);
		try {
			const response = await fetch(`api/tasks/${encodeURIComponent(task)}`);
			if (response.ok) {
				this.show(task, { ...await response.json(), seen });
			}
			else if (response.status === 404) {
				this.showMissing(task);
			}
		}
		catch {
			// The board is away: the stream tells when it is back
		}
		setTimeout(() => {
			this.loading = false;
			if (this.loadAgain && this.task) {
				this.load();
			}
		}, PAUSE);
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
		this.place.replaceChildren(
			el('div.panel-head', el('div.panel-line', this.parts.state, this.parts.badge, this.actions.element, close), this.parts.heading, this.parts.id),
			el('div.panel-body', this.parts.facts, this.parts.content));
		this.actions.render(null);
		this.place.scrollTop = 0;
	}

	showMissing(task) {
		if (task === this.task && !this.details) {
			setText(this.parts.heading, 'Not on the board');
			this.parts.content.replaceChildren(el('p.hint',
				'The board does not know this task. It may have ended too long ago, or before the board was opened.'));
		}
	}

	show(task, details) {
		if (task !== this.task) {
			return;
		}
		const first = !this.details;
		this.details = details;
		setText(this.parts.heading, taskName(details.task));
		setAttribute(this.place, 'data-state', details.task.state);
		this.parts.state.replaceChildren(icon(details.task.state), STATES[details.task.state]);
		this.parts.badge.hidden = !details.task.incomplete;
		this.actions.render(details);
		this.showFacts();
		arrange(this.parts.content, this.sections(details));
		if (first) {
			announce(`${taskName(details.task)}, ${STATES[details.task.state]}`);
		}
	}

	tick() {
		if (this.details && this.details.task.endedAt === null) {
			this.showFacts();
			this.showTimeline(this.details);
		}
	}

	showFacts() {
		const { task, exit, requireAck, root } = this.details;
		const length = task.endedAt === null ? elapsed(this.store.now() - task.startedAt) : duration(task.endedAt - task.startedAt);
		const facts = [
			['Started', moment(task.startedAt, this.store.now())], ['Running time', length], ['Updates', count(task.updates)],
			exit && ['Exit', exit], requireAck && ['Acknowledgement', 'required'],
		].filter(Boolean);
		const entries = facts.map(([name, value]) => this.block(`fact ${name}`, () => el('div', el('dt', name), el('dd')),
			(entry) => setText(entry.lastElementChild, value)));
		if (root) {
			entries.push(this.block('fact root', () => el('div', el('dt', 'Sub-task of'), el('dd', this.taskLink(root)))));
		}
		arrange(this.parts.facts, entries);
	}

	sections(details) {
		return [
			details.task.incomplete && this.block('hint', () => el('p.hint',
				'The start of this task was not seen. What is shown is only what was heard since.')),
			details.reason && this.block('reason', () => el('p.reason'), (block) => setText(block, details.reason)),
			this.showTimeline(details),
			details.subTasks.length > 0 && this.subTasks(details.subTasks),
			details.result && this.payload('Result', details.result, true, { of: 'result' }),
			details.input && this.payload('Input', details.input, true, { of: 'input' }),
			...details.nodes.flatMap((node) => node.outputs.map((output) => this.payload(
				`Output of ${nodeName(node)}${output.name ? ` · ${output.name}` : ''}`, output.data, output.data.references.length > 0,
				{ of: 'output', node: node.id, output: output.name }))),
		].filter(Boolean);
	}

	showTimeline(details) {
		return this.block('timeline', () => el('section.block', el('h3', 'Nodes'), el('div')), (section) => {
			const content = details.nodes.length ? [timeline(details, this.store.now())] : [el('p.hint', 'No node has started yet.')];
			if (details.hiddenNodeUpdates) {
				content.push(el('p.hint', `${plural(details.hiddenNodeUpdates, 'update', 'updates')} of further nodes not kept.`));
			}
			section.lastElementChild.replaceChildren(...content);
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
		return el('a', { href: this.route.hrefOf(task.id), 'data-task': task.id },
			task.name ?? (task.state ? 'Unnamed task' : `Task ${shortId(task.id)}`));
	}

	payload(title, payload, open, address) {
		const query = new URLSearchParams(address).toString();
		return this.block(`payload ${query}`, () => {
			const summary = el('summary', el('span.payload-title', title), el('span.payload-size'));
			return el('details.block.payload', { open }, summary, el('ul.attachments', { 'aria-label': `Files of ${title}` }),
				el('pre', { tabindex: '0', role: 'region', 'aria-label': `${title} as JSON` }), el('p.hint', { hidden: true }));
		}, (block) => {
			if (block.received !== payload.text) {
				block.received = payload.text;
				this.showPayload(block, payload, query);
			}
		});
	}

	showPayload(block, payload, query) {
		const [summary, files, pre, hint] = block.children;
		const base = `api/tasks/${encodeURIComponent(this.task)}`;
		setText(summary.lastElementChild, size(payload.size));
		// Other content may come from the same place, and browsers keep images by their address
		block.version = (block.version ?? 0) + 1;
		files.replaceChildren(...attachments(base, `${query}&v=${block.version}`, payload.references, (value) => {
			if (block.isConnected) {
				this.showPayload(block, value, query);
				pre.focus();
			}
		}));
		files.hidden = payload.references.length === 0;
		pre.replaceChildren(prettyJson(payload.text));
		hint.hidden = !payload.truncated;
		setText(hint, `Only the beginning of ${size(payload.size)} is kept.`);
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
