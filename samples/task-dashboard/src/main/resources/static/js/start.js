// Starts a task from what people fill in.

import { announce } from './announcer.js';
import { byId, el } from './dom.js';
import { setUpDialog } from './dialog.js';
import { post } from './requests.js';

/** Wire the button, and go to each task that is started. */
export class StartView {

	constructor(store, route) {
		this.store = store;
		const dialog = byId('start-dialog');
		byId('start').addEventListener('click', () => {
			this.render();
			dialog.showModal();
		});
		setUpDialog(dialog, async (form) => {
			const { id } = await post('api/tasks', contentOf(form));
			announce('Task started');
			return () => route.open(id);
		});
	}

	/** Templates are chosen where they are known, and typed where not. */
	render() {
		const { emulator, templates } = this.store.source ?? { emulator: false, templates: [] };
		const known = templates.length > 0;
		const place = byId('template-place');
		if (place.dataset.known !== String(known)) {
			place.dataset.known = known;
			place.replaceChildren(known
				? el('select', { id: 'start-template', name: 'template' }, ...templates.map((template) => el('option', template)))
				: el('input', { id: 'start-template', name: 'template', required: true, autocomplete: 'off', spellcheck: 'false' }));
		}
		byId('amount-field').hidden = !emulator;
		byId('input-field').hidden = emulator;
	}

}

function contentOf(form) {
	const content = new FormData();
	for (const field of form.querySelectorAll('[name]')) {
		const value = field.type === 'file' ? field.files[0] : field.value.trim();
		if (value && !field.closest('[hidden]')) {
			content.set(field.name, value);
		}
	}
	return content;
}
