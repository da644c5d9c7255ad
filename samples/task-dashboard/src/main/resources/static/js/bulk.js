// Aborts or protects all tasks of the history that are shown, after their number was confirmed.

import { announce } from './announcer.js';
import { byId, setText } from './dom.js';
import { setUpDialog } from './dialog.js';
import { plural } from './format.js';
import { filterObject } from './history-query.js';
import { post } from './requests.js';

const WORDS = {
	abort: { title: 'Abort these tasks?', text: 'end at once, and cannot be continued.', submit: 'Abort the tasks', done: 'aborted' },
	protect: {
		title: 'Protect these tasks?', text: 'are kept by the platform after their time. This page cannot undo that.',
		submit: 'Protect the tasks', done: 'protected',
	},
};

export class BulkActions {

	/**
	 * @param {Store} store says whether the user may do anything
	 * @param {Route} route says which tasks are meant
	 * @param {Function} onDone called when something was done
	 */
	constructor(store, route, onDone) {
		this.store = store;
		this.route = route;
		this.dialog = byId('bulk-dialog');
		for (const action of Object.keys(WORDS)) {
			byId(`bulk-${action}`).addEventListener('click', () => this.ask(action));
		}
		setUpDialog(this.dialog, async (form) => {
			const { done, failures } = await post('api/tasks/bulk', { ...this.asked, reason: form.elements.reason.value, confirm: this.count });
			announce(`${plural(done, 'task', 'tasks')} ${WORDS[this.asked.action].done}`);
			if (failures.length > 0) {
				onDone();
				throw new Error(`${plural(done, 'task was', 'tasks were')} ${WORDS[this.asked.action].done}, `
					+ `${plural(failures.length, 'was', 'were')} not. The first reason: ${failures[0].detail}`);
			}
			return onDone;
		});
	}

	render() {
		byId('bulk').hidden = this.route.view !== 'history' || !this.store.session.operator;
	}

	/** The board says how many tasks there are. */
	async ask(action) {
		const words = WORDS[action];
		this.asked = { action, filter: filterObject(this.route, this.store.now()) };
		setText(byId('bulk-problem'), '');
		try {
			this.count = (await post('api/tasks/bulk', this.asked)).count;
		}
		catch (problem) {
			setText(byId('bulk-problem'), problem.message);
			return;
		}
		if (this.count === 0) {
			setText(byId('bulk-problem'), action === 'abort' ? 'None of these tasks is running.' : 'There are no such tasks.');
			return;
		}
		setText(byId('bulk-heading'), words.title);
		setText(byId('bulk-count'), plural(this.count, 'task', 'tasks'));
		setText(byId('bulk-text-end'), words.text);
		setText(byId('bulk-submit'), words.submit);
		byId('bulk-submit').classList.toggle('danger', action === 'abort');
		byId('bulk-reason-field').hidden = action !== 'abort';
		this.dialog.showModal();
	}

}
