// Dialogs that do something: they say what went wrong and close only when it is done.

import { announce } from './announcer.js';
import { el } from './dom.js';

/**
 * Wire a dialog with a form.
 * @param {HTMLDialogElement} dialog the dialog
 * @param {Function} onSubmit does it; a problem that it throws is shown, a function that it returns is called
 * once the dialog is closed and has given back the focus
 */
export function setUpDialog(dialog, onSubmit) {
	const form = dialog.querySelector('form');
	const problem = el('p.problem', { role: 'alert', hidden: true });
	const submit = form.querySelector('[type=submit]');
	form.querySelector('.dialog-buttons').before(problem);
	// What was asked before the dialog was closed is not answered in the one that is open now
	let opening = 0;

	form.addEventListener('submit', async (event) => {
		event.preventDefault();
		if (submit.disabled) {
			return;
		}
		const asked = opening;
		submit.disabled = true;
		problem.hidden = true;
		try {
			const proceed = await onSubmit(form);
			if (asked === opening) {
				dialog.close();
				proceed?.();
			}
		}
		catch (failure) {
			if (asked === opening) {
				problem.textContent = failure.message;
				problem.hidden = false;
			}
			else {
				announce(failure.message);
			}
		}
		finally {
			if (asked === opening) {
				submit.disabled = false;
			}
		}
	});
	form.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
	dialog.addEventListener('close', () => {
		opening++;
		submit.disabled = false;
		problem.hidden = true;
		form.reset();
	});
}

export const anyDialogOpen = () => document.querySelector('dialog[open]') !== null;
