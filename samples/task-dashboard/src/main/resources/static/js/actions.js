// What people do to a task, after they have been asked whether they mean it.

import { announce } from './announcer.js';
import { byId, el, icon, setAttribute, setText } from './dom.js';
import { setUpDialog } from './dialog.js';
import { elapsed, taskName } from './format.js';
import { post } from './requests.js';

export class TaskActions {

	/**
	 * @param {Store} store says whether the user may do anything
	 * @param {Route} route leads to a task that was started
	 * @param {Function} onDone called when something was done, as the button may be of no use any more
	 */
	constructor(store, route, onDone) {
		this.store = store;
		this.route = route;
		this.task = null;
		this.abort = button('abort', 'Abort…', () => this.ask('abort'));
		this.protect = button('protect', 'Protect…', () => this.ask('protect'));
		this.accepted = el('span.accepted', { role: 'status', hidden: true });
		this.again = button('again', 'Run again…', () => this.ask('again'));
		this.element = el('div.actions', { hidden: true }, this.accepted, this.again, this.protect, this.abort);
		setUpDialog(byId('abort-dialog'), async (form) => {
			const name = this.askedName;
			await post(addressOf('abort', this.asked), { reason: form.elements.reason.value });
			announce(`${name}: abort accepted`);
			return onDone;
		});
		setUpDialog(byId('again-dialog'), async () => {
			const { id } = await post(addressOf('again', this.asked));
			announce(`${this.askedName}: started again`);
			return () => this.route.open(id);
		});
		setUpDialog(byId('protect-dialog'), async () => {
			const name = this.askedName;
			await post(addressOf('protect', this.asked));
			announce(`${name}: protected`);
			return onDone;
		});
	}

	/** Ended tasks can be run again, others be aborted. */
	offer(ended) {
		this.again.hidden = !ended;
		this.abort.hidden = ended;
	}

	/** @param {Object} details of the task, null if they are not known yet */
	render(details) {
		this.details = details;
		this.element.hidden = !details || !this.store.session.operator;
		if (!details) {
			return;
		}
		const { endedAt, abortAt } = details.task;
		const ended = endedAt !== null;
		this.offer(ended);
		setText(this.abort.lastElementChild, abortAt ? 'Abort again…' : 'Abort…');
		this.accepted.hidden = !abortAt;
		setText(this.accepted, abortAt ? `Abort accepted ${elapsed(this.store.now() - abortAt)} ago` : '');
		this.protect.disabled = details.isProtected;
		setText(this.protect.lastElementChild, details.isProtected ? 'Protected' : 'Protect…');
		setAttribute(this.protect, 'title', details.isProtected ? 'The task is protected' : 'Keep the task from being deleted after its time');
	}

	ask(action) {
		this.asked = this.details.task.id;
		this.askedName = taskName(this.details.task);
		setText(byId(`${action}-name`), this.askedName);
		byId(`${action}-dialog`).showModal();
	}

}

const addressOf = (action, task) => `api/task/${action}?${new URLSearchParams({ id: task })}`;

function button(name, text, onClick) {
	const element = el('button.quiet', { type: 'button', 'data-action': name }, icon(name), el('span', text));
	element.addEventListener('click', onClick);
	return element;
}
